using System.Collections.Immutable;

namespace Guichet.Partners;

/// <summary>
/// Addresses as people paste them: several in one text, between commas, semicolons or line ends, each plain or as
/// <c>Claire Morin &lt;claire@example.org&gt;</c>. Nothing is checked here; what isn't an address is refused as one, where it stands.
/// </summary>
public static class AddressText
{
    /// <param name="name">Of who reads there, where the text itself says none and holds one address only.</param>
    public static ImmutableArray<PartnerAddress> Split(string? text, RecipientKind kind, string? name = null)
    {
        var parts = new List<string>();
        var (start, quoted, written) = (0, false, text ?? "");
        for (var i = 0; i < written.Length; i++)
        {
            // A name in quotation marks may hold a comma: "Morin, Claire" <claire@example.org>.
            if (written[i] == '"') quoted = !quoted && written.IndexOf('"', i + 1) > 0;
            if (quoted || written[i] is not (',' or ';' or '\n' or '\r')) continue;
            parts.Add(written[start..i]);
            start = i + 1;
        }
        parts.Add(written[start..]);
        ImmutableArray<PartnerAddress> found = [.. parts.Select(part => part.Trim()).Where(part => part.Length > 0).Select(part => Read(part, kind))];
        return found is [{ Name: null } only] ? [only with { Name = string.IsNullOrWhiteSpace(name) ? null : name.Trim() }] : found;
    }

    private static PartnerAddress Read(string part, RecipientKind kind)
    {
        var open = part.LastIndexOf('<');
        if (open < 0 || part[^1] != '>') return new PartnerAddress(part, kind, null);
        var name = part[..open].Trim().Trim('"').Trim();
        return new PartnerAddress(part[(open + 1)..^1].Trim(), kind, name.Length > 0 ? name : null);
    }
}

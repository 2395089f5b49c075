using System.Collections.Immutable;
using System.Globalization;
using Guichet.Mail;
using Guichet.Organisations;

namespace Guichet.Partners;

/// <summary>What a partner's details must be, for its form, its import and the API alike.</summary>
public static class PartnerRules
{
    public const int LongestName = 200;
    public const int LongestNote = 2_000;
    public const int MostAddresses = 20;
    public const int MostAssociations = 2_000;

    /// <summary>Cleaned, addresses To first; and everything that is wrong with them, by field: <c>addresses[2].email</c> counts as sent.</summary>
    public static (PartnerDetails Cleaned, ImmutableArray<Refusal> Wrong) Check(PartnerDetails details)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var name = (details.Name ?? "").Trim();
        if (name.Length == 0) wrong.Add(Refusal.Of("name-missing", "name"));
        else CheckLine(name, "name", wrong);
        if (!Enum.IsDefined(details.Group)) wrong.Add(Refusal.Of("group-unknown", "group"));
        var addresses = CheckAddresses(details.Addresses, wrong);
        var note = string.IsNullOrWhiteSpace(details.Note) ? null : details.Note.ReplaceLineEndings("\n").Trim();
        if (note?.Length > LongestNote) wrong.Add(Refusal.Of("text-too-long", "note", Text(LongestNote)));
        else if (note?.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')) == true) wrong.Add(Refusal.Of("text-has-control", "note"));
        var language = details.Language == Language.English ? Language.English : Language.French;
        return (new PartnerDetails(name, details.Group, addresses, language, note), wrong.ToImmutable());
    }

    private static ImmutableArray<PartnerAddress> CheckAddresses(ImmutableArray<PartnerAddress> addresses, ImmutableArray<Refusal>.Builder wrong)
    {
        if (addresses.IsDefaultOrEmpty)
        {
            wrong.Add(Refusal.Of("address-missing", "addresses"));
            return [];
        }
        if (addresses.Length > MostAddresses)
        {
            wrong.Add(Refusal.Of("too-many", "addresses", Text(MostAddresses)));
            return [];
        }
        var cleaned = new List<PartnerAddress>();
        for (var i = 0; i < addresses.Length; i++)
        {
            var email = EmailAddress.Normalized(addresses[i].Email);
            var field = string.Create(CultureInfo.InvariantCulture, $"addresses[{i}]");
            var name = string.IsNullOrWhiteSpace(addresses[i].Name) ? null : addresses[i].Name!.Trim();
            if (email.Length == 0) wrong.Add(Refusal.Of("address-missing", $"{field}.email"));
            else if (!EmailAddress.IsValid(email)) wrong.Add(Refusal.Of("address-invalid", $"{field}.email", Shown(email)));
            else if (cleaned.Exists(other => other.Email == email)) wrong.Add(Refusal.Of("address-twice", $"{field}.email", email));
            if (!Enum.IsDefined(addresses[i].Kind)) wrong.Add(Refusal.Of("recipient-kind-unknown", $"{field}.kind"));
            if (name is not null) CheckLine(name, $"{field}.name", wrong);
            cleaned.Add(new PartnerAddress(email, addresses[i].Kind, name));
        }
        if (cleaned.TrueForAll(address => address.Kind != RecipientKind.To)) wrong.Add(Refusal.Of("address-to-missing", "addresses"));
        return [.. cleaned.Where(address => address.Kind == RecipientKind.To), .. cleaned.Where(address => address.Kind != RecipientKind.To)];
    }

    /// <summary>Names stand in headers of mails and in lists: one line, whatever else is in them.</summary>
    private static void CheckLine(string text, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (text.Length > LongestName) wrong.Add(Refusal.Of("text-too-long", field, Text(LongestName)));
        else if (text.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029')) wrong.Add(Refusal.Of("text-not-one-line", field));
    }

    /// <summary>Short enough to be told, on one line.</summary>
    private static string Shown(string email)
    {
        var shown = string.Concat(email.Where(letter => !char.IsControl(letter)));
        return shown.Length <= 80 ? shown : string.Concat(shown.AsSpan(0, char.IsHighSurrogate(shown[78]) ? 78 : 79), "…");
    }

    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

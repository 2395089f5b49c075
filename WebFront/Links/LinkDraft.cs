using System.Buffers.Text;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guichet.Journal;
using Guichet.Sessions;
using Microsoft.AspNetCore.DataProtection;

namespace Guichet.Links;

/// <summary>
/// What a request in the making holds. It travels in the wizard's address, so that steps, the browser's back button and a second tab all
/// keep what was entered.
/// </summary>
/// <param name="LinkId">The link's, chosen at the start: however often the last step is sent, it makes one link.</param>
/// <param name="From">The own session whose page the wizard was opened from; null when it wasn't.</param>
/// <param name="Session">The sender's session: one's own when sending, one of the counterpart's when receiving.</param>
/// <param name="Into">The own session to receive in; null for one to be created, under <paramref name="NewSession"/>.</param>
/// <param name="Described">The counterpart's session in words, where it isn't among the listed ones.</param>
internal sealed record LinkDraft(
    string LinkId, string NewSession, string? From, LinkSide Side, bool Outside, string? Counterpart, string? CounterpartName, string? Name, string? Email,
    Organisations.Language Language, OutsideDelivery Delivery, string? Url, string? Session, string? SessionTitle, string? Described, string? Into,
    LinkDetail Detail, ImmutableArray<string> Categories, ImmutableArray<string> Channels, string? Message, int Days)
{
    public static LinkDraft New(TimeProvider time) => new(
        Ids.New(time), Ids.New(time), null, LinkSide.Sender, false, null, null, null, null, Organisations.Language.French, OutsideDelivery.Address, null,
        null, null, null, null, LinkDetail.TotalsOnly, [], [], null, LinkCore.DefaultExpiryDays);

    public LinkTerms Terms => new(Detail, Side == LinkSide.Sender ? Categories : [], Side == LinkSide.Sender ? Channels : []);

    public bool HasCounterpart => Outside ? !string.IsNullOrWhiteSpace(Email) : !string.IsNullOrEmpty(Counterpart);

    public bool HasSession => !string.IsNullOrEmpty(Session) || (Side == LinkSide.Receiver && !string.IsNullOrWhiteSpace(Described));

    public RequestLink ToCommand(Guid id, Actor by, LinkSecret? secret) => new(
        Side,
        Outside ? null : Counterpart,
        Outside ? new OutsideCounterpart(Name ?? "", Email ?? "", Language, Delivery, Delivery == OutsideDelivery.Webhook ? Url : null) : null,
        Session,
        Described,
        Side == LinkSide.Sender ? null : Into is { Length: > 0 } own ? new Receiving(own, false) : new Receiving(NewSession, true),
        Terms, Message, Outside ? null : Days, secret)
    {
        Id = id,
        By = by,
    };
}

/// <summary>
/// A draft as a piece of an address: encrypted, because it holds names, addresses and words that don't belong in a log or a history; what
/// was tampered with, or made before the keys were changed, is no draft.
/// </summary>
internal sealed class LinkDrafts(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("links.draft");

    public string Write(LinkDraft draft, string organisation)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize))
            deflate.Write(Encoding.UTF8.GetBytes(Json.Write(draft)));
        return Base64Url.EncodeToString(Of(organisation).Protect(packed.ToArray()));
    }

    public LinkDraft? Read(string? written, string organisation)
    {
        if (string.IsNullOrEmpty(written) || written.Length > 8_000) return null;
        try
        {
            using var inflated = new DeflateStream(new MemoryStream(Of(organisation).Unprotect(Base64Url.DecodeFromChars(written))), CompressionMode.Decompress);
            using var reader = new StreamReader(inflated);
            return Json.Read<LinkDraft>(reader.ReadToEnd());
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    private IDataProtector Of(string organisation) => protector.CreateProtector(organisation);
}

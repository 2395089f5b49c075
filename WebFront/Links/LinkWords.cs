using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Sessions;
using Guichet.Words;
using Formats = Guichet.Words.Formats;

namespace Guichet.Links;

/// <summary>How links read.</summary>
internal static class LinkWords
{
    public static string Word(this Reader reader, LinkStatus status) => status switch
    {
        LinkStatus.Requested => reader.T("demandée", "requested"),
        LinkStatus.Accepted => reader.T("acceptée", "accepted"),
        LinkStatus.Suspended => reader.T("suspendue", "suspended"),
        LinkStatus.Refused => reader.T("refusée", "refused"),
        LinkStatus.Withdrawn => reader.T("retirée", "withdrawn"),
        LinkStatus.Expired => reader.T("expirée", "expired"),
        _ => reader.T("terminée", "ended"),
    };

    public static string Word(this Reader reader, LinkSide side) => side == LinkSide.Sender ? reader.T("envoi", "sending") : reader.T("réception", "receiving");

    public static string Word(this Reader reader, LinkDetail detail) =>
        detail == LinkDetail.Detailed ? reader.T("détail et recette", "detail and revenue") : reader.T("totaux seulement", "totals only");

    /// <summary><c>totaux seulement, réseau Fnac</c>.</summary>
    public static string Terms(this Reader reader, LinkTerms terms, LinkScope scope)
    {
        var parts = new List<string> { reader.Word(terms.Detail) };
        if (!scope.Categories.IsDefaultOrEmpty)
            parts.Add(reader.T(scope.Categories.Length == 1 ? "catégorie " : "catégories ", scope.Categories.Length == 1 ? "category " : "categories ") + reader.Formats.List(scope.Categories));
        if (!scope.Channels.IsDefaultOrEmpty)
            parts.Add(reader.T(scope.Channels.Length == 1 ? "réseau " : "réseaux ", scope.Channels.Length == 1 ? "channel " : "channels ") + reader.Formats.List(scope.Channels));
        return string.Join(", ", parts);
    }

    /// <summary><c>Le Misanthrope – ven. 4 déc., 20 h 30 – Théâtre du Port</c>, for lists to choose from.</summary>
    public static string Line(this Formats formats, SessionCard session) => $"{session.Title} – {formats.DateTimeShort(session.LocalStart)} – {session.Place}";

    public static string Title(this LinkView link, Reader reader) =>
        link.Session?.Title ?? (link.Description is { } described ? reader.Formats.Quote(described.Length > 80 ? described[..79] + "…" : described) : "");

    public static IReadOnlyList<Option> Options(this IEnumerable<SessionCard> sessions, Formats formats) =>
        [.. sessions.Select(session => new Option(session.Id, formats.Line(session)))];

    /// <summary>A line of the timeline as a sentence: whose act it was, then what.</summary>
    public static string Sentence(this LinkMoment moment, LinkView link, Reader reader)
    {
        var who = moment.Side is { } side ? (side == LinkSide.Sender ? link.Sender : link.Receiver).Name : "";
        return moment.Kind switch
        {
            LinkMomentKind.Requested when link.Receiver.Organisation is null => reader.T($"{who} donne ses pointages à {link.Receiver.Name}", $"{who} gives its tallies to {link.Receiver.Name}"),
            LinkMomentKind.Requested when moment.Side == LinkSide.Sender => reader.T($"{who} propose d’envoyer ses pointages", $"{who} offers to send its tallies"),
            LinkMomentKind.Requested => reader.T($"{who} demande à recevoir les pointages", $"{who} asks to receive the tallies"),
            LinkMomentKind.Accepted when moment.Side is null => reader.T("Liaison ouverte", "Link opened"),
            LinkMomentKind.Accepted => reader.T($"{who} accepte", $"{who} accepts"),
            LinkMomentKind.Refused => reader.T($"{who} refuse", $"{who} refuses"),
            LinkMomentKind.Withdrawn => reader.T($"{who} retire sa demande", $"{who} withdraws its request"),
            LinkMomentKind.Expired => reader.T("Sans réponse, la demande expire", "Without an answer, the request expires"),
            LinkMomentKind.Suspended => reader.T($"{who} suspend la liaison", $"{who} suspends the link"),
            LinkMomentKind.Resumed => reader.T($"{who} lève sa suspension", $"{who} lifts its suspension"),
            LinkMomentKind.Cancelled when moment.Reason is { } reason => Ended(reason, link, reader),
            LinkMomentKind.Cancelled => reader.T($"{who} met fin à la liaison", $"{who} ends the link"),
            LinkMomentKind.Connected => reader.T("Les séances sont reliées, les pointages passent en direct", "The sessions are connected, tallies travel live"),
            LinkMomentKind.SecretRotated => link.Outside?.Delivery == OutsideDelivery.Address
                ? reader.T("Nouvelle adresse, l’ancienne ne répond plus", "A new address, the one before answers no more")
                : reader.T("Nouvelle clé de signature", "A new signing secret"),
            LinkMomentKind.WebhookChanged => reader.T("L’adresse d’envoi change", "The address to post to changes"),
            LinkMomentKind.DeliveryFailed => reader.T("Les envois n’arrivent plus", "Deliveries no longer arrive"),
            _ => reader.T("Les envois arrivent de nouveau", "Deliveries arrive again"),
        };
    }

    public static (string Icon, Tone Tone) Shape(this LinkMomentKind kind) => kind switch
    {
        LinkMomentKind.Requested => ("send", Tone.Info),
        LinkMomentKind.Accepted => ("check", Tone.Good),
        LinkMomentKind.Connected => ("plug-connected", Tone.Good),
        LinkMomentKind.Resumed => ("player-play", Tone.Good),
        LinkMomentKind.DeliveryRecovered => ("circle-check", Tone.Good),
        LinkMomentKind.Suspended => ("player-pause", Tone.Warn),
        LinkMomentKind.DeliveryFailed => ("alert-triangle", Tone.Warn),
        LinkMomentKind.Expired => ("clock", Tone.Muted),
        LinkMomentKind.Withdrawn => ("arrow-back-up", Tone.Muted),
        LinkMomentKind.SecretRotated => ("key", Tone.Neutral),
        LinkMomentKind.WebhookChanged => ("pencil", Tone.Neutral),
        LinkMomentKind.Refused => ("ban", Tone.Bad),
        _ => ("plug-connected-x", Tone.Bad),
    };

    /// <summary>Why a session couldn't take part; the other side's own links are not told.</summary>
    private static string Ended(Refusal reason, LinkView link, Reader reader)
    {
        var whose = reason.Code == "sender-session-refused" ? link.Sender.Name : link.Receiver.Name;
        return Ended(reader, whose, reason.Arguments.IsDefaultOrEmpty ? "" : reason.Arguments[0]);
    }

    public static string Ended(Reader reader, string whose, string why) => why switch
    {
        "session-sends" => reader.T($"La séance de {whose} envoie déjà ses pointages\u00A0: elle ne peut pas en recevoir", $"The session of {whose} sends tallies already: it can’t receive any"),
        "session-receives" => reader.T($"La séance de {whose} reçoit déjà des pointages\u00A0: elle ne peut prendre part à cette liaison", $"The session of {whose} receives tallies already: it can’t take part in this link"),
        "session-unknown" => reader.T($"La séance de {whose} n’existe plus", $"The session of {whose} no longer exists"),
        _ => reader.T($"La séance de {whose} n’a pas pu prendre part à la liaison", $"The session of {whose} could not take part in the link"),
    };

    /// <summary>The codes ticked, where all of them means "all, also those to come"; null for none at all.</summary>
    public static ImmutableArray<string>? Scope(IEnumerable<string?> ticked, IReadOnlyCollection<string> all)
    {
        var chosen = ticked.Where(code => code is not null && all.Contains(code)).Select(code => code!).Distinct(StringComparer.Ordinal).ToImmutableArray();
        return chosen.Length == 0 ? null : chosen.Length == all.Count ? [] : chosen;
    }
}

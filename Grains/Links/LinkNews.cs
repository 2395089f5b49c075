using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Sessions;

namespace Guichet.Links;

/// <summary>
/// Who is told what when a link changes: a notification on the counterpart's screens, and a mail to its box office where something is to
/// be answered or is over. Never a figure, and of the session its title, date and place only.
/// </summary>
public static class LinkNews
{
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr-FR");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    public static ImmutableArray<Effect> Requested(AggregateId key, LinkRequested requested)
    {
        var sends = requested.AskedBy == LinkSide.Sender;
        var (asker, asked) = sends ? (requested.Sender, requested.Receiver) : (requested.Receiver, requested.Sender);
        var code = sends ? "link-offered" : "link-asked-for";
        var what = new Session(requested.Session, requested.Description);
        return Tell(key, asked, code, [asker.Name, what.Title], new Texts(
            sends ? $"{asker.Name} propose de vous envoyer ses pointages" : $"{asker.Name} demande à recevoir vos pointages",
            sends
                ? [$"{asker.Name} vous propose de recevoir en direct les pointages de {what.In(French)}.", .. Said(requested.Message, asker, French)]
                : [$"{asker.Name} demande à recevoir en direct les pointages de {what.In(French)}.", .. Said(requested.Message, asker, French)],
            "Voir la demande",
            $"Sans réponse d’ici le {Day(requested.ExpiresAt, French)}, la demande expirera.",
            sends ? $"{asker.Name} offers to send you its tallies" : $"{asker.Name} asks to receive your tallies",
            sends
                ? [$"{asker.Name} offers you the tallies of {what.In(English)}, live.", .. Said(requested.Message, asker, English)]
                : [$"{asker.Name} asks to receive the tallies of {what.In(English)}, live.", .. Said(requested.Message, asker, English)],
            "See the request",
            $"Without an answer by {Day(requested.ExpiresAt, English)}, the request expires."));
    }

    public static ImmutableArray<Effect> GivenOutside(AggregateId key, LinkRequested _) => [new MailOutsideLink(key.Id, OutsideLetter.Given)];

    public static ImmutableArray<Effect> Accepted(AggregateId key, LinkState before, LinkSide by, LinkAccepted accepted)
    {
        var who = before.PartyOf(by);
        var what = new Session(accepted.Session, null);
        return Tell(key, before.PartyOf(before.AskedBy), "link-accepted", [who.Name, what.Title], new Texts(
            $"{who.Name} a accepté la liaison",
            [$"{who.Name} a accepté la liaison pour {what.In(French)}. Les pointages validés passent désormais en direct."],
            "Voir la liaison",
            null,
            $"{who.Name} accepted the link",
            [$"{who.Name} accepted the link for {what.In(English)}. Validated tallies now travel live."],
            "See the link",
            null));
    }

    /// <summary>An answer or an end that the other side needs a mail for: refused, cancelled.</summary>
    public static ImmutableArray<Effect> Answered(AggregateId key, LinkState before, string code, LinkSide by, string? word)
    {
        var who = before.PartyOf(by);
        var other = before.PartyOf(LinkCore.Other(by));
        var what = new Session(before.Session, before.Description);
        if (other.Organisation is null) return [new MailOutsideLink(key.Id, OutsideLetter.Ended)];
        var refused = code == "link-refused";
        return Tell(key, other, code, [who.Name, what.Title, word?.Trim() ?? ""], new Texts(
            refused ? $"{who.Name} a refusé la liaison" : $"{who.Name} a mis fin à la liaison",
            refused
                ? [$"{who.Name} a refusé la liaison pour {what.In(French)}.", .. Said(word, who, French)]
                : [$"{who.Name} a mis fin à la liaison pour {what.In(French)}. {Kept(by, French)}", .. Said(word, who, French)],
            "Voir la liaison",
            null,
            refused ? $"{who.Name} refused the link" : $"{who.Name} ended the link",
            refused
                ? [$"{who.Name} refused the link for {what.In(English)}.", .. Said(word, who, English)]
                : [$"{who.Name} ended the link for {what.In(English)}. {Kept(by, English)}", .. Said(word, who, English)],
            "See the link",
            null));
    }

    /// <summary>What the other side sees on its screens, without a mail: withdrawn, suspended, resumed.</summary>
    public static ImmutableArray<Effect> Told(AggregateId key, LinkState before, string code, LinkSide by, string? word) =>
        before.PartyOf(LinkCore.Other(by)).Organisation is { } organisation
            ? [new Notify(organisation, code, [before.PartyOf(by).Name, new Session(before.Session, before.Description).Title, word?.Trim() ?? ""], PathOf(key))]
            : [];

    public static ImmutableArray<Effect> Expired(AggregateId key, LinkState before)
    {
        var asker = before.PartyOf(before.AskedBy);
        var asked = before.PartyOf(LinkCore.Other(before.AskedBy));
        var what = new Session(before.Session, before.Description);
        return Tell(key, asker, "link-expired", [asked.Name, what.Title], new Texts(
            $"{asked.Name} n’a pas répondu à votre demande de liaison",
            [$"Votre demande de liaison pour {what.In(French)} est restée sans réponse de {asked.Name} et a expiré. Vous pouvez la refaire."],
            "Voir la demande",
            null,
            $"{asked.Name} did not answer your link request",
            [$"Your link request for {what.In(English)} was not answered by {asked.Name} and has expired. You may ask again."],
            "See the request",
            null));
    }

    /// <summary>A session refused to take part: both sides are told the same.</summary>
    public static ImmutableArray<Effect> Ended(AggregateId key, LinkState before, Refusal reason)
    {
        var sender = reason.Code == "sender-session-refused";
        var what = new Session(before.Session, before.Description);
        var texts = new Texts(
            $"La liaison pour {what.Title} n’a pas pu s’établir",
            [$"La liaison entre {before.Sender!.Name} et {before.Receiver!.Name} pour {what.In(French)} a pris fin : la séance de {(sender ? before.Sender.Name : before.Receiver.Name)} ne peut pas y prendre part."],
            "Voir la liaison",
            null,
            $"The link for {what.Title} could not be made",
            [$"The link between {before.Sender.Name} and {before.Receiver.Name} for {what.In(English)} is over: the session of {(sender ? before.Sender.Name : before.Receiver.Name)} can’t take part in it."],
            "See the link",
            null);
        ImmutableArray<string> arguments = [before.Sender.Name, before.Receiver.Name, what.Title, reason.Code, reason.Arguments.IsDefaultOrEmpty ? "" : reason.Arguments[0]];
        return
        [
            .. Tell(key, before.Sender, "link-ended-by-session", arguments, texts),
            .. before.Receiver.Organisation is null
                ? [new MailOutsideLink(key.Id, OutsideLetter.Ended)]
                : Tell(key, before.Receiver, "link-ended-by-session", arguments, texts),
        ];
    }

    public static ImmutableArray<Effect> AddressRotated(AggregateId key, LinkState before) =>
        before.Outside!.Delivery == OutsideDelivery.Address ? [new MailOutsideLink(key.Id, OutsideLetter.AddressChanged)] : [];

    public static ImmutableArray<Effect> DeliveryFailed(AggregateId key, LinkState before) =>
        [new Notify(key.Organisation, "link-delivery-failed", [before.Receiver!.Name, new Session(before.Session, null).Title], PathOf(key))];

    /// <summary>The page of a link, for either side.</summary>
    public static string PathOf(AggregateId key) => $"/links/{key.Id}";

    private static ImmutableArray<Effect> Tell(AggregateId key, LinkParty to, string code, ImmutableArray<string> arguments, Texts texts)
    {
        var path = PathOf(key);
        return to.Organisation is not { } organisation ? [] :
        [
            new Notify(organisation, code, arguments, path),
            new MailOperators(
                organisation, Role.BoxOffice,
                new Letter("fr", OneLine(texts.SubjectFr), With(texts.Fr, texts.LastFr), texts.ButtonFr, path, "Vous recevez ce message parce que vous tenez la billetterie de votre structure dans Guichet."),
                new Letter("en", OneLine(texts.SubjectEn), With(texts.En, texts.LastEn), texts.ButtonEn, path, "You get this message because you keep your organisation’s box office in Guichet.")),
        ];
    }

    private static ImmutableArray<string> With(ImmutableArray<string> paragraphs, string? last) => last is null ? paragraphs : paragraphs.Add(last);

    private static ImmutableArray<string> Said(string? word, LinkParty by, CultureInfo language) =>
        string.IsNullOrWhiteSpace(word) ? []
        : language == French ? [$"{by.Name} ajoute : « {word.Trim()} »"]
        : [$"{by.Name} adds: “{word.Trim()}”"];

    private static string Kept(LinkSide by, CultureInfo language) => (by, language == French) switch
    {
        (LinkSide.Sender, true) => "Vous gardez les pointages déjà reçus, avec leur date.",
        (LinkSide.Sender, false) => "You keep the tallies received so far, with their date.",
        (_, true) => "Plus rien ne lui est envoyé.",
        _ => "Nothing is sent to it any more.",
    };

    private static string Day(DateTimeOffset at, CultureInfo language) => at.ToString("d MMMM yyyy", language);

    /// <summary>Subjects hold names that people chose: a line break or another control character in one must not end up in a header.</summary>
    internal static string OneLine(string subject) => string.Concat(subject.Select(character => char.IsControl(character) ? ' ' : character));

    /// <summary>A session as a sentence names it.</summary>
    internal readonly record struct Session(SessionCard? Card, string? Description)
    {
        public string Title => Card?.Title ?? Description ?? "";

        public string In(CultureInfo language)
        {
            if (Card is not { } card) return language.Name == "fr-FR" ? $"« {Description} »" : $"“{Description}”";
            var day = card.LocalStart.ToString("dddd d MMMM yyyy", language);
            return language.Name == "fr-FR"
                ? string.Create(language, $"{card.Title} ({day} à {card.LocalStart.Hour}\u00A0h\u00A0{card.LocalStart.Minute:00}, {card.Place})")
                : string.Create(language, $"{card.Title} ({day} at {card.LocalStart:HH:mm}, {card.Place})");
        }
    }

    private sealed record Texts(
        string SubjectFr, ImmutableArray<string> Fr, string ButtonFr, string? LastFr,
        string SubjectEn, ImmutableArray<string> En, string ButtonEn, string? LastEn);
}

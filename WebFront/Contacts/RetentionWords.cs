using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>The words of retention, in the reader's language. What counts as activity is what <c>ContactRetentionQueries</c> asks: change both together.</summary>
internal static class RetentionWords
{
    /// <summary>For whom a rule is, in one phrase.</summary>
    public static string Whom(this Reader reader, RetentionRule rule)
    {
        var whom = (rule.Kind, rule.Standing) switch
        {
            (ContactKind.Individual, RetentionStanding.Clients) => reader.T("individuels clients", "individuals who are clients"),
            (ContactKind.Individual, RetentionStanding.Prospects) => reader.T("individuels prospects", "individuals who are prospects"),
            (ContactKind.Individual, _) => reader.T("individuels", "individuals"),
            (ContactKind.Structure, RetentionStanding.Clients) => reader.T("structures clientes", "structures that are clients"),
            (ContactKind.Structure, RetentionStanding.Prospects) => reader.T("structures prospectes", "structures that are prospects"),
            (ContactKind.Structure, _) => reader.T("structures", "structures"),
            (_, RetentionStanding.Clients) => reader.T("clients", "clients"),
            (_, RetentionStanding.Prospects) => reader.T("prospects", "prospects"),
            _ => reader.T("tous les contacts", "all contacts"),
        };
        var archive = rule.Archive switch
        {
            RetentionArchive.Archived => reader.T("archivés", "archived"),
            RetentionArchive.InUse => reader.T("non archivés", "not archived"),
            _ => null,
        };
        var types = rule.Types.IsEmpty ? reader.T("sans type", "without a type") : reader.Formats.List([.. rule.Types.Select(reader.Many)]).ToLower(reader.Formats.Culture);
        return string.Join(", ", new[] { whom, archive, types }.OfType<string>());
    }

    public static string Months(this Reader reader, int months) => months % 12 == 0
        ? reader.Formats.Count(months / 12, "an", "ans", "year", "years")
        : reader.Formats.Count(months, "mois", "mois", "month", "months");

    /// <summary>What a verdict is called as a heading of figures.</summary>
    public static string Word(this Reader reader, RetentionVerdict verdict) => verdict switch
    {
        RetentionVerdict.Unruled => reader.T("sans règle", "without a rule"),
        RetentionVerdict.Recent => reader.T("activité récente", "recent activity"),
        RetentionVerdict.Ongoing => reader.T("engagement en cours", "still ongoing"),
        RetentionVerdict.Tied => reader.T("lié à un contact actif", "tied to an active contact"),
        RetentionVerdict.Held => reader.T("à conserver", "to be kept"),
        _ => reader.T("à effacer", "to erase"),
    };

    public static string Meaning(this Reader reader, RetentionVerdict verdict) => verdict switch
    {
        RetentionVerdict.Unruled => reader.T("Aucune règle n’est pour lui : il est gardé.", "No rule is for it: it is kept."),
        RetentionVerdict.Recent => reader.T("Il y a eu une activité dans le délai de la règle.", "There was activity within the rule’s time."),
        RetentionVerdict.Ongoing => reader.T("Il a une séance à venir, ou un abonnement ou une adhésion qui court encore.", "It has a session to come, or a subscription or membership that isn’t over."),
        RetentionVerdict.Tied => reader.T(
            "Il est lié aujourd’hui (parent, enfant, relais, membre, filiale) à une fiche qui a eu une activité dans le délai ou qui est à conserver.",
            "It is tied today (parent, child, relay, member, subsidiary) to a record that had activity within the time or is to be kept."),
        RetentionVerdict.Held => reader.T("Quelqu’un a noté qu’il est à conserver : litige, réclamation, contrôle.", "Somebody noted that it is to be kept: dispute, claim, audit."),
        _ => reader.T("Plus d’activité depuis plus longtemps que la règle, et rien qui s’y oppose.", "No activity for longer than the rule says, and nothing that speaks against it."),
    };

    /// <summary>What became of somebody in a run.</summary>
    public static string Outcome(this Reader reader, RetentionFinding finding) => finding.Outcome switch
    {
        null => reader.T("pas encore", "not yet"),
        ContactRetentionRun.Erased => reader.T("effacé", "erased"),
        ContactRetentionRun.Refused when finding.Refusal is { } refusal => RefusalSentences.Of(refusal, reader.Formats),
        _ when ContactsScreens.Read<RetentionVerdict>(finding.Outcome) is { } verdict => reader.Word(verdict),
        _ => finding.Outcome,
    };

    public static ImmutableArray<string> Activity(this Reader reader) =>
    [
        reader.T("un achat, une annulation ou un règlement : sa date, telle que la caisse la dit", "a purchase, a cancellation or a payment: its date as the till tells it"),
        reader.T("une séance où il est venu, ou avait une place : le jour de la séance", "a session that it came to, or had a place at: the day of the session"),
        reader.T("pour une structure, ce que ses relais et ses membres ont fait tant qu’ils l’étaient", "of a structure, what its relays and members did while they were that"),
        reader.T(
            "la fiche créée ou modifiée (coordonnées, notes, places préférées, relations, fusion), à la main, par un import ou par un programme",
            "the record made or changed (details, notes, preferred seats, relations, a merge), by hand, by an import or by a program"),
        reader.T("une connexion à son espace, un consentement donné ou retiré, une demande de ses données", "a sign-in to its space, a consent given or withdrawn, a request for its data"),
    ];

    public static ImmutableArray<string> NoActivity(this Reader reader) =>
        [reader.T("un message que vous lui avez envoyé, ouvert ou non ; une étiquette, un critère, l’archivage : ce sont vos actes, pas les siens", "a message that you sent, opened or not; a tag, a criterion, archiving: those are your acts, not theirs")];

    /// <summary>What an empty page offers; nothing of it is switched on by itself.</summary>
    public static ImmutableArray<(RetentionRule Rule, string Why)> Templates(this Reader reader) =>
    [
        (new RetentionRule("prospects", reader.T("Prospects", "Prospects"), null, [], RetentionStanding.Prospects, RetentionArchive.Either, 36), reader.T(
            "La CNIL recommande de ne pas garder un prospect plus de trois ans après son dernier contact.", "The French CNIL recommends to keep a prospect no longer than three years after the last contact.")),
        (new RetentionRule("clients", reader.T("Clients", "Clients"), null, [], RetentionStanding.Clients, RetentionArchive.Either, 120), reader.T(
            "Les pièces comptables se gardent dix ans (Code de commerce, article L. 123-22) ; leurs montants restent de toute façon.", "Accounting records are kept for ten years in France (Code de commerce, L. 123-22); their amounts stay anyway.")),
        (new RetentionRule("archived", reader.T("Archivés", "Archived"), null, [], RetentionStanding.Prospects, RetentionArchive.Archived, 12), reader.T(
            "Des prospects que vous avez archivés n’ont plus d’usage : un an pour revenir sur une erreur.", "Prospects that you archived are of no use any more: a year to think better of it.")),
    ];
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guichet.Components;
using Guichet.Contacts;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Portals;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Tallies;
using Guichet.Words;

namespace Guichet.Journal;

/// <param name="Text">What was done, between who did it and what it was done to; where there is nothing to name, it ends there.</param>
/// <param name="Detail">A second line: figures, words, what changed.</param>
internal sealed partial record TimelineSentence(string Text, Tone Tone, string IconName, string? Detail = null)
{
    /// <summary>For a page that is about what it was done to: "a validé le pointage n° 3", without "de".</summary>
    public string Alone => Leading().Replace(Text, "");

    [GeneratedRegex(" (de|of|pour|for)$")]
    private static partial Regex Leading();
}

/// <summary>Events as people say them.</summary>
/// <param name="nameOf">Of an operator, a token or the other side of a link by its id; the id where it isn't known.</param>
internal sealed class TimelineSentences(Reader reader, Func<string, string> nameOf)
{
    /// <summary>What the database shortened has its members in an order of its own.</summary>
    private static readonly JsonSerializerOptions Options = new(Json.Options) { AllowOutOfOrderMetadataProperties = true };

    public ImmutableArray<TimelineSentence> Of(TimelineLine line) => line.Kind switch
    {
        "sessions" => Read<SessionEvent>(line, Of),
        "shows" => Read<ShowEvent>(line, Of),
        "series" => Read<SeriesEvent>(line, Of),
        "links" => Read<LinkEvent>(line, happened => Of(happened, line)),
        "partners" => Read<PartnerEvent>(line, Of),
        "contacts" => Read<ContactEvent>(line, Of),
        "contact_settings" => Read<ContactSettingsEvent>(line, Of),
        "contact_retention" => Read<ContactRetentionEvent>(line, Of),
        "report_templates" => Read<ReportTemplateEvent>(line, happened => Of(happened, line.Id)),
        "report_calendars" => Read<ReportCalendarEvent>(line, happened => Of(happened, line.Id)),
        "letterheads" => Read<LetterheadEvent>(line, Of),
        "report_sendings" => Read<ReportRunEvent>(line, Of),
        "organisations" => Read<OrganisationEvent>(line, Of),
        "contact_searches" => Read<SavedSearchEvent>(line, Of),
        _ => [new TimelineSentence(line.Command, Tone.Neutral, "point")],
    };

    private static ImmutableArray<TimelineSentence> Read<TEvent>(TimelineLine line, Func<TEvent, TimelineSentence> say)
    {
        try
        {
            return [.. JsonSerializer.Deserialize<ImmutableArray<TEvent>>(line.Events, Options).Select(say)];
        }
        catch (JsonException)
        {
            // Written by a version that knew more, or otherwise: the command's name still says what it was.
            return [new TimelineSentence(line.Command, Tone.Neutral, "point")];
        }
    }

    private string T(string french, string english) => reader.T(french, english);

    private string Places(int sold) => reader.Formats.Count(sold, "place vendue", "places vendues", "seat sold", "seats sold");

    private string Days(DateTimeOffset until) => T($"jusqu’au {reader.Formats.DateTimeShort(until)}", $"until {reader.Formats.DateTimeShort(until)}");

    private string With(string link) => nameOf(link) is var name && name != link ? T($" avec {name}", $" with {name}") : "";

    private TimelineSentence Of(SessionEvent happened) => happened switch
    {
        SessionCreated created => new(created.OnSale ? T("a créé et mis en vente la séance", "created and put on sale the session") : T("a créé la séance", "created the session"), Tone.Neutral, "plus", created.Details.Place),
        Sessions.SessionChanged changed => new(T("a modifié la séance", "changed the session"), Tone.Neutral, "pencil", Joined(reader.Formats.Performance(changed.Details.LocalStart, changed.Details.Zone), changed.Details.Place)),
        StatusChanged { Status: SessionStatus.OnSale } => new(T("a mis en vente la séance", "put on sale the session"), Tone.Good, "circle-check"),
        StatusChanged { Status: SessionStatus.Closed } => new(T("a clôturé la séance", "closed the session"), Tone.Neutral, "lock"),
        StatusChanged cancelled => new(T("a annulé la séance", "cancelled the session"), Tone.Bad, "ban", cancelled.Reason),
        ShareabilityChanged { Shareable: true } => new(T("a proposé aux autres structures la séance", "offered to other organisations the session"), Tone.Neutral, "share"),
        ShareabilityChanged => new(T("ne propose plus aux autres structures la séance", "no longer offers to other organisations the session"), Tone.Neutral, "share"),
        DraftSaved => new(T("a gardé un brouillon de pointage de", "kept a draft tally of"), Tone.Muted, "device-floppy"),
        DraftDiscarded => new(T("a abandonné le brouillon de pointage de", "discarded the draft tally of"), Tone.Muted, "trash"),
        TallyValidated { Tally: var tally } => new(
            T($"a validé le pointage n° {reader.Formats.Number(tally.Version)} de", $"validated tally no. {reader.Formats.Number(tally.Version)} of"), Tone.Good, "check",
            Joined(Places(tally.Figures.Sold), reader.Source(tally.Source, tally.SourceName), tally.Note)),
        TallyReceived { Tally: var tally } received => new(
            T($"a reçu de {tally.SourceName} le pointage n° {reader.Formats.Number(tally.Version)} de", $"received from {tally.SourceName} tally no. {reader.Formats.Number(tally.Version)} of"),
            Tone.Info, "arrows-exchange", Joined(Places(tally.Figures.Sold), reader.Formats.Lag(TimeSpan.FromMilliseconds(received.LagMs)))),
        OutgoingConnected connected => new(T($"a relié à {connected.Link.ReceiverName} la séance", $"linked to {connected.Link.ReceiverName} the session"), Tone.Info, "link"),
        IncomingConnected connected => new(T($"a relié à {connected.Link.SenderName} la séance", $"linked to {connected.Link.SenderName} the session"), Tone.Info, "link"),
        ConnectionChanged { State: ConnectionState.Live } resumed => new(T($"a repris la liaison{With(resumed.LinkId)} de la séance", $"resumed the link{With(resumed.LinkId)} of the session"), Tone.Info, "player-play"),
        ConnectionChanged { State: ConnectionState.Suspended } suspended => new(T($"a suspendu la liaison{With(suspended.LinkId)} de la séance", $"suspended the link{With(suspended.LinkId)} of the session"), Tone.Warn, "player-pause"),
        ConnectionChanged ended => new(T($"a terminé la liaison{With(ended.LinkId)} de la séance", $"ended the link{With(ended.LinkId)} of the session"), Tone.Warn, "link-off"),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private TimelineSentence Of(ShowEvent happened) => happened switch
    {
        ShowCreated created => new(T("a créé le spectacle", "created the show"), Tone.Neutral, "plus", created.Details.Producer),
        ShowChanged changed => new(T("a modifié le spectacle", "changed the show"), Tone.Neutral, "pencil", changed.Details.Producer),
        ShowArchived { Archived: true } => new(T("a archivé le spectacle", "archived the show"), Tone.Muted, "archive"),
        ShowArchived => new(T("a sorti des archives le spectacle", "took out of the archive the show"), Tone.Neutral, "archive"),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private TimelineSentence Of(SeriesEvent happened) => happened switch
    {
        SeriesCreated => new(T("a créé la série", "created the series"), Tone.Neutral, "plus"),
        SeriesRenamed renamed => new(T($"a renommé en {reader.Formats.Quote(renamed.Name)} la série", $"renamed to {reader.Formats.Quote(renamed.Name)} the series"), Tone.Neutral, "pencil"),
        SeriesPutOnSale put => new(
            T("a mis en vente la série", "put on sale the series"), Tone.Good, "circle-check",
            reader.Formats.Count(put.Sessions.Length, "séance", "séances", "session", "sessions")),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private TimelineSentence Of(PartnerEvent happened) => happened switch
    {
        PartnerCreated created => new(T("a créé le partenaire", "created the partner"), Tone.Neutral, "plus", Addresses(created.Details)),
        Partners.PartnerChanged changed => new(T("a modifié le partenaire", "changed the partner"), Tone.Neutral, "pencil", Joined(changed.Details.Name, Addresses(changed.Details))),
        PartnerArchived { Archived: true } => new(T("a archivé le partenaire", "archived the partner"), Tone.Muted, "archive"),
        PartnerArchived => new(T("a sorti des archives le partenaire", "took out of the archive the partner"), Tone.Neutral, "archive"),
        PartnerAssociated associated => new(T("a associé à des séances le partenaire", "associated with sessions the partner"), Tone.Info, "link", Associations(associated.Sessions, associated.Series)),
        PartnerDissociated gone => new(T("a dissocié de séances le partenaire", "dissociated from sessions the partner"), Tone.Neutral, "link-off", Associations(gone.Sessions, gone.Series)),
        PartnerPaused { Pause.Until: { } until } => new(T("a mis en pause le partenaire", "paused the partner"), Tone.Warn, "player-pause", T($"jusqu’au {reader.Formats.DateShort(until)}", $"until {reader.Formats.DateShort(until)}")),
        PartnerPaused => new(T("a mis en pause le partenaire", "paused the partner"), Tone.Warn, "player-pause"),
        PartnerResumed => new(T("a levé la pause du partenaire", "ended the pause of the partner"), Tone.Info, "player-play"),
        PartnerLinkIssued => new(T("a fait un nouveau lien vers la page du partenaire", "made a new link to the page of the partner"), Tone.Info, "link"),
        PartnerLinksRevoked => new(T("a retiré l’accès à la page du partenaire", "withdrew access to the page of the partner"), Tone.Warn, "ban"),
        PartnerLinkDaysChanged days => new(T("a changé la durée des liens vers la page du partenaire", "changed how long links open the page of the partner"), Tone.Neutral, "clock", reader.Formats.Count(days.Days, "jour", "jours", "day", "days")),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private TimelineSentence Of(ContactEvent happened) => happened switch
    {
        ContactCreated created => new(T("a créé le contact", "created the contact"), Tone.Neutral, "plus", Joined(created.Details.FullName(), reader.Word(created.Details.Kind))),
        Contacts.ContactChanged changed => new(T("a modifié le contact", "changed the contact"), Tone.Neutral, "pencil", changed.Details.FullName()),
        ContactArchived { Archived: true } => new(T("a archivé le contact", "archived the contact"), Tone.Muted, "archive"),
        ContactArchived => new(T("a sorti des archives le contact", "took out of the archive the contact"), Tone.Neutral, "archive"),
        ContactsMerged merged => new(T("a fusionné dans le contact", "merged into the contact"), Tone.Info, "git-merge", reader.Formats.List([.. merged.Others.Select(other => $"{other.Name} [{other.Number}]")])),
        ContactMergeUndone => new(T("a annulé une fusion du contact", "undid a merge of the contact"), Tone.Warn, "arrow-back-up"),
        ContactAbsorbed absorbed => new(T("a fusionné dans une autre la fiche du contact", "merged into another the record of the contact"), Tone.Muted, "git-merge", T($"n° {absorbed.IntoNumber}", $"no. {absorbed.IntoNumber}")),
        ContactReleased => new(T("a rendu à elle-même la fiche du contact", "gave back to itself the record of the contact"), Tone.Neutral, "arrow-back-up"),
        RelationsRetargeted => new(T("a fait suivre une fusion aux relations du contact", "had the relations of the contact follow a merge"), Tone.Muted, "link"),
        RelationsRestored => new(T("a rétabli les relations du contact", "restored the relations of the contact"), Tone.Muted, "link"),
        ContactsToldApart { Apart: true } => new(T("a dit que ce n’est pas un doublon du contact", "said that it isn’t a duplicate of the contact"), Tone.Neutral, "copy"),
        ContactsToldApart => new(T("a remis parmi les doublons le contact", "put back among the duplicates the contact"), Tone.Neutral, "copy"),
        ContactErased erased => new(T("a effacé le contact", "erased the contact"), Tone.Bad, "trash", Joined(reader.Word(erased.Ground), erased.Note)),
        WordsErased => new(T("a agi, en des mots effacés depuis, sur le contact", "acted, in words erased since, on the contact"), Tone.Muted, "trash"),
        ContactNoteAdded added => new(T("a ajouté une note au contact", "added a note to the contact"), Tone.Neutral, "message", Beginning(added.Note.Text)),
        ContactNoteChanged changed => new(T("a modifié une note du contact", "changed a note of the contact"), Tone.Neutral, "pencil", Beginning(changed.Note.Text)),
        ContactNoteRemoved => new(T("a retiré une note du contact", "removed a note of the contact"), Tone.Warn, "trash"),
        ContactClassified { Criterion.Values.IsEmpty: true } gone => new(T("a retiré un critère du contact", "took a criterion from the contact"), Tone.Neutral, "filter", nameOf(gone.Criterion.Criterion)),
        ContactClassified classified => new(
            T("a classé le contact", "classified the contact"), Tone.Info, "filter",
            Joined(nameOf(classified.Criterion.Criterion), reader.Formats.List([.. classified.Criterion.Values.Select(value => nameOf($"{classified.Criterion.Criterion}:{value}"))]))),
        ContactTagged { Added.IsEmpty: true } tagged => new(T("a retiré des étiquettes du contact", "took tags off the contact"), Tone.Neutral, "archive", reader.Formats.List(tagged.Removed)),
        ContactTagged tagged => new(T("a étiqueté le contact", "tagged the contact"), Tone.Info, "filter", Joined(
            reader.Formats.List(tagged.Added), tagged.Removed.IsEmpty ? null : T($"sans {reader.Formats.List(tagged.Removed)}", $"without {reader.Formats.List(tagged.Removed)}"))),
        SeatsPreferred preferred => new(
            T("a noté les places préférées du contact", "noted the preferred seats of the contact"), Tone.Neutral, "star",
            reader.Formats.Count(preferred.Seats.Length, "place", "places", "seat", "seats")),
        ConsentGiven given => new(T("a enregistré un consentement du contact", "recorded a consent of the contact"), Tone.Good, "circle-check", Joined(given.Category, reader.Word(given.Channel), given.Proof.Where)),
        ConsentWithdrawn withdrawn => new(T("a enregistré un retrait de consentement du contact", "recorded a withdrawal of consent of the contact"), Tone.Warn, "ban", Joined(withdrawn.Category, reader.Word(withdrawn.Channel), withdrawn.Proof.Where)),
        ContactRelated { Relation: var relation } => new(
            T("a noté une relation du contact", "noted a relation of the contact"), Tone.Info, "link",
            Joined($"{reader.Word(relation.Kind, upward: true)} {nameOf(relation.To)}", reader.During(relation.From, relation.Until))),
        PersonalDataDisclosed => new(T("a fait le fichier des données du contact", "made the file of the data of the contact"), Tone.Info, "download"),
        ContactHeld { Reason: { } reason } => new(T("a mis en conservation le contact", "put on hold the contact"), Tone.Warn, "lock", reason),
        ContactHeld => new(T("ne conserve plus d’office le contact", "no longer holds the contact"), Tone.Neutral, "lock"),
        ActivitiesRecorded recorded => new(
            T("a enregistré l’activité du contact", "recorded what the contact did"), Tone.Info, "receipt",
            reader.Formats.Count(recorded.Activities.Length, "activité", "activités", "activity", "activities")),
        SpaceEvent inSpace => Of(inSpace),
        ContactUnrelated gone => new(T("a retiré une relation du contact", "removed a relation of the contact"), Tone.Warn, "link-off", $"{reader.Word(gone.Kind, upward: true)} {nameOf(gone.To)}"),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private TimelineSentence Of(SpaceEvent happened) => happened switch
    {
        AccountOpened opened => new(T("a créé le compte internet du contact", "created the internet account of the contact"), Tone.Good, "key", opened.Identifier),
        AccountIdentifierChanged changed => new(T("a changé l’identifiant du contact", "changed the identifier of the contact"), Tone.Warn, "id", $"{changed.Was} → {changed.Identifier}"),
        AccountSuspended { Suspended: true } => new(T("a suspendu le compte internet du contact", "suspended the internet account of the contact"), Tone.Warn, "player-pause"),
        AccountSuspended => new(T("a repris le compte internet du contact", "resumed the internet account of the contact"), Tone.Good, "player-play"),
        AccountClosed => new(T("a fermé le compte internet du contact", "closed the internet account of the contact"), Tone.Bad, "lock"),
        PasswordLinkSent => new(T("a envoyé un lien de mot de passe au contact", "sent a password link to the contact"), Tone.Info, "mail-forward"),
        AccountPasswordSet { ByLink: true } => new(T("a choisi, par un lien reçu, le mot de passe du contact", "chose, by a mailed link, the password of the contact"), Tone.Warn, "lock"),
        AccountPasswordSet => new(T("a changé le mot de passe du contact", "changed the password of the contact"), Tone.Neutral, "lock"),
        SupportViewed { Page: SpacePage.Visit } viewed => new(T("a ouvert, pour l’assistance, l’espace du contact", "opened, for support, the space of the contact"), Tone.Warn, "eye", viewed.Reason),
        SupportViewed viewed => new(T("a regardé, pour l’assistance, l’espace du contact", "looked, for support, at the space of the contact"), Tone.Info, "eye", Joined(reader.Word(viewed.Page), viewed.Reason)),
        ProducerAssociated associated => new(
            T("a associé à un spectacle le contact", "associated with a show the contact"), Tone.Info, "link",
            Joined(Production(associated.Kind, associated.Of), associated.Revenue ? T("ventes et recette", "sales and revenue") : T("ventes", "sales"))),
        ProducerDissociated gone => new(T("a dissocié d’un spectacle le contact", "dissociated from a show the contact"), Tone.Warn, "link-off", Production(gone.Kind, gone.Of)),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    /// <summary>By its name where it is known.</summary>
    private string Production(ProductionKind kind, string of) =>
        nameOf(of) is var name && name != of ? name : kind == ProductionKind.Series ? T("une série", "a series") : T("une séance", "a session");

    private TimelineSentence Of(ContactSettingsEvent happened) => happened switch
    {
        CriterionDefined defined => new(T("a défini un critère de contact", "defined a criterion of contacts"), Tone.Neutral, "filter", Joined(
            reader.T(defined.Definition.French, defined.Definition.English), reader.Word(defined.Definition.Kind),
            reader.Formats.Count(defined.Definition.Values.Count(value => !value.Retired), "valeur", "valeurs", "value", "values"))),
        CriterionRetired { Retired: true } retired => new(T("a retiré un critère de contact", "retired a criterion of contacts"), Tone.Warn, "archive", nameOf(retired.Code)),
        CriterionRetired back => new(T("a repris un critère de contact", "took up again a criterion of contacts"), Tone.Neutral, "filter", nameOf(back.Code)),
        ConsentCategoriesSet set => new(T("a réglé les consentements demandés", "set the consents asked for"), Tone.Neutral, "shield-check", reader.Formats.List([.. set.Categories.Select(category => category.Name)])),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private TimelineSentence Of(ContactRetentionEvent happened) => happened switch
    {
        RetentionRulesSet set => new(
            T("a réglé la durée de conservation des contacts", "set how long contacts are kept"), Tone.Warn, "hourglass",
            reader.Formats.List([.. set.Rules.Select(rule => T($"{rule.Name} : {rule.Months} mois", $"{rule.Name}: {rule.Months} months"))])),
        RetentionPreviewBegun { Nightly: true } => new(T("a cherché, de nuit, qui serait à effacer", "looked, at night, for whom to erase"), Tone.Muted, "eye"),
        RetentionPreviewBegun => new(T("a demandé qui serait à effacer", "asked whom the rules would erase"), Tone.Neutral, "eye"),
        RetentionPreviewed previewed => new(T("a trouvé qui serait à effacer", "found whom the rules would erase"), Tone.Neutral, "eye", T(
            $"{reader.Formats.Number(previewed.Found)} sur {reader.Formats.Number(previewed.Looked)}", $"{reader.Formats.Number(previewed.Found)} of {reader.Formats.Number(previewed.Looked)}")),
        RetentionRunBegun begun => new(T("a lancé l’effacement de contacts", "began erasing contacts"), Tone.Bad, "trash", reader.Formats.Count(begun.Found, "fiche", "fiches", "record", "records")),
        RetentionRunEnded ended => new(T("a terminé l’effacement de contacts", "finished erasing contacts"), Tone.Bad, "trash", T(
            $"effacées : {reader.Formats.Number(ended.Erased)}, gardées : {reader.Formats.Number(ended.Kept)}", $"erased: {reader.Formats.Number(ended.Erased)}, kept: {reader.Formats.Number(ended.Kept)}")),
        RetentionSwitched { On: true } => new(T("a mis en route l’effacement de chaque nuit", "switched on erasing every night"), Tone.Bad, "player-play"),
        RetentionSwitched => new(T("a arrêté l’effacement de chaque nuit", "switched off erasing every night"), Tone.Neutral, "player-pause"),
        RetentionNightBegun night => new(T("a commencé la vérification de la nuit", "began the check of the night"), Tone.Muted, "moon", reader.Formats.DateShort(night.Night)),
        RetentionHeldBack held => new(T("a suspendu l’effacement de la nuit", "held back the erasures of the night"), Tone.Warn, "alert-triangle", T(
            $"{reader.Formats.Number(held.Found)} trouvées, {reader.Formats.Number(held.Most)} permises sans décision", $"{reader.Formats.Number(held.Found)} found, {reader.Formats.Number(held.Most)} allowed without a decision")),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    /// <summary>Of a text of several lines, what fits on one.</summary>
    private static string Beginning(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 100 ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[98]) ? 98 : 99), "…");
    }

    /// <summary>Of a template or a calendar, whose it is.</summary>
    private string Owner(string id) => id switch
    {
        "group-partners" => T("des partenaires", "of partners"),
        "group-agents" => T("des agents", "of agents"),
        "group-venues" => T("des lieux", "of venues"),
        _ => T("du partenaire", "of the partner"),
    };

    private TimelineSentence Of(ReportCalendarEvent happened, string id)
    {
        var whose = Owner(id);
        return happened switch
        {
            ReportCalendarSet set => new(
                T($"a réglé le calendrier d’envoi {whose}", $"set the sending calendar {whose}"), Tone.Neutral, "calendar",
                set.Details.Enabled ? reader.Sentence(set.Details) : T("rien ne part tout seul", "nothing leaves by itself")),
            ReportCalendarRemoved => new(T($"a supprimé le calendrier d’envoi {whose}", $"removed the sending calendar {whose}"), Tone.Neutral, "trash"),
            ReportsBecameDue due when due.Occurrences[^1].State == ReportOccurrenceState.Run => new(
                T($"a lancé, à l’heure du calendrier, les rapports {whose}", $"sent off, at the calendar’s time, the reports {whose}"), Tone.Info, "send", reader.Formats.DateTimeShort(due.Occurrences[^1].At)),
            ReportsBecameDue due => new(
                T($"a noté comme manqués les rapports {whose}", $"recorded as missed the reports {whose}"), Tone.Warn, "clock-pause", reader.Formats.DateTimeShort(due.Occurrences[^1].At)),
            _ => new(happened.GetType().Name, Tone.Neutral, "point"),
        };
    }

    private TimelineSentence Of(ReportTemplateEvent happened, string id)
    {
        var whose = Owner(id);
        return happened is ReportTemplateSaved
            ? new(T($"a enregistré le modèle de rapport {whose}", $"saved the report template {whose}"), Tone.Neutral, "columns-3")
            : new(T($"a remis d’origine le modèle de rapport {whose}", $"reset the report template {whose}"), Tone.Neutral, "arrow-back-up");
    }

    /// <summary>What is somebody's own isn't told to the others by name.</summary>
    private TimelineSentence Of(SavedSearchEvent happened) => happened switch
    {
        SearchSaved saved => new(T("a enregistré la recherche de contacts", "saved the search for contacts"), Tone.Neutral, "star", saved.Search.Shared ? saved.Search.Name : null),
        SavedSearchChanged changed => new(T("a modifié la recherche de contacts", "changed the search for contacts"), Tone.Neutral, "pencil", changed.Search.Shared ? changed.Search.Name : null),
        SavedSearchRemoved => new(T("a supprimé la recherche de contacts", "removed the search for contacts"), Tone.Warn, "trash"),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private TimelineSentence Of(LetterheadEvent happened) => happened switch
    {
        LetterheadChanged changed => new(T("a modifié le papier à en-tête", "changed the letterhead"), Tone.Neutral, "photo", changed.Details.Colour),
        LogoPut => new(T("a changé le logo", "changed the logo"), Tone.Neutral, "photo"),
        LogoRemoved => new(T("a retiré le logo", "removed the logo"), Tone.Neutral, "trash"),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private TimelineSentence Of(ReportRunEvent happened) => happened switch
    {
        ReportRunBegun { Details: { Kind: ReportRunKind.Test } test } => new(T("s’est envoyé un rapport d’essai", "sent a test report"), Tone.Muted, "mail-forward", test.TestTo),
        ReportRunBegun { Details: var run } => new(
            T("a envoyé des rapports", "sent reports"), Tone.Info, "send",
            run.Scope.Partners.IsEmpty ? run.Scope.Group is { } group ? reader.Many(group) : null : reader.Formats.Count(run.Scope.Partners.Length, "partenaire", "partenaires", "partner", "partners")),
        ReportsResent => new(T("a renvoyé des rapports à ceux qui n’étaient pas atteints", "resent reports to those not reached"), Tone.Info, "refresh"),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private string Addresses(PartnerDetails details) => reader.Formats.List([.. details.Addresses.Select(address => address.Email)]);

    /// <summary>By their names where they are known, else how many.</summary>
    private string Associations(ImmutableArray<string> sessions, ImmutableArray<string> series)
    {
        ImmutableArray<string> ids = [.. sessions, .. series];
        ImmutableArray<string> names = [.. ids.Select(nameOf)];
        if (names.Length <= 10 && !names.Intersect(ids).Any()) return reader.Formats.List(names);
        return reader.Formats.List([
            .. sessions.IsEmpty ? Array.Empty<string>() : [reader.Formats.Count(sessions.Length, "séance", "séances", "session", "sessions")],
            .. series.IsEmpty ? Array.Empty<string>() : [reader.Formats.Count(series.Length, "série", "séries", "series", "series")]]);
    }

    private TimelineSentence Of(LinkEvent happened, TimelineLine line)
    {
        var with = line.Counterpart is { } name ? T($"avec {name}", $"with {name}") : "";
        return happened switch
        {
            LinkRequested { Outside: not null } => new(T($"a ouvert une liaison {with} pour", $"opened a link {with} for"), Tone.Info, "arrows-exchange"),
            LinkRequested requested => new(T($"a demandé une liaison {with} pour", $"asked for a link {with} for"), Tone.Info, "arrows-exchange", requested.Message),
            LinkAccepted => new(T($"a accepté la liaison {with} pour", $"accepted the link {with} for"), Tone.Good, "plug-connected"),
            LinkRefused refused => new(T($"a refusé la liaison {with} pour", $"refused the link {with} for"), Tone.Bad, "ban", refused.Moment.Word),
            LinkWithdrawn => new(T($"a retiré la demande de liaison {with} pour", $"withdrew the link request {with} for"), Tone.Muted, "arrow-back-up"),
            LinkExpired => new(T($"a laissé expirer la demande de liaison {with} pour", $"let expire the link request {with} for"), Tone.Muted, "hourglass"),
            LinkSuspended suspended => new(T($"a suspendu la liaison {with} pour", $"suspended the link {with} for"), Tone.Warn, "player-pause", suspended.Moment.Word),
            LinkResumed => new(T($"a repris la liaison {with} pour", $"resumed the link {with} for"), Tone.Info, "player-play"),
            LinkCancelled cancelled => new(T($"a mis fin à la liaison {with} pour", $"ended the link {with} for"), Tone.Bad, "link-off", cancelled.Moment.Word),
            LinkSecretRotated => new(T($"a changé l’adresse ou le secret de la liaison {with} pour", $"changed the address or secret of the link {with} for"), Tone.Neutral, "key"),
            LinkWebhookChanged changed => new(T($"a changé l’adresse de livraison de la liaison {with} pour", $"changed the delivery address of the link {with} for"), Tone.Neutral, "world", changed.Url),
            LinkDeliveryFailed => new(T($"n’a pas pu livrer {line.Counterpart} pour", $"could not deliver to {line.Counterpart} for"), Tone.Bad, "alert-triangle"),
            LinkDelivered delivered => new(T($"a livré {line.Counterpart} pour", $"delivered to {line.Counterpart} for"), Tone.Good, "send", reader.Formats.Lag(TimeSpan.FromMilliseconds(delivered.LagMs))),
            LinkSettled => new(T($"a mis en place la liaison {with} pour", $"put in place the link {with} for"), Tone.Muted, "link"),
            LinkSessionRefreshed => new(T($"a tenu à jour la liaison {with} pour", $"kept up to date the link {with} for"), Tone.Muted, "refresh"),
            _ => new(happened.GetType().Name, Tone.Neutral, "point"),
        };
    }

    private TimelineSentence Of(OrganisationEvent happened) => happened switch
    {
        OrganisationFounded founded => new(T("a créé la structure", "founded the organisation"), Tone.Good, "building", Joined(founded.Details.Name, founded.Details.City)),
        OrganisationChanged changed => new(T("a modifié les réglages de la structure", "changed the organisation’s settings"), Tone.Neutral, "settings", Joined(
            changed.Details.Name, changed.Details.City, changed.Details.Zone, changed.Details.Currency,
            changed.Details.Listed ? T("dans l’annuaire", "listed") : T("hors annuaire", "not listed"))),
        OperatorInvited { Operator: var someone } => new(T($"a invité {someone.Name}", $"invited {someone.Name}"), Tone.Info, "user-plus", Joined(someone.Email, reader.Word(someone.Role))),
        OperatorInvitedAgain again => new(T($"a renvoyé l’invitation de {nameOf(again.OperatorId)}", $"sent the invitation of {nameOf(again.OperatorId)} again"), Tone.Info, "mail-forward", Days(again.Expires)),
        InvitationAccepted => new(T("a accepté son invitation", "accepted the invitation"), Tone.Good, "user-circle"),
        OperatorChanged changed when changed.Role != changed.Was => new(
            T($"a changé le rôle de {changed.Name}", $"changed the role of {changed.Name}"), Tone.Warn, "shield-check", $"{reader.Word(changed.Was)} → {reader.Word(changed.Role)}"),
        OperatorChanged changed => new(T($"a renommé {changed.Name}", $"renamed {changed.Name}"), Tone.Neutral, "pencil"),
        AccountChanged => new(T("a modifié son compte", "changed their account"), Tone.Neutral, "user-circle"),
        EmailChangeAsked asked => new(T("a demandé à changer d’adresse e-mail", "asked to change their e-mail address"), Tone.Info, "mail", asked.Email),
        EmailChanged changed => new(T("a changé d’adresse e-mail", "changed their e-mail address"), Tone.Warn, "mail", $"{changed.Was} → {changed.Email}"),
        PasswordSet { ByLink: true } => new(T("a choisi un nouveau mot de passe par un lien reçu", "chose a new password by a mailed link"), Tone.Warn, "lock"),
        PasswordSet => new(T("a changé son mot de passe", "changed their password"), Tone.Neutral, "lock"),
        OperatorDisabled disabled => new(T($"a désactivé {nameOf(disabled.OperatorId)}", $"disabled {nameOf(disabled.OperatorId)}"), Tone.Bad, "ban"),
        OperatorEnabled enabled => new(T($"a réactivé {nameOf(enabled.OperatorId)}", $"enabled {nameOf(enabled.OperatorId)}"), Tone.Good, "circle-check"),
        SignedOutEverywhere left => new(T($"a déconnecté partout {nameOf(left.OperatorId)}", $"signed out everywhere {nameOf(left.OperatorId)}"), Tone.Neutral, "logout"),
        TokenCreated { Token: var token } => new(T($"a créé le jeton {reader.Formats.Quote(token.Name)}", $"created the token {reader.Formats.Quote(token.Name)}"), Tone.Info, "key",
            Joined(reader.Word(token.Role), $"…{token.Hint}", token.Expires is { } until ? Days(until) : null)),
        TokenRevoked revoked => new(T($"a révoqué le jeton {reader.Formats.Quote(nameOf(revoked.TokenId))}", $"revoked the token {reader.Formats.Quote(nameOf(revoked.TokenId))}"), Tone.Warn, "ban"),
        _ => new(happened.GetType().Name, Tone.Neutral, "point"),
    };

    private static string Joined(params ReadOnlySpan<string?> parts)
    {
        var given = new List<string>(parts.Length);
        foreach (var part in parts)
            if (!string.IsNullOrWhiteSpace(part)) given.Add(part);
        return string.Join(" · ", given);
    }
}

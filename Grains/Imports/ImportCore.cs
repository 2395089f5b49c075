using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Imports.ImportEvent>;

namespace Guichet.Imports;

/// <summary>
/// An import as its grain keeps it. Its plan isn't part of it: that stands once in the journal, and part by part in the outbox, so that
/// what a part costs doesn't grow with their number.
/// </summary>
/// <param name="AcceptedAt">Null before it is accepted.</param>
public sealed record ImportState(
    ImportKind Kind, string FileName, string Source, TallyHandling Handling, ImportSummary? Summary, int Parts, int Done, int Failed,
    ImmutableArray<ImportFailure> Failures, string By, DateTimeOffset? AcceptedAt, DateTimeOffset? FinishedAt)
{
    public static readonly ImportState Empty = new(ImportKind.Season, "", "", TallyHandling.Draft, null, 0, 0, 0, [], "", null, null);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ImportAccepted), "import-accepted")]
[JsonDerivedType(typeof(PartImported), "import-part-done")]
[JsonDerivedType(typeof(PartFailed), "import-part-failed")]
public abstract record ImportEvent;

/// <param name="Parts">How many effects carry it out.</param>
public sealed record ImportAccepted(
    string FileName, string Source, Mapping Mapping, TallyHandling Handling, ImportSummary Summary, int Parts, string By, DateTimeOffset At,
    SeasonPlan? Season, TallyPlan? Tallies, PartnersPlan? Partners = null, ContactsPlan? Contacts = null) : ImportEvent;

public sealed record PartImported(string Part, DateTimeOffset At) : ImportEvent;

public sealed record PartFailed(ImportFailure Failure, DateTimeOffset At) : ImportEvent;

/// <summary>Makes one show of an accepted import.</summary>
[Alias("effect-import-show")]
public sealed record ImportShowEffect(string ImportId, PlannedShow Show, Actor By) : Effect;

/// <summary>Makes one series.</summary>
[Alias("effect-import-series")]
public sealed record ImportSeriesEffect(string ImportId, PlannedSeries Series, Actor By) : Effect;

/// <summary>Makes or changes one session.</summary>
[Alias("effect-import-session")]
public sealed record ImportSessionEffect(string ImportId, PlannedSession Session, bool OnSale, Actor By) : Effect;

/// <summary>Enters one session's tally.</summary>
[Alias("effect-import-tally")]
public sealed record ImportTallyEffect(string ImportId, PlannedTally Tally, string FileName, TallyHandling Handling, Actor By) : Effect;

/// <summary>Makes or changes one partner.</summary>
[Alias("effect-import-partner")]
public sealed record ImportPartnerEffect(string ImportId, PlannedPartner Partner, Actor By) : Effect;

/// <summary>What an import decides: pure, without clock, storage or engine.</summary>
public static class ImportCore
{
    public const int LongestSource = 100;
    private const int LongestFileName = 255;
    private const int KeptFailures = 200;

    /// <param name="importId">The import's own id, which its parts report to.</param>
    public static Decision Decide(string importId, ImportState state, Command command, DateTimeOffset now) => command switch
    {
        AcceptImport when state.AcceptedAt is not null => Decision.Refuse("import-accepted"),
        AcceptImport accept => Accept(importId, accept, now),
        _ when state.AcceptedAt is null => Decision.Refuse("import-unknown"),
        RecordImportedPart { Refusals.IsDefaultOrEmpty: true } done => Decision.Accept(new PartImported(done.Part, now)),
        RecordImportedPart failed => Decision.Accept(new PartFailed(new ImportFailure(failed.Part, failed.Refusals), now)),
        _ => throw new ArgumentException($"An import doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static ImportState Apply(ImportState state, ImportEvent happened) => happened switch
    {
        ImportAccepted accepted => new ImportState(
            accepted.Mapping.Kind, accepted.FileName, accepted.Source, accepted.Handling, accepted.Summary, accepted.Parts, 0, 0, [],
            accepted.By, accepted.At, accepted.Parts == 0 ? accepted.At : null),
        PartImported done => Finished(state with { Done = state.Done + 1 }, done.At),
        PartFailed failed => Finished(
            state with { Failed = state.Failed + 1, Failures = state.Failures.Length < KeptFailures ? [.. state.Failures, failed.Failure] : state.Failures },
            failed.At),
        _ => throw new ArgumentException($"An import doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    private static ImportState Finished(ImportState state, DateTimeOffset at) =>
        state.Done + state.Failed >= state.Parts ? state with { FinishedAt = at } : state;

    private static Decision Accept(string importId, AcceptImport accept, DateTimeOffset now)
    {
        var source = (accept.Source ?? "").Trim();
        if (source.Length == 0) return Decision.Refuse("name-missing", "source");
        if (source.Length > LongestSource) return Decision.Refuse("text-too-long", "source", Text(LongestSource));
        if (accept.FileName.Length > LongestFileName) return Decision.Refuse("text-too-long", "file", Text(LongestFileName));
        if (KindOf(accept) != accept.Mapping.Kind) return Decision.Refuse("import-plan-missing");
        var unconfirmed = accept.Tallies?.Tallies.Count(tally => tally.NeedsConfirmation) ?? 0;
        if (unconfirmed > 0 && accept.Handling == TallyHandling.Validate && !accept.Confirmed)
            return Decision.Refuse("import-unconfirmed", "confirmed", Text(unconfirmed));
        var parts = PartsOf(importId, accept);
        var accepted = new ImportAccepted(
            accept.FileName, source, accept.Mapping, accept.Handling, SummaryOf(accept), parts.Length, accept.By.Name, now, accept.Season, accept.Tallies, accept.Partners, accept.Contacts);
        return Decision.Accept(accepted).With(parts.AsSpan());
    }

    /// <summary>Of its one plan; null without one, or with several.</summary>
    private static ImportKind? KindOf(AcceptImport accept) => accept switch
    {
        { Season: not null, Tallies: null, Partners: null, Contacts: null } => ImportKind.Season,
        { Season: null, Tallies: not null, Partners: null, Contacts: null } => ImportKind.Tallies,
        { Season: null, Tallies: null, Partners: not null, Contacts: null } => ImportKind.Partners,
        { Season: null, Tallies: null, Partners: null, Contacts: not null } => ImportKind.Contacts,
        _ => null,
    };

    private static ImmutableArray<Effect> PartsOf(string importId, AcceptImport accept) => accept switch
    {
        { Season: { } season } => PartsOf(importId, accept, season),
        { Tallies: { } tallies } => PartsOf(importId, accept, tallies),
        // Many thousands: one effect starts the job that goes through the file.
        { Contacts: { } contacts } => [new StartContactImport(importId, contacts.Lines, accept.By)],
        { Partners: { } partners } => [.. partners.Partners.Where(partner => partner.Action != PlannedAction.Nothing).Select(partner => new ImportPartnerEffect(importId, partner, accept.By))],
        _ => throw new ArgumentException("A plan was checked for.", nameof(accept)),
    };

    private static ImmutableArray<Effect> PartsOf(string importId, AcceptImport accept, SeasonPlan plan) =>
    [
        .. plan.Shows.Select(show => new ImportShowEffect(importId, show, accept.By)),
        .. plan.Series.Select(series => new ImportSeriesEffect(importId, series, accept.By)),
        .. plan.Sessions.Where(session => session.Action != PlannedAction.Nothing).Select(session => new ImportSessionEffect(importId, session, accept.OnSale, accept.By)),
    ];

    private static ImmutableArray<Effect> PartsOf(string importId, AcceptImport accept, TallyPlan plan) =>
        [.. plan.Tallies.Select(tally => new ImportTallyEffect(importId, tally, accept.FileName, accept.Handling, accept.By))];

    private static ImportSummary SummaryOf(AcceptImport accept) => accept switch
    {
        { Season: { } season } => new ImportSummary(
            season.Shows.Length, season.Series.Length, season.Count(PlannedAction.Create), season.Count(PlannedAction.Change),
            season.Count(PlannedAction.Nothing), season.Capacity, season.Lines, season.LinesLeftOut.Length),
        { Partners: { } partners } => new ImportSummary(
            0, 0, partners.Count(PlannedAction.Create), partners.Count(PlannedAction.Change), partners.Count(PlannedAction.Nothing),
            partners.Addresses, partners.Lines, partners.LinesLeftOut.Length),
        { Contacts: { } contacts } => new ImportSummary(0, 0, contacts.Created, contacts.Changed, contacts.Unchanged, 0, contacts.Lines, contacts.Refused),
        { Tallies: { } tallies } => new ImportSummary(0, 0, 0, tallies.Tallies.Length, 0, tallies.Sold, tallies.Lines, tallies.LinesLeftOut.Length),
        _ => throw new ArgumentException("A plan was checked for.", nameof(accept)),
    };

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

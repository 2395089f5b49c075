using System.Collections.Immutable;

namespace Guichet.Imports;

/// <summary>What becomes of a file's tallies.</summary>
public enum TallyHandling
{
    /// <summary>Each becomes its session's draft, for an operator to validate.</summary>
    Draft = 0,

    /// <summary>Each becomes its session's next version.</summary>
    Validate = 1,
}

/// <summary>
/// Takes a whole file: from then on each of its parts (a show, a series, a session, a tally, a partner) is applied by itself, once,
/// also after a crash.
/// </summary>
/// <param name="FileName">As uploaded.</param>
/// <param name="Source">Whose files look like this: what the mapping is remembered by. 1 to 100 characters.</param>
/// <param name="Season">The plan that its sender saw; null for what isn't a season. One of the four plans is given, of the mapping's kind.</param>
/// <param name="Tallies">Likewise.</param>
/// <param name="OnSale">A season's new sessions go on sale at once.</param>
/// <param name="Confirmed">Drops and tallies over capacity are meant; without it they are refused (<c>import-unconfirmed</c>).</param>
/// <param name="Partners">Likewise.</param>
/// <param name="Contacts">Likewise; of them the counts that its sender saw. Their lines are planned again when they are done.</param>
[GenerateSerializer, Immutable, Alias("accept-import")]
public sealed record AcceptImport(
    string FileName, string Source, Mapping Mapping, SeasonPlan? Season, TallyPlan? Tallies,
    TallyHandling Handling = TallyHandling.Validate, bool OnSale = false, bool Confirmed = false, PartnersPlan? Partners = null, ContactsPlan? Contacts = null) : Command;

/// <summary>Says what became of one part.</summary>
/// <param name="Part">As the progress names it: a title, with its date for a session; a partner's name.</param>
/// <param name="Refusals">Why it was not done; empty when it was.</param>
[GenerateSerializer, Immutable, Alias("record-imported-part")]
public sealed record RecordImportedPart(string Part, ImmutableArray<Refusal> Refusals) : Command;

/// <summary>A part that met a session changed since the plan was made, or the like.</summary>
[GenerateSerializer, Immutable, Alias("import-failure")]
public sealed record ImportFailure(string Part, ImmutableArray<Refusal> Refusals);

/// <summary>What a plan came to, in numbers.</summary>
/// <param name="Created">Sessions or partners made.</param>
/// <param name="Changed">Sessions changed or tallied, or partners changed.</param>
/// <param name="Unchanged">Those that the file left as they are.</param>
/// <param name="Places">Capacity of a season's sessions; places sold of tallies; addresses of partners.</param>
[GenerateSerializer, Immutable, Alias("import-summary")]
public sealed record ImportSummary(int Shows, int Series, int Created, int Changed, int Unchanged, long Places, int Lines, int LinesLeftOut);

/// <summary>An accepted import, on its way or done.</summary>
/// <param name="Parts">How many there are; <paramref name="Done"/> and <paramref name="Failed"/> grow until together they are as many.</param>
/// <param name="Failures">At most 200 of them.</param>
/// <param name="FinishedAt">Null while parts are left.</param>
[GenerateSerializer, Immutable, Alias("import-view")]
public sealed record ImportView(
    string Organisation, string Id, ImportKind Kind, string FileName, string Source, TallyHandling Handling, ImportSummary Summary,
    int Parts, int Done, int Failed, ImmutableArray<ImportFailure> Failures, string By, DateTimeOffset AcceptedAt, DateTimeOffset? FinishedAt);

/// <summary>A file that was taken.</summary>
[Alias("import-grain")]
public interface IImportGrain : IGrainWithStringKey
{
    /// <summary>Null before it is accepted.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<ImportView?> View();

    /// <summary>Accepts, once: a second acceptance is refused (<c>import-accepted</c>).</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Accept(AcceptImport command);

    [SystemOnly]
    Task<Outcome<Done>> RecordPart(RecordImportedPart command);
}

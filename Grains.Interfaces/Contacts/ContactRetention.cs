using System.Collections.Immutable;
using Guichet.Organisations;

namespace Guichet.Contacts;

/// <summary>Whether a rule is for those who have bought (<c>ContactRow.Client</c>).</summary>
public enum RetentionStanding
{
    Anyone = 0,
    Clients = 1,
    Prospects = 2,
}

public enum RetentionArchive
{
    Either = 0,
    InUse = 1,
    Archived = 2,
}

/// <summary>
/// How long contacts are kept after their last activity; then they are erased. Where several rules are for the same contact, the longest
/// counts. What counts as activity is said in <c>contact_judged</c> (migration 100) and, to people, on the rules' page.
/// </summary>
/// <param name="Id">1 to 64 of a–z, 0–9 and hyphen, each once.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Kind">Null for both.</param>
/// <param name="Types">Contacts that have one of these; none for those that have no type at all.</param>
/// <param name="Months">Whole months without activity: 6 to 600.</param>
[GenerateSerializer, Immutable, Alias("retention-rule")]
public sealed record RetentionRule(
    string Id, string Name, ContactKind? Kind, ImmutableArray<ContactType> Types, RetentionStanding Standing, RetentionArchive Archive, int Months);

/// <summary>A look through the whole file for whom the rules would erase.</summary>
/// <param name="Id">Of its job too.</param>
/// <param name="Revision">Of the rules that it went by.</param>
/// <param name="Nightly">Begun by itself.</param>
/// <param name="EndedAt">Null while it is at work.</param>
/// <param name="Found">Whom the rules would erase.</param>
/// <param name="Looked">How many contacts there were.</param>
[GenerateSerializer, Immutable, Alias("retention-preview")]
public sealed record RetentionPreview(string Id, long Revision, bool Nightly, string By, DateTimeOffset At, DateTimeOffset? EndedAt, long Found, long Looked);

/// <summary>Erasing those whom a preview found.</summary>
/// <param name="Id">Of its job too.</param>
/// <param name="Found">Whom the preview found.</param>
/// <param name="EndedAt">Null while it is at work, or stopped.</param>
/// <param name="Complete">False for one that ended before it came to its end: its rules were changed, or another look was taken.</param>
[GenerateSerializer, Immutable, Alias("retention-run")]
public sealed record RetentionRun(string Id, string PreviewId, bool Nightly, string By, DateTimeOffset At, long Found, DateTimeOffset? EndedAt, long Erased, long Kept, bool Complete);

/// <summary>A night found more than it may erase by itself: an administrator decides.</summary>
/// <param name="Most">So many it could have erased.</param>
[GenerateSerializer, Immutable, Alias("retention-waiting")]
public sealed record RetentionWaiting(string PreviewId, long Found, long Most, DateTimeOffset At);

/// <param name="Revision">Of the rules; forms send it back as <c>BasedOn</c>.</param>
/// <param name="Preview">The last look; null before the first.</param>
/// <param name="Night">When the next night's run is due; null while it is switched off.</param>
/// <param name="Waiting">Null where nothing waits.</param>
/// <param name="Runs">The last <see cref="MostRuns"/>, the newest first.</param>
[GenerateSerializer, Immutable, Alias("contact-retention-view")]
public sealed record ContactRetentionView(
    string Organisation, long Revision, ImmutableArray<RetentionRule> Rules, RetentionPreview? Preview, bool Nightly, DateTimeOffset? Night, RetentionWaiting? Waiting,
    ImmutableArray<RetentionRun> Runs)
{
    public const int MostRuns = 50;

    /// <summary>The run at work or stopped; null for none.</summary>
    public RetentionRun? Running => Runs.FirstOrDefault(run => run.EndedAt is null);
}

/// <summary>Puts these rules in place of those there were. Other rules than those that were looked at erase nobody: a run at work ends, and nightly runs are switched off.</summary>
/// <param name="Rules">0 to 30.</param>
[GenerateSerializer, Immutable, Alias("set-retention-rules")]
public sealed record SetRetentionRules(ImmutableArray<RetentionRule> Rules, long BasedOn) : Command;

/// <summary>Looks whom the rules would erase today. A run that was at work ends.</summary>
[GenerateSerializer, Immutable, Alias("preview-retention")]
public sealed record PreviewRetention : Command;

/// <summary>Erases those whom the last preview found, and who are still to be erased at that moment.</summary>
/// <param name="Count">As many as the preview found, as whoever sends this has read.</param>
[GenerateSerializer, Immutable, Alias("run-retention")]
public sealed record RunRetention(string PreviewId, long Count) : Command;

/// <summary>Has the rules carried out each night, or no longer.</summary>
/// <param name="PreviewId">To switch it on, the last preview; null to switch it off.</param>
/// <param name="Count">Likewise, as many as it found.</param>
[GenerateSerializer, Immutable, Alias("switch-retention")]
public sealed record SwitchRetention(bool On, string? PreviewId, long? Count) : Command;

/// <summary>A night's run is due: it begins with a preview.</summary>
/// <param name="Night">Its day in the organisation's zone; each once.</param>
[GenerateSerializer, Immutable, Alias("begin-retention-night")]
public sealed record BeginRetentionNight(DateOnly Night) : Command;

[GenerateSerializer, Immutable, Alias("record-retention-preview")]
public sealed record RecordRetentionPreview(string PreviewId, long Found, long Looked) : Command;

[GenerateSerializer, Immutable, Alias("record-retention-run")]
public sealed record RecordRetentionRun(string RunId, long Erased, long Kept) : Command;

/// <summary>Of an organisation there is one: its id in the key.</summary>
public static class ContactRetentionKey
{
    public const string Id = "retention";
}

/// <summary>How long an organisation keeps its contacts, and what that erased.</summary>
[Alias("contact-retention-grain")]
public interface IContactRetentionGrain : IGrainWithStringKey
{
    [Requires(Role.Administrator), Orleans.Concurrency.ReadOnly]
    Task<ContactRetentionView> View();

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> SetRules(SetRetentionRules command);

    /// <summary>Answers with the preview's id. Refused without rules.</summary>
    [Requires(Role.Administrator)]
    Task<Outcome<RetentionPreview>> Preview(PreviewRetention command);

    /// <summary>Refused for any but the last preview, one that went by other rules, isn't done, is a week old, or found another number.</summary>
    [Requires(Role.Administrator)]
    Task<Outcome<RetentionRun>> Run(RunRetention command);

    /// <summary>Switching on is refused as <see cref="Run"/> is.</summary>
    [Requires(Role.Administrator)]
    Task<Outcome<Done>> Switch(SwitchRetention command);

    [SystemOnly]
    Task<Outcome<Done>> RecordPreview(RecordRetentionPreview command);

    [SystemOnly]
    Task<Outcome<Done>> RecordRun(RecordRetentionRun command);

    /// <summary>Begins the night that is due, and looks when the next is.</summary>
    [SystemOnly]
    Task Wake();
}

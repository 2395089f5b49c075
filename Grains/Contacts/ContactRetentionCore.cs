using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Notifications;

using Decision = Guichet.Journal.Decision<Guichet.Contacts.ContactRetentionEvent>;

namespace Guichet.Contacts;

/// <param name="Agreed">How many an administrator read when nightly runs were switched on, until the first of them has run.</param>
/// <param name="On">Since when nightly runs are switched on; null while they aren't.</param>
/// <param name="LastNight">The last that began.</param>
public sealed record ContactRetentionState(
    long Revision, ImmutableArray<RetentionRule> Rules, RetentionPreview? Preview, DateTimeOffset? On, long? Agreed, DateOnly? LastNight, RetentionWaiting? Waiting,
    ImmutableArray<RetentionRun> Runs)
{
    public static readonly ContactRetentionState Empty = new(0, [], null, null, null, null, null, []);

    [JsonIgnore] public RetentionRun? Running => Runs.FirstOrDefault(run => run.EndedAt is null);

    [JsonIgnore] public bool Busy => Running is not null || Preview is { Nightly: true, EndedAt: null };
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RetentionRulesSet), "retention-rules-set")]
[JsonDerivedType(typeof(RetentionPreviewBegun), "retention-preview-begun")]
[JsonDerivedType(typeof(RetentionPreviewed), "retention-previewed")]
[JsonDerivedType(typeof(RetentionRunBegun), "retention-run-begun")]
[JsonDerivedType(typeof(RetentionRunEnded), "retention-run-ended")]
[JsonDerivedType(typeof(RetentionSwitched), "retention-switched")]
[JsonDerivedType(typeof(RetentionNightBegun), "retention-night-begun")]
[JsonDerivedType(typeof(RetentionHeldBack), "retention-held-back")]
public abstract record ContactRetentionEvent
{
    public string By { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

public sealed record RetentionRulesSet(ImmutableArray<RetentionRule> Rules) : ContactRetentionEvent;

public sealed record RetentionPreviewBegun(string PreviewId, bool Nightly) : ContactRetentionEvent;

public sealed record RetentionPreviewed(string PreviewId, long Found, long Looked) : ContactRetentionEvent;

public sealed record RetentionRunBegun(string RunId, string PreviewId, long Found, bool Nightly) : ContactRetentionEvent;

public sealed record RetentionRunEnded(string RunId, long Erased, long Kept) : ContactRetentionEvent;

/// <param name="Agreed">Whom the preview found that was read.</param>
public sealed record RetentionSwitched(bool On, long? Agreed) : ContactRetentionEvent;

public sealed record RetentionNightBegun(DateOnly Night) : ContactRetentionEvent;

/// <summary>A night found more than it may erase by itself.</summary>
public sealed record RetentionHeldBack(string PreviewId, long Found, long Most) : ContactRetentionEvent;

/// <summary>What a job of a preview or a run is told.</summary>
/// <param name="Rules">As they were at that revision.</param>
/// <param name="At">The moment that months are counted back from.</param>
public sealed record RetentionArgument(string PreviewId, long Revision, ImmutableArray<RetentionRule> Rules, DateTimeOffset At, Actor By);

/// <summary>Starts the job that has this id.</summary>
[Alias("start-retention-job")]
public sealed record StartRetentionJob(string JobId, JobKind Kind, RetentionArgument Argument, long Total) : Effect;

/// <summary>Has the grain look when the next night is due.</summary>
[Alias("wake-contact-retention")]
public sealed record WakeContactRetention : Effect;

/// <summary>What an organisation's retention rules decide: pure, without clock, storage or engine.</summary>
public static class ContactRetentionCore
{
    public const int MostRules = 30;
    public const int FewestMonths = 6;
    public const int MostMonths = 600;

    /// <summary>As many may always be erased in a night; a twentieth of a small file is nobody.</summary>
    public const int AlwaysAllowed = 10;

    /// <summary>How long a preview may be gone by.</summary>
    public static readonly TimeSpan PreviewLasts = TimeSpan.FromDays(7);

    public static Decision Decide(ContactRetentionState state, Command command, DateTimeOffset now)
    {
        var decision = command switch
        {
            SetRetentionRules set when set.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
            SetRetentionRules set => Set(state, set),
            PreviewRetention when state.Rules.IsEmpty => Decision.Refuse("retention-rules-missing"),
            PreviewRetention preview => Look(state, PreviewIdOf(preview, now), nightly: false, preview.By, now),
            RunRetention run => Run(state, run, now),
            SwitchRetention { On: false } => state.On is null ? Decision.Accept() : Decision.Accept(new RetentionSwitched(false, null)).With(new WakeContactRetention()),
            SwitchRetention on => NotAsRead(state, on.PreviewId, on.Count, now) is { } refusal ? Decision.Refuse(refusal)
                : state.On is not null ? Decision.Accept()
                : Decision.Accept(new RetentionSwitched(true, on.Count)).With(new WakeContactRetention()),
            BeginRetentionNight begin => state.On is null || state.Busy || state.Rules.IsEmpty || begin.Night <= state.LastNight
                ? Decision.Accept()
                : Then(Look(state, PreviewIdOf(begin, now), nightly: true, begin.By, now) with { Answer = Done.It }, new RetentionNightBegun(begin.Night)),
            RecordRetentionPreview record => state.Preview is { EndedAt: null } preview && preview.Id == record.PreviewId ? Previewed(state, preview, record, now) : Decision.Accept(),
            RecordRetentionRun record => state.Running is { } running && running.Id == record.RunId ? Ran(running, record) : Decision.Accept(),
            _ => throw new ArgumentException($"Retention doesn't know {command.GetType().Name}.", nameof(command)),
        };
        return decision with { Events = [.. decision.Events.Select(happened => happened with { By = command.By.Name, At = now })] };
    }

    public static ContactRetentionState Apply(ContactRetentionState state, ContactRetentionEvent happened) => happened switch
    {
        RetentionRulesSet set => Ended(state, happened.At) with { Revision = state.Revision + 1, Rules = set.Rules, Preview = null, On = null, Agreed = null, Waiting = null },
        RetentionPreviewBegun begun => Ended(state, happened.At) with
        {
            Preview = new RetentionPreview(begun.PreviewId, state.Revision, begun.Nightly, begun.By, begun.At, null, 0, 0),
        },
        RetentionPreviewed previewed => state with { Preview = state.Preview! with { EndedAt = happened.At, Found = previewed.Found, Looked = previewed.Looked } },
        RetentionRunBegun begun => state with
        {
            Runs = [new RetentionRun(begun.RunId, begun.PreviewId, begun.Nightly, begun.By, begun.At, begun.Found, null, 0, 0, false), .. state.Runs.Take(ContactRetentionView.MostRuns - 1)],
            Waiting = null,
            Agreed = null,
        },
        RetentionRunEnded ended => state with
        {
            Runs = [.. state.Runs.Select(run => run.Id == ended.RunId ? run with { EndedAt = ended.At, Erased = ended.Erased, Kept = ended.Kept, Complete = true } : run)],
        },
        RetentionSwitched { On: true } on => state with { On = on.At, Agreed = on.Agreed, Waiting = null },
        RetentionSwitched => state with { On = null, Agreed = null, Waiting = null },
        RetentionNightBegun night => state with { LastNight = night.Night },
        RetentionHeldBack held => state with { Waiting = new RetentionWaiting(held.PreviewId, held.Found, held.Most, held.At) },
        _ => throw new ArgumentException($"Retention doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    /// <summary>
    /// How many a night may erase by itself: the first as many as were read when it was switched on and a tenth more, each later one a twentieth
    /// of the file. More than that is no file that grows old but something that went wrong, such as a till that tells nothing any more.
    /// </summary>
    public static long MostOfNight(long? agreed, long looked) => Math.Max(AlwaysAllowed, agreed is { } read ? read + (read + 9) / 10 : looked / 20);

    /// <summary>
    /// The night that is due: of those whose hour has come since it was switched on, the last, unless it began already. After days of
    /// downtime the last is enough. Null for none.
    /// </summary>
    /// <param name="slotOf">When a day's hour is, in the organisation's zone.</param>
    /// <param name="today">In the organisation's zone.</param>
    public static DateOnly? NightDue(ContactRetentionState state, DateOnly today, DateTimeOffset now, Func<DateOnly, DateTimeOffset> slotOf)
    {
        if (state.On is not { } on) return null;
        var last = slotOf(today) <= now ? today : today.AddDays(-1);
        return slotOf(last) > on && (state.LastNight is not { } begun || last > begun) ? last : null;
    }

    private static Decision Set(ContactRetentionState state, SetRetentionRules command)
    {
        ImmutableArray<RetentionRule> rules = command.Rules.IsDefault ? [] : command.Rules;
        if (rules.Length > MostRules) return Decision.Refuse("too-many", "rules", ContactRules.Number(MostRules));
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var cleaned = ImmutableArray.CreateBuilder<RetentionRule>();
        for (var i = 0; i < rules.Length; i++)
        {
            var (rule, field) = (rules[i], $"rules[{ContactRules.Number(i)}]");
            if (!ContactRules.IsCode(rule.Id) || cleaned.Any(other => other.Id == rule.Id)) wrong.Add(Refusal.Of("retention-rule-invalid", $"{field}.id"));
            var name = ContactRules.Line(rule.Name, $"{field}.name", ContactRules.LongestText, wrong);
            if (name is null) wrong.Add(Refusal.Of("retention-name-missing", $"{field}.name"));
            if (rule.Kind is { } kind && !Enum.IsDefined(kind)) wrong.Add(Refusal.Of("kind-unknown", $"{field}.kind"));
            ImmutableArray<ContactType> types = rule.Types.IsDefault ? [] : [.. rule.Types.Distinct().Order()];
            if (types.Any(type => !Enum.IsDefined(type))) wrong.Add(Refusal.Of("type-unknown", $"{field}.types"));
            if (!Enum.IsDefined(rule.Standing) || !Enum.IsDefined(rule.Archive)) wrong.Add(Refusal.Of("retention-rule-invalid", $"{field}.standing"));
            if (rule.Months is < FewestMonths or > MostMonths) wrong.Add(Refusal.Of("retention-months-out-of-range", $"{field}.months", ContactRules.Number(FewestMonths), ContactRules.Number(MostMonths)));
            cleaned.Add(rule with { Name = name ?? "", Types = types });
        }
        if (wrong.Count > 0) return Decision.Refuse(wrong.ToImmutable().AsSpan());
        return Json.Write(cleaned.ToImmutable()) == Json.Write(state.Rules) ? Decision.Accept() : Decision.Accept(new RetentionRulesSet(cleaned.ToImmutable())).With(new WakeContactRetention());
    }

    private static string PreviewIdOf(Command command, DateTimeOffset now) => Ids.From(now, "contact-retention-preview", command.Id.ToString("N"));

    private static Decision Look(ContactRetentionState state, string previewId, bool nightly, Actor by, DateTimeOffset now) =>
        Decision.Accept(new RetentionPreview(previewId, state.Revision, nightly, by.Name, now, null, 0, 0), new RetentionPreviewBegun(previewId, nightly))
            .With(new StartRetentionJob(previewId, JobKind.ContactRetentionPreview, new RetentionArgument(previewId, state.Revision, state.Rules, now, by), 0));

    private static Decision Run(ContactRetentionState state, RunRetention command, DateTimeOffset now)
    {
        if (NotAsRead(state, command.PreviewId, command.Count, now) is { } refusal) return Decision.Refuse(refusal);
        if (state.Running is not null) return Decision.Refuse("retention-busy");
        if (state.Runs.Any(run => run.PreviewId == command.PreviewId)) return Decision.Refuse("retention-preview-stale");
        if (command.Count == 0) return Decision.Refuse("retention-nobody");
        return Begin(state, state.Preview!, nightly: false, command, command.By, now);
    }

    private static Decision Begin(ContactRetentionState state, RetentionPreview preview, bool nightly, Command command, Actor by, DateTimeOffset now)
    {
        var runId = Ids.From(now, "contact-retention-run", command.Id.ToString("N"));
        return Decision.Accept(new RetentionRun(runId, preview.Id, nightly, by.Name, now, preview.Found, null, 0, 0, false), new RetentionRunBegun(runId, preview.Id, preview.Found, nightly))
            .With(new StartRetentionJob(runId, JobKind.ContactRetentionRun, new RetentionArgument(preview.Id, state.Revision, state.Rules, preview.At, by), preview.Found));
    }

    /// <summary>Why nobody can be erased by that preview; null where it is the last, up to date, and was read.</summary>
    private static Refusal? NotAsRead(ContactRetentionState state, string? previewId, long? count, DateTimeOffset now)
    {
        if (state.Rules.IsEmpty) return Refusal.Of("retention-rules-missing");
        if (state.Preview is not { } preview || preview.Id != previewId || preview.Revision != state.Revision) return Refusal.Of("retention-preview-stale");
        if (preview.EndedAt is null) return Refusal.Of("retention-preview-unfinished");
        if (now - preview.At > PreviewLasts) return Refusal.Of("retention-preview-stale");
        return count == preview.Found ? null : Refusal.Of("retention-count-differs", "count", ContactRules.Number(preview.Found));
    }

    private static Decision Previewed(ContactRetentionState state, RetentionPreview preview, RecordRetentionPreview record, DateTimeOffset now)
    {
        var previewed = new RetentionPreviewed(record.PreviewId, record.Found, record.Looked);
        if (!preview.Nightly || state.On is null || record.Found == 0) return Decision.Accept(Done.It, previewed);
        var most = MostOfNight(state.Agreed, record.Looked);
        if (record.Found <= most) return Then(Begin(state, preview with { Found = record.Found }, nightly: true, record, record.By, now) with { Answer = Done.It }, previewed, first: true);
        var held = Decision.Accept(Done.It, previewed, new RetentionHeldBack(record.PreviewId, record.Found, most));
        // Told once, not every night until somebody has looked.
        return state.Waiting is not null ? held : held.With(new Notify(
            record.By.Organisation, "retention-held-back", [ContactRules.Number(record.Found), ContactRules.Number(most)], "/settings/contact-retention"));
    }

    private static Decision Ran(RetentionRun running, RecordRetentionRun record)
    {
        var decision = Decision.Accept(Done.It, new RetentionRunEnded(record.RunId, record.Erased, record.Kept));
        return decision.With(new Notify(
            record.By.Organisation, "retention-run", [ContactRules.Number(record.Erased), ContactRules.Number(record.Kept)], $"/settings/contact-retention/runs/{running.Id}"));
    }

    private static ContactRetentionState Ended(ContactRetentionState state, DateTimeOffset at) =>
        state.Running is not { } running ? state : state with { Runs = [.. state.Runs.Select(run => run == running ? run with { EndedAt = at } : run)] };

    private static Decision Then(Decision decision, ContactRetentionEvent happened, bool first = false) =>
        decision with { Events = first ? [happened, .. decision.Events] : [.. decision.Events, happened] };
}

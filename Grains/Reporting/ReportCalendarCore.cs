using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Guichet.Journal;
using NodaTime;

using Decision = Guichet.Journal.Decision<Guichet.Reporting.ReportCalendarEvent>;

namespace Guichet.Reporting;

/// <param name="Revision">Of what people set; what becomes due doesn't change it.</param>
/// <param name="Since">What became due up to here doesn't count: it was set then, or that is the last time recorded.</param>
/// <param name="Recent">The newest first, at most <see cref="ReportCalendarCore.MostRecent"/>.</param>
public sealed record ReportCalendarState(
    long Revision, ReportCalendarDetails? Details, DateTimeOffset Since, ImmutableArray<ReportOccurrence> Recent)
{
    public static readonly ReportCalendarState Empty = new(0, null, DateTimeOffset.MinValue, []);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ReportCalendarSet), "report-calendar-set")]
[JsonDerivedType(typeof(ReportCalendarRemoved), "report-calendar-removed")]
[JsonDerivedType(typeof(ReportsBecameDue), "reports-became-due")]
[JsonDerivedType(typeof(ReportMissed), "report-missed")]
public abstract record ReportCalendarEvent;

public sealed record ReportCalendarSet(ReportCalendarDetails Details, DateTimeOffset At) : ReportCalendarEvent;

public sealed record ReportCalendarRemoved : ReportCalendarEvent;

/// <param name="Occurrences">In order; at most the last one runs, the others were missed.</param>
public sealed record ReportsBecameDue(ImmutableArray<ReportOccurrence> Occurrences) : ReportCalendarEvent;

/// <summary>It was to run, and was begun by nobody before it was too late.</summary>
public sealed record ReportMissed(string RunId) : ReportCalendarEvent;

/// <summary>What a calendar of reports decides: what it may be, what has become due, and what of that still runs (seed 000). Pure.</summary>
public static class ReportCalendarCore
{
    public const int MostWeeks = 52;
    public const int MostPauses = 50;
    public const int MostAddedHolidays = 200;
    public const int MostRecent = 50;
    public const int NextShown = 5;

    /// <summary>An occurrence that nobody noticed for this long is missed: its figures are no news any more.</summary>
    public static readonly TimeSpan MissedAfter = TimeSpan.FromHours(12);

    /// <summary>After years without a node, the ones before these are not even listed.</summary>
    private const int MostRecorded = 400;

    /// <param name="maySend">False on a restored copy: what becomes due there is its original's to run.</param>
    public static Decision Decide(ReportCalendarState state, Command command, AggregateId key, bool maySend, DateTimeOffset now) => command switch
    {
        SetReportCalendar set => Set(state, set, key, maySend, now),
        RemoveReportCalendar when state.Details is null => Decision.Refuse("report-calendar-unknown"),
        RemoveReportCalendar remove when remove.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
        RemoveReportCalendar => Then(Recorded(state, key, maySend, now), new ReportCalendarRemoved()),
        RecordDueReports => Recorded(state, key, maySend, now),
        MissReport miss => state.Recent.Any(occurrence => occurrence.RunId == miss.RunId && occurrence.State == ReportOccurrenceState.Run)
            ? Decision.Accept(new ReportMissed(miss.RunId))
            : Decision.Accept(),
        _ => throw new ArgumentException($"A calendar of reports doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static ReportCalendarState Apply(ReportCalendarState state, ReportCalendarEvent happened) => happened switch
    {
        ReportCalendarSet set => state with { Revision = state.Revision + 1, Details = set.Details, Since = Later(state.Since, set.At) },
        ReportCalendarRemoved => state with { Revision = state.Revision + 1, Details = null },
        ReportsBecameDue due => state with
        {
            Since = due.Occurrences[^1].At,
            Recent = [.. due.Occurrences.Reverse().Concat(state.Recent).Take(MostRecent)],
        },
        ReportMissed missed => state with
        {
            Recent = [.. state.Recent.Select(occurrence => occurrence.RunId == missed.RunId ? occurrence with { State = ReportOccurrenceState.Missed } : occurrence)],
        },
        _ => throw new ArgumentException($"A calendar of reports doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    /// <summary>What has become due and isn't recorded, in order.</summary>
    public static ImmutableArray<ReportSlot> Due(ReportCalendarState state, DateTimeOffset now) =>
        state.Details is null ? [] : ReportDates.Between(state.Details, state.Since, now);

    /// <summary>The next time after now; null when there is none.</summary>
    public static ReportSlot? Next(ReportCalendarState state, DateTimeOffset now) =>
        state.Details is null ? null : ReportDates.Next(state.Details, Later(state.Since, now), 1).FirstOrDefault();

    /// <summary>What a form must be to be kept: cleaned (in order, each once), or what is wrong with each field.</summary>
    public static (ReportCalendarDetails Details, ImmutableArray<Refusal> Refusals) Check(ReportCalendarDetails details, DateTimeOffset now)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var rule = Checked(details.Rule, details.Enabled, refusals);
        if (details.First.Year is < 1950 or > 2200) refusals.Add(Refusal.Of("date-out-of-range", "first", "1950", "2200"));
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(details.Zone ?? "") is null) refusals.Add(Refusal.Of("zone-unknown", "zone", details.Zone ?? ""));
        ImmutableArray<ReportPause> pauses = details.Pauses.IsDefault ? [] : details.Pauses;
        if (pauses.Length > MostPauses) refusals.Add(Refusal.Of("too-many", "pauses", Text(MostPauses)));
        for (var i = 0; i < pauses.Length; i++)
            if (pauses[i].Last < pauses[i].First) refusals.Add(Refusal.Of("report-pause-reversed", $"pauses[{i}].last"));
        ImmutableArray<DateOnly> added = details.AddedHolidays.IsDefault ? [] : [.. details.AddedHolidays.Distinct().Order()];
        if (added.Length > MostAddedHolidays) refusals.Add(Refusal.Of("too-many", "addedHolidays", Text(MostAddedHolidays)));
        var cleaned = details with
        {
            Rule = rule,
            At = new TimeOnly(details.At.Hour, details.At.Minute),
            Pauses = [.. pauses.OrderBy(pause => pause.First).ThenBy(pause => pause.Last)],
            AddedHolidays = added,
        };
        if (refusals.Count == 0 && cleaned.Enabled && ReportDates.Next(cleaned, now, 1).IsEmpty) refusals.Add(Refusal.Of("report-calendar-never", "first"));
        return (cleaned, refusals.ToImmutable());
    }

    /// <summary>The run that a time of a calendar is: the same however often, and by whichever node, it is found to be due.</summary>
    /// <remarks>A calendar never comes back to an instant that it has passed, whatever is changed, its clock included: no two runs have one id.</remarks>
    public static string RunIdOf(AggregateId key, ReportSlot slot) =>
        Ids.From(slot.At, "report-run", key.Organisation, key.Id, slot.Local.ToString("s", CultureInfo.InvariantCulture));

    /// <summary>The command that writes this time down, whoever sends it.</summary>
    public static Guid CommandIdOf(AggregateId key, ReportSlot latest) => CommandIds.From("record-due-reports", key.Organisation, RunIdOf(key, latest));

    private static Decision Set(ReportCalendarState state, SetReportCalendar set, AggregateId key, bool maySend, DateTimeOffset now)
    {
        if (!IsKnown(key.Id)) return Decision.Refuse("report-calendar-unknown");
        if (set.BasedOn != state.Revision) return Decision.Refuse("changed-meanwhile");
        var (details, refusals) = Check(set.Details, now);
        return refusals.IsEmpty
            ? Then(Recorded(state, key, maySend, now), new ReportCalendarSet(details, now)).With(new WakeReportCalendar(key.Id))
            : Decision.Refuse(refusals.AsSpan());
    }

    private static bool IsKnown(string id) => ReportCalendarId.GroupOf(id) is not null || ReportCalendarId.PartnerOf(id) is not null;

    private static Decision Then(Decision first, ReportCalendarEvent then) => first with { Events = [.. first.Events, then] };

    /// <summary>By whatever comes: a change of the calendar, too, finds what was due before it and had not been noticed.</summary>
    private static Decision Recorded(ReportCalendarState state, AggregateId key, bool maySend, DateTimeOffset now)
    {
        var due = Due(state, now);
        if (due.IsEmpty) return Decision.Accept();
        var occurrences = due.TakeLast(MostRecorded).Select(slot => new ReportOccurrence(
            RunIdOf(key, slot), slot.Local, state.Details!.Zone, slot.At, now, ReportOccurrenceState.Missed)).ToImmutableArray();
        var latest = occurrences[^1];
        if (!maySend || now - latest.At >= MissedAfter) return Decision.Accept(new ReportsBecameDue(occurrences));
        latest = latest with { State = ReportOccurrenceState.Run };
        return Decision.Accept(new ReportsBecameDue(occurrences.SetItem(occurrences.Length - 1, latest)))
            .With(new ExpandReportRun(key.Id, latest.RunId, latest.At, state.Details!.OnlyIfChanged));
    }

    private static ReportRule Checked(ReportRule rule, bool enabled, ImmutableArray<Refusal>.Builder refusals)
    {
        ImmutableArray<DayOfWeek> weekdays = rule.Weekdays.IsDefault ? [] : [.. rule.Weekdays.Distinct().OrderBy(FromMonday)];
        ImmutableArray<int> days = rule.MonthDays.IsDefault ? [] : [.. rule.MonthDays.Distinct().Order()];
        if (rule.Rhythm == ReportRhythm.Weekly)
        {
            if (weekdays.IsEmpty && enabled) refusals.Add(Refusal.Of("report-weekdays-missing", "rule.weekdays"));
            if (rule.EveryWeeks is < 1 or > MostWeeks) refusals.Add(Refusal.Of("report-weeks-out-of-range", "rule.everyWeeks", Text(MostWeeks)));
            return new ReportRule(ReportRhythm.Weekly, weekdays, rule.EveryWeeks, [], false);
        }
        if (days.IsEmpty && !rule.LastOfMonth && enabled) refusals.Add(Refusal.Of("report-month-days-missing", "rule.monthDays"));
        if (days.Any(day => day is < 1 or > 31)) refusals.Add(Refusal.Of("report-month-day-out-of-range", "rule.monthDays"));
        return new ReportRule(ReportRhythm.Monthly, [], 1, days, rule.LastOfMonth);
    }

    private static int FromMonday(DayOfWeek day) => ((int)day + 6) % 7;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

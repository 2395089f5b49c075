using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;
using Orleans.Concurrency;
using Orleans.Streams;

namespace Guichet.Reporting;

[Reentrant]
public sealed class ReportCalendarGrain(ISendingPermission permission) : AggregateGrain<ReportCalendarState, ReportCalendarEvent>, IReportCalendarGrain, IRemindable
{
    private const string Reminder = "due";

    /// <summary>A reminder's due time is looked at again this often, so that a clock that was set, or a far date, does no harm.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromHours(24);

    /// <summary>After a tick that failed.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private IStreamProvider streams = null!;

    protected override string Kind => "report_calendars";

    protected override ReportCalendarState Empty => ReportCalendarState.Empty;

    protected override Decision<ReportCalendarEvent> Decide(ReportCalendarState state, Command command, DateTimeOffset now) =>
        ReportCalendarCore.Decide(state, command, Aggregate, permission.MaySend, now);

    protected override ReportCalendarState Apply(ReportCalendarState state, ReportCalendarEvent happened) => ReportCalendarCore.Apply(state, happened);

    protected override IEnumerable<Row> RowsOf(ReportCalendarEvent happened, ReportCalendarState after) => happened switch
    {
        ReportsBecameDue due => due.Occurrences.Select(occurrence => new ReportRunRow(Aggregate.Organisation, Aggregate.Id, occurrence)),
        ReportMissed missed => [new ReportRunMissedRow(Aggregate.Organisation, missed.RunId)],
        _ => [],
    };

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        streams = this.GetStreamProvider(LiveStreams.Provider);
    }

    protected override Task Committed(ReportCalendarState before, ReportCalendarState after, ImmutableArray<ReportCalendarEvent> events) => events.IsEmpty
        ? Task.CompletedTask
        : streams.Feed(Aggregate.Organisation).OnNextAsync(new ReportCalendarMoved(Aggregate.Organisation, Time.GetUtcNow(), Aggregate.Id));

    public Task<ReportCalendarView?> View() => Task.FromResult(State.Revision == 0 ? null : new ReportCalendarView(
        Aggregate.Organisation, Aggregate.Id, State.Revision, State.Details,
        State.Details is null ? [] : ReportDates.Next(State.Details, Time.GetUtcNow(), ReportCalendarCore.NextShown), State.Recent));

    public Task<Outcome<Done>> Set(SetReportCalendar command) => Execute<Done>(command);

    public Task<Outcome<Done>> Remove(RemoveReportCalendar command) => Execute<Done>(command);

    public async Task<Outcome<Done>> Miss(MissReport command)
    {
        await UpToDate();
        return await Execute<Done>(command);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        using var caller = Caller.As(Actor.System("report-calendar", Aggregate.Organisation));
        return Wake();
    }

    public async Task Wake()
    {
        await UpToDate();
        // A restored copy must not run what its original runs; when it becomes the live one, what it slept through is missed, or late.
        if (permission.MaySend && ReportCalendarCore.Due(State, Time.GetUtcNow()) is [.., var latest])
            await Execute<Done>(new RecordDueReports
            {
                Id = ReportCalendarCore.CommandIdOf(Aggregate, latest),
                By = Actor.System("report-calendar", Aggregate.Organisation),
            });
        await Rearm();
    }

    private async Task Rearm()
    {
        var now = Time.GetUtcNow();
        if (!ReportCalendarCore.Due(State, now).IsEmpty)
        {
            await this.RegisterOrUpdateReminder(Reminder, Again, Again);
        }
        else if (ReportCalendarCore.Next(State, now) is { } next)
        {
            var wait = next.At - now;
            await this.RegisterOrUpdateReminder(Reminder, wait < Furthest ? wait : Furthest, Again);
        }
        else if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }
}

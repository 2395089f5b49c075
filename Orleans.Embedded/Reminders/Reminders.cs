using Orleans.Hosting;

namespace Orleans.Embedded;

/// <summary>Makes the ticks: the schedule is in the store, what is next due is kept here, under one timer. A tick that
/// fails or is missed is not made up for: the next one comes at its own time.</summary>
internal sealed class Reminders(EmbeddedEngine engine, IReminderStore? store, ReminderOptions options)
{
    /// <summary>No timer is set for longer: system timers refuse 49.7 days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId Grain, string Name), Scheduled> _scheduled = [];
    private readonly PriorityQueue<Scheduled, (DateTimeOffset Due, long Order)> _queue = new();
    private readonly CancellationTokenSource _stopped = new();
    private ITimer? _timer;
    private long _order;

    /// <summary>A reminder on schedule. Replaced as a whole when it changes; what is queued for the old one is then void.</summary>
    private sealed record Scheduled(ReminderRow Row)
    {
        public DateTimeOffset Due { get; set; }
        public bool Ticking { get; set; }
        public bool Void { get; set; }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _scheduled.Count;
        }
    }

    public int Due
    {
        get
        {
            lock (_gate)
                return _scheduled.Values.Count(static one => one.Ticking);
        }
    }

    public async Task StartAsync(CancellationToken cancellation)
    {
        if (store is null)
            return;
        _timer = Detached.Quietly(static self => self.Clock.CreateTimer(static state => ((Reminders)state!).RunDue(),
            self.This, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), (engine.Clock, This: this));
        foreach (var row in await store.ReadAllAsync(cancellation))
            Schedule(row);
    }

    public void Stop()
    {
        _stopped.Cancel();
        _timer?.Dispose();
    }

    public async Task<IGrainReminder> RegisterAsync(IGrainBase grain, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < options.MinimumReminderPeriod)
            throw new ArgumentException($"The period of the reminder {name} is {period}; the shortest is {options.MinimumReminderPeriod}", nameof(period));

        var row = new ReminderRow(RemindableId(grain), name, engine.Clock.GetUtcNow() + dueTime, period, Version: 0);
        row = row with { Version = await Store.UpsertAsync(row, _stopped.Token) };
        Schedule(row);
        return new GrainReminder(row);
    }

    public async Task UnregisterAsync(IGrainBase grain, IGrainReminder reminder)
    {
        if (reminder is not GrainReminder { Row: var row } || row.GrainId != RemindableId(grain))
            throw new ArgumentException("The reminder is not one of this grain's", nameof(reminder));
        if (!await Store.RemoveAsync(row.GrainId, row.Name, row.Version, _stopped.Token))
            throw new ReminderException($"The reminder {row.Name} of {row.GrainId} has changed since, or is gone");
        lock (_gate)
        {
            if (_scheduled.Remove((row.GrainId, row.Name), out var old))
                old.Void = true;
        }
    }

    public async Task<IGrainReminder?> GetAsync(IGrainBase grain, string name) =>
        (await GetAllAsync(grain)).FirstOrDefault(one => one.ReminderName == name);

    public async Task<List<IGrainReminder>> GetAllAsync(IGrainBase grain) =>
        [.. (await Store.ReadAsync(RemindableId(grain), _stopped.Token)).Select(static row => new GrainReminder(row))];

    private IReminderStore Store => store
        ?? throw new OrleansConfigurationException("There is no reminder service: call UseInMemoryReminderService or register an IReminderStore");

    private static GrainId RemindableId(IGrainBase grain) => grain is IRemindable ? grain.GrainContext.GrainId
        : throw new InvalidOperationException($"{grain.GetType()} has reminders but is not IRemindable");

    private void Schedule(ReminderRow row)
    {
        lock (_gate)
        {
            if (_scheduled.TryGetValue((row.GrainId, row.Name), out var old))
            {
                // A change that was written later may have been heard of earlier.
                if (old.Row.Version > row.Version)
                    return;
                old.Void = true;
            }
            var scheduled = _scheduled[(row.GrainId, row.Name)] = new(row);
            Queue(scheduled);
            SetTimer();
        }
    }

    /// <summary>At the first of StartAt + n × Period that is not yet past.</summary>
    private void Queue(Scheduled scheduled)
    {
        var (row, now) = (scheduled.Row, engine.Clock.GetUtcNow());
        var periods = now <= row.StartAt ? 0 : (now - row.StartAt).Ticks / row.Period.Ticks;
        scheduled.Due = row.StartAt + periods * row.Period;
        if (scheduled.Due < now)
            scheduled.Due += row.Period;
        _queue.Enqueue(scheduled, (scheduled.Due, _order++));
    }

    private void SetTimer()
    {
        while (_queue.TryPeek(out var next, out _) && next.Void)
            _queue.Dequeue();
        if (!_queue.TryPeek(out var first, out _) || _stopped.IsCancellationRequested)
            return;
        var wait = first.Due - engine.Clock.GetUtcNow();
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
        // Rounded up to what timers count in, so as not to come early.
        _timer?.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void RunDue()
    {
        var due = new List<Scheduled>();
        lock (_gate)
        {
            var now = engine.Clock.GetUtcNow();
            while (_queue.TryPeek(out var next, out _) && (next.Void || next.Due <= now))
            {
                _queue.Dequeue();
                if (next.Void)
                    continue;
                next.Ticking = true;
                due.Add(next);
            }
            SetTimer();
        }
        foreach (var one in due)
            Detached.Run(() => TickAsync(one), engine.Scheduler);
    }

    private async Task TickAsync(Scheduled scheduled)
    {
        var row = scheduled.Row;
        try
        {
            var grain = (IRemindable)(object)engine.Reference(typeof(IRemindable), row.GrainId);
            await grain.ReceiveReminder(row.Name, new(row.StartAt.UtcDateTime, row.Period, engine.Clock.GetUtcNow().UtcDateTime));
        }
        catch (Exception exception)
        {
            engine.Log.ReminderFailed(exception, row.Name, row.GrainId);
        }

        lock (_gate)
        {
            scheduled.Ticking = false;
            if (scheduled.Void || _stopped.IsCancellationRequested)
                return;
            // The tick just made may have been on time to the millisecond.
            Queue(scheduled);
            if (scheduled.Due <= engine.Clock.GetUtcNow())
                scheduled.Due += row.Period;
            SetTimer();
        }
    }

    private sealed record GrainReminder(ReminderRow Row) : IGrainReminder
    {
        public string ReminderName => Row.Name;
    }
}

using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Guichet.Journal;

/// <summary>
/// The shell of every aggregate: decide → commit → answer.
/// </summary>
/// <remarks>
/// Commands that arrive while a commit is in flight are decided at once, in order, on the provisional state (what will be there if the
/// commits before them succeed) and share the next transaction. Nobody is answered, and no read sees a state, before its commit.
/// A command id that the journal has gets the recorded answer, refusals too. Any storage failure fails everyone who waits
/// (<see cref="TryAgainException"/>) and deactivates the grain, so that the next call starts from what is really there.
/// Grains are <c>[Reentrant]</c> for this: everything here runs on the activation's scheduler, and is atomic between awaits, but for
/// <see cref="Pump"/>: it hands batches to the store beside it, so that the database never waits for a turn of a busy grain.
/// </remarks>
[Reentrant]
public abstract class AggregateGrain<TState, TEvent> : Grain
    where TState : class
    where TEvent : class
{
    private const int LargestBatch = 256;
    private const int RememberedAnswers = 512;

    private readonly Lock gate = new();
    /// <summary>Decided, and not yet on its way. Under the gate, as <see cref="pumping"/> is.</summary>
    private readonly List<Pending> waiting = [];
    private readonly Dictionary<Guid, Pending> undecided = [];
    private readonly Dictionary<Guid, RecordedAnswer> answers = [];
    private readonly Queue<Guid> answersByAge = new();
    private IJournalStore store = null!;
    private ILogger logger = null!;
    private TimeProvider time = null!;
    private AggregateId aggregate;
    private TState provisional = null!;
    private long provisionalVersion;
    private ImmutableArray<byte> provisionalHash = HashChain.Start;
    private ImmutableArray<byte> hash = HashChain.Start;
    private TaskScheduler turns = null!;
    private Task answered = Task.CompletedTask;
    private bool pumping;
    private bool broken;

    /// <summary>The committed state; <see cref="Empty"/> before the first command.</summary>
    protected TState State { get; private set; } = null!;

    /// <summary>The sequence of the last committed journal line; 0 when there is none.</summary>
    protected long Version { get; private set; }

    protected AggregateId Aggregate => aggregate;

    protected TimeProvider Time => time;

    /// <summary>Name of the aggregate's kind and of its state table.</summary>
    protected abstract string Kind { get; }

    protected abstract TState Empty { get; }

    protected abstract Decision<TEvent> Decide(TState state, Command command, DateTimeOffset now);

    protected abstract TState Apply(TState state, TEvent happened);

    /// <summary>The feature's own rows that an event writes, given the state that it led to.</summary>
    protected virtual IEnumerable<Row> RowsOf(TEvent happened, TState after) => [];

    /// <summary>
    /// The little that lists read of it, for the plain columns of the kind's table; a member names its column (<c>StartAt</c>: <c>start_at</c>).
    /// Worth it for kinds that change often: a column generated from a state of some kilobytes unpacks it again, at every commit.
    /// </summary>
    protected virtual object? SummaryOf(TState state) => null;

    /// <summary>
    /// After a commit, before its callers are answered: hints to streams and the like. May not fail what was committed: what it throws is
    /// logged by the engine's filter and dropped.
    /// </summary>
    protected virtual Task Committed(TState before, TState after, ImmutableArray<TEvent> events) => Task.CompletedTask;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        store = ServiceProvider.GetRequiredService<IJournalStore>();
        time = ServiceProvider.GetRequiredService<TimeProvider>();
        logger = ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(GetType());
        var (organisation, id) = GrainKey.Parse(this.GetPrimaryKeyString());
        aggregate = new AggregateId(Kind, organisation, id);
        turns = TaskScheduler.Current;
        State = Empty;
        var snapshot = await store.Load(aggregate, cancellationToken);
        if (snapshot is not null)
        {
            State = Json.Read<TState>(snapshot.State);
            Version = snapshot.Version;
            hash = snapshot.LastHash;
            foreach (var answer in snapshot.Recent.Reverse()) Remember(answer);
        }
        StartFromCommitted();
        await base.OnActivateAsync(cancellationToken);
    }

    /// <summary>Decides the command, commits, and answers; or answers as the first time.</summary>
    protected async Task<Outcome<T>> Execute<T>(Command command)
    {
        if (broken) throw new TryAgainException($"{aggregate} is being reloaded.");
        var content = JournalLines.ContentHash(command);
        if (answers.TryGetValue(command.Id, out var known)) return Recorded<T>(known, content);
        if (!undecided.TryGetValue(command.Id, out var pending))
        {
            pending = new Pending(command, content, static decision => decision.Answered<T>());
            DecideOn(pending);
            if (pending.LeavesNoTrace) return (Outcome<T>)pending.Answer!;
            undecided.Add(command.Id, pending);
            Enqueue(pending);
        }
        var recorded = await pending.Answered.Task;
        return recorded is null && pending.Content.AsSpan().SequenceEqual(content.AsSpan())
            ? (Outcome<T>)pending.Answer!
            : Recorded<T>(recorded ?? RecordOf(pending), content);
    }

    /// <summary>Whether the command's id stands in the journal with other content: sent now, it would be refused (<c>command-reused</c>).</summary>
    /// <exception cref="TryAgainException">The journal can't be read.</exception>
    protected async Task<bool> WasAnother(Command command)
    {
        var content = JournalLines.ContentHash(command);
        if (answers.TryGetValue(command.Id, out var known)) return !known.ContentHash.AsSpan().SequenceEqual(content.AsSpan());
        try
        {
            return (await store.Answers(aggregate, [command.Id], CancellationToken.None)).Any(recorded => !recorded.ContentHash.AsSpan().SequenceEqual(content.AsSpan()));
        }
        catch (Exception failure) when (failure is not TryAgainException)
        {
            throw new TryAgainException($"{aggregate}: {failure.Message}");
        }
    }

    /// <summary>
    /// Until the state is no older than what is stored. The product itself waits for this before it reads: what follows from a commit (an
    /// effect, a row that the sweep finds) may come before the grain has heard that it succeeded, and must not be told of less. A grain may
    /// never hear so: of a commit that it took for failed and that landed after it was loaded again, or of another activation's.
    /// </summary>
    /// <exception cref="TryAgainException">It isn't known what is there, or the state was older and is loaded again.</exception>
    protected async Task UpToDate()
    {
        if (Caller.Current is not { Kind: ActorKind.System }) return;
        if (broken) throw new TryAgainException($"{aggregate} is being reloaded.");
        var stored = await store.VersionOf(aggregate, CancellationToken.None);
        foreach (var pending in undecided.Values.ToArray()) await pending.Answered.Task;
        if (Version >= stored) return;
        broken = true;
        DeactivateOnIdle();
        throw new TryAgainException($"{aggregate} is at {Version}, and {stored} is stored.");
    }

    private static Outcome<T> Recorded<T>(RecordedAnswer recorded, ImmutableArray<byte> content) =>
        recorded.ContentHash.AsSpan().SequenceEqual(content.AsSpan()) ? Json.Read<Outcome<T>>(recorded.Answer) : Refusal.Of("command-reused");

    private static RecordedAnswer RecordOf(Pending pending) => new(pending.Command.Id, pending.Content, pending.Line!.Answer);

    private void StartFromCommitted() => (provisional, provisionalVersion, provisionalHash) = (State, Version, hash);

    /// <summary>Decides on the provisional state and writes the line down, while the commits before it are on their way.</summary>
    private void DecideOn(Pending pending)
    {
        var at = JournalLines.Truncated(time.GetUtcNow());
        var after = provisional;
        var decision = Decide(after, pending.Command, at);
        pending.Rows.Clear();
        foreach (var happened in decision.Events)
        {
            after = Apply(after, happened);
            pending.Rows.AddRange(RowsOf(happened, after));
        }
        pending.Answer = pending.Outcome(decision);
        pending.Decision = decision;
        // An aggregate that nobody made stays without a trace: what changes nothing of it, above all what is refused for that, isn't journaled.
        pending.LeavesNoTrace = provisionalVersion == 0 && decision is { Events.IsEmpty: true, Effects.IsEmpty: true };
        if (pending.LeavesNoTrace) return;
        pending.Line = JournalLines.Next(aggregate, provisionalVersion + 1, provisionalHash, at, pending.Command, pending.Content, decision, pending.Answer);
        pending.After = after;
        (provisional, provisionalVersion, provisionalHash) = (after, pending.Line.Sequence, pending.Line.Hash);
    }

    private void Enqueue(Pending pending)
    {
        lock (gate)
        {
            waiting.Add(pending);
            if (pumping) return;
            pumping = true;
        }
        // Not awaited: its first caller would wait for everybody's commits. It catches all.
        _ = OnTurnsOf(store.Beside, Pump);
    }

    /// <summary>
    /// Batch after batch to the store, until nothing waits. What was committed is taken over and answered on the activation's turns, while
    /// the next batch is on its way.
    /// </summary>
    private async Task Pump()
    {
        while (TakeBatch() is { IsEmpty: false } batch)
        {
            try
            {
                await store.Commit(CommitOf(batch), CancellationToken.None);
                _ = OnTurnsOf(turns, () => TakeOver(batch));
            }
            catch (AlreadyAnsweredException)
            {
                await OnTurnsOf(turns, () => AnswerFromJournal(batch));
            }
            catch (Exception failure)
            {
                await OnTurnsOf(turns, () => Break(batch, failure));
            }
        }
    }

    private ImmutableArray<Pending> TakeBatch()
    {
        lock (gate)
        {
            ImmutableArray<Pending> batch = [.. waiting.Take(LargestBatch)];
            waiting.RemoveRange(0, batch.Length);
            pumping = batch.Length > 0;
            return batch;
        }
    }

    private static Task OnTurnsOf(TaskScheduler scheduler, Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    /// <summary>What was committed is the state from now on. Its callers are answered after those of the commits before it.</summary>
    private Task TakeOver(ImmutableArray<Pending> batch)
    {
        var before = State;
        var last = batch[^1];
        (State, Version, hash) = (last.After!, last.Line!.Sequence, last.Line.Hash);
        return answered = AnswerAll(answered, batch, before);
    }

    private async Task AnswerAll(Task earlier, ImmutableArray<Pending> batch, TState before)
    {
        await earlier;
        var events = batch.SelectMany(pending => pending.Decision!.Events).ToImmutableArray();
        if (events.Length > 0) await TellQuietly(before, batch[^1].After!, events);
        foreach (var pending in batch)
        {
            undecided.Remove(pending.Command.Id);
            Remember(RecordOf(pending));
            pending.Answered.TrySetResult(null);
        }
    }

    private async Task TellQuietly(TState before, TState after, ImmutableArray<TEvent> events)
    {
        try
        {
            await Committed(before, after, events);
        }
        catch (Exception failure)
        {
            // Hints only: the sweep finds again what must arrive.
            JournalLog.HintFailed(logger, failure, aggregate.Kind, aggregate.Organisation, aggregate.Id);
        }
    }

    /// <summary>Some of the batch were committed before a crash, a restart or by another activation: they get that answer, the rest are decided again.</summary>
    private async Task AnswerFromJournal(ImmutableArray<Pending> batch)
    {
        try
        {
            var recorded = await store.Answers(aggregate, [.. batch.Select(pending => pending.Command.Id)], CancellationToken.None);
            if (recorded.IsEmpty) throw new StorageFailedException($"{aggregate}: the journal refused a command id that it doesn't have.");
            foreach (var answer in recorded) Settle(undecided[answer.CommandId], answer);
        }
        catch (Exception failure)
        {
            await Break(batch, failure);
            return;
        }

        // Whatever was decided on top of them, in this batch or after it, was decided on a state that will not be.
        ImmutableArray<Pending> again = [.. batch.Where(pending => !pending.Answered.Task.IsCompleted), .. TakeAllWaiting()];
        StartFromCommitted();
        foreach (var pending in again)
        {
            try
            {
                DecideOn(pending);
                if (!pending.LeavesNoTrace)
                {
                    Enqueue(pending);
                    continue;
                }
                undecided.Remove(pending.Command.Id);
                pending.Answered.TrySetResult(null);
            }
            catch (Exception bug)
            {
                // A core that throws has decided nothing; the others are not concerned.
                undecided.Remove(pending.Command.Id);
                pending.Answered.TrySetException(bug);
            }
        }
    }

    private void Settle(Pending pending, RecordedAnswer answer)
    {
        undecided.Remove(pending.Command.Id);
        Remember(answer);
        pending.Answered.TrySetResult(answer);
    }

    private Task Break(ImmutableArray<Pending> batch, Exception failure)
    {
        broken = true;
        JournalLog.CommitFailed(logger, failure, aggregate.Kind, aggregate.Organisation, aggregate.Id);
        // No inner exception: it would have to cross to another node, and the log has it.
        var tryAgain = new TryAgainException($"{aggregate}: {failure.Message}");
        foreach (var pending in batch.Concat(TakeAllWaiting())) pending.Answered.TrySetException(tryAgain);
        undecided.Clear();
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private ImmutableArray<Pending> TakeAllWaiting()
    {
        lock (gate)
        {
            ImmutableArray<Pending> all = [.. waiting];
            waiting.Clear();
            return all;
        }
    }

    private Commit CommitOf(ImmutableArray<Pending> batch)
    {
        var after = batch[^1].After!;
        return new Commit(
            aggregate, batch[0].Line!.Sequence - 1, batch[^1].Line!.Sequence, Json.Write(after), Json.WriteColumns(SummaryOf(after)),
            [.. batch.Select(pending => pending.Line!)],
            [.. batch.SelectMany(pending => JournalLines.Effects(aggregate, pending.Command, pending.Decision!, pending.Line!.At))],
            [.. batch.SelectMany(pending => pending.Rows)]);
    }

    private void Remember(RecordedAnswer answer)
    {
        if (!answers.TryAdd(answer.CommandId, answer)) return;
        answersByAge.Enqueue(answer.CommandId);
        if (answersByAge.Count > RememberedAnswers) answers.Remove(answersByAge.Dequeue());
    }

    private sealed class Pending(Command command, ImmutableArray<byte> content, Func<Decision<TEvent>, object> outcome)
    {
        public Command Command { get; } = command;
        public ImmutableArray<byte> Content { get; } = content;
        public Func<Decision<TEvent>, object> Outcome { get; } = outcome;
        /// <summary>Null: answered now, with <see cref="Answer"/>; else what the journal had.</summary>
        public TaskCompletionSource<RecordedAnswer?> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public List<Row> Rows { get; } = [];
        public Decision<TEvent>? Decision { get; set; }
        public object? Answer { get; set; }
        public bool LeavesNoTrace { get; set; }
        public JournalLine? Line { get; set; }
        public TState? After { get; set; }
    }
}

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
/// Grains are <c>[Reentrant]</c> for this: everything here runs on the activation's scheduler, and is atomic between awaits.
/// </remarks>
[Reentrant]
public abstract class AggregateGrain<TState, TEvent> : Grain
    where TState : class
    where TEvent : class
{
    private const int LargestBatch = 256;
    private const int RememberedAnswers = 512;

    private readonly List<Pending> waiting = [];
    private readonly Dictionary<Guid, Pending> undecided = [];
    private readonly Dictionary<Guid, RecordedAnswer> answers = [];
    private readonly Queue<Guid> answersByAge = new();
    private IJournalStore store = null!;
    private ILogger logger = null!;
    private TimeProvider time = null!;
    private AggregateId aggregate;
    private TState provisional = null!;
    private ImmutableArray<byte> lastHash = HashChain.Start;
    private bool committing;
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
        State = Empty;
        var snapshot = await store.Load(aggregate, cancellationToken);
        if (snapshot is not null)
        {
            State = Json.Read<TState>(snapshot.State);
            Version = snapshot.Version;
            lastHash = snapshot.LastHash;
            foreach (var answer in snapshot.Recent.Reverse()) Remember(answer);
        }
        provisional = State;
        await base.OnActivateAsync(cancellationToken);
    }

    /// <summary>Decides the command, commits, and answers; or answers as the first time.</summary>
    protected async Task<Outcome<T>> Execute<T>(Command command)
    {
        var answer = await Execute(command, JournalLines.ContentHash(command), typeof(Outcome<T>));
        return answer is null ? Refusal.Of("command-reused") : Json.Read<Outcome<T>>(answer);
    }

    /// <summary>The answer's JSON; null when the id stands for another command.</summary>
    private async Task<string?> Execute(Command command, ImmutableArray<byte> content, Type outcome)
    {
        if (broken) throw new TryAgainException($"{aggregate} is being reloaded.");
        if (answers.TryGetValue(command.Id, out var known)) return known.ContentHash.AsSpan().SequenceEqual(content.AsSpan()) ? known.Answer : null;
        if (!undecided.TryGetValue(command.Id, out var pending))
        {
            pending = new Pending(command, content, outcome);
            undecided.Add(command.Id, pending);
            waiting.Add(pending);
            DecideOn(pending);
            // Not awaited: its first caller would wait for everybody's commits. It runs on this activation's scheduler and catches all.
            if (!committing) _ = CommitAll();
        }
        var recorded = await pending.Answered.Task;
        return recorded.ContentHash.AsSpan().SequenceEqual(content.AsSpan()) ? recorded.Answer : null;
    }

    private void DecideOn(Pending pending)
    {
        var before = provisional;
        try
        {
            pending.At = JournalLines.Truncated(time.GetUtcNow());
            pending.Decision = Decide(before, pending.Command, pending.At);
            pending.Rows = [];
            foreach (var happened in pending.Decision.Events)
            {
                provisional = Apply(provisional, happened);
                pending.Rows.AddRange(RowsOf(happened, provisional));
            }
            pending.After = provisional;
        }
        catch (Exception bug)
        {
            // A core that throws has decided nothing; the others are not concerned.
            provisional = before;
            waiting.Remove(pending);
            undecided.Remove(pending.Command.Id);
            pending.Answered.TrySetException(bug);
        }
    }

    private async Task CommitAll()
    {
        committing = true;
        try
        {
            while (waiting.Count > 0 && !broken)
            {
                var batch = waiting.Take(LargestBatch).ToImmutableArray();
                waiting.RemoveRange(0, batch.Length);
                await CommitBatch(batch);
            }
        }
        finally
        {
            committing = false;
        }
    }

    private async Task CommitBatch(ImmutableArray<Pending> batch)
    {
        var commit = CommitOf(batch);
        try
        {
            await store.Commit(commit, CancellationToken.None);
        }
        catch (AlreadyAnsweredException)
        {
            await AnswerFromJournal(batch);
            return;
        }
        catch (Exception failure)
        {
            Break(batch, failure);
            return;
        }

        var before = State;
        State = batch[^1].After!;
        Version = commit.NewVersion;
        lastHash = commit.Lines[^1].Hash;
        var events = batch.SelectMany(pending => pending.Decision!.Events).ToImmutableArray();
        if (events.Length > 0) await TellQuietly(before, State, events);
        for (var i = 0; i < batch.Length; i++)
        {
            var line = commit.Lines[i];
            Settle(batch[i], new RecordedAnswer(line.CommandId, line.ContentHash, line.Answer));
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
            Break(batch, failure);
            return;
        }

        // Whatever was decided on top of them, in this batch or after it, was decided on a state that will not be.
        ImmutableArray<Pending> again = [.. batch.Where(pending => !pending.Answered.Task.IsCompleted), .. waiting];
        provisional = State;
        waiting.Clear();
        waiting.AddRange(again);
        foreach (var pending in again) DecideOn(pending);
    }

    private void Settle(Pending pending, RecordedAnswer answer)
    {
        undecided.Remove(pending.Command.Id);
        Remember(answer);
        pending.Answered.TrySetResult(answer);
    }

    private void Break(ImmutableArray<Pending> batch, Exception failure)
    {
        broken = true;
        JournalLog.CommitFailed(logger, failure, aggregate.Kind, aggregate.Organisation, aggregate.Id);
        // No inner exception: it would have to cross to another node, and the log has it.
        var tryAgain = new TryAgainException($"{aggregate}: {failure.Message}");
        foreach (var pending in batch.Concat(waiting)) pending.Answered.TrySetException(tryAgain);
        waiting.Clear();
        undecided.Clear();
        DeactivateOnIdle();
    }

    private Commit CommitOf(ImmutableArray<Pending> batch)
    {
        var lines = ImmutableArray.CreateBuilder<JournalLine>(batch.Length);
        var effects = ImmutableArray.CreateBuilder<OutboxEffect>();
        var rows = ImmutableArray.CreateBuilder<Row>();
        var hash = lastHash;
        var sequence = Version;
        foreach (var pending in batch)
        {
            var decision = pending.Decision!;
            sequence++;
            var line = JournalLines.Next(aggregate, sequence, hash, pending.At, pending.Command, pending.Content, decision, pending.Outcome);
            hash = line.Hash;
            lines.Add(line);
            rows.AddRange(pending.Rows);
            effects.AddRange(JournalLines.Effects(aggregate, pending.Command, decision, pending.At));
        }
        return new Commit(
            aggregate, Version, sequence, Json.Write(batch[^1].After!), lines.MoveToImmutable(), effects.ToImmutable(), rows.ToImmutable());
    }

    private void Remember(RecordedAnswer answer)
    {
        if (!answers.TryAdd(answer.CommandId, answer)) return;
        answersByAge.Enqueue(answer.CommandId);
        if (answersByAge.Count > RememberedAnswers) answers.Remove(answersByAge.Dequeue());
    }

    private sealed class Pending(Command command, ImmutableArray<byte> content, Type outcome)
    {
        public Command Command { get; } = command;
        public ImmutableArray<byte> Content { get; } = content;
        public Type Outcome { get; } = outcome;
        public TaskCompletionSource<RecordedAnswer> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public DateTimeOffset At { get; set; }
        public Decision<TEvent>? Decision { get; set; }
        public List<Row> Rows { get; set; } = [];
        public TState? After { get; set; }
    }
}

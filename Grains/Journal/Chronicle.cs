using System.Collections.Immutable;

namespace Guichet.Journal;

/// <summary>
/// The beginning of an aggregate that nobody knows of yet: decided by its real core, command after command, and written to the journal at
/// once, verifiable like everything else. For what begins by the thousand (an import, the demo's months of use): no grain is woken for it.
/// </summary>
/// <remarks>
/// The rule that a grain alone writes its aggregate holds by the journal's own keys: of two who begin the same aggregate one is refused, and
/// whoever can't be sure that it is new asks its grain instead.
/// </remarks>
public sealed class Chronicle<TState, TEvent>(
    AggregateId aggregate, TState state, Func<TState, Command, DateTimeOffset, Decision<TEvent>> decide, Func<TState, TEvent, TState> apply,
    Func<TEvent, IEnumerable<Row>>? rowsOf = null, Func<TState, object>? summaryOf = null)
    where TState : class
    where TEvent : class
{
    private readonly ImmutableArray<JournalLine>.Builder lines = ImmutableArray.CreateBuilder<JournalLine>();
    private readonly ImmutableArray<OutboxEffect>.Builder effects = ImmutableArray.CreateBuilder<OutboxEffect>();
    private readonly ImmutableArray<Row>.Builder rows = ImmutableArray.CreateBuilder<Row>();
    private ImmutableArray<byte> hash = HashChain.Start;

    public TState State { get; private set; } = state;

    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public Chronicle<TState, TEvent> Do<TAnswer>(Command command, DateTimeOffset at) => Take<TAnswer>(command, at) is { IsRefused: true } refused
        ? throw new InvalidOperationException($"{aggregate}: {refused.Refusals[0].Code} {refused.Refusals[0].Field}")
        : this;

    /// <summary>Written down, refusals too; but what is refused first leaves no trace: nobody made the aggregate.</summary>
    public Outcome<TAnswer> Take<TAnswer>(Command command, DateTimeOffset at)
    {
        at = JournalLines.Truncated(at);
        var decision = decide(State, command, at);
        var answer = decision.Answered<TAnswer>();
        if (lines.Count == 0 && decision is { Events.IsEmpty: true, Effects.IsEmpty: true }) return answer;
        var line = JournalLines.Next(aggregate, lines.Count + 1, hash, at, command, JournalLines.ContentHash(command), decision, answer);
        hash = line.Hash;
        lines.Add(line);
        effects.AddRange(JournalLines.Effects(aggregate, command, decision, at));
        foreach (var happened in decision.Events)
        {
            State = apply(State, happened);
            if (rowsOf is not null) rows.AddRange(rowsOf(happened));
        }
        return answer;
    }

    /// <summary>False where the aggregate is there already, and stays as it is; or where nothing was taken.</summary>
    public async Task<bool> Write(IJournalStore store, CancellationToken cancellation = default)
    {
        if (lines.Count == 0) return false;
        try
        {
            await store.Commit(new Commit(aggregate, 0, lines.Count, Json.Write(State), Json.WriteColumns(summaryOf?.Invoke(State)), lines.ToImmutable(), effects.ToImmutable(), rows.ToImmutable()), cancellation);
            return true;
        }
        catch (VersionConflictException)
        {
            return false;
        }
        catch (AlreadyAnsweredException)
        {
            return false;
        }
    }
}

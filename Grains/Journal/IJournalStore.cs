using System.Collections.Immutable;

namespace Guichet.Journal;

/// <summary>Which aggregate: its kind is also the name of its state table.</summary>
public readonly record struct AggregateId(string Kind, string Organisation, string Id)
{
    public override string ToString() => $"{Kind}/{Organisation}/{Id}";
}

/// <summary>One command's line in its aggregate's journal.</summary>
/// <param name="Sequence">1, 2, 3… in the aggregate, refused commands included.</param>
/// <param name="ContentHash">SHA-256 of the command's name and content: what "the same command" means.</param>
/// <param name="Events">A JSON array; empty for a command that was refused or changed nothing.</param>
/// <param name="Answer">The outcome as it was answered, JSON.</param>
/// <param name="Hash">SHA-256 over everything above and the previous line's hash (<see cref="HashChain"/>).</param>
public sealed record JournalLine(
    long Sequence, DateTimeOffset At, Actor By, Guid CommandId, string CommandName, ImmutableArray<byte> ContentHash,
    string Events, string Answer, ImmutableArray<byte> Hash);

public sealed record RecordedAnswer(Guid CommandId, ImmutableArray<byte> ContentHash, string Answer);

/// <summary>An aggregate as it was last committed.</summary>
/// <param name="Version">The sequence of its last journal line.</param>
/// <param name="Recent">The answers of its last commands, newest first.</param>
public sealed record Snapshot(long Version, string State, ImmutableArray<byte> LastHash, ImmutableArray<RecordedAnswer> Recent);

/// <summary>An effect on its way to the outbox.</summary>
/// <param name="Id">Derived from the aggregate and the journal line: the same effect always has the same.</param>
public sealed record OutboxEffect(Guid Id, string Organisation, string Kind, string Payload, DateTimeOffset DueAt);

/// <summary>Everything that one transaction writes for one aggregate.</summary>
/// <param name="ExpectedVersion">0 when the aggregate is new.</param>
/// <param name="Summary">JSON object of the little that lists read of it, by the names of its table's plain columns (<see cref="Json.WriteColumns"/>).</param>
public sealed record Commit(
    AggregateId Aggregate, long ExpectedVersion, long NewVersion, string State, string Summary, ImmutableArray<JournalLine> Lines,
    ImmutableArray<OutboxEffect> Effects, ImmutableArray<Row> Rows);

/// <summary>
/// The journal: the one place where aggregates are kept. A port, because the simulator keeps them in a world that misbehaves.
/// </summary>
public interface IJournalStore
{
    /// <summary>Where what follows a commit runs, beside the activations' own turns: the pool, unless a simulator decides the order of everything.</summary>
    TaskScheduler Beside => TaskScheduler.Default;

    /// <summary>Null when nothing was ever committed for it.</summary>
    Task<Snapshot?> Load(AggregateId aggregate, CancellationToken cancellation);

    /// <summary>The sequence of the aggregate's last journal line; 0 when nothing was ever committed for it.</summary>
    /// <exception cref="TryAgainException">It can't be read.</exception>
    Task<long> VersionOf(AggregateId aggregate, CancellationToken cancellation);

    /// <summary>Commits all or nothing. When the answer is lost on the way, the caller can't know which: it must load again.</summary>
    /// <exception cref="VersionConflictException">Another activation has committed since.</exception>
    /// <exception cref="AlreadyAnsweredException">A line's command id stands in the aggregate's journal already.</exception>
    /// <exception cref="StorageFailedException">Anything else; the outcome is not known.</exception>
    Task Commit(Commit commit, CancellationToken cancellation);

    /// <summary>The recorded answers of those of the commands that the aggregate's journal has.</summary>
    Task<ImmutableArray<RecordedAnswer>> Answers(AggregateId aggregate, ImmutableArray<Guid> commands, CancellationToken cancellation);
}

public sealed class VersionConflictException(string message) : Exception(message);

public sealed class AlreadyAnsweredException(string message) : Exception(message);

public sealed class StorageFailedException(string message, Exception? inner = null) : Exception(message, inner);

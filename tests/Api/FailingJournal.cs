using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Tests.Api;

/// <summary>A journal whose commits fail while told to, as on a full disk.</summary>
internal sealed class FailingJournal
{
    private volatile bool fails;

    public bool Fails
    {
        get => fails;
        set => fails = value;
    }

    public IJournalStore Around(IJournalStore inner) => new Store(this, inner);

    private sealed class Store(FailingJournal journal, IJournalStore inner) : IJournalStore
    {
        public Task<Snapshot?> Load(AggregateId aggregate, CancellationToken cancellation) => inner.Load(aggregate, cancellation);

        public Task Commit(Commit commit, CancellationToken cancellation) =>
            journal.Fails ? Task.FromException(new StorageFailedException("the database's disk is full")) : inner.Commit(commit, cancellation);

        public Task<long> VersionOf(AggregateId aggregate, CancellationToken cancellation) => inner.VersionOf(aggregate, cancellation);

        public Task<ImmutableArray<RecordedAnswer>> Answers(AggregateId aggregate, ImmutableArray<Guid> commands, CancellationToken cancellation) =>
            inner.Answers(aggregate, commands, cancellation);
    }
}

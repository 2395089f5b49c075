using System.Diagnostics;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>A disk that takes what is written and then says that it couldn't keep it: the kernel's EIO to the database's flushes.</summary>
public sealed class FlushErrorTests : IDisposable
{
    private static readonly Actor Claire = new("theatre", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);
    private readonly string folder = TestFolder.Create();

    [StraceFact]
    public async Task A_flush_that_fails_acknowledges_nothing_and_the_node_goes_on_when_the_disk_does()
    {
        await using var database = await NodeDatabase.OpenAsync(null, folder, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var silo = await TestSilo.Start(database.Product, TimeProvider.System);
        using var caller = Caller.As(Claire);
        var session = silo.Session(Claire.Organisation, "s");
        _ = (await session.Create(new CreateSession(Sample.Details, OnSale: true) { Id = Guid.NewGuid(), By = Claire })).Accepted;
        for (var sold = 1; sold <= 20; sold++) Assert.Equal(sold, (await session.Validate(Tally(sold))).Accepted.Version);

        var unsure = Tally(21);
        await using (await FailingFlushes.Begin(Path.Combine(folder, "postgres")))
            await Assert.ThrowsAsync<TryAgainException>(() => session.Validate(unsure));

        // The server was struck down by it and comes back by itself; the same command, sent again, is done once.
        var receipt = await UntilAnswered(() => session.Validate(unsure));
        Assert.Equal(21, receipt.Version);
        Assert.Equal(22, (await session.Validate(Tally(22))).Accepted.Version);
        database.Owner.Clear();
        await using var kept = database.Owner.CreateCommand("SELECT string_agg(version::text, ' ' ORDER BY version) FROM tallies");
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 22)), await kept.ExecuteScalarAsync());
        Assert.Empty((await Guichet.Journal.JournalVerification.Run(database.Owner, GuichetGrains.StateTables, CancellationToken.None)).Faults);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static ValidateTally Tally(int sold) =>
        new([Sample.Line(sold)], TallySource.Typed, null, null, null, OverCapacityConfirmed: true) { Id = Guid.NewGuid(), By = Claire };

    private static async Task<TallyReceipt> UntilAnswered(Func<Task<Outcome<TallyReceipt>>> validate)
    {
        for (var since = Stopwatch.StartNew(); ;)
        {
            try
            {
                return (await TimeProvider.System.Send(validate)).Accepted;
            }
            catch (TryAgainException) when (since.Elapsed < TimeSpan.FromSeconds(60))
            {
            }
        }
    }
}

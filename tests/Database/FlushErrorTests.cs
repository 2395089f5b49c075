using System.Diagnostics;
using System.Globalization;
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
        using (var failing = FailFlushes())
        {
            await Assert.ThrowsAsync<TryAgainException>(() => session.Validate(unsure));
            failing.Kill();
            await failing.WaitForExitAsync();
        }

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

    /// <summary>From now on the database's processes are told EIO when they flush.</summary>
    private Process FailFlushes()
    {
        var server = File.ReadLines(Path.Combine(folder, "postgres", "postmaster.pid")).First();
        string[] processes = [server, .. Children(server)];
        var strace = new ProcessStartInfo("strace") { RedirectStandardError = true };
        foreach (var argument in (string[])["-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO", .. processes.SelectMany(one => new[] { "-p", one })])
            strace.ArgumentList.Add(argument);
        var process = new Process { StartInfo = strace };
        var held = new CountdownEvent(processes.Length);
        process.ErrorDataReceived += (_, line) =>
        {
            // It says so for each that it holds.
            if (line.Data?.EndsWith("attached", StringComparison.Ordinal) == true && held.CurrentCount > 0) held.Signal();
        };
        process.Start();
        process.BeginErrorReadLine();
        Assert.True(held.Wait(TimeSpan.FromSeconds(30)), "strace doesn't hold the database's processes.");
        return process;
    }

    private static IEnumerable<string> Children(string parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where int.TryParse(name, CultureInfo.InvariantCulture, out _) && ParentOf(folder) == parent
        select name;

    private static string? ParentOf(string process)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
        }
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>A test that comes between a program and the kernel: for root, where strace is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/strace"))
            Skip = "Only root can do this, with strace.";
    }
}

using Guichet.Contacts;
using Guichet.Journal;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>
/// Before the node serves anything: what the register of erasures has and the database lost (a restored backup) is erased again. A register
/// that can't be read keeps the node from starting, since nobody could say what must not be shown; one that can't be written only keeps
/// contacts from being erased. Then the two are compared each minute: the register learns what other nodes have erased, and what came onto it
/// and not into the database, because that failed, is carried out.
/// </summary>
internal sealed partial class ErasureWatch(ContactErasures erasures, ErasureRegister register, NodeDatabase database, TimeProvider time, ILogger<ErasureWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Compare(await LiveMarker.ClaimAsync(database.Owner, cancellationToken), starting: true, cancellationToken);
        }
        catch (ErasureRegisterException unreadable)
        {
            throw new DatabaseUnavailableException($"The register of erasures can't be read, and what a restored backup may have brought back can't be told from the rest. {unreadable.Message}.", unreadable);
        }
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await Compare(await LiveMarker.IsLiveAsync(database.Owner, stoppingToken), starting: false, stoppingToken);
                }
                catch (Exception failure) when (failure is ErasureRegisterException or TryAgainException or NpgsqlException or TimeoutException)
                {
                    LogTrouble(failure.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task Compare(bool live, bool starting, CancellationToken cancellation)
    {
        var compared = await erasures.Compare(live, starting, cancellation);
        if (compared.Again > 0) LogErasedAgain(compared.Again, register.Path);
        if (compared.Added > 0) LogAdded(compared.Added, register.Path);
        foreach (var left in compared.Refused) LogRefused(left.Organisation, left.ContactId, left.Number);
        if (register.Trouble is { } trouble) LogTrouble(trouble);
    }

    [LoggerMessage(LogLevel.Warning, "{Count} contacts that had been erased were in the database again, as after a restored backup: they were erased again, by {Register}")]
    private partial void LogErasedAgain(int count, string? register);

    [LoggerMessage(LogLevel.Information, "{Count} erasures were added to {Register}, which lacked them")]
    private partial void LogAdded(int count, string? register);

    [LoggerMessage(LogLevel.Error, "Contact {Contact} (no. {Number}) of {Organisation} is on the register of erasures and couldn't be erased")]
    private partial void LogRefused(string organisation, string contact, long number);

    [LoggerMessage(LogLevel.Warning, "The register of erasures can't be written, and no contact erased: {Reason}")]
    private partial void LogTrouble(string reason);
}

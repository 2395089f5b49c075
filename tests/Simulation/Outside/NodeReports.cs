using System.Collections.Immutable;
using Guichet.Papers;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Sessions;
using Orleans.Embedded;

namespace Guichet.Simulation;

/// <summary>One node's connections to the tables of reports and of reminders. Reads fail; writings fail before, after, late, or answer late.</summary>
public sealed class NodeReports(World world, SimulatedDatabase database, Awaits awaits) : IPartnerLookups, IReportDeliveries, IReminderStore
{
    private ReportTables Tables => database.Reports;

    private DateTimeOffset Now => world.Time.GetUtcNow();

    public Task<PartnerFacts> Unknown(string organisation, ImmutableArray<string> sessions, ImmutableArray<string> series) => Asked(() => PartnerFacts.None with
    {
        UnknownSessions = [.. (sessions.IsDefault ? [] : sessions).Where(id => database.Session(organisation, id)?.Details is null)],
        UnknownSeries = series.IsDefault ? [] : series,
    });

    public Task<DateOnly> Today(string organisation, DateTimeOffset now) => Asked(() => DateOnly.FromDateTime(Wall.At(now, "Europe/Paris")));

    public Task<ImmutableArray<string>> Apart(string organisation, CancellationToken cancellation) => Asked(() => database.Of("report_calendars")
        .Where(one => one.Id.Organisation == organisation && one.Id.Id.StartsWith("partner-", StringComparison.Ordinal) && one.Read<ReportCalendarState>().Details is not null)
        .Select(one => one.Id.Id["partner-".Length..]).ToImmutableArray());

    /// <summary>Nothing reads it.</summary>
    public Task NoteExpanded(string organisation, string runId, CancellationToken cancellation) => Written(() => true);

    public Task Expand(string organisation, string runId, CancellationToken cancellation) => Written(() =>
    {
        var effects = Tables.Expand(database, organisation, runId, Now);
        world.History.Add("database", $"takes a run of {world.Names.Of(organisation)} apart into {effects.Length} parts");
        return Queued(effects);
    });

    public Task Prepare(string organisation, PrepareReports part, CancellationToken cancellation) => Written(() =>
    {
        var effects = Tables.Prepare(database, organisation, part, Now);
        world.History.Add("database", $"prepares {effects.Length} mails of a run of {world.Names.Of(organisation)}");
        return Queued(effects);
    });

    public Task Resend(string organisation, ResendRun resend, CancellationToken cancellation) => Written(() => Queued(Tables.Resend(organisation, resend, Now)));

    public Task<DeliveredReport?> Delivered(string organisation, string runId, string partnerId, CancellationToken cancellation) =>
        Asked(() => Tables.Delivered(database, organisation, runId, partnerId));

    public Task<(PaperImage Image, Logo Logo, byte[] Bytes)?> LogoOf(string organisation, Logo? logo, CancellationToken cancellation) =>
        Task.FromResult<(PaperImage, Logo, byte[])?>(null);

    public Task<bool> Begin(ReportMail mail, ReportMailState from, ReportMailSecrets secrets, int page) => Written(() => Tables.Begin(mail, from));

    public Task HandOver(ReportMail mail, string reply) => Written(() =>
    {
        Tables.HandOver(database, mail);
        return true;
    });

    public Task Move(ReportMail mail, bool begun, ReportMailState to, string? reason) => Written(() =>
    {
        Tables.Move(mail, begun, to);
        return true;
    });

    public Task Skip(ReportMail mail, string why) => Written(() =>
    {
        Tables.Skip(mail, why);
        return true;
    });

    public Task<bool> MakesFailures(int number, string organisation, string partnerId, string runId, bool arrivedBefore) =>
        Asked(() => Tables.MakesFailures(number, organisation, partnerId, runId, arrivedBefore));

    /// <summary>At the start only: a node that can't read them isn't started.</summary>
    public async Task<ImmutableArray<ReminderRow>> ReadAllAsync(CancellationToken cancellation)
    {
        using var wait = awaits.For(Await.Store);
        await world.OnTheWay();
        return Tables.Reminders;
    }

    public Task<ImmutableArray<ReminderRow>> ReadAsync(GrainId grain, CancellationToken cancellation) =>
        Asked(() => Tables.Reminders.Where(row => row.GrainId == grain).ToImmutableArray());

    public Task<long> UpsertAsync(ReminderRow row, CancellationToken cancellation) => Written(() => Tables.Keep(row));

    public Task<bool> RemoveAsync(GrainId grain, string name, long version, CancellationToken cancellation) => Written(() => Tables.Forget(grain, name, version));

    private bool Queued(ImmutableArray<Journal.OutboxEffect> effects)
    {
        database.Add(effects);
        database.EffectsAdded?.Invoke();
        return true;
    }

    private async Task<T> Asked<T>(Func<T> question)
    {
        using var wait = awaits.For(Await.Store);
        await world.OnTheWay();
        if (world.Misfortunes.Strikes<ReadTrouble>() is not null) throw new TimeoutException("the connection was cut");
        var answer = question();
        await world.OnTheWay();
        return answer;
    }

    /// <summary>Once sent it is the database's, whatever becomes of the node.</summary>
    private Task<T> Written<T>(Func<T> write)
    {
        var answer = new TaskCompletionSource<T>();
        _ = world.Turns.Run(async () =>
        {
            using var wait = awaits.For(Await.Store);
            await world.OnTheWay();
            try
            {
                var written = await Fated(write);
                await world.OnTheWay();
                answer.TrySetResult(written);
            }
            catch (Exception failure)
            {
                await world.OnTheWay();
                answer.TrySetException(failure);
            }
        });
        return answer.Task;
    }

    /// <summary>At once, about when it is tried again, or whenever.</summary>
    private TimeSpan Late() => TimeSpan.FromMilliseconds(world.Chance.Next(3) switch { 0 => world.Chance.Next(1, 1_000), 1 => world.Chance.Next(1_000, 1_150), _ => world.Chance.Next(1, 20_000) });

    private async Task<T> Fated<T>(Func<T> write)
    {
        switch (world.Misfortunes.Strikes<CommitTrouble>()?.Fate)
        {
            case CommitFate.FailsBefore:
                throw new TimeoutException("the database's disk is full");
            case CommitFate.FailsAfter:
                write();
                throw new TimeoutException("the database didn't answer");
            case CommitFate.CommitsLate:
                _ = world.Turns.Run(async () =>
                {
                    await Task.Delay(Late(), world.Time);
                    write();
                });
                throw new TimeoutException("the database didn't answer");
            case CommitFate.Hangs:
                await Task.Delay(TimeSpan.FromMilliseconds(world.Chance.Next(1_000, 45_000)), world.Time);
                return write();
            default:
                return write();
        }
    }
}

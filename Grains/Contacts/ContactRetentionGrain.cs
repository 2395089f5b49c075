using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Organisations;
using NodaTime;
using NodaTime.Extensions;
using NodaTime.TimeZones;
using Orleans.Concurrency;

namespace Guichet.Contacts;

[Reentrant]
public sealed class ContactRetentionGrain(ISendingPermission permission) : AggregateGrain<ContactRetentionState, ContactRetentionEvent>, IContactRetentionGrain, IRemindable
{
    /// <summary>When nights begin, by the organisation's clock: past the hour that clock changes take away or give twice, in most zones.</summary>
    public static readonly TimeOnly Hour = new(3, 30);

    private const string Reminder = "night";

    /// <summary>A reminder's due time is looked at again this often, so that a clock that was set, or another zone, does no harm.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromHours(24);

    /// <summary>After a tick that failed, and while a run of the night before is still at work.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    private static readonly ZoneLocalMappingResolver AsPeopleMean = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    protected override string Kind => "contact_retention";

    protected override ContactRetentionState Empty => ContactRetentionState.Empty;

    protected override Decision<ContactRetentionEvent> Decide(ContactRetentionState state, Command command, DateTimeOffset now) => ContactRetentionCore.Decide(state, command, now);

    protected override ContactRetentionState Apply(ContactRetentionState state, ContactRetentionEvent happened) => ContactRetentionCore.Apply(state, happened);

    public async Task<ContactRetentionView> View()
    {
        await UpToDate();
        var zone = State.On is null ? null : await Zone();
        return new ContactRetentionView(
            Aggregate.Organisation, State.Revision, State.Rules, State.Preview, State.On is not null, zone is null ? null : Next(zone, Time.GetUtcNow()), State.Waiting, State.Runs);
    }

    public Task<Outcome<Done>> SetRules(SetRetentionRules command) => Execute<Done>(command);

    public Task<Outcome<RetentionPreview>> Preview(PreviewRetention command) => Execute<RetentionPreview>(command);

    public Task<Outcome<RetentionRun>> Run(RunRetention command) => Execute<RetentionRun>(command);

    public Task<Outcome<Done>> Switch(SwitchRetention command) => Execute<Done>(command);

    public Task<Outcome<Done>> RecordPreview(RecordRetentionPreview command) => Execute<Done>(command);

    public Task<Outcome<Done>> RecordRun(RecordRetentionRun command) => Execute<Done>(command);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        using var caller = Caller.As(Actor.System("contact-retention", Aggregate.Organisation));
        return Wake();
    }

    public async Task Wake()
    {
        await UpToDate();
        if (State.On is not null)
        {
            var zone = await Zone();
            // A restored copy erases nothing by itself; when it becomes the live one, the night before is enough.
            if (permission.MaySend && !State.Busy && Due(zone) is { } night)
                await Execute<Done>(new BeginRetentionNight(night)
                {
                    Id = CommandIds.From("begin-retention-night", Aggregate.Organisation, ContactRules.Day(night), ContactRules.Number(Version)),
                    By = Actor.System("contact-retention", Aggregate.Organisation),
                });
            var now = Time.GetUtcNow();
            var wait = Due(zone) is not null ? Again : Next(zone, now) - now;
            await this.RegisterOrUpdateReminder(Reminder, wait < Furthest ? wait : Furthest, Again);
        }
        else if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private DateOnly? Due(DateTimeZone zone) =>
        ContactRetentionCore.NightDue(State, DayIn(zone, Time.GetUtcNow()), Time.GetUtcNow(), day => SlotOf(zone, day));

    private static DateTimeOffset Next(DateTimeZone zone, DateTimeOffset now)
    {
        var today = DayIn(zone, now);
        return SlotOf(zone, today) is var slot && slot > now ? slot : SlotOf(zone, today.AddDays(1));
    }

    private static DateOnly DayIn(DateTimeZone zone, DateTimeOffset now) => Instant.FromDateTimeOffset(now).InZone(zone).Date.ToDateOnly();

    private static DateTimeOffset SlotOf(DateTimeZone zone, DateOnly day) =>
        zone.ResolveLocal(LocalDate.FromDateOnly(day) + LocalTime.FromTimeOnly(Hour), AsPeopleMean).ToInstant().ToDateTimeOffset();

    private async Task<DateTimeZone> Zone()
    {
        using var caller = Caller.As(Actor.System("contact-retention", Aggregate.Organisation));
        var organisation = await GrainFactory.GetGrain<IOrganisationGrain>(OrganisationKey.Of(Aggregate.Organisation)).View();
        return (organisation is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(organisation.Details.Zone)) ?? DateTimeZoneProviders.Tzdb["Europe/Paris"];
    }
}

public sealed class WakeContactRetentionHandler(IGrainFactory grains) : IEffectHandler<WakeContactRetention>
{
    public Task Do(WakeContactRetention effect, EffectContext context, CancellationToken cancellation) =>
        grains.GetGrain<IContactRetentionGrain>(GrainKey.Of(context.Organisation, ContactRetentionKey.Id)).Wake();
}

public sealed class StartRetentionJobHandler(IGrainFactory grains, ContactRetentionQueries queries) : IEffectHandler<StartRetentionJob>
{
    public async Task Do(StartRetentionJob effect, EffectContext context, CancellationToken cancellation)
    {
        var total = effect.Total > 0 ? effect.Total : await queries.Count(context.Organisation, cancellation);
        var started = await grains.GetGrain<IJobGrain>(GrainKey.Of(context.Organisation, effect.JobId)).Start(
            new StartJob(effect.Kind, Json.Write(effect.Argument), total) { Id = context.Id, By = effect.Argument.By });
        // The number may have been counted otherwise the first time.
        if (started.IsRefused && started.Refusals[0].Code is not ("job-exists" or "command-reused")) throw new EffectImpossibleException(started.Refusals[0].Code);
    }
}

using System.Collections.Immutable;
using Guichet.Partners;
using Guichet.Reporting;

namespace Guichet.Simulation;

/// <summary>Something of partners and their reports.</summary>
public abstract record ReportStep(TimeSpan At) : Step(At);

public abstract record PartnerStep(TimeSpan At, PlannedPartner Partner) : ReportStep(At)
{
    public override string Who => Partner.Owner.Name;

    protected Actor By => Partner.Owner.Operator;

    /// <summary>Some click twice; who gives up looks how it is.</summary>
    protected async Task Send<T>(World world, Random chance, T command, Func<IPartnerGrain, T, Task<Outcome<Done>>> send) where T : Command
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, chance.Next(4) == 0 ? 2 : 1).Select(_ => world.Send(this, By, world.Partner(Partner), command, send)));
        if (outcomes.All(outcome => outcome is null)) await world.Ask(this, By, async () => await world.Partner(Partner).Grain().View());
    }

    protected PartnerDetails Details(PartnerGroup group) => new(
        Partner.Name, group, [.. Partner.Addresses.Select((email, i) => new PartnerAddress(email, i == 2 ? RecipientKind.Cc : RecipientKind.To, null))], Guichet.Organisations.Language.French, null);
}

public sealed record MakePartner(TimeSpan At, PlannedPartner Partner) : PartnerStep(At, Partner)
{
    public override string What => $"makes {Partner.Name} ({Partner.Group}, {Partner.Addresses.Length} addresses), told of {string.Join(", ", Partner.Told.Select(session => session.Title))}";

    public override async Task Do(World world, Random chance)
    {
        await Send(world, chance, new CreatePartner(Details(Partner.Group)) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Create(command));
        if (!Partner.Told.IsEmpty)
            await Send(world, chance, new AssociatePartner([.. Partner.Told.Select(session => session.Id)], []) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Associate(command));
    }
}

public sealed record AssociateAPartner(TimeSpan At, PlannedPartner Partner, PlannedSession Session, bool Adds) : PartnerStep(At, Partner)
{
    public override string What => $"{(Adds ? "tells" : "no longer tells")} {Partner.Name} of {Session.Title}";

    public override Task Do(World world, Random chance) => Adds
        ? Send(world, chance, new AssociatePartner([Session.Id], []) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Associate(command))
        : Send(world, chance, new DissociatePartner([Session.Id], []) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Dissociate(command));
}

/// <param name="Days">Until the day that comes after so many; null for until it is resumed.</param>
public sealed record PauseAPartner(TimeSpan At, PlannedPartner Partner, int? Days) : PartnerStep(At, Partner)
{
    public override string What => $"pauses {Partner.Name}{(Days is { } days ? $" for {days} days" : "")}";

    public override Task Do(World world, Random chance) => Send(
        world, chance,
        new PausePartner(Days is { } days ? DateOnly.FromDateTime(world.Time.GetUtcNow().UtcDateTime).AddDays(days) : null) { Id = world.NewId(chance), By = By },
        (grain, command) => grain.Pause(command));
}

public sealed record ResumeAPartner(TimeSpan At, PlannedPartner Partner) : PartnerStep(At, Partner)
{
    public override string What => $"goes on with {Partner.Name}";

    public override Task Do(World world, Random chance) => Send(world, chance, new ResumePartner { Id = world.NewId(chance), By = By }, (grain, command) => grain.Resume(command));
}

public sealed record ArchiveAPartner(TimeSpan At, PlannedPartner Partner, bool Archived) : PartnerStep(At, Partner)
{
    public override string What => $"{(Archived ? "archives" : "takes back")} {Partner.Name}";

    public override Task Do(World world, Random chance) => Send(world, chance, new ArchivePartner(Archived) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Archive(command));
}

public sealed record RegroupAPartner(TimeSpan At, PlannedPartner Partner, PartnerGroup To) : PartnerStep(At, Partner)
{
    public override string What => $"puts {Partner.Name} into {To}";

    public override async Task Do(World world, Random chance)
    {
        if (await world.Ask(this, By, async () => await world.Partner(Partner).Grain().View()) is not { } view) return;
        await Send(world, chance, new ChangePartner(Details(To), view.Revision) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Change(command));
    }
}

/// <summary>Somebody of another house tries to read a partner and to write to it.</summary>
public sealed record IntrudeOnAPartner(TimeSpan At, House House, PlannedPartner Partner) : ReportStep(At)
{
    public override string Who => House.Name;

    public override string What => $"tries to read {Partner.Owner.Name}'s {Partner.Name}, and to write to it";

    public override async Task Do(World world, Random chance)
    {
        if (House == Partner.Owner) return;
        var by = House.Operator;
        await world.IsRefused(this, by, Partner.Name, async () => await world.Partner(Partner).Grain().View());
        await world.IsRefused(this, by, Partner.Name, async () => await world.Partner(Partner).Grain().Archive(new ArchivePartner(true) { Id = world.NewId(chance), By = by }));
    }
}

public abstract record CalendarStep(TimeSpan At, PlannedCalendar Calendar) : ReportStep(At)
{
    public override string Who => Calendar.Owner.Name;

    protected Actor By => Calendar.Owner.Operator;
}

public sealed record SetACalendar(TimeSpan At, PlannedCalendar Calendar, Rhythm Rhythm) : CalendarStep(At, Calendar)
{
    public override string What => $"sets {Calendar.Name}: {Rhythm.Text}";

    public override async Task Do(World world, Random chance)
    {
        var (answered, view) = await world.Ask(this, By, async () => (true, await world.Calendar(Calendar).Grain().View()));
        if (!answered) return;
        var command = new SetReportCalendar(Rhythm.Details, view?.Revision ?? 0) { Id = world.NewId(chance), By = By };
        world.Model.Reports.Means(command.Id, Rhythm);
        await Task.WhenAll(Enumerable.Range(0, chance.Next(4) == 0 ? 2 : 1).Select(_ => world.Send(this, By, world.Calendar(Calendar), command, (grain, command) => grain.Set(command))));
    }
}

public sealed record RemoveACalendar(TimeSpan At, PlannedCalendar Calendar) : CalendarStep(At, Calendar)
{
    public override string What => $"removes {Calendar.Name}";

    public override async Task Do(World world, Random chance)
    {
        if (await world.Ask(this, By, async () => await world.Calendar(Calendar).Grain().View()) is not { } view) return;
        await world.Send(this, By, world.Calendar(Calendar), new RemoveReportCalendar(view.Revision) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Remove(command));
    }
}

/// <summary>With a file that the model can read: what the mail says must be what the file says.</summary>
/// <param name="Id">A group's or a partner's.</param>
public sealed record SaveATemplate(TimeSpan At, House House, string Id, int DropsAfterDays, bool ShowsUnchanged) : ReportStep(At)
{
    public override string Who => House.Name;

    public override string What => $"saves the template {Id}{(ShowsUnchanged ? "" : ", without what didn't change")}";

    public override async Task Do(World world, Random chance)
    {
        var by = House.Operator;
        var view = await world.Ask(this, by, async () => await world.Template(House, Id).Grain().View());
        if (view is null) return;
        var template = ReportTemplate.Default with
        {
            Columns = [ReportColumn.Sold, ReportColumn.SoldSince, ReportColumn.Gross],
            Curve = false,
            Attachments = [ReportAttachment.Csv],
            DropsAfterDays = DropsAfterDays,
            ShowsUnchanged = ShowsUnchanged,
        };
        await world.Send(this, by, world.Template(House, Id), new SaveReportTemplate(template, view.Revision) { Id = world.NewId(chance), By = by }, (grain, command) => grain.Save(command));
    }
}

/// <summary>By hand, to some of a house's partners; some of what went before is then no news any more.</summary>
public sealed record SendReportsByHand(TimeSpan At, House House, ImmutableArray<PlannedPartner> Partners) : ReportStep(At)
{
    public override string Who => House.Name;

    public override string What => $"sends reports to {string.Join(", ", Partners.Select(partner => partner.Name))}";

    public override Task Do(World world, Random chance)
    {
        var by = House.Operator;
        var run = Ids.From(DateTimeOffset.UnixEpoch, "by hand", House.Id, $"{chance.NextInt64()}");
        return world.Send(
            this, by, world.Run(House, run),
            new SendReports(ReportScope.Of([.. Partners.Select(partner => partner.Id)]), world.Time.GetUtcNow(), null, null, null) { Id = world.NewId(chance), By = by },
            (grain, command) => grain.Send(command));
    }
}

/// <summary>A person looks at the last run and has those tried again whom it didn't reach.</summary>
public sealed record ResendTheLast(TimeSpan At, House House, bool InDoubt) : ReportStep(At)
{
    public override string Who => House.Name;

    public override string What => $"has the last run's mails sent again that didn't arrive{(InDoubt ? ", those in doubt too" : "")}";

    public override async Task Do(World world, Random chance)
    {
        if (world.Database.Of("report_sendings").LastOrDefault(run => run.Id.Organisation == House.Id) is not { } last) return;
        var by = House.Operator;
        await world.Send(this, by, world.Run(House, last.Id.Id), new ResendReports(InDoubt, null) { Id = world.NewId(chance), By = by }, (grain, command) => grain.Resend(command));
    }
}

/// <summary>Everything is down, for longer than anyone tries.</summary>
public sealed record Blackout(TimeSpan At, TimeSpan Down) : FaultStep(At)
{
    public override TimeSpan Ends => At + Down;

    public override string What => $"everything is down for {Text(Down)}";

    public override Task Do(World world, Random chance)
    {
        world.Crash(Down);
        return Task.CompletedTask;
    }
}

/// <summary>Yesterday's backup is started beside the installation, and isn't told that it is the live one.</summary>
public sealed record RestoreACopy(TimeSpan At, TimeSpan Lasts) : FaultStep(At)
{
    public override TimeSpan Ends => At + Lasts;

    public override string What => $"a copy of everything is restored beside it, for {Text(Lasts)}";

    public override Task Do(World world, Random chance) => world.RestoreACopy(Lasts);
}

public sealed record OfPartner(PlannedPartner Partner) : IPlanned
{
    public string Name => Partner.Name;
    public string Key => $"partners/{Partner.Id}";
    public Orleans.Runtime.IAddressable Reference(IGrainFactory grains) => grains.GetGrain<IPartnerGrain>(GrainKey.Of(Partner.Owner.Id, Partner.Id));
}

public sealed record OfCalendar(PlannedCalendar Calendar) : IPlanned
{
    public string Name => Calendar.Name;
    public string Key => $"report_calendars/{Calendar.Owner.Id}/{Calendar.Id}";
    public Orleans.Runtime.IAddressable Reference(IGrainFactory grains) => grains.GetGrain<IReportCalendarGrain>(GrainKey.Of(Calendar.Owner.Id, Calendar.Id));
}

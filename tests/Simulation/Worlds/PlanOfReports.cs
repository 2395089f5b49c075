using System.Collections.Immutable;
using Guichet.Partners;

namespace Guichet.Simulation;

/// <summary>What a plan has of partners and their reports. Drawn from numbers of its own: it changes nothing of the rest.</summary>
public sealed partial class Plan
{
    private static readonly string[] Groups = ["partners", "agents", "venues"];

    /// <summary>Mornings on which worlds begin: an ordinary week, and some before the clocks change, with where, and the hour that is skipped or comes twice.</summary>
    private static readonly (DateTimeOffset Start, string Zone, TimeOnly Hour, int Minutes)[] Mornings =
    [
        (new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero), "Europe/Paris", default, 0),
        (new(2026, 10, 24, 9, 0, 0, TimeSpan.Zero), "Europe/Paris", new(2, 0), 60),
        (new(2027, 3, 27, 9, 0, 0, TimeSpan.Zero), "Europe/Paris", new(2, 0), 60),
        (new(2026, 10, 31, 9, 0, 0, TimeSpan.Zero), "America/St_Johns", new(1, 0), 60),
        (new(2027, 3, 13, 9, 0, 0, TimeSpan.Zero), "America/St_Johns", new(2, 0), 60),
        (new(2027, 4, 3, 9, 0, 0, TimeSpan.Zero), "Australia/Lord_Howe", new(1, 30), 30),
    ];

    private readonly Random reports;

    public ImmutableArray<PlannedPartner> Partners { get; private init; } = [];

    public ImmutableArray<PlannedCalendar> Calendars { get; private init; } = [];

    /// <summary>When the world begins.</summary>
    public DateTimeOffset Start { get; private init; } = Mornings[0].Start;

    private ImmutableArray<PlannedPartner> DrawPartners()
    {
        var partners = ImmutableArray.CreateBuilder<PlannedPartner>();
        for (var number = reports.Next(1, 6); number > 0; number--)
        {
            var owner = reports.Next(4) == 0 ? Houses[reports.Next(Houses.Length)] : Sessions[reports.Next(Sessions.Length)].Owner;
            partners.Add(PartnerOf(partners.Count + 1, owner, (PartnerGroup)reports.Next(2), 3));
        }
        return partners.ToImmutable();
    }

    private PlannedPartner PartnerOf(int number, House owner, PartnerGroup group, int mostSessions)
    {
        var own = Sessions.Where(session => session.Owner == owner).ToArray();
        return new PlannedPartner(
            owner, number, IdOf("partner", number), group, [.. Enumerable.Range(1, reports.Next(1, 4)).Select(i => $"p{number}.{i}@example.net")],
            [.. own.OrderBy(_ => reports.Next()).Take(reports.Next(0, mostSessions + 1))]);
    }

    /// <summary>One for each group that has partners, mostly, and some of partners' own.</summary>
    private ImmutableArray<PlannedCalendar> DrawCalendars() =>
    [
        .. Partners.Select(partner => (partner.Owner, partner.Group)).Distinct().Where(_ => reports.Next(5) > 0).Select(group => CalendarOf(group.Owner, group.Group)),
        .. Partners.Where(_ => reports.Next(4) == 0).Select(partner => new PlannedCalendar(partner.Owner, partner.Own, partner.Name)),
    ];

    private static PlannedCalendar CalendarOf(House owner, PartnerGroup group) => new(owner, GroupId(group), Groups[(int)group]);

    private static string GroupId(PartnerGroup group) => $"group-{Groups[(int)group]}";

    private void FillReports()
    {
        foreach (var (house, group) in Partners.Select(partner => (partner.Owner, partner.Group)).Distinct())
            if (reports.Next(4) > 0) steps.Add(new SaveATemplate(Soon(60_000), house, GroupId(group), reports.Next(3) == 0 ? 7 : 365, reports.Next(3) > 0));
        foreach (var partner in Partners) steps.Add(new MakePartner(reports.Next(4) == 0 ? Soon(36_000_000) : TimeSpan.FromSeconds(60) + Soon(60_000), partner));
        foreach (var calendar in Calendars)
        {
            var rhythm = DrawRhythm();
            steps.Add(new SetACalendar(TimeSpan.FromMinutes(2) + Soon(120_000), calendar, rhythm));
            foreach (var (_, at) in rhythm.Between(Start.AddMinutes(5), Start.AddDays(Days)).Take(3)) Hour(at - Start, calendar);
            if (reports.Next(4) == 0) steps.Add(new SetACalendar(Soon(Days * 36_000_000), calendar, DrawRhythm()));
            if (reports.Next(8) == 0) steps.Add(new RemoveACalendar(Soon(Days * 36_000_000), calendar));
        }
        for (var i = reports.Next(0, 4); i > 0; i--) steps.Add(ReportDeed(Soon(Days * 36_000_000)));
    }

    /// <summary>Some in the night in which the clocks change.</summary>
    private Rhythm DrawRhythm()
    {
        var morning = Mornings.First(morning => morning.Start == Start);
        var changes = morning.Minutes > 0 && reports.Next(2) == 0;
        var zone = changes || reports.Next(2) == 0 ? morning.Zone : Wall.Zones[reports.Next(Wall.Zones.Count)];
        var first = Wall.At(Start.AddMinutes(reports.Next(6, 560)), zone);
        var at = changes ? morning.Hour.AddMinutes(reports.Next(morning.Minutes)) : new TimeOnly(first.Hour, first.Minute);
        var day = DateOnly.FromDateTime(first);
        ImmutableArray<DayOfWeek> weekdays = reports.Next(4) switch
        {
            0 => [],
            1 => [DayOfWeek.Tuesday, DayOfWeek.Friday],
            2 => [day.DayOfWeek, day.AddDays(1).DayOfWeek, day.AddDays(3).DayOfWeek],
            _ => [.. Enum.GetValues<DayOfWeek>().Where(_ => reports.Next(3) > 0).Append(day.DayOfWeek).Distinct()],
        };
        if (changes && !weekdays.IsEmpty) weekdays = [.. weekdays.Append(DayOfWeek.Sunday).Distinct()];
        return new Rhythm(
            weekdays, weekdays.IsEmpty ? 1 : reports.Next(1, 3), weekdays.IsEmpty ? [day.Day, 31] : [], weekdays.IsEmpty && reports.Next(2) == 0, at, zone, day.AddDays(-reports.Next(0, 9)),
            reports.Next(4) == 0 ? [(day.AddDays(1), day.AddDays(reports.Next(1, 3)))] : [], reports.Next(6) == 0 ? [day.AddDays(reports.Next(0, 3))] : [],
            reports.Next(3) == 0, reports.Next(10) > 0);
    }

    /// <summary>What happens around the hour of a report, and goes wrong just then.</summary>
    private void Hour(TimeSpan at, PlannedCalendar calendar)
    {
        var sessions = Partners.Where(partner => partner.Owner == calendar.Owner).SelectMany(partner => partner.Told).Distinct().ToArray();
        for (var i = reports.Next(0, 5); i > 0 && sessions.Length > 0; i--)
            steps.Add(new ValidateATally(Around(at), sessions[reports.Next(sessions.Length)], Lines(reports), 1, false));
        if (reports.Next(3) == 0) steps.Add(ReportDeed(Around(at)));
        if (reports.Next(5) == 0) steps.Add(new ResendTheLast(at + TimeSpan.FromMinutes(reports.Next(5, 90)), calendar.Owner, reports.Next(2) == 0));
        if (reports.Next(5) == 0) steps.Add(new RestoreACopy(at - TimeSpan.FromSeconds(reports.Next(1, 1_200)), TimeSpan.FromMinutes(reports.Next(1, 90))));
        var lasts = TimeSpan.FromSeconds(reports.Next(2, 240));
        var percent = reports.Next(3) == 0 ? 100 : reports.Next(20, 90);
        for (var i = reports.Next(0, 4); i > 0; i--)
            steps.Add(reports.Next(13) switch
            {
                0 or 1 or 2 => new BeginTrouble(at, new MailTrouble(lasts, percent, (SenderFate)reports.Next(4))),
                3 => new CrashAtAnAwait(at, (Await)reports.Next(4), reports.Next(6), TimeSpan.FromMilliseconds(reports.Next(1, 40_000))),
                4 => new CrashAtAnAwait(at, Await.Outside, reports.Next(6), TimeSpan.FromMilliseconds(reports.Next(1, 40_000))),
                5 or 6 => new Blackout(at - TimeSpan.FromMilliseconds(reports.Next(2) == 0 ? reports.Next(-3_000, 1_000) : reports.Next(1_200_000)), TimeSpan.FromMinutes(reports.Next(2) == 0 ? reports.Next(660, 1_300) : reports.Next(1, 400))),
                7 => new SetTheClock(at - TimeSpan.FromSeconds(reports.Next(0, 600)), TimeSpan.FromMilliseconds(reports.Next(-7_200_000, 7_200_000))),
                8 => new SplitAGrain(at - TimeSpan.FromSeconds(5), new OfCalendar(calendar), lasts),
                9 => new KillAGrain(at, new OfCalendar(calendar), reports.Next(1, 60)),
                10 or 11 => new BeginTrouble(at, new CommitTrouble(TimeSpan.FromSeconds(reports.Next(1, 20)), percent, CommitFate.CommitsLate)),
                12 => new BeginTrouble(at, new ReadTrouble(lasts, percent)),
                _ => new BeginTrouble(at, new CommitTrouble(lasts, percent, (CommitFate)reports.Next(4))),
            });
    }

    private Step ReportDeed(TimeSpan at)
    {
        var partner = Partners[reports.Next(Partners.Length)];
        var own = Sessions.Where(session => session.Owner == partner.Owner).ToArray();
        return reports.Next(10) switch
        {
            0 or 1 when own.Length > 0 => new AssociateAPartner(at, partner, own[reports.Next(own.Length)], reports.Next(3) > 0),
            2 => new PauseAPartner(at, partner, reports.Next(2) == 0 ? null : reports.Next(1, 4)),
            3 => new ResumeAPartner(at, partner),
            4 => new ArchiveAPartner(at, partner, reports.Next(3) > 0),
            5 => new RegroupAPartner(at, partner, (PartnerGroup)reports.Next(2)),
            6 => new IntrudeOnAPartner(at, Houses[reports.Next(Houses.Length)], partner),
            7 => new SaveATemplate(at, partner.Owner, partner.Own, 365, reports.Next(2) == 0),
            _ => new SendReportsByHand(at, partner.Owner, [.. Partners.Where(other => other.Owner == partner.Owner)]),
        };
    }

    /// <summary>Fifty partners, most of them told of eight sessions, of one house; each group has two report days a week, three partners a month of their own.</summary>
    private void FillReportsOfYear()
    {
        foreach (var group in Enum.GetValues<PartnerGroup>())
        {
            steps.Add(new SaveATemplate(Soon(60_000), Houses[0], GroupId(group), 365, ShowsUnchanged: true));
            steps.Add(new SetACalendar(TimeSpan.FromHours(20), CalendarOf(Houses[0], group), new Rhythm(
                [DayOfWeek.Tuesday, DayOfWeek.Friday], 1, [], false, new TimeOnly(10, 0), "Europe/Paris", DateOnly.FromDateTime(Start.UtcDateTime), [], [], group == PartnerGroup.Agents, true)));
        }
        foreach (var calendar in Calendars.Where(calendar => calendar.Id.StartsWith("partner-", StringComparison.Ordinal)))
            steps.Add(new SetACalendar(TimeSpan.FromHours(21), calendar, new Rhythm(
                [], 1, [1], true, new TimeOnly(2, 30), "Europe/Paris", DateOnly.FromDateTime(Start.UtcDateTime), [], [], false, true)));
        foreach (var partner in Partners)
        {
            steps.Add(new MakePartner(TimeSpan.FromDays(partner.Number * 3), partner with { Told = [] }));
            foreach (var session in partner.Told)
                steps.Add(new AssociateAPartner(TimeSpan.FromDays(Math.Max((partner.Number * 3) + 1, OpensOn(session) + 1)) + Soon(36_000_000), partner, session, Adds: true));
            if (reports.Next(5) == 0) steps.Add(new PauseAPartner(TimeSpan.FromDays(reports.Next(60, 300)), partner, reports.Next(3, 30)));
        }
        for (var trouble = 1; trouble <= Days / 7; trouble++)
        {
            var at = TimeSpan.FromDays(trouble * 7);
            steps.Add(reports.Next(3) switch
            {
                0 => new Blackout(at - TimeSpan.FromMinutes(reports.Next(1, 60)), TimeSpan.FromMinutes(reports.Next(3) == 0 ? 800 : reports.Next(2, 300))),
                1 => new CrashAtAnAwait(at, Await.Outside, reports.Next(6), TimeSpan.FromSeconds(20)),
                _ => new BeginTrouble(at, new MailTrouble(TimeSpan.FromMinutes(2), reports.Next(20, 100), (SenderFate)reports.Next(4))),
            });
        }
    }

    private TimeSpan Around(TimeSpan at) => TimeSpan.FromMilliseconds(Math.Max(0, at.TotalMilliseconds + (reports.Next(2) == 0 ? reports.Next(-400_000, 400_000) : reports.Next(-3_000, 3_000))));

    private TimeSpan Soon(int milliseconds) => TimeSpan.FromMilliseconds(reports.Next(milliseconds));
}

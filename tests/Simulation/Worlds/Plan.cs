using System.Collections.Immutable;
using System.Globalization;
using Guichet.Links;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Simulation;

/// <summary>An organisation of the world, and the person who works for it.</summary>
public sealed record House(string Id, string Name)
{
    public Actor Operator { get; } = new(Id, Ids.From(DateTimeOffset.UnixEpoch, "operator", Id), ActorKind.Operator, $"Operator of {Name}", Role.BoxOffice);
}

public sealed record PlannedSession(House Owner, string Id, string ShowId, string Title)
{
    public string Name => $"{Owner.Name}'s {Title}";
}

/// <param name="Receiver">Null for a counterpart outside, which has a webhook.</param>
/// <param name="Into">The receiver's own session; null for one that is made.</param>
/// <param name="Receiving">The id of the session that receives; "" outside.</param>
public sealed record PlannedLink(
    int Number, string Id, PlannedSession Sender, House? Receiver, PlannedSession? Into, string Receiving, LinkTerms Terms, LinkSide AskedBy, int ExpiresAfterDays)
{
    public string Name => $"link {Number}";

    public Actor By(LinkSide side) => side == LinkSide.Sender ? Sender.Owner.Operator : Receiver!.Operator;

    public string Url => $"https://9.9.9.9/in/{Number}";
}

/// <summary>A date and time on the wall of a place, and the instant that people mean by it.</summary>
public sealed record Slot(DateTime Local, string Zone, DateTimeOffset Instant)
{
    /// <summary>
    /// Written out by hand, so that nothing here needs to know zones: one evening in several, an hour that a clock change skips (the first
    /// instant after it) and two that come twice (the first of both).
    /// </summary>
    public static readonly ImmutableArray<Slot> All =
    [
        Of("2026-12-04T20:30:00", "Europe/Paris", "2026-12-04T19:30:00Z"),
        Of("2026-12-04T20:30:00", "Indian/Reunion", "2026-12-04T16:30:00Z"),
        Of("2026-12-04T20:30:00", "America/Martinique", "2026-12-05T00:30:00Z"),
        Of("2026-12-04T20:30:00", "Pacific/Noumea", "2026-12-04T09:30:00Z"),
        Of("2027-03-28T02:30:00", "Europe/Paris", "2027-03-28T01:00:00Z"),
        Of("2027-10-31T02:30:00", "Europe/Paris", "2027-10-31T00:30:00Z"),
        Of("2026-11-01T01:30:00", "America/St_Johns", "2026-11-01T04:00:00Z"),
    ];

    private static Slot Of(string local, string zone, string instant) => new(
        DateTime.ParseExact(local, "s", CultureInfo.InvariantCulture), zone, DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
}

/// <summary>Everything that a world's people will do and that will go wrong in it, drawn from one number before it begins.</summary>
public sealed partial class Plan
{
    private static readonly string[] HouseNames = ["Port", "Large", "Festival", "Tour"];
    private static readonly string[] Titles = ["Phèdre", "Tartuffe", "Ruy Blas", "Ubu", "Knock", "Antigone", "Cyrano", "Dom Juan"];

    /// <summary>Of a year's sessions.</summary>
    private const int WeeksOnSale = 12;

    private readonly Random random;
    private readonly List<Step> steps = [];

    private Plan(int seed, bool isYear)
    {
        Seed = seed;
        random = new Random(seed);
        reports = new Random(unchecked(seed * 31) ^ 0x52455054);
        if (isYear)
        {
            Houses = [.. HouseNames.Select((name, i) => new House(IdOf("house", i), name))];
            Sessions = [.. Enumerable.Range(0, 200).Select(i => new PlannedSession(Houses[0], IdOf("session", i), IdOf("show", i), $"{Titles[i % Titles.Length]} {(i / Titles.Length) + 1}"))];
            Links = [.. Enumerable.Range(1, 20).Select(number => LinkOf(number, Sessions[(number * 10) - 1]))];
            Days = 365;
            RecentAnswers = 64;
            Partners = [.. Enumerable.Range(1, 50).Select(number => PartnerOf(number, Houses[0], (number % 10) switch { 7 or 8 => PartnerGroup.Agents, 9 => PartnerGroup.Venues, _ => PartnerGroup.Partners }, 16))];
            Calendars = [.. Enum.GetValues<PartnerGroup>().Select(group => CalendarOf(Houses[0], group)), .. Partners.Take(3).Select(partner => new PlannedCalendar(partner.Owner, partner.Own, partner.Name))];
            FillYear();
            FillReportsOfYear();
            Steps = [.. steps.OrderBy(step => step.At).Select((step, i) => step with { Number = i })];
            return;
        }
        Houses = [.. HouseNames.Take(random.Next(2, HouseNames.Length + 1)).Select((name, i) => new House(IdOf("house", i), name))];
        Sessions = [.. Enumerable.Range(0, random.Next(2, 6)).Select(i => new PlannedSession(
            Houses[random.Next(Houses.Length)], IdOf("session", i), IdOf("show", i), Titles[i]))];
        Links = [.. Enumerable.Range(1, random.Next(1, 6)).Select(number => LinkOf(number, Sessions[random.Next(3) == 0 ? random.Next(Sessions.Length) : 0]))];
        Days = random.Next(1, 4);
        RecentAnswers = random.Next(2) == 0 ? 64 : random.Next(1, 4);
        Start = Mornings[reports.Next(2) == 0 ? 0 : reports.Next(Mornings.Length)].Start;
        Partners = DrawPartners();
        Calendars = DrawCalendars();
        Fill();
        FillReports();
        Steps = [.. steps.OrderBy(step => step.At).Select((step, i) => step with { Number = i })];
    }

    public int Seed { get; }
    public ImmutableArray<House> Houses { get; }
    public ImmutableArray<PlannedSession> Sessions { get; }
    public ImmutableArray<PlannedLink> Links { get; }
    public int Days { get; }

    /// <summary>How many answers the store gives a grain that is loaded: with few, only the journal's key still knows the others.</summary>
    public int RecentAnswers { get; }

    /// <summary>In the order of their moments, numbered from 0.</summary>
    public ImmutableArray<Step> Steps { get; private init; }

    public static Plan From(int seed) => new(seed, isYear: false);

    /// <summary>
    /// A year of one venue: 200 sessions, each twelve weeks on sale with a tally on two days a week, 20 links, and something going wrong twice
    /// a week; 50 partners, and two report days a week, with something going wrong on every second.
    /// </summary>
    public static Plan YearFrom(int seed) => new(seed, isYear: true);

    private string IdOf(string what, int number) => Ids.From(DateTimeOffset.UnixEpoch, "simulation", what, $"{Seed}", $"{number}");

    private PlannedLink LinkOf(int number, PlannedSession sender)
    {
        var terms = new LinkTerms(
            random.Next(2) == 0 ? LinkDetail.TotalsOnly : LinkDetail.Detailed,
            random.Next(3) == 0 ? ["or"] : [], random.Next(3) == 0 ? ["guichet"] : []);
        var days = random.Next(4) == 0 ? 1 : 30;
        House[] others = [.. Houses.Where(house => house != sender.Owner)];
        var receiver = others[random.Next(others.Length)];
        if (random.Next(6) == 0)
            return new PlannedLink(number, IdOf("link", number), sender, null, null, "", terms, LinkSide.Sender, days);
        var own = Sessions.Where(session => session.Owner == receiver).ToArray();
        var into = own.Length > 0 && random.Next(3) == 0 ? own[random.Next(own.Length)] : null;
        return new PlannedLink(
            number, IdOf("link", number), sender, receiver, into, into?.Id ?? IdOf("receiving", number), terms,
            random.Next(3) == 0 ? LinkSide.Receiver : LinkSide.Sender, days);
    }

    private void Fill()
    {
        foreach (var session in Sessions) steps.Add(new MakeSession(Within(TimeSpan.Zero, 30_000), session));
        foreach (var link in Links)
        {
            var asked = Within(TimeSpan.FromMinutes(2), random.Next(3) == 0 ? 7_200_000 : 60_000);
            steps.Add(new AskForLink(asked, link));
            if (link.Receiver is null) continue;
            var answered = Within(asked + TimeSpan.FromSeconds(1), 120_000);
            steps.Add(random.Next(12) switch
            {
                0 => new RefuseALink(answered, link),
                1 => new WithdrawALink(answered, link),
                2 => new AcceptALink(answered + TimeSpan.FromHours(25), link),
                _ => new AcceptALink(answered, link),
            });
        }
        for (var day = 0; day < Days; day++)
        {
            var bursts = random.Next(2, 5);
            for (var i = 0; i < bursts; i++) Burst(TimeSpan.FromDays(day) + Within(TimeSpan.FromMinutes(day == 0 ? 5 : 0), 36_000_000));
        }
        if (random.Next(3) == 0) LastWord(TimeSpan.FromDays(Days - 1) + TimeSpan.FromHours(11));
    }

    private void FillYear()
    {
        for (var i = 0; i < Sessions.Length; i++)
        {
            var session = Sessions[i];
            var opens = TimeSpan.FromDays(OpensOn(session));
            steps.Add(new MakeSession(Within(opens, 3_600_000), session));
            foreach (var link in Links.Where(link => link.Sender == session))
            {
                steps.Add(new AskForLink(Within(opens + TimeSpan.FromHours(2), 3_600_000), link));
                if (link.Receiver is not null) steps.Add(new AcceptALink(Within(opens + TimeSpan.FromHours(4), 3_600_000), link));
            }
            for (var report = 1; report <= WeeksOnSale * 2; report++)
            {
                var at = Within(opens + TimeSpan.FromDays(report * 7 / 2), 3 * 3_600_000);
                steps.Add(random.Next(20) == 0 ? new MoveASession(at, session, Slot.All[random.Next(Slot.All.Length)]) : new ValidateATally(at, session, Lines(), random.Next(4) == 0 ? 2 : 1, random.Next(3) == 0));
            }
        }
        for (var trouble = 1; trouble <= Days * 2 / 7; trouble++) steps.Add(Trouble(Within(TimeSpan.FromDays(trouble * 7 / 2), 3 * 3_600_000)));
    }

    /// <summary>The day of the year on which it goes on sale.</summary>
    private int OpensOn(PlannedSession session) => Sessions.IndexOf(session) * (Days - (WeeksOnSale * 7)) / Sessions.Length;

    /// <summary>The day's last tally is taken for failed, given up, and there after all: nobody comes back to the session that day.</summary>
    private void LastWord(TimeSpan at)
    {
        steps.Add(new BeginTrouble(at, new CommitTrouble(TimeSpan.FromSeconds(2), 100, CommitFate.CommitsLate)));
        steps.Add(new ValidateATally(Within(at, 1_000), Links[random.Next(Links.Length)].Sender, Lines(), 1, false) { Tries = random.Next(1, 3) });
    }

    /// <summary>Several people at work in the same seconds, and what goes wrong for them just then.</summary>
    private void Burst(TimeSpan from)
    {
        var session = random.Next(3) == 0 ? Sessions[random.Next(Sessions.Length)] : Links[random.Next(Links.Length)].Sender;
        var within = random.Next(3) == 0 ? 60_000 : random.Next(2) == 0 ? 2_000 : 200;
        for (var i = random.Next(2, 9); i > 0; i--)
        {
            if (random.Next(3) == 0) session = Sessions[random.Next(Sessions.Length)];
            steps.Add(Deed(Within(from, within), session) with { Tries = random.Next(4) == 0 ? random.Next(1, 4) : Step.Patience });
        }
        if (random.Next(6) == 0) Quarrel(from, within);
        for (var i = random.Next(0, 4); i > 0; i--) steps.Add(Trouble(Within(from - TimeSpan.FromMilliseconds(100), within)));
    }

    /// <summary>Both sides of a link stop it and let it go again, faster than the sessions can be told.</summary>
    private void Quarrel(TimeSpan from, int within)
    {
        var link = Links[random.Next(Links.Length)];
        if (random.Next(2) == 0) steps.Add(new BeginTrouble(from, new CallTrouble(TimeSpan.FromSeconds(random.Next(10, 60)), random.Next(20, 90))));
        for (var i = random.Next(3, 7); i > 0; i--)
        {
            var side = link.Receiver is null || random.Next(2) == 0 ? LinkSide.Sender : LinkSide.Receiver;
            var at = Within(from, Math.Max(within, 10_000));
            steps.Add(random.Next(2) == 0 ? new SuspendALink(at, link, side) : new ResumeALink(at, link, side));
        }
    }

    private Step Deed(TimeSpan at, PlannedSession session)
    {
        var link = Links[random.Next(Links.Length)];
        var side = link.Receiver is null || random.Next(2) == 0 ? LinkSide.Sender : LinkSide.Receiver;
        return random.Next(24) switch
        {
            < 11 => new ValidateATally(at, session, Lines(), random.Next(4) == 0 ? 2 : 1, random.Next(3) == 0),
            11 => new SaveADraft(at, session, Lines()),
            12 => new MoveASession(at, session, random.Next(2) == 0 ? null : Slot.All[random.Next(Slot.All.Length)]),
            13 => new CloseASession(at, session, random.Next(4) == 0),
            14 or 15 => new SuspendALink(at, link, side),
            16 or 17 => new ResumeALink(at, link, side),
            18 => random.Next(2) == 0 ? new EndALink(at, link, side) : new SuspendALink(at, link, side),
            19 => new Look(at, session),
            20 => new LookAtALink(at, link),
            21 => new Intrude(at, Houses[random.Next(Houses.Length)], session, link),
            22 => new ReuseACommand(at, session, Lines(), Lines()),
            _ => new Look(at, session),
        };
    }

    private FaultStep Trouble(TimeSpan at)
    {
        var lasts = TimeSpan.FromMilliseconds(random.Next(3) switch { 0 => random.Next(50, 500), 1 => random.Next(500, 5_000), _ => random.Next(5_000, 60_000) });
        var percent = random.Next(4) == 0 ? 100 : random.Next(20, 90);
        var aggregate = random.Next(3) == 0 ? (IPlanned)new OfLink(Links[random.Next(Links.Length)]) : new OfSession(Sessions[random.Next(Sessions.Length)]);
        return random.Next(20) switch
        {
            < 4 => new BeginTrouble(at, new CommitTrouble(lasts, percent, (CommitFate)random.Next(4))),
            4 => new BeginTrouble(at, new ReadTrouble(lasts, percent)),
            5 or 6 or 7 => new BeginTrouble(at, new WireTrouble(lasts, percent, (WireFate)random.Next(3))),
            8 => new BeginTrouble(at, new MailTrouble(lasts, percent, (SenderFate)random.Next(4))),
            9 => new BeginTrouble(at, new WebhookTrouble(lasts, percent, (SenderFate)random.Next(4))),
            10 => new CrashAtAnAwait(at, (Await)random.Next(4), random.Next(3), TimeSpan.FromMilliseconds(random.Next(1, 40_000))),
            11 or 12 => new CrashTheNode(at, random.Next(1, 400), TimeSpan.FromMilliseconds(random.Next(1, 40_000))),
            13 => new KillAGrain(at, aggregate, random.Next(1, 100)),
            14 or 15 => new SplitAGrain(at, aggregate, lasts),
            16 or 17 => new BeginTrouble(at, new CallTrouble(lasts, percent)),
            _ => new SetTheClock(at, TimeSpan.FromMilliseconds(random.Next(-7_200_000, 7_200_000))),
        };
    }

    private ImmutableArray<TallyLine> Lines() => Lines(random);

    private static ImmutableArray<TallyLine> Lines(Random random)
    {
        var lines = ImmutableArray.CreateBuilder<TallyLine>();
        foreach (var category in (string[])["or", "balcon"])
            foreach (var tariff in (string[])["plein", "reduit"])
                foreach (var channel in (string[])["guichet", "fnac"])
                    if (random.Next(2) == 0)
                        lines.Add(new TallyLine(category, tariff, channel, random.Next(0, 40), random.Next(0, 4), random.Next(0, 4), random.Next(0, 200_000)));
        return lines.ToImmutable();
    }

    private TimeSpan Within(TimeSpan from, int milliseconds) =>
        TimeSpan.FromMilliseconds(Math.Max(0, Math.Round(from.TotalMilliseconds)) + random.Next(milliseconds));
}

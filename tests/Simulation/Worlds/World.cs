using System.Globalization;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Sessions;
using Orleans.Runtime;

namespace Guichet.Simulation;

/// <summary>How a world ended.</summary>
/// <param name="Failure">The promise that was broken; null when all were kept.</param>
/// <param name="Turns">Simulated events.</param>
public sealed record Ending(int Seed, string? Failure, long Turns, TimeSpan Lived, string Digest, IReadOnlyList<string> History, Tallied Tallied);

/// <summary>How much of what a world is for happened in it.</summary>
/// <param name="Deaths">Of nodes, while something of each kind was on its way.</param>
public sealed record Tallied(int Validated, int Received, int Settled, int Moved, int Crashes, int Retries, int Mails, int Posts, Deaths Deaths, Reported Reported)
{
    public static readonly Tallied None = new(0, 0, 0, 0, 0, 0, 0, 0, default, default);

    public static Tallied operator +(Tallied left, Tallied right) => new(
        left.Validated + right.Validated, left.Received + right.Received, left.Settled + right.Settled, left.Moved + right.Moved, left.Crashes + right.Crashes,
        left.Retries + right.Retries, left.Mails + right.Mails, left.Posts + right.Posts, left.Deaths + right.Deaths,
        left.Reported + right.Reported);
}

/// <summary>What happened of partners' reports.</summary>
/// <param name="Run">Times of calendars that ran.</param>
/// <param name="Missed">Times of calendars that everything slept through for too long.</param>
/// <param name="AtChanges">Times of calendars in an hour that a clock change skips or doubles.</param>
/// <param name="Taken">Mails that a server has.</param>
/// <param name="Doubted">Mails of which nobody knows.</param>
/// <param name="Skipped">Partners who had nothing to be told, or paused.</param>
/// <param name="Copies">Nodes on a restored copy.</param>
public readonly record struct Reported(int Run, int Missed, int AtChanges, int Taken, int Doubted, int Skipped, int Copies)
{
    public static Reported operator +(Reported left, Reported right) => new(
        left.Run + right.Run, left.Missed + right.Missed, left.AtChanges + right.AtChanges, left.Taken + right.Taken, left.Doubted + right.Doubted, left.Skipped + right.Skipped,
        left.Copies + right.Copies);
}

/// <summary>A grain as somebody calls it: anew at each attempt, since the node may be another by then.</summary>
public sealed record Called<T>(AggregateId Aggregate, Func<T> Grain);

/// <summary>
/// A whole installation and the people who use it, on one thread: the real grains, and fakes of everything outside them. The same plan
/// always gives the same history.
/// </summary>
public sealed class World : IWitnessed
{
    /// <summary>After the faults stop, until every accepted link must have converged: several sweeps, and what was hanging has ended.</summary>
    private static readonly TimeSpan ConvergesWithin = TimeSpan.FromMinutes(3);

    /// <summary>Until the outbox must be empty: it tries for a day.</summary>
    private static readonly TimeSpan DrainsWithin = TimeSpan.FromHours(30);

    /// <summary>Where nothing is due and nothing changes there is nothing to find: looking all the same would make nights cost more than days.</summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromHours(6);

    /// <summary>Far more than any world takes: one that goes on has something in it that never ends.</summary>
    private long MostTurns => Math.Max(500_000, Plan.Steps.Length * 2_000L);

    private readonly IReadOnlyList<Step> steps;
    private readonly Dictionary<string, IAddressable> split = [];
    private readonly List<(long Turn, Action Act)> later = [];
    private readonly List<(Await At, int Turns, TimeSpan Down)> doomed = [];
    private readonly List<TaskCompletionSource> waitingForEffects = [];
    private readonly List<TaskCompletionSource> waitingForChanges = [];
    private Node? node;
    private int underway;
    private int crashes, retries, copies;
    private Deaths deaths;

    private World(Plan plan, IReadOnlyList<Step> steps, Bug? bug, bool keepsHistory)
    {
        this.steps = steps;
        Plan = plan;
        Names = new Names(plan.Houses, plan.Sessions, plan.Links, plan.Partners);
        Turns = new Turns(plan.Seed);
        Time = new SimulatedTime(plan.Start);
        Chance = new Random(~plan.Seed);
        Misfortunes = new Misfortunes(Time);
        History = new History(Time, keepsHistory);
        Bugs = new Bugs(bug);
        Model = new Model(this);
        Database = new SimulatedDatabase(this) { EffectsAdded = () => Wake(waitingForEffects), Changed = () => Wake(waitingForChanges) };
    }

    public Plan Plan { get; }
    public Names Names { get; }
    public Turns Turns { get; }
    public SimulatedTime Time { get; }

    /// <summary>For what no step of the plan decides: delays, and the like.</summary>
    public Random Chance { get; }
    public Misfortunes Misfortunes { get; }
    public History History { get; }
    public Bugs Bugs { get; }
    public Model Model { get; }
    public SimulatedDatabase Database { get; }

    IReadOnlyList<PlannedLink> IWitnessed.Links => Plan.Links;
    IEnumerable<StoredAggregate> IWitnessed.Aggregates => Database.Aggregates;
    IEnumerable<StoredEffect> IWitnessed.Effects => Database.Effects;
    StoredAggregate? IWitnessed.Find(AggregateId aggregate) => Database.Find(aggregate);
    DateTimeOffset IWitnessed.Now => Time.GetUtcNow();
    void IWitnessed.Note(string who, string what) => History.Add(who, what);

    private Node Node => node ?? throw new SiloUnavailableException("The node is down.");

    /// <param name="steps">Those of the plan that happen; null for all.</param>
    /// <param name="bug">Planted for this run.</param>
    public static Ending Live(Plan plan, IReadOnlyList<Step>? steps = null, Bug? bug = null, bool keepsHistory = false) =>
        new World(plan, steps ?? plan.Steps, bug, keepsHistory).Live();

    private Ending Live()
    {
        node = new Node(this, Database, maySend: true);
        node.Start();
        _ = Turns.Run(Found);
        _ = Turns.Run(TakeSteps);
        var last = steps.Count == 0 ? TimeSpan.Zero : steps.Max(step => step.Ends);
        Go(last + TimeSpan.FromSeconds(30), () => false);
        Calm();
        var calm = Time.Passed;
        Go(calm + TimeSpan.FromMinutes(10), () => underway == 0 && Time.Passed >= calm + ConvergesWithin);
        if (Model.Failure is null) Model.CheckConverged();
        Go(Time.Passed + DrainsWithin, () => Database.Pending.Count == 0 && !Database.Undelivered().Any() && !Model.Reports.Owes);
        if (Model.Failure is null && underway > 0) Model.Fail("somebody still waits for an answer");
        if (Model.Failure is null) Model.CheckEnd();
        if (Turns.Strayed) Model.Fail("something ran beside the seeded turns");
        node?.Kill();
        return new Ending(
            Plan.Seed, Model.Failure, Turns.Taken, Time.Passed, History.Digest(), History.Lines,
            Model.Tallied with { Crashes = crashes, Retries = retries, Deaths = deaths, Reported = Model.Reports.Reported with { Copies = copies } });
    }

    private void Go(TimeSpan until, Func<bool> isEnough)
    {
        while (Model.Failure is null)
        {
            while (Turns.TakeOne())
            {
                if (later.Count > 0) ActLater();
                if (Turns.Taken > MostTurns) Model.Fail($"it never comes to rest: {MostTurns} turns");
                if (Model.Failure is not null) return;
            }
            if (isEnough() || !Time.GoOn(until)) return;
        }
    }

    private void ActLater()
    {
        for (var i = later.Count - 1; i >= 0; i--)
            if (later[i].Turn <= Turns.Taken)
            {
                var act = later[i].Act;
                later.RemoveAt(i);
                act();
            }
    }

    private void Calm()
    {
        Misfortunes.End();
        later.Clear();
        doomed.Clear();
        split.Clear();
        Wake(waitingForChanges);
        History.Add("calm", "nothing goes wrong any more");
    }

    /// <summary>Organisations are there from the start: who founds them is no part of any promise here.</summary>
    private async Task Found()
    {
        foreach (var house in Plan.Houses)
        {
            var by = Actor.System("simulator");
            var command = new FoundOrganisation(new OrganisationDetails(house.Name, "Rennes", "Europe/Paris", "EUR", Listed: true), house.Operator.Id, $"box@{house.Id}.example", house.Operator.Name, Language.French)
            {
                Id = CommandIds.From("found", house.Id),
                By = by,
                Password = new SecretHash("x"),
            };
            await Send(null, by, Of<IOrganisationGrain>("organisations", house.Id, OrganisationKey.Id), command, (grain, command) => grain.Found(command));
        }
    }

    private async Task TakeSteps()
    {
        foreach (var step in steps)
        {
            if (step.At > Time.Passed) await Task.Delay(step.At - Time.Passed, Time);
            History.Add(step.Who, step.Tries == Step.Patience ? step.What : $"{step.What} (tries {step.Tries} times)");
            underway++;
            _ = Turns.Run(() => Take(step));
        }
    }

    private async Task Take(Step step)
    {
        try
        {
            await step.Do(this, new Random(HashCodeOf(step)));
        }
        catch (Exception bug)
        {
            Model.Fail($"{step.What}: {bug.GetType().Name}: {bug.Message}");
        }
        finally
        {
            underway--;
        }
    }

    private int HashCodeOf(Step step) => unchecked((Plan.Seed * 486_187_739) + (step.Number * 16_777_619) + 97);

    public Guid NewId(Random chance) => CommandIds.From("operator", chance.NextInt64().ToString(CultureInfo.InvariantCulture));

    public Called<IShowGrain> Show(PlannedSession session) => Of<IShowGrain>("shows", session.Owner.Id, session.ShowId);

    public Called<ISessionGrain> Session(PlannedSession session) => Of<ISessionGrain>("sessions", session.Owner.Id, session.Id);

    public Called<IPartnerGrain> Partner(PlannedPartner partner) => Of<IPartnerGrain>("partners", partner.Owner.Id, partner.Id);

    public Called<IReportCalendarGrain> Calendar(PlannedCalendar calendar) => Of<IReportCalendarGrain>("report_calendars", calendar.Owner.Id, calendar.Id);

    public Called<IReportTemplateGrain> Template(House house, string id) => Of<IReportTemplateGrain>("report_templates", house.Id, id);

    public Called<IReportRunGrain> Run(House house, string id) => Of<IReportRunGrain>("report_sendings", house.Id, id);

    public Called<ILinkGrain> Link(PlannedLink link) => Of<ILinkGrain>("links", link.Sender.Owner.Id, link.Id);

    private Called<T> Of<T>(string kind, string organisation, string id) where T : IGrainWithStringKey => new(
        new AggregateId(kind, organisation, id),
        () => split.TryGetValue($"{kind}/{organisation}/{id}", out var other) && Chance.Next(2) == 0 ? (T)other : Node.Grains.GetGrain<T>(GrainKey.Of(organisation, id)));

    /// <summary>
    /// Sends a command until its outcome is known, with the same id each time, and tells the model; null when its sender gives up first.
    /// </summary>
    public async Task<Outcome<TAnswer>?> Send<TGrain, TCommand, TAnswer>(
        Step? step, Actor by, Called<TGrain> called, TCommand command, Func<TGrain, TCommand, Task<Outcome<TAnswer>>> send, bool sameContent = true)
        where TCommand : Command
    {
        var outcome = await Ask(step, by, () => send(called.Grain(), command));
        if (outcome is null) return null;
        History.Add(Names.Of(by.Organisation), $"is answered on {Aliases.Of(typeof(TCommand))} to {Names.Of(called.Aggregate)}: {(outcome.IsRefused ? outcome.Refusals[0].Code : "done")}");
        if (sameContent) Model.Answered(called.Aggregate, command, Json.WriteAs(outcome), outcome.IsRefused ? outcome.Refusals[0].Code : null);
        return outcome;
    }

    public async Task<T?> Ask<T>(Step? step, Actor by, Func<Task<T>> call)
    {
        for (var attempt = 1; attempt <= (step?.Tries ?? Step.Patience); attempt++)
        {
            try
            {
                using (Caller.As(by)) return await call();
            }
            catch (Exception failure) when (failure is TryAgainException or TimeoutException or SiloUnavailableException or OrleansMessageRejectionException)
            {
                retries++;
                History.Add(Names.Of(by.Organisation), $"hears {failure.GetType().Name}{(step is null ? "" : $" ({step.Number})")}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(20_000, 50 << attempt)), Time);
        }
        return default;
    }

    /// <summary>Somebody's call to what isn't theirs must be refused, whatever else goes wrong.</summary>
    public async Task IsRefused(Step step, Actor by, string what, Func<Task> call)
    {
        var passed = await Ask(step, by, async () =>
        {
            try
            {
                await call();
                return true;
            }
            catch (CallRefusedException)
            {
                return false;
            }
        });
        if (passed) Model.Fail($"{Names.Of(by.Organisation)} reached {what}, which isn't its own");
    }

    public async Task<SessionView?> Look(Step step, Actor by, PlannedSession session)
    {
        var view = await Ask(step, by, () => Session(session).Grain().View());
        if (view is not null) Model.Seen(view);
        return view;
    }

    /// <summary>Others get their turns; sometimes the network takes its time.</summary>
    public async Task OnTheWay()
    {
        if (Chance.Next(8) == 0) await Task.Delay(TimeSpan.FromMilliseconds(Chance.Next(1, 40)), Time);
        else await Task.Yield();
    }

    /// <summary>What a server of others takes.</summary>
    public Task FarAway() => Task.Delay(TimeSpan.FromMilliseconds(Chance.Next(1, 300)), Time);

    /// <summary>In that many turns, wherever everything is then.</summary>
    public void After(int turns, Action act) => later.Add((Turns.Taken + turns, act));

    /// <summary>The next time that it waits for this, that many turns later.</summary>
    public void CrashAt(Await what, int turns, TimeSpan down) => doomed.Add((what, turns, down));

    /// <summary>The node starts to wait for something.</summary>
    public void Waits(Await what)
    {
        var at = doomed.FindIndex(one => one.At == what);
        if (at < 0) return;
        var (_, turns, down) = doomed[at];
        doomed.RemoveAt(at);
        After(turns, () => Crash(down));
    }

    public void Crash(TimeSpan down)
    {
        if (node is null) return;
        crashes++;
        deaths += node.Awaits.AsDeaths();
        History.Add("fault", "the node is dead");
        split.Clear();
        node.Kill();
        node = null;
        _ = Turns.Run(async () =>
        {
            await Task.Delay(down, Time);
            History.Add("node", "is back");
            waitingForEffects.Clear();
            waitingForChanges.Clear();
            node = new Node(this, Database, maySend: true);
            node.Start();
        });
    }

    /// <summary>A second node on a copy of everything that is stored now, which nobody told that it is the live one.</summary>
    public async Task RestoreACopy(TimeSpan lasts)
    {
        var copy = new Node(this, Database.Copy(), maySend: Bugs.Skips(Bug.CopySends));
        copy.Start();
        await Task.Delay(lasts, Time);
        copy.Kill();
        copies++;
    }

    public void KillGrain(IPlanned planned)
    {
        if (node is not null) node.Kill(planned.Reference(node.Grains));
    }

    public bool Split(IPlanned planned)
    {
        if (node is null) return false;
        IAddressable? first = planned.Reference(node.Grains) switch
        {
            ISessionGrain session => node.Split(session),
            ILinkGrain link => node.Split(link),
            IReportCalendarGrain calendar => node.Split(calendar),
            _ => null,
        };
        if (first is null) return false;
        split[planned.Key] = first;
        return true;
    }

    public void Join(IPlanned planned) => split.Remove(planned.Key);

    /// <summary>Until effects are added, or the next one waited long enough.</summary>
    public Task UntilEffectsAreDue() => Until(waitingForEffects, UntilDue(Database.NextDue, TimeSpan.FromSeconds(1)));

    /// <summary>Until something is written, or a request's date comes.</summary>
    public Task UntilSomethingChanges() => Until(waitingForChanges, UntilDue(Database.NextExpiry, TimeSpan.FromSeconds(10)));

    /// <summary>The clock on the wall is another: whoever waits for an hour of it looks again.</summary>
    public void SetTheClock(TimeSpan by)
    {
        Time.SetWallClock(by);
        Wake(waitingForEffects);
        Wake(waitingForChanges);
    }

    private TimeSpan UntilDue(DateTimeOffset? due, TimeSpan least) =>
        TimeSpan.FromTicks(Math.Clamp(((due ?? DateTimeOffset.MaxValue) - Time.GetUtcNow()).Ticks, least.Ticks, LongestIdle.Ticks));

    private async Task Until(List<TaskCompletionSource> waiting, TimeSpan longest)
    {
        var woken = new TaskCompletionSource();
        waiting.Add(woken);
        await using var timer = Time.CreateTimer(static woken => ((TaskCompletionSource)woken!).TrySetResult(), woken, longest, Timeout.InfiniteTimeSpan);
        await woken.Task;
        waiting.Remove(woken);
    }

    private static void Wake(List<TaskCompletionSource> waiting)
    {
        foreach (var one in waiting.ToArray()) one.TrySetResult();
    }
}

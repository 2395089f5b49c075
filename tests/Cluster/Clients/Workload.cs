using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Sessions;
using Guichet.Simulation;
using Guichet.Tallies;

namespace Guichet.Tests.Cluster;

/// <summary>
/// What the simulator's plans say that people do, done to a real installation from outside: by the JSON API where it has the deed, else by
/// the pages' forms. One plan after the other, each with sessions and links of its own among the same organisations, while programs send
/// tallies all along.
/// </summary>
internal sealed class Workload : IAsyncDisposable
{
    private static readonly TimeSpan RoundLasts = TimeSpan.FromSeconds(12);
    private const int Programs = 6;
    private const int PagesOfARound = 3;

    private readonly IReadOnlyList<Office> offices;
    private readonly Dictionary<string, Browser> browsers;
    private readonly Client programs;
    private readonly Uri webhooks;
    private readonly Ledger ledger;
    private readonly Evidence evidence;
    private readonly int seed;
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentQueue<Task> deeds = new();
    private readonly ConcurrentQueue<LivePage> pages = new();
    private readonly ConcurrentQueue<(Office Office, PlannedSession Session)> made = new();
    private Task running = Task.CompletedTask;
    private int links, accepted;

    public Workload(Uri address, IReadOnlyList<Office> offices, Uri webhooks, Ledger ledger, Evidence evidence, int seed)
    {
        (this.offices, this.webhooks, this.ledger, this.evidence, this.seed) = (offices, webhooks, ledger, evidence, seed);
        programs = new Client(address, ledger, evidence);
        browsers = offices.ToDictionary(office => office.House.Id, office => new Browser(address, office, ledger, evidence));
    }

    public IReadOnlyCollection<LivePage> Pages => pages;

    /// <summary>Links over which tallies travel, or did.</summary>
    public int Accepted => Volatile.Read(ref accepted);

    public void Start() => running = Task.WhenAll([Rounds(), .. Enumerable.Range(0, Programs).Select(Send)]);

    /// <summary>Nothing new is begun; what was is seen through. Open pages stay open.</summary>
    public async Task Stop()
    {
        await stopping.CancelAsync();
        await running;
        while (deeds.TryDequeue(out var deed)) await deed;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await closing.CancelAsync();
        foreach (var page in pages) await page.Ended;
        foreach (var browser in browsers.Values) browser.Dispose();
        programs.Dispose();
    }

    private async Task Rounds()
    {
        for (var number = 0; !stopping.IsCancellationRequested; number++)
        {
            var round = new Round(number, Plan.From(unchecked(seed + number)), offices);
            // What a plan says will go wrong is the simulator's; here it is done to processes. Partners' reports are the simulator's alone.
            Step[] steps = [.. round.Plan.Steps.Where(step => step is not (FaultStep or ReportStep))];
            foreach (var step in steps)
            {
                if (stopping.IsCancellationRequested)
                {
                    round.Abandon(step);
                    continue;
                }
                deeds.Enqueue(Take(round, step));
                await Pause(RoundLasts / steps.Length);
            }
        }
    }

    /// <summary>A ticketing feed: a tally after the other, of whatever session there is.</summary>
    private async Task Send(int number)
    {
        var random = new Random(unchecked((seed * 31) + number));
        for (var i = 0; !stopping.IsCancellationRequested; i++)
        {
            var sessions = made.ToArray();
            if (sessions.Length > 0)
            {
                var (office, session) = sessions[^random.Next(1, Math.Min(sessions.Length, 8) + 1)];
                await Validate(office, office.Feeds[number % office.Feeds.Length], session, Lines(random), $"feed-{number}-{i}", basedOn: null, clicks: 1, again: random.Next(4) == 0);
            }
            await Pause(TimeSpan.FromMilliseconds(random.Next(50, 200)));
        }
    }

    private async Task Pause(TimeSpan lasting)
    {
        try
        {
            await Task.Delay(lasting, TimeProvider.System, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private async Task Take(Round round, Step step)
    {
        try
        {
            await Live(round, step);
        }
        catch (Exception bug)
        {
            evidence.Broken($"{step.What}: {bug.GetType().Name}: {bug.Message}");
        }
        finally
        {
            round.Abandon(step);
        }
    }

    private async Task Live(Round round, Step step)
    {
        var random = new Random(unchecked((seed * 17) + (round.Number * 1_000) + step.Number));
        var key = $"round-{round.Number}-{step.Number}";
        switch (step)
        {
            case MakeSession make:
                round.Of(make.Session).SetResult(await Make(round, make.Session, key));
                break;
            case ValidateATally deed when await round.Real(deed.Session) is { } session:
                var basedOn = deed.Reads ? await Look(round.OfficeOf(session), session) ?? 0 : (int?)null;
                await Validate(round.OfficeOf(session), Feed(round.OfficeOf(session), random), session, deed.Lines, key, basedOn, deed.Clicks, again: random.Next(2) == 0);
                break;
            case ReuseACommand deed when await round.Real(deed.Session) is { } session:
                await Reuse(round.OfficeOf(session), Feed(round.OfficeOf(session), random), session, deed, key);
                break;
            case SaveADraft deed when await round.Real(deed.Session) is { } session:
                await Tell(round.OfficeOf(session), random, "sessions", session.Id, HttpMethod.Put, $"/api/v1/sessions/{session.Id}/draft", new { lines = Sent(deed.Lines) }, key);
                break;
            case MoveASession deed when await round.Real(deed.Session) is { } session:
                await Move(round.OfficeOf(session), random, session, key);
                break;
            case CloseASession { Cancels: true } deed when await round.Real(deed.Session) is { } session:
                await Tell(round.OfficeOf(session), random, "sessions", session.Id, HttpMethod.Post, $"/api/v1/sessions/{session.Id}/cancel", new { reason = "ill" }, key);
                break;
            case CloseASession deed when await round.Real(deed.Session) is { } session:
                await Tell(round.OfficeOf(session), random, "sessions", session.Id, HttpMethod.Post, $"/api/v1/sessions/{session.Id}/close", null, key);
                break;
            case Look deed when await round.Real(deed.Session) is { } session:
                await Look(round.OfficeOf(session), session);
                break;
            case AskForLink deed:
                round.Of(deed.Link).SetResult(await Ask(round, deed.Link));
                break;
            case AcceptALink deed when await round.Real(deed.Link) is { } link:
                await Accept(round, link);
                break;
            case LookAtALink deed when await round.Real(deed.Link) is { } link:
                await programs.Get($"/api/v1/links/{link.Id}", round.OfficeOf(link.Sender).Feeds[0].Secret);
                break;
            case RefuseALink deed when await round.Real(deed.Link) is { } link:
                await Act(round, link, Other(link.AskedBy), "refuse-form");
                break;
            case WithdrawALink deed when await round.Real(deed.Link) is { } link:
                await Act(round, link, link.AskedBy, "withdraw-form");
                break;
            case SuspendALink deed when await round.Real(deed.Link) is { } link:
                await Act(round, link, deed.Side, "suspend-form");
                break;
            case ResumeALink deed when await round.Real(deed.Link) is { } link:
                await Act(round, link, deed.Side, "resume");
                break;
            case EndALink deed when await round.Real(deed.Link) is { } link:
                await Act(round, link, deed.Side, "cancel-form");
                break;
            case Intrude deed when await round.Real(deed.Session) is { } session && await round.Real(deed.Link) is { } link:
                await Intrude(round.OfficeOf(deed.House), session, link, key);
                break;
        }
    }

    private async Task<PlannedSession?> Make(Round round, PlannedSession planned, string key)
    {
        var office = round.OfficeOf(planned);
        var feed = office.Feeds[0];
        if (await programs.Send(HttpMethod.Post, "/api/v1/shows", feed.Secret, new { title = planned.Title }, $"{key}-show") is not { IsDone: true } show) return null;
        var showId = show.Json.GetProperty("id").GetString()!;
        var body = new
        {
            show = showId,
            place = "Grande salle",
            start = "2026-12-04T20:30:00",
            zone = "Europe/Paris",
            currency = "EUR",
            categories = new[] { new { code = "or", name = "Carré or", capacity = 100 }, new { code = "balcon", name = "Balcon", capacity = 50 } },
            tariffs = new[] { new { code = "plein", name = "Plein", price = Euros(4500) }, new { code = "reduit", name = "Réduit", price = Euros(3000) } },
            channels = new[] { new { code = "guichet", name = "Guichet" }, new { code = "fnac", name = "Fnac" } },
            onSale = true,
        };
        if (await programs.Send(HttpMethod.Post, "/api/v1/sessions", feed.Secret, body, $"{key}-session") is not { IsDone: true } session)
        {
            evidence.Broken("a session that is as it should be was refused");
            return null;
        }
        var real = planned with { Owner = office.House, Id = session.Json.GetProperty("id").GetString()!, ShowId = showId };
        evidence.Sessions.Enqueue(real);
        evidence.Told.Enqueue(new Told(Now, Of("shows", office, showId), CommandOf(office, feed, $"{key}-show"), null));
        evidence.Told.Enqueue(new Told(Now, Of("sessions", office, real.Id), CommandOf(office, feed, $"{key}-session"), null));
        await Tell(office, new Random(0), "sessions", real.Id, HttpMethod.Post, $"/api/v1/sessions/{real.Id}/shareable", new { shareable = true }, $"{key}-shareable");
        made.Enqueue((office, real));
        Watch(round, office, real.Id);
        return real;
    }

    private async Task Validate(
        Office office, Feed feed, PlannedSession session, ImmutableArray<TallyLine> lines, string key, int? basedOn, int clicks, bool again)
    {
        var body = new { lines = Sent(lines), basedOn, confirmDrop = true, confirmOverCapacity = true };
        Task<Reply?> Once() => programs.Send(HttpMethod.Post, $"/api/v1/sessions/{session.Id}/tallies", feed.Secret, body, key);
        evidence.Meant.Enqueue(new Meant(CommandOf(office, feed, key), office.House.Id, session.Id, feed.Name, lines));
        var replies = await Task.WhenAll(Enumerable.Range(0, clicks).Select(_ => Once()));
        if (again) replies = [.. replies, await Once()];
        foreach (var reply in replies.OfType<Reply>())
        {
            if (reply.Text != replies[0]?.Text || reply.Status != replies[0]?.Status) evidence.Broken($"the same tally is answered once with {replies[0]?.Text}, once with {reply.Text}");
            Heard(office, session, CommandOf(office, feed, key), reply);
        }
    }

    private async Task Reuse(Office office, Feed feed, PlannedSession session, ReuseACommand deed, string key)
    {
        object Body(ImmutableArray<TallyLine> lines, string? note) => new { lines = Sent(lines), note, confirmDrop = true, confirmOverCapacity = true };
        var path = $"/api/v1/sessions/{session.Id}/tallies";
        evidence.Meant.Enqueue(new Meant(CommandOf(office, feed, key), office.House.Id, session.Id, feed.Name, deed.Lines));
        if (await programs.Send(HttpMethod.Post, path, feed.Secret, Body(deed.Lines, null), key) is not { } first) return;
        Heard(office, session, CommandOf(office, feed, key), first);
        if (await programs.Send(HttpMethod.Post, path, feed.Secret, Body(deed.Other, "other"), key) is { } second && second.Code != "command-reused")
            evidence.Broken($"a key was taken with two contents: {(int)second.Status} {second.Text}");
    }

    private void Heard(Office office, PlannedSession session, Guid command, Reply reply)
    {
        if (reply.Status == HttpStatusCode.Created)
            evidence.Told.Enqueue(new Told(Now, Of("sessions", office, session.Id), command, null, (reply.Json.GetProperty("version").GetInt32(), reply.Json.GetProperty("sold").GetInt32())));
        else if (reply.Code is { } refusal) evidence.Told.Enqueue(new Told(Now, Of("sessions", office, session.Id), command, refusal));
        else evidence.Broken($"a tally is answered {(int)reply.Status}: {reply.Text}");
    }

    /// <summary>A command that the API has, and what its sender hears.</summary>
    private async Task Tell(Office office, Random random, string kind, string id, HttpMethod method, string path, object? body, string key, string? ifMatch = null)
    {
        var feed = Feed(office, random);
        if (await programs.Send(method, path, feed.Secret, body, key, ifMatch) is { } reply)
            evidence.Told.Enqueue(new Told(Now, Of(kind, office, id), CommandOf(office, feed, key), reply.IsDone ? null : reply.Code ?? $"{(int)reply.Status}"));
    }

    private async Task Move(Office office, Random random, PlannedSession session, string key)
    {
        if (await programs.Get($"/api/v1/sessions/{session.Id}", office.Feeds[0].Secret) is not { IsDone: true } seen) return;
        var details = seen.Json;
        await Tell(office, random, "sessions", session.Id, HttpMethod.Put, $"/api/v1/sessions/{session.Id}", new
        {
            show = details.GetProperty("show"),
            place = $"Salle {random.Next(1, 9)}",
            start = details.GetProperty("start"),
            zone = details.GetProperty("zone"),
            currency = details.GetProperty("currency"),
            categories = details.GetProperty("categories"),
            tariffs = details.GetProperty("tariffs"),
            channels = details.GetProperty("channels"),
        }, key, seen.ETag);
    }

    /// <summary>The current version; null without one.</summary>
    private async Task<int?> Look(Office office, PlannedSession session)
    {
        if (await programs.Get($"/api/v1/sessions/{session.Id}/tally", office.Feeds[0].Secret) is not { } seen) return null;
        if (seen.Code == "tally-unknown") return null;
        if (!seen.IsDone)
        {
            evidence.Broken($"a session that was made is answered {(int)seen.Status} {seen.Code}");
            return null;
        }
        var tally = seen.Json;
        var version = tally.GetProperty("version").GetInt32();
        long? gross = tally.TryGetProperty("gross", out var money) && money.ValueKind != System.Text.Json.JsonValueKind.Null
            ? (long)(decimal.Parse(money.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture) * 100)
            : null;
        evidence.Sights.Enqueue(new Sight(Now, office.House.Id, session.Id, version,
            new TallyFigures(tally.GetProperty("sold").GetInt32(), tally.GetProperty("reserved").GetInt32(), tally.GetProperty("free").GetInt32(), gross)));
        return version;
    }

    /// <summary>The four steps of the page that asks for a link.</summary>
    private async Task<PlannedLink?> Ask(Round round, PlannedLink planned)
    {
        if (await round.Real(planned.Sender) is not { } sender) return null;
        PlannedSession? into = null;
        if (planned.Into is not null && (into = await round.Real(planned.Into)) is null) return null;
        var number = Interlocked.Increment(ref links);
        var link = planned with { Number = number, Sender = sender, Receiver = planned.Receiver is null ? null : round.OfficeOf(planned.Receiver).House, Into = into, Receiving = into?.Id ?? "" };
        var asker = link.AskedBy == LinkSide.Sender ? sender.Owner : link.Receiver!;
        var browser = browsers[asker.Id];
        var path = link.AskedBy == LinkSide.Sender ? $"/links/new?session={sender.Id}" : into is null ? "/links/new" : $"/links/new?into={into.Id}";
        if (link.Receiver is null) path += "&to=outside";
        var page = await browser.Open(path);
        for (var steps = 0; page is not null && steps < 5; steps++)
        {
            var form = Enumerable.Range(1, 4).Select(step => $"link-{step}").FirstOrDefault(name => page.Text.Contains($"value=\"{name}\"", StringComparison.Ordinal));
            if (form is null || await browser.Submit(page, path, form, FieldsOf(form, link), command => evidence.LinksMeant[command] = link) is not var (command, reply)) return null;
            if (form == "link-4")
            {
                var id = reply.Status == HttpStatusCode.OK ? LinkIn(reply.Text) : reply.Location is { } done ? LinkIn(done) : null;
                if (id is null) return null;
                var real = link with { Id = id };
                evidence.Links.Enqueue(real);
                evidence.Told.Enqueue(new Told(Now, new AggregateId("links", sender.Owner.Id, id), command, null));
                return real;
            }
            // A step that is refused says so with a form that comes back: the session was closed meanwhile, or sends already.
            if (reply.Location is not { } next) return null;
            path = next;
            page = await browser.Open(next);
        }
        return null;
    }

    private (string Name, string Value)[] FieldsOf(string form, PlannedLink link) => form switch
    {
        "link-1" when link.Receiver is null =>
        [
            ("name", "Mairie"), ("email", $"mairie{link.Number}@example.org"), ("language", "French"), ("delivery", "Webhook"), ("webhook", new Uri(webhooks, $"/in/{link.Number}").AbsoluteUri),
        ],
        "link-1" => [("side", link.AskedBy.ToString()), ("counterpart", link.AskedBy == LinkSide.Sender ? link.Receiver.Id : link.Sender.Owner.Id)],
        "link-2" => [("session", link.Sender.Id), ("into", link.Into?.Id ?? "")],
        "link-3" => link.AskedBy == LinkSide.Sender ? Terms(link.Terms) : [("detail", link.Terms.Detail.ToString())],
        _ => [("message", ""), ("expires", "30")],
    };

    private static (string Name, string Value)[] Terms(LinkTerms terms) =>
    [
        ("detail", terms.Detail.ToString()), ("scoped", "1"),
        .. (terms.Categories.Length == 0 ? ["or", "balcon"] : terms.Categories).Select(code => ("categories", code)),
        .. (terms.Channels.Length == 0 ? ["guichet", "fnac"] : terms.Channels).Select(code => ("channels", code)),
    ];

    private static string? LinkIn(string text) => text.Split("/links/").Skip(1).Select(rest => rest.Length >= Ids.Length ? rest[..Ids.Length] : "").FirstOrDefault(Ids.IsValid);

    private async Task Accept(Round round, PlannedLink link)
    {
        var receives = link.AskedBy == LinkSide.Sender;
        var done = await Act(round, link, Other(link.AskedBy), "accept", receives
            ? link.Into is null ? [("into", "new"), ("other", "")] : [("into", ""), ("other", link.Into.Id)]
            : [("session", link.Sender.Id), .. Terms(link.Terms)]);
        if (!done) return;
        Interlocked.Increment(ref accepted);
        var receiver = round.OfficeOf(link.Receiver!);
        if (await programs.Get($"/api/v1/links/{link.Id}", receiver.Feeds[0].Secret) is { IsDone: true } seen && seen.Json.GetProperty("session").GetString() is { } session)
            // Made a moment after the acceptance: until then there is no page.
            for (var tries = 0; tries < 20 && !stopping.IsCancellationRequested; tries++)
            {
                if (await programs.Get($"/api/v1/sessions/{session}", receiver.Feeds[0].Secret) is { IsDone: true })
                {
                    Watch(round, receiver, session);
                    return;
                }
                await Pause(TimeSpan.FromMilliseconds(500));
            }
    }

    /// <summary>One of the forms of a link's page, when it is there; true when it was done.</summary>
    private async Task<bool> Act(Round round, PlannedLink link, LinkSide side, string form, params (string Name, string Value)[] fields)
    {
        if ((side == LinkSide.Sender ? link.Sender.Owner : link.Receiver) is not { } who) return false;
        var browser = browsers[who.Id];
        var path = $"/links/{link.Id}";
        if (await browser.Open(path) is not { } page) return false;
        if (!page.IsDone)
        {
            evidence.Broken($"{who.Name}, a party to {link.Name}, is answered {(int)page.Status}");
            return false;
        }
        if (await browser.Submit(page, path, form, fields) is not var (command, reply)) return false;
        evidence.Told.Enqueue(new Told(Now, new AggregateId("links", link.Sender.Owner.Id, link.Id), command, reply.IsDone ? null : "?"));
        return reply.IsDone;
    }

    private async Task Intrude(Office office, PlannedSession session, PlannedLink link, string key)
    {
        async Task Refused(Task<Reply?> asked, string what)
        {
            if (await asked is { } reply && reply.Status != HttpStatusCode.NotFound) evidence.Broken($"{office.House.Name} {what}, which isn't its own: {(int)reply.Status}");
        }
        if (session.Owner.Id != office.House.Id)
        {
            await Refused(programs.Get($"/api/v1/sessions/{session.Id}", office.Feeds[0].Secret), $"reads {session.Name}");
            await Refused(programs.Send(HttpMethod.Post, $"/api/v1/sessions/{session.Id}/tallies", office.Feeds[0].Secret, new { lines = Array.Empty<object>() }, key), $"writes to {session.Name}");
        }
        if (office.House.Id == link.Sender.Owner.Id || office.House.Id == link.Receiver?.Id) return;
        await Refused(programs.Get($"/api/v1/links/{link.Id}", office.Feeds[0].Secret), $"reads {link.Name}");
        await Refused(browsers[office.House.Id].Open($"/links/{link.Id}"), $"opens {link.Name}");
    }

    private void Watch(Round round, Office office, string session)
    {
        if (!round.TakesAPage(PagesOfARound)) return;
        pages.Enqueue(LivePage.Open(browsers[office.House.Id], office.House.Id, session, ledger, evidence, closing.Token));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static AggregateId Of(string kind, Office office, string id) => new(kind, office.House.Id, id);

    private static Feed Feed(Office office, Random random) => office.Feeds[random.Next(office.Feeds.Length)];

    /// <summary>Keys are scoped to the organisation and the token (docs/api.md): what a command's id comes from.</summary>
    public static Guid CommandOf(Office office, Feed feed, string key) => CommandIds.From(office.House.Id, feed.Id, key);

    private static LinkSide Other(LinkSide side) => side == LinkSide.Sender ? LinkSide.Receiver : LinkSide.Sender;

    public static object Euros(long minor) => new { amount = (minor / 100m).ToString("0.00", CultureInfo.InvariantCulture), currency = "EUR" };

    private static object[] Sent(ImmutableArray<TallyLine> lines) => [.. lines.Select(line => new
    {
        category = line.Category,
        tariff = line.Tariff,
        channel = line.Channel,
        sold = line.Sold,
        reserved = line.Reserved,
        free = line.Free,
        gross = Euros(line.GrossMinor ?? 0),
    })];

    private static ImmutableArray<TallyLine> Lines(Random random) =>
    [
        new TallyLine("or", "plein", "guichet", random.Next(0, 90), random.Next(0, 5), random.Next(0, 5), random.Next(0, 500_000)),
        new TallyLine("balcon", "reduit", "fnac", random.Next(0, 40), 0, random.Next(0, 3), random.Next(0, 100_000)),
    ];

    /// <summary>One plan on its way: which real session and link each of its planned ones has become.</summary>
    private sealed class Round(int number, Plan plan, IReadOnlyList<Office> offices)
    {
        private readonly Dictionary<string, TaskCompletionSource<PlannedSession?>> sessions =
            plan.Sessions.ToDictionary(session => session.Id, _ => new TaskCompletionSource<PlannedSession?>(TaskCreationOptions.RunContinuationsAsynchronously));

        private readonly Dictionary<string, TaskCompletionSource<PlannedLink?>> links =
            plan.Links.ToDictionary(link => link.Id, _ => new TaskCompletionSource<PlannedLink?>(TaskCreationOptions.RunContinuationsAsynchronously));

        private int pages;

        public int Number => number;

        public Plan Plan => plan;

        public TaskCompletionSource<PlannedSession?> Of(PlannedSession planned) => sessions[planned.Id];

        public TaskCompletionSource<PlannedLink?> Of(PlannedLink planned) => links[planned.Id];

        /// <summary>Null when it was never made.</summary>
        public Task<PlannedSession?> Real(PlannedSession planned) => Of(planned).Task;

        public Task<PlannedLink?> Real(PlannedLink planned) => Of(planned).Task;

        public Office OfficeOf(House house) => offices.Single(office => office.House.Name == house.Name);

        public Office OfficeOf(PlannedSession session) => OfficeOf(session.Owner);

        public bool TakesAPage(int most) => Interlocked.Increment(ref pages) <= most;

        /// <summary>What this step makes was never made, unless it was: nobody waits for it any more.</summary>
        public void Abandon(Step step)
        {
            if (step is MakeSession make) Of(make.Session).TrySetResult(null);
            if (step is AskForLink ask) Of(ask.Link).TrySetResult(null);
        }
    }
}

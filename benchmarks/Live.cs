using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Guichet.Demo;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Sessions;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guichet.Benchmarks;

/// <summary>
/// From asking a house's session to validate to the figure arriving on the promoter's open page, over the real HTTP event stream: commit
/// at the sender, stream, commit at the receiver, feed, server-sent event. Fifty a second for twenty seconds.
/// </summary>
internal static partial class Live
{
    private const int PerSecond = 50;
    private const int Seconds = 20;

    public static Task Run() => Sheet.WithNode(async (app, database) =>
    {
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        var time = TimeProvider.System;
        var house = new Actor(DemoWorld.House, "bench", ActorKind.Operator, "Bench", Role.Administrator);
        var promoter = new Actor(DemoWorld.Promoter, "bench", ActorKind.Operator, "Bench", Role.Administrator);
        var (sender, receiving) = await Linked(app.Services, grains, house, promoter, time);

        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(app.Urls.First()), Timeout = Timeout.InfiniteTimeSpan };
        await SignIn(browser, DemoWorld.SignIns[1]);
        var page = await browser.GetStringAsync($"/sessions/{receiving}");
        var position = Position().Match(page).Groups[1].Value;
        using var stop = new CancellationTokenSource();
        var arrived = new ConcurrentDictionary<int, long>();
        var reading = Read(browser, position, receiving, arrived, stop.Token);

        // The limit: two sequential single-row commits on the same server, measured between the sends of the same run.
        await Sheet.Execute(database.Owner, "CREATE TABLE bench_one (id int PRIMARY KEY, n bigint); INSERT INTO bench_one VALUES (1, 0), (2, 0); GRANT ALL ON bench_one TO guichet_app");
        var commits = new List<double>();
        var sent = new ConcurrentDictionary<int, long>();
        using var caller = Caller.As(house);
        var clock = Stopwatch.StartNew();
        var pending = new List<Task>();
        for (var i = 1; i <= PerSecond * Seconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / PerSecond);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed, time);
            var sold = i;
            sent[sold] = Stopwatch.GetTimestamp();
            pending.Add(Validate(sender, sold, house));
            if (i % 10 != 0) continue;
            var start = Stopwatch.GetTimestamp();
            await Sheet.Execute(database.Product, "UPDATE bench_one SET n = n + 1 WHERE id = 1");
            await Sheet.Execute(database.Product, "UPDATE bench_one SET n = n + 1 WHERE id = 2");
            commits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        await Task.WhenAll(pending);
        for (var waited = 0; !arrived.ContainsKey(PerSecond * Seconds) && waited < 100; waited++) await Task.Delay(TimeSpan.FromMilliseconds(50), time);
        await stop.CancelAsync();
        await reading;

        var lags = sent.Where(one => arrived.ContainsKey(one.Key)).Select(one => Stopwatch.GetElapsedTime(one.Value, arrived[one.Key]).TotalMilliseconds).Order().ToList();
        commits.Sort();
        var limit = Sheet.Quantile(commits, 0.5);
        Console.WriteLine($"{lags.Count:N0} of {sent.Count:N0} versions were seen by themselves (a later one may replace an earlier one on its way)");
        Sheet.Print("tally → other organisation's open page, p50", $"{Sheet.Quantile(lags, 0.5):0.0} ms", $"{limit:0.0} ms, two single-row commits, p50", Sheet.Quantile(lags, 0.5) / limit);
        Sheet.Print("tally → other organisation's open page, p99", $"{Sheet.Quantile(lags, 0.99):0.0} ms", $"{Sheet.Quantile(commits, 0.99):0.0} ms, the same, p99", Sheet.Quantile(lags, 0.99) / Sheet.Quantile(commits, 0.99));
    }, "--Guichet:Demo=true");

    private static async Task Validate(ISessionGrain session, int sold, Actor by) => _ = (await session.Validate(
        new ValidateTally([new TallyLine("a", "full", "desk", sold, 0, 0, 0)], TallySource.Typed, null, null, null, true, true) { Id = Guid.NewGuid(), By = by })).Accepted;

    private static async Task<(ISessionGrain Sender, string Receiving)> Linked(IServiceProvider services, IGrainFactory grains, Actor house, Actor promoter, TimeProvider time)
    {
        ISessionGrain session;
        var id = Ids.New(time);
        var receiving = Ids.New(time);
        var link = grains.GetGrain<ILinkGrain>(GrainKey.Of(house.Organisation, Ids.New(time)));
        using (Caller.As(house))
        {
            var show = Ids.New(time);
            _ = (await grains.GetGrain<IShowGrain>(GrainKey.Of(house.Organisation, show)).Create(new CreateShow(new ShowDetails("Bench", null, null, null)) { Id = Guid.NewGuid(), By = house })).Accepted;
            session = grains.GetGrain<ISessionGrain>(GrainKey.Of(house.Organisation, id));
            _ = (await session.Create(new CreateSession(Sheet.Details with { ShowId = show, Categories = [new Category("a", "A", 100_000)] }, OnSale: true) { Id = Guid.NewGuid(), By = house })).Accepted;
            _ = (await link.Request(new RequestLink(LinkSide.Sender, promoter.Organisation, null, id, null, null, LinkTerms.AllDetail, null, null) { Id = Guid.NewGuid(), By = house })).Accepted;
        }
        using (Caller.As(promoter))
        {
            _ = (await link.Accept(new AcceptLink(new Receiving(receiving, Create: true), null, null) { Id = Guid.NewGuid(), By = promoter })).Accepted;
            for (var waited = 0; waited < 200; waited++)
            {
                if (await grains.GetGrain<ISessionGrain>(GrainKey.Of(promoter.Organisation, receiving)).View() is { Incoming: not null }) break;
                await Task.Delay(TimeSpan.FromMilliseconds(25), time);
            }
        }
        using (Caller.As(house))
            for (var waited = 0; (await session.View())!.Outgoing.IsEmpty && waited < 200; waited++)
                await Task.Delay(TimeSpan.FromMilliseconds(25), time);
        return (session, receiving);
    }

    internal static async Task SignIn(HttpClient browser, DemoSignIn who)
    {
        var form = await browser.GetStringAsync("/sign-in");
        form = form[form.LastIndexOf("<form", form.IndexOf("name=\"email\"", StringComparison.Ordinal), StringComparison.Ordinal)..];
        form = form[..form.IndexOf("</form>", StringComparison.Ordinal)];
        var fields = Hidden().Matches(form).DistinctBy(match => match.Groups[1].Value).ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));
        fields["email"] = who.Email;
        fields["password"] = who.Password;
        using var answer = await browser.PostAsync("/sign-in", new FormUrlEncodedContent(fields));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Notes when each sold figure of the receiving session came.</summary>
    private static async Task Read(HttpClient browser, string position, string session, ConcurrentDictionary<int, long> arrived, CancellationToken stop)
    {
        try
        {
            using var stream = await browser.GetAsync($"/live?at={Uri.EscapeDataString(position)}", HttpCompletionOption.ResponseHeadersRead, stop);
            using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(stop));
            while (await reader.ReadLineAsync(stop) is { } line)
                if (line.StartsWith("data:", StringComparison.Ordinal) && Sold(session).Match(line) is { Success: true } match
                    && int.TryParse(string.Concat(match.Groups[1].Value.Where(char.IsAsciiDigit)), out var sold))
                    arrived.TryAdd(sold, Stopwatch.GetTimestamp());
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private static Regex Sold(string session) => new($"\"session/{session}/sold\":\"([^\"]*)\"", RegexOptions.CultureInvariant);

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)""")]
    private static partial Regex Hidden();

    [GeneratedRegex("data-live-at=\"([^\"]*)\"")]
    private static partial Regex Position();
}

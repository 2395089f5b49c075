using System.Net;
using System.Text.Json.Nodes;
using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guichet.Tests.Api;

/// <summary>Programs that send again, and programs that read page after page while others write.</summary>
public sealed class RetryTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_same_key_gets_the_same_answer_also_after_a_restart()
    {
        var program = fixture.Node.Program(fixture.House.Token);
        var show = await program.Made("shows", new { title = "Le Cid" }, key: "cid");
        var session = await program.Made("sessions", Sent.Session(show), key: "cid-1");
        var first = await program.Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(40)), key: "t-1");
        var refused = await program.Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(3)), key: "t-2");
        await program.Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(41)), key: "t-3");

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(show, await program.Made("shows", new { title = "Le Cid" }, key: "cid"));
            Assert.Equal(session, await program.Made("sessions", Sent.Session(show), key: "cid-1"));
            var again = await program.Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(40)), key: "t-1");
            Assert.Equal((first.Status, first.Body!.ToJsonString()), (again.Status, again.Body!.ToJsonString()));
            again = await program.Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(3)), key: "t-2");
            Assert.Equal((HttpStatusCode.Conflict, refused.Body!["refusals"]!.ToJsonString()), (again.Status, again.Body!["refusals"]!.ToJsonString()));
            Assert.Equal("422 command-reused", await program.Refusal("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(42)), key: "t-1"));
            Assert.Equal("422 command-reused", await program.Refusal("POST", "/api/v1/shows", new { title = "Horace" }, key: "cid"));
            Assert.Equal(2, (int)(await program.Send("GET", $"/api/v1/sessions/{session}/tally")).Body!["version"]!);
            await fixture.Restart();
            program = fixture.Node.Program(fixture.House.Token);
        }
        Assert.Single((await program.Send("GET", $"/api/v1/sessions?show={show}")).Body!["items"]!.AsArray());
    }

    /// <summary>A key is its token's own: another program's, of the same organisation or not, has nothing to do with it.</summary>
    [Fact]
    public async Task Another_organisations_same_key_is_another_key()
    {
        var mine = await fixture.Node.Program(fixture.House.Token).Made("shows", new { title = "Esther" }, key: "one");
        var theirs = await fixture.Node.Program(fixture.Promoter.Token).Made("shows", new { title = "Athalie" }, key: "one");
        Assert.NotEqual(mine, theirs);
    }

    [Fact]
    public async Task Requests_at_once_with_one_key_have_one_effect()
    {
        var program = fixture.Node.Program(fixture.House.Token);
        var (_, session) = await fixture.House.Play(fixture.Node, "Ubu");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => program.Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(40)), key: "at-once")));
        Assert.Single(answers.Select(answer => (answer.Status, answer.Body!.ToJsonString())).Distinct());
        Assert.Single((await program.Send("GET", $"/api/v1/sessions/{session}/tallies")).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_miss_while_sessions_are_added()
    {
        var program = fixture.Node.Program(fixture.House.Token);
        var show = await program.Made("shows", new { title = "Saison" });
        var there = new List<string>();
        // Several on one evening: the start alone doesn't order them.
        for (var i = 0; i < 9; i++) there.Add(await program.Made("sessions", Sent.Session(show, $"Salle {i}", $"2027-05-0{1 + i / 4}T20:30:00")));

        var seen = new List<string>();
        string? cursor = null;
        for (var page = 0; page == 0 || cursor is not null; page++)
        {
            var body = (await program.Send("GET", $"/api/v1/sessions?show={show}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Body!;
            seen.AddRange(body["items"]!.AsArray().Select(one => (string)one!["id"]!));
            cursor = (string?)body["next"];
            await program.Made("sessions", Sent.Session(show, "Avant", "2027-04-01T20:30:00"));
            if (page < 2) await program.Made("sessions", Sent.Session(show, "Après", "2027-06-01T20:30:00"));
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(there.Except(seen));
        Assert.Equal(there.Count + 2, seen.Count);
    }

    [Fact]
    public async Task Modified_since_finds_what_changed_and_nothing_else()
    {
        var program = fixture.Node.Program(fixture.House.Token);
        var show = await program.Made("shows", new { title = "Depuis" });
        var (still, tallied, changed) = (await program.Made("sessions", Sent.Session(show)), await program.Made("sessions", Sent.Session(show)), await program.Made("sessions", Sent.Session(show)));
        var since = ApiTimesText(TimeProvider.System.GetUtcNow());

        await program.Send("POST", $"/api/v1/sessions/{tallied}/tallies", Sent.Tally(Sent.Line(4)));
        await program.Send("POST", $"/api/v1/sessions/{changed}/close");
        // Refused: the journal has it, the session didn't change.
        await program.Send("POST", $"/api/v1/sessions/{still}/tallies", Sent.Tally(Sent.Line(101)));

        var body = (await program.Send("GET", $"/api/v1/sessions?show={show}&modified_since={since}")).Body!;
        Assert.Equal(new[] { tallied, changed }.Order(), body["items"]!.AsArray().Select(one => (string)one!["id"]!).Order());
        Assert.True(DateTimeOffset.Parse((string)body["asOf"]!, System.Globalization.CultureInfo.InvariantCulture) < TimeProvider.System.GetUtcNow());
    }

    /// <summary>What isn't committed isn't confirmed: the program is told to come back, and its retry has one effect.</summary>
    [Fact]
    public async Task A_database_that_fails_is_unavailable_and_the_retry_has_one_effect()
    {
        var (_, session) = await fixture.House.Play(fixture.Node, "Ubu");
        var full = new FailingJournal();
        await using var node = await TestNode.Start(fixture.Database.Product, configure: services =>
            services.AddSingleton<IJournalStore>(all => full.Around(ActivatorUtilities.CreateInstance<PostgresJournal>(all))));
        var program = node.Program(fixture.House.Token);

        full.Fails = true;
        var (status, body, answer) = await program.Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(40)), key: "full");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (status, (string)body!["code"]!));
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("404 tally-unknown", await program.Refusal("GET", $"/api/v1/sessions/{session}/tally"));

        full.Fails = false;
        var done = await program.Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(40)), key: "full");
        Assert.Equal((HttpStatusCode.Created, 1), (done.Status, (int)done.Body!["version"]!));
    }

    [Fact]
    public async Task A_database_that_is_away_is_unavailable_until_it_is_back()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        var node = await TestNode.Start(database.Product);
        var program = node.Program((await Tenant.Found(node, "house", "Théâtre du Port")).Token);
        Assert.Equal(HttpStatusCode.OK, (await program.Send("GET", "/api/v1/shows")).Status);

        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await Execute($"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false");
        await Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        foreach (var (method, body) in new[] { ("GET", null), ("POST", new { title = "Perdu" }) })
        {
            var (status, said, answer) = await program.Send(method, "/api/v1/shows", body);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (status, (string)said!["code"]!));
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        await Execute($"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true");
        Assert.Empty((await program.Send("GET", "/api/v1/shows")).Body!["items"]!.AsArray());
        await node.DisposeAsync();
        await database.DisposeAsync();

        async Task Execute(string sql)
        {
            await using var command = fixture.Database.Owner.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static string ApiTimesText(DateTimeOffset at) => at.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}

using System.Net;
using System.Net.Http.Headers;
using Guichet.Sessions;
using Guichet.Support;
using Npgsql;

namespace Guichet.Tests.Api;

/// <summary>Faults 1 and 9 of a real node: it is killed in mid-validation, and its connections run out.</summary>
public sealed class KilledNodeTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"guichet-killed-{Guid.NewGuid():N}");

    [Fact]
    public async Task A_tally_sent_again_after_the_node_was_killed_is_one_version()
    {
        Tenant house;
        string session;
        await using (var node = await TestNode.Start(database.Product))
        {
            house = await Tenant.Found(node, "house", "Théâtre du Port");
            (_, session) = await house.Play(node, "Le Cid");
        }
        var path = $"/api/v1/sessions/{session}/tallies";

        await using (var killed = await NodeProcess.StartAsync(folder, ("Guichet:Database", database.ConnectionString)))
        {
            SignIn(killed, house);
            // Nothing can be written to the table of versions: the commit is under way and waits.
            await using var connection = await database.Owner.OpenConnectionAsync();
            await using var hold = await connection.BeginTransactionAsync();
            await using (var take = new NpgsqlCommand("LOCK TABLE tallies IN ACCESS EXCLUSIVE MODE", connection, hold)) await take.ExecuteNonQueryAsync();
            var sent = killed.Http.Send("POST", path, Sent.Tally(Sent.Line(40)), key: "evening");
            await using (var waiting = new NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'tallies'::regclass", connection, hold))
                while ((long)(await waiting.ExecuteScalarAsync())! == 0) await Task.Yield();
            Assert.False(sent.IsCompleted);

            await killed.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => sent);
            await hold.RollbackAsync();
        }

        await using var next = await NodeProcess.StartAsync(folder, ("Guichet:Database", database.ConnectionString));
        SignIn(next, house);
        var again = await next.Http.Send("POST", path, Sent.Tally(Sent.Line(40)), key: "evening");
        var once = await next.Http.Send("POST", path, Sent.Tally(Sent.Line(40)), key: "evening");

        Assert.Equal((HttpStatusCode.Created, 1), (again.Status, (int)again.Body!["version"]!));
        Assert.Equal(again.Body.ToJsonString(), once.Body!.ToJsonString());
        Assert.Single((await next.Http.Send("GET", path)).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task Three_connections_serve_hundreds_of_cold_grains_whole_or_not_at_all()
    {
        var few = new NpgsqlConnectionStringBuilder(database.Product.ConnectionString) { MaxPoolSize = 3, Timeout = 5, Password = new NpgsqlConnectionStringBuilder(database.ConnectionString).Password };
        await using var source = NpgsqlDataSource.Create(few);
        await using var silo = await TestSilo.Start(source, TimeProvider.System);
        var by = Actor.System("tests", "crowd");
        using var _ = Caller.As(by);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 600).Select(async i =>
        {
            var grain = silo.Grains.GetGrain<IShowGrain>(GrainKey.Of("crowd", $"show-{i}"));
            var command = new CreateShow(new ShowDetails($"Show {i}", null, null, null)) { Id = Guid.NewGuid(), By = by };
            try
            {
                return (await grain.Create(command)).IsRefused ? "refused" : "done";
            }
            catch (TryAgainException)
            {
                return "again";
            }
        })).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.DoesNotContain("refused", outcomes);
        var written = await silo.Database.QueryFirst<int>("crowd", "SELECT count(*)::integer FROM shows WHERE organisation = 'crowd'");
        Assert.Equal(written, await silo.Database.QueryFirst<int>("crowd", "SELECT count(*)::integer FROM journal WHERE organisation = 'crowd'"));
        // What was confirmed is there; what wasn't may have been written all the same, whole.
        Assert.InRange(written, outcomes.Count(outcome => outcome == "done"), outcomes.Length);
    }

    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static void SignIn(NodeProcess node, Tenant house) => node.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", house.Token);
}

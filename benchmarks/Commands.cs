using System.Diagnostics;
using Guichet.Hosting;
using Guichet.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace Guichet.Benchmarks;

/// <summary>Durable commands a second, beside what the same server does with single rows in the same run.</summary>
internal static class Commands
{
    private const int Callers = 64;
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(6);

    public static Task Run() => Sheet.WithNode(async (app, database) =>
    {
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        using var caller = Caller.As(Sheet.Operator);

        await Sheet.Execute(database.Owner, "CREATE TABLE bench_rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who text, what text); CREATE TABLE bench_one (id int PRIMARY KEY, n bigint); INSERT INTO bench_one VALUES (1, 0)");
        await Sheet.Execute(database.Owner, "GRANT ALL ON bench_rows, bench_one TO guichet_app");
        var (oneRow, oneRowAt) = (0d, 0);
        foreach (var connections in new[] { 1, 4, 16 })
        {
            var rate = await Sheet.Rate(connections, Lasting / 2, _ => Sheet.Execute(database.Product, "UPDATE bench_one SET n = n + 1 WHERE id = 1"));
            if (rate > oneRow) (oneRow, oneRowAt) = (rate, connections);
        }
        var inserts = await Sheet.Rate(16, Lasting, async _ =>
        {
            await using var command = database.Product.CreateCommand("INSERT INTO bench_rows (who, what) VALUES ($1, $2)");
            command.Parameters.Add(new NpgsqlParameter { Value = "bench", NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { Value = "a row", NpgsqlDbType = NpgsqlDbType.Text });
            await command.ExecuteNonQueryAsync();
        });

        var hot = await Sheet.Session(grains, "hot");
        var many = new ISessionGrain[1_000];
        for (var i = 0; i < many.Length; i++) many[i] = await Sheet.Session(grains, $"many{i}");
        // The lightest command that a session has, and the one that it is for: a tally also writes its version, with every line.
        foreach (var (what, send) in new (string, Func<ISessionGrain, int, Task>)[]
        {
            ("light commands", async (session, i) => Demand(await session.MakeShareable(new MakeSessionShareable(i % 2 == 0) { Id = Guid.NewGuid(), By = Sheet.Operator }))),
            ("tallies", async (session, i) => Demand(await session.Validate(Sheet.Tally(i)))),
        })
        {
            var next = -1;
            var rate = await Sheet.Rate(Callers, Lasting, _ => send(hot, Interlocked.Increment(ref next)));
            Sheet.Print($"durable {what}/s on one session, 64 callers", $"{rate:N0}/s", $"{oneRow:N0}/s updates of one row ({oneRowAt} connections)", rate / oneRow);
            rate = await Sheet.Rate(Callers, Lasting, async _ =>
            {
                // Each session is sent one after the other: it would else see the same twice.
                var i = Interlocked.Increment(ref next);
                await send(many[i % many.Length], i / many.Length);
            });
            Sheet.Print($"durable {what}/s over 1,000 sessions, 64 callers", $"{rate:N0}/s", $"{inserts:N0}/s single-row inserts (16 connections)", rate / inserts);
        }
    });

    private static void Demand<T>(Outcome<T> outcome) => _ = outcome.Accepted;
}

using System.Diagnostics;
using Guichet.Hosting;
using Guichet.Journal;
using Guichet.Partners;
using Guichet.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guichet.Benchmarks;

/// <summary>
/// 10,000 partners of one organisation, each told of twenty of a thousand sessions on sale, half of that reported: the list with the
/// envelopes of all, and a page of it; and a run of reports to all, taken apart.
/// </summary>
internal static class Envelopes
{
    private const int Partners = 10_000;
    private const int Sessions = 1_000;

    public static Task Run() => Sheet.WithNode(async (app, database) =>
    {
        await Sheet.Execute(database.Owner, $$"""
            INSERT INTO sessions (organisation, id, version, state, show_id, status, tally_version, series_id, start_at)
              SELECT 'bench', 's' || n, 1, '{}', 'show', 'onSale', 1 + n % 7, CASE WHEN n % 10 = 0 THEN 'r' || n / 10 END, now() FROM generate_series(1, {{Sessions}}) AS n;
            INSERT INTO partners (organisation, id, version, state)
              SELECT 'bench', 'p' || n, 1, jsonb_build_object('revision', 1, 'archived', false, 'sessions', '["a"]'::jsonb, 'series', '[]'::jsonb, 'details', jsonb_build_object(
                'name', 'Partner ' || md5(n::text), 'group', (ARRAY['partners', 'agents', 'venues'])[1 + n % 3], 'language', 'french',
                'addresses', jsonb_build_array(jsonb_build_object('email', 'p' || n || '@bench.example', 'kind', 'to')))) FROM generate_series(1, {{Partners}}) AS n;
            INSERT INTO partner_sessions SELECT 'bench', 'p' || n, 's' || 1 + (n * 7 + k * 31) % {{Sessions}}, now() FROM generate_series(1, {{Partners}}) AS n, generate_series(1, 18) AS k ON CONFLICT DO NOTHING;
            INSERT INTO partner_series SELECT 'bench', 'p' || n, 'r' || 1 + (n + k * 13) % ({{Sessions}} / 10), now() FROM generate_series(1, {{Partners}}) AS n, generate_series(1, 2) AS k ON CONFLICT DO NOTHING;
            INSERT INTO tallies (organisation, session_id, version, at, by_name, source, sold, reserved, free, lines)
              SELECT 'bench', 's' || n, v, now() - interval '8 days' + v * interval '1 day', 'Bench', 'typed', v * 10, 0, 0, '[]' FROM generate_series(1, {{Sessions}}) AS n, generate_series(1, 7) AS v WHERE v <= 1 + n % 7;
            INSERT INTO partner_reported SELECT organisation, partner_id, session_id, 4, now() FROM partner_sessions WHERE substr(partner_id, 2)::integer % 2 = 0;
            """);
        await Sheet.Execute(database.Owner, "VACUUM ANALYZE sessions, tallies, partners, partner_sessions, partner_series, partner_reported");
        var queries = app.Services.GetRequiredService<PartnerQueries>();
        await Measure("first page, by name", new PartnerFilter());
        await Measure("envelopes of all, by envelope", new PartnerFilter(Sort: PartnerSort.Envelope, Descending: true));
        await Measure("envelopes of all, the red ones", new PartnerFilter(Envelope: EnvelopeState.Red));
        await Measure("search in all, with envelopes", new PartnerFilter(Search: "ab partner", Sort: PartnerSort.OnSale));

        await Expansion(app.Services, database);

        async Task Measure(string what, PartnerFilter filter)
        {
            var times = new List<double>();
            for (var i = 0; i < 30; i++)
            {
                var start = Stopwatch.GetTimestamp();
                _ = await queries.List("bench", filter);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            times.Sort();
            Sheet.Print($"{Partners:N0} partners, {what}, p50", $"{Sheet.Quantile(times, 0.5):0.0} ms", "200 ms", Sheet.Quantile(times, 0.5) / 200);
        }
    });

    private static async Task<List<PrepareReports>> Parts(NodeDatabase database)
    {
        var parts = new List<PrepareReports>();
        await using var command = database.Owner.CreateCommand("SELECT payload FROM outbox WHERE kind = 'prepare-reports' ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) parts.Add(Json.Read<PrepareReports>(reader.GetString(0)));
        return parts;
    }

    /// <summary>Each time anew, with nobody to send what it queues.</summary>
    private static async Task Expansion(IServiceProvider services, NodeDatabase database)
    {
        await services.GetServices<IHostedService>().OfType<OutboxDispatcher>().Single().StopAsync(CancellationToken.None);
        var expansion = services.GetRequiredService<IEffectHandler<ExpandRun>>();
        var preparation = services.GetRequiredService<IEffectHandler<PrepareReports>>();
        var scope = ReportScope.Of([.. Enumerable.Range(1, Partners).Select(n => $"p{n}")]);
        var (times, parts) = (new List<double>(), new List<double>());
        for (var i = 0; i < 6; i++)
        {
            var (id, now) = ($"run{i}", TimeProvider.System.GetUtcNow());
            var state = Json.Write(new ReportRunState(new ReportRunDetails(ReportRunKind.ByHand, scope, now, now, "Bench", null, null, null, null, null), 0));
            await using (var insert = database.Owner.CreateCommand("INSERT INTO report_sendings (organisation, id, version, state) VALUES ('bench', $1, 1, $2::jsonb)"))
            {
                insert.Parameters.AddWithValue(id);
                insert.Parameters.AddWithValue(state);
                await insert.ExecuteNonQueryAsync();
            }
            var start = Stopwatch.GetTimestamp();
            await expansion.Do(new ExpandRun(id), new EffectContext(Guid.NewGuid(), "bench", 1, now), CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            foreach (var effect in await Parts(database))
            {
                start = Stopwatch.GetTimestamp();
                await preparation.Do(effect, new EffectContext(Guid.NewGuid(), "bench", 1, now), CancellationToken.None);
                parts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            await Sheet.Execute(database.Owner, "TRUNCATE report_deliveries, report_recipients, outbox CASCADE");
        }
        times.Sort();
        parts.Sort();
        Sheet.Print($"a part of 250 of them prepared, p50 / p99", $"{Sheet.Quantile(parts, 0.5):0.0} / {Sheet.Quantile(parts, 0.99):0.0} ms", "", 0);
        Sheet.Print($"{Partners:N0} partners, a run to all taken apart, p50", $"{Sheet.Quantile(times, 0.5):0.0} ms", "200 ms", Sheet.Quantile(times, 0.5) / 200);
    }
}

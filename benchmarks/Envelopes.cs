using System.Diagnostics;
using Guichet.Partners;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Benchmarks;

/// <summary>
/// 10,000 partners of one organisation, each told of twenty of a thousand sessions on sale, half of that reported: the list with the
/// envelopes of all, and a page of it.
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
            INSERT INTO partner_reported SELECT organisation, partner_id, session_id, 4, now() FROM partner_sessions WHERE substr(partner_id, 2)::integer % 2 = 0;
            """);
        await Sheet.Execute(database.Owner, "VACUUM ANALYZE sessions, partners, partner_sessions, partner_series, partner_reported");
        var queries = app.Services.GetRequiredService<PartnerQueries>();
        await Measure("first page, by name", new PartnerFilter());
        await Measure("envelopes of all, by envelope", new PartnerFilter(Sort: PartnerSort.Envelope, Descending: true));
        await Measure("envelopes of all, the red ones", new PartnerFilter(Envelope: EnvelopeState.Red));
        await Measure("search in all, with envelopes", new PartnerFilter(Search: "ab partner", Sort: PartnerSort.OnSale));

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
}

using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Sessions;

/// <summary>Why a session that is on sale needs someone.</summary>
public enum AttentionReason
{
    /// <summary>Nobody has validated a tally for <see cref="SessionAttention.LongestSilence"/>, and none comes by itself over a live link.</summary>
    NoTally = 0,

    /// <summary>A category, or the whole session, has more taken than it has places.</summary>
    OverCapacity = 1,

    /// <summary>A link that it sends or receives over is suspended.</summary>
    LinkSuspended = 2,

    /// <summary>It began before today and is still on sale.</summary>
    PlayedStillOnSale = 3,
}

/// <param name="Count">All that need attention for this reason.</param>
/// <param name="First">The first few of them by date.</param>
public sealed record Attention(AttentionReason Reason, int Count, ImmutableArray<AttentionSession> First);

public sealed record AttentionSession(string Id, string Title, DateTime LocalStart, DateTimeOffset? TallyAt);

/// <summary>What needs attention among the sessions on sale.</summary>
public sealed class SessionAttention(Database database)
{
    /// <summary>Counted back from the start of today: two whole days without a figure.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromDays(2);

    private const int Named = 3;

    /// <summary>Conditions on a session <c>s</c>, with the parameters <c>@staleBefore</c> and <c>@startOfToday</c>.</summary>
    internal const string NoTally =
        "(s.status = 'onSale' AND s.start_at >= @startOfToday AND s.incoming_state IS DISTINCT FROM 'live' AND (s.tally_at IS NULL OR s.tally_at < @staleBefore))";

    internal const string OverCapacity = """
        (s.status = 'onSale' AND (s.sold + s.free > s.capacity OR EXISTS (
          SELECT 1 FROM jsonb_array_elements(s.state -> 'details' -> 'categories') AS category
          WHERE (category ->> 'capacity')::integer < (
            SELECT sum((line ->> 'sold')::integer + (line ->> 'free')::integer) FROM jsonb_array_elements(s.state -> 'current' -> 'lines') AS line
            WHERE line ->> 'category' = category ->> 'code'))))
        """;

    internal const string LinkSuspended =
        "(s.status = 'onSale' AND (s.incoming_state = 'suspended' OR s.state -> 'outgoing' @> '[{\"state\": \"suspended\"}]'))";

    internal const string PlayedStillOnSale = "(s.status = 'onSale' AND s.start_at < @startOfToday)";

    /// <summary>The reasons that concern at least one session, in the order of the enumeration.</summary>
    public async Task<ImmutableArray<Attention>> Of(string organisation, DateTimeOffset startOfToday, CancellationToken cancellation = default)
    {
        const string sql = $"""
            WITH needing AS (
              SELECT reason, s.id, s.show_id, s.local_start, s.start_at, s.tally_at,
                     count(*) OVER (PARTITION BY reason)::integer AS count, row_number() OVER (PARTITION BY reason ORDER BY s.start_at, s.id) AS place
              FROM sessions s
              CROSS JOIN LATERAL (
                SELECT 0 AS reason WHERE {NoTally}
                UNION ALL SELECT 1 WHERE {OverCapacity}
                UNION ALL SELECT 2 WHERE {LinkSuspended}
                UNION ALL SELECT 3 WHERE {PlayedStillOnSale}) AS reasons
              WHERE s.organisation = @organisation AND s.status = 'onSale')
            SELECT n.reason, n.count, n.id, h.title, n.local_start, n.tally_at
            FROM needing n JOIN shows h ON h.organisation = @organisation AND h.id = n.show_id
            WHERE n.place <= @named ORDER BY n.reason, n.place
            """;
        var rows = await database.Query<Record>(
            organisation, sql, new { organisation, startOfToday, staleBefore = startOfToday - LongestSilence, named = Named }, cancellation);
        return [.. rows.GroupBy(row => row.Reason).Select(group => new Attention((AttentionReason)group.Key, group.First().Count, [.. group.Select(row =>
            new AttentionSession(row.Id, row.Title, Columns.Local(row.Local_Start), row.Tally_At is { } at ? Columns.Utc(at) : null))]))];
    }

    private sealed record Record(int Reason, int Count, string Id, string Title, string Local_Start, DateTime? Tally_At);
}

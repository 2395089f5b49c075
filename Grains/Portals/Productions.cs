using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;

namespace Guichet.Portals;

/// <summary>A session that a contact may see the tallies of.</summary>
/// <param name="Revenue">The revenue too.</param>
public sealed record ProducedSession(string SessionId, bool Revenue);

/// <summary>A producer of a session or series, as its page shows it.</summary>
/// <param name="OfSeries">Associated with the session's series, and so with the session.</param>
public sealed record ProducerOf(string ContactId, long Number, string Name, string? FirstName, bool IsProducer, bool HasAccount, bool Revenue, bool OfSeries)
{
    public string Shown => ContactRow.NameOf(Name, FirstName);
}

/// <summary>What a contact is the producer of, as its record shows it.</summary>
public sealed record Produces(ProductionKind Kind, string Of, string Title, DateTime? LocalStart, string? Series, bool Revenue);

/// <summary>Whose shows are whose.</summary>
public sealed class Productions(Database database)
{
    /// <summary>
    /// The sessions whose tallies the contact may see on that day in the organisation's zone: as a producer, and as a relay or member of one. In no order.
    /// </summary>
    public async Task<ImmutableArray<ProducedSession>> Of(string organisation, string contact, DateOnly today, CancellationToken cancellation = default) =>
        [.. await database.Query<ProducedSession>(
            organisation, "SELECT session_id, revenue FROM produced_sessions(@organisation, @contact, @today::date)",
            new { organisation, contact, today = ContactRules.Day(today) }, cancellation)];

    /// <summary>Itself and whom it is a relay or member of: a change of one of them may change what it sees.</summary>
    public async Task<ImmutableArray<string>> Through(string organisation, string contact, CancellationToken cancellation = default) =>
        [contact, .. await database.Query<string>(
            organisation, "SELECT DISTINCT other_id FROM contact_relations WHERE organisation = @organisation AND contact_id = @contact AND kind IN ('relay', 'member')",
            new { organisation, contact }, cancellation)];

    /// <param name="seriesId">Of the session, where it has one: its producers are the session's too.</param>
    public async Task<ImmutableArray<ProducerOf>> OfSession(string organisation, string sessionId, string? seriesId, CancellationToken cancellation = default) =>
        [.. await database.Query<ProducerOf>(organisation, Producers, new { organisation, sessionId, seriesId }, cancellation)];

    public async Task<ImmutableArray<ProducerOf>> OfSeries(string organisation, string seriesId, CancellationToken cancellation = default) =>
        [.. (await database.Query<ProducerOf>(organisation, Producers, new { organisation, sessionId = (string?)null, seriesId }, cancellation)).Select(one => one with { OfSeries = false })];

    /// <summary>What a contact was associated with itself, the latest first.</summary>
    public async Task<ImmutableArray<Produces>> By(string organisation, string contact, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT p.kind, p.of_id AS of, h.title, s.local_start, r.name AS series, p.revenue
            FROM contact_productions p
              LEFT JOIN sessions s ON s.organisation = p.organisation AND s.id = p.of_id AND p.kind = 'session'
              LEFT JOIN series r ON r.organisation = p.organisation AND r.id = p.of_id AND p.kind = 'series'
              JOIN shows h ON h.organisation = p.organisation AND h.id = coalesce(s.show_id, r.show_id)
            WHERE p.organisation = @organisation AND p.contact_id IN (SELECT contact_ids(@organisation, @contact))
            ORDER BY p.since DESC, p.of_id LIMIT 500
            """;
        var rows = await database.Query<ProducesRecord>(organisation, sql, new { organisation, contact }, cancellation);
        return [.. rows.Select(row => new Produces(
            ContactQueries.Read<ProductionKind>(row.Kind), row.Of, row.Title, row.LocalStart is null ? null : Sessions.Columns.Local(row.LocalStart), row.Series, row.Revenue))];
    }

    private sealed record ProducesRecord(string Kind, string Of, string Title, string? LocalStart, string? Series, bool Revenue);

    private const string Producers = $"""
        SELECT c.id AS contact_id, c.number, c.name, c.first_name, 'producer' = ANY (c.types) AND NOT c.archived AS is_producer, c.account IS NOT NULL AS has_account,
               bool_or(p.revenue) AS revenue, bool_and(p.kind = 'series') AS of_series
        FROM contact_productions p
          JOIN contacts c ON c.organisation = p.organisation AND c.id = contact_today(p.organisation, p.contact_id)
        WHERE p.organisation = @organisation AND (p.kind = 'session' AND p.of_id = @sessionId OR p.kind = 'series' AND p.of_id = @seriesId)
        GROUP BY c.organisation, c.id
        ORDER BY c.name {Alphabetical.Order}, c.first_name {Alphabetical.Order}, c.id LIMIT 200
        """;
}

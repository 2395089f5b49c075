using System.Collections.Immutable;
using System.Text.Json;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Simulation;
using Guichet.Tallies;
using Npgsql;

namespace Guichet.Tests.Cluster;

/// <summary>One told thing of an organisation's.</summary>
internal sealed record StoredNotification(string Organisation, string Code, string Path);

/// <summary>What an installation has left behind, read as its database's owner: past everything that the product would look at it through.</summary>
/// <param name="Receiving">The session that each link's receiver takes it in, by the link.</param>
internal sealed record Remains(
    ImmutableArray<StoredAggregate> Aggregates, ImmutableArray<TallyRow> Tallies, ImmutableArray<StoredEffect> Effects,
    ImmutableArray<StoredNotification> Notifications, ImmutableArray<MailSummary> Mails, ImmutableDictionary<string, string> Receiving)
{
    private const int MostMails = 100_000;

    public int Lines => Aggregates.Sum(one => one.Lines.Count);

    /// <param name="mailFolders">Where nodes without a mail server put their mails.</param>
    public static async Task<Remains> Read(NpgsqlDataSource owner, IEnumerable<string> mailFolders)
    {
        await using var connection = await owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var aggregates = new Dictionary<AggregateId, StoredAggregate>();
        StoredAggregate Of(AggregateId id) => aggregates.TryGetValue(id, out var known) ? known : aggregates[id] = new StoredAggregate(id);

        foreach (var kind in GuichetGrains.StateTables)
            await Each(connection, $"SELECT organisation, id, version, state::text FROM {kind}", row =>
            {
                var stored = Of(new AggregateId(kind, row.GetString(0), row.GetString(1)));
                (stored.Version, stored.State) = (row.GetInt64(2), row.GetString(3));
            });
        await Each(connection, """
            SELECT organisation, kind, id, sequence, at, actor_organisation, actor_id, actor_kind, actor_name, command_id, command, content_hash, events, answer, hash
            FROM journal ORDER BY organisation, kind, id, sequence
            """, row =>
        {
            var stored = Of(new AggregateId(row.GetString(1), row.GetString(0), row.GetString(2)));
            var line = new JournalLine(
                row.GetInt64(3), Instant(row, 4), new Actor(row.GetString(5), row.GetString(6), (ActorKind)row.GetInt16(7), row.GetString(8), Role.Reader),
                row.GetGuid(9), row.GetString(10), [.. row.GetFieldValue<byte[]>(11)], row.GetString(12), row.GetString(13), [.. row.GetFieldValue<byte[]>(14)]);
            stored.Lines.Add(line);
            stored.ByCommand[line.CommandId] = line;
        });
        var tallies = ImmutableArray.CreateBuilder<TallyRow>();
        await Each(connection, """
            SELECT organisation, session_id, version, at, by_name, source_name, note, sold, reserved, free, gross_minor, lines::text, source_version
            FROM tallies ORDER BY organisation, session_id, version
            """, row => tallies.Add(new TallyRow(
                row.GetString(0), row.GetString(1),
                new Tally(
                    row.GetInt32(2), [.. Json.Read<TallyLine[]>(row.GetString(11))],
                    new TallyFigures(row.GetInt32(7), row.GetInt32(8), row.GetInt32(9), row.IsDBNull(10) ? null : row.GetInt64(10)),
                    TallySource.Api, Text(row, 5), Text(row, 6), Instant(row, 3), row.GetString(4)),
                row.IsDBNull(12) ? null : row.GetInt32(12))));
        var effects = ImmutableArray.CreateBuilder<StoredEffect>();
        await Each(connection, "SELECT id, organisation, kind, payload, due_at, attempts, done_at IS NOT NULL, failed_at IS NOT NULL, last_error FROM outbox", row => effects.Add(
            new StoredEffect(new OutboxEffect(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), Instant(row, 4)))
            {
                Attempts = row.GetInt32(5),
                Done = row.GetBoolean(6),
                GivenUp = row.GetBoolean(7) ? Text(row, 8) ?? "" : null,
                LastError = Text(row, 8),
            }));
        var notifications = ImmutableArray.CreateBuilder<StoredNotification>();
        await Each(connection, "SELECT organisation, code, path FROM notifications", row => notifications.Add(new StoredNotification(row.GetString(0), row.GetString(1), row.GetString(2))));
        var receiving = aggregates.Values.Where(one => one.Id.Kind == "links" && one.State.Length > 0).Select(link => (link.Id.Id, Session: ReceivingOf(link.State)))
            .Where(link => link.Session is not null).ToImmutableDictionary(link => link.Id, link => link.Session!);
        return new Remains(
            [.. aggregates.Values], tallies.ToImmutable(), effects.ToImmutable(), notifications.ToImmutable(),
            [.. mailFolders.SelectMany(folder => new Mailbox(folder).List(MostMails))], receiving);
    }

    private static string? ReceivingOf(string state)
    {
        using var link = JsonDocument.Parse(state);
        return link.RootElement.TryGetProperty("receiving", out var receiving) ? receiving.GetProperty("sessionId").GetString() : null;
    }

    private static DateTimeOffset Instant(NpgsqlDataReader row, int column) => new(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static async Task Each(NpgsqlConnection connection, string sql, Action<NpgsqlDataReader> read)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) read(reader);
    }
}

using System.Collections.Immutable;
using Npgsql;

namespace Guichet.Journal;

/// <param name="Lines">Journal lines read.</param>
/// <param name="Faults">What doesn't hold, at most a hundred, in words.</param>
public sealed record VerificationResult(long Lines, long Aggregates, ImmutableArray<string> Faults)
{
    public bool Holds => Faults.IsEmpty;

    /// <summary>Lines among them that no longer say what they said, because a contact was erased.</summary>
    public long Redacted { get; init; }
}

/// <summary>
/// Reads the whole journal again and checks that no line was changed, removed or put in: sequences without a hole, each hash over its
/// content and the one before it, and each state table at the version of its aggregate's last line. A line that was redacted keeps its hash,
/// which the next line's covers; it says what every redacted line says, bears its seal, and is of an erasure that is on the register.
/// </summary>
public static class JournalVerification
{
    private const int MostFaults = 100;

    /// <param name="stateTables">The kinds whose state tables are compared with the journal.</param>
    /// <param name="registered">The erasures on the register outside of the database, by organisation and contact; none, and a redacted line is a fault.</param>
    public static async Task<VerificationResult> Run(
        NpgsqlDataSource source, IReadOnlyCollection<string> stateTables, CancellationToken cancellation, IReadOnlySet<(string Organisation, string Contact)>? registered = null)
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        long lines = 0, aggregates = 0, redacted = 0;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        await using (var scope = new NpgsqlCommand("SELECT set_config('guichet.organisation', '*', true)", connection, transaction))
            await scope.ExecuteNonQueryAsync(cancellation);

        await using (var command = new NpgsqlCommand(Lines, connection, transaction))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            var current = default(AggregateId);
            var hash = HashChain.Start;
            var expected = 1L;
            while (await reader.ReadAsync(cancellation) && faults.Count < MostFaults)
            {
                lines++;
                var aggregate = new AggregateId(reader.GetString(1), reader.GetString(0), reader.GetString(2));
                if (aggregate != current)
                {
                    aggregates++;
                    (current, hash, expected) = (aggregate, HashChain.Start, 1);
                }
                var line = Read(reader);
                if (line.Sequence != expected) faults.Add($"{aggregate}: line {expected} is missing, {line.Sequence} follows.");
                if (reader.IsDBNull(15))
                {
                    var should = HashChain.Next(hash, aggregate, line);
                    if (!should.AsSpan().SequenceEqual(line.Hash.AsSpan())) faults.Add($"{aggregate}: line {line.Sequence} doesn't match its hash.");
                }
                else
                {
                    redacted++;
                    if (FaultOf(aggregate, line, reader.GetString(15), reader.GetFieldValue<byte[]>(16), registered) is { } fault) faults.Add($"{aggregate}: line {line.Sequence} {fault}");
                }
                (hash, expected) = (line.Hash, line.Sequence + 1);
            }
        }

        foreach (var table in stateTables)
        {
            await using var command = new NpgsqlCommand(
                $"""
                SELECT coalesce(s.organisation, j.organisation), coalesce(s.id, j.id), s.version, j.last
                FROM (SELECT organisation, id, version FROM {table}) AS s
                FULL JOIN (SELECT organisation, id, max(sequence) AS last FROM journal WHERE kind = '{table}' GROUP BY organisation, id) AS j
                  ON j.organisation = s.organisation AND j.id = s.id
                WHERE s.version IS DISTINCT FROM j.last LIMIT {MostFaults}
                """, connection, transaction);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                faults.Add($"{table}/{reader.GetString(0)}/{reader.GetString(1)}: the state is at {reader.GetValue(2)}, the journal at {reader.GetValue(3)}.");
        }
        return new VerificationResult(lines, aggregates, faults.ToImmutable()) { Redacted = redacted };
    }

    private static string? FaultOf(AggregateId aggregate, JournalLine line, string contact, byte[] seal, IReadOnlySet<(string Organisation, string Contact)>? registered)
    {
        if (registered is null || !registered.Contains((aggregate.Organisation, contact))) return $"was redacted for contact {contact}, whose erasure isn't on the register.";
        if (line.Events is not ("[]" or HashChain.RedactedEvents) || (line.Answer != HashChain.RedactedAnswer && line.Answer != Unworded)) return "was redacted and says something else than redacted lines say.";
        return HashChain.Seal(aggregate, line, contact).AsSpan().SequenceEqual(seal) ? null : "was redacted and doesn't match its seal.";
    }

    /// <summary>The answer that has no words.</summary>
    private static readonly string Unworded = Json.Write((Outcome<Done>)Done.It);

    private static JournalLine Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(3),
        new DateTimeOffset(DateTime.SpecifyKind(reader.GetDateTime(4), DateTimeKind.Utc)),
        new Actor(reader.GetString(5), reader.GetString(6), (ActorKind)reader.GetInt16(7), reader.GetString(8), Role.Reader),
        reader.GetGuid(9),
        reader.GetString(10),
        [.. reader.GetFieldValue<byte[]>(11)],
        reader.GetString(12),
        reader.GetString(13),
        [.. reader.GetFieldValue<byte[]>(14)]);

    private const string Lines = """
        SELECT organisation, kind, id, sequence, at, actor_organisation, actor_id, actor_kind, actor_name,
               command_id, command, content_hash, events, answer, hash, redacted_for, seal
        FROM journal ORDER BY organisation, kind, id, sequence
        """;
}

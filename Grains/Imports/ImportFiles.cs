using Guichet.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Guichet.Imports;

/// <summary>An uploaded file's row: read, with its mapping, or refused, with the reasons.</summary>
/// <param name="SessionId">The session from whose page it was imported; null when the file says.</param>
/// <param name="Remembered">The source whose remembered mapping it was first read with; null for none.</param>
internal sealed record UploadedFile(
    string Id, ImportKind Kind, string? SessionId, string Name, string? Sheet, string Source, Mapping? Mapping, string? Remembered, Taken<Mapping>? Refused);

/// <summary>Uploaded files, kept in the database so that any node can go on with them.</summary>
internal sealed class ImportFiles(Database database)
{
    /// <summary>Also deletes the organisation's files from before <paramref name="forgetBefore"/>.</summary>
    /// <param name="content">Null for a file that was refused.</param>
    public async Task Keep(string organisation, UploadedFile file, Stream? content, string by, DateTimeOffset at, DateTimeOffset forgetBefore, CancellationToken cancellation)
    {
        await using var transaction = await database.Begin(organisation, cancellation);
        await using var connection = transaction.Connection!;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM import_files WHERE organisation = $1 AND uploaded_at < $2")
        {
            Parameters = { Text(organisation), new NpgsqlParameter<DateTime> { TypedValue = forgetBefore.UtcDateTime } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            INSERT INTO import_files (organisation, id, kind, session_id, name, content, sheet, source, mapping, remembered, uploaded_at, by_name, refusals)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13::jsonb)
            """)
        {
            Parameters =
            {
                Text(organisation), Text(file.Id), Text(file.Kind.ToString()), Text(file.SessionId), Text(file.Name),
                new NpgsqlParameter { Value = (object?)content ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea }, Text(file.Sheet), Text(file.Source),
                Text(file.Mapping is null ? null : Json.Write(file.Mapping)), Text(file.Remembered), new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime }, Text(by),
                Text(file.Refused is null ? null : Json.Write(file.Refused)),
            },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The file and its content (null when it was refused); null when there is none of that id.</summary>
    public async Task<(UploadedFile File, BlockStream? Content)?> Find(string organisation, string id, ImportLimits limits, CancellationToken cancellation)
    {
        await using var transaction = await database.Begin(organisation, cancellation);
        await using var connection = transaction.Connection!;
        await using var command = new NpgsqlCommand(
            """
            SELECT kind, session_id, name, sheet, source, mapping, remembered, refusals, content FROM import_files
            WHERE organisation = $1 AND id = $2
            """, connection, transaction)
        {
            Parameters = { Text(organisation), Text(id) },
        };
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var file = new UploadedFile(
            id, Enum.Parse<ImportKind>(reader.GetString(0)), OrNull(reader, 1), reader.GetString(2), OrNull(reader, 3), reader.GetString(4),
            OrNull(reader, 5) is { } mapping ? Json.Read<Mapping>(mapping) : null, OrNull(reader, 6),
            OrNull(reader, 7) is { } refused ? Json.Read<Taken<Mapping>>(refused) : null);
        if (reader.IsDBNull(8)) return (file, null);
        await using var content = reader.GetStream(8);
        return (file, await BlockStream.FillAsync(content, limits.FileBytes, cancellation));
    }

    public Task Change(string organisation, string id, string source, string? sheet, Mapping mapping, CancellationToken cancellation) => database.Execute(
        organisation,
        "UPDATE import_files SET source = @source, sheet = @sheet, mapping = @mapping::jsonb WHERE organisation = @organisation AND id = @id",
        new { organisation, id, source, sheet, mapping = Json.Write(mapping) }, cancellation);

    private static string? OrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}

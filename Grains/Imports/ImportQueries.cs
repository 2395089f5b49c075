using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Tallies;
using NodaTime;

namespace Guichet.Imports;

/// <summary>An import in the list of them.</summary>
/// <param name="FinishedAt">Null while parts are left.</param>
public sealed record ImportRow(
    string Id, ImportKind Kind, string FileName, string Source, string By, DateTimeOffset AcceptedAt, DateTimeOffset? FinishedAt, int Parts, int Done, int Failed);

/// <summary>A mapping that was accepted for a source's last file.</summary>
public sealed record RememberedMapping(string Source, Mapping Mapping, DateTimeOffset UsedAt, string By);

/// <summary>What an import reads of what exists.</summary>
public sealed class ImportQueries(Database database)
{
    /// <summary>Sessions this near to a file's days are candidates to be shown where none matches.</summary>
    private const int NearbyDays = 45;
    private const int MostMappings = 200;

    public async Task<ImmutableArray<ImportRow>> Imports(string organisation, int limit, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT id, kind, file_name, source, by_name, accepted_at, finished_at, parts, done, failed FROM imports
            WHERE organisation = @organisation AND accepted_at IS NOT NULL ORDER BY accepted_at DESC, id DESC LIMIT @limit
            """;
        var rows = await database.Query<ImportRecord>(organisation, sql, new { organisation, limit = Math.Clamp(limit, 1, 500) }, cancellation);
        return [.. rows.Select(row => row.ToRow())];
    }

    /// <summary>The last used first.</summary>
    public async Task<ImmutableArray<RememberedMapping>> Mappings(string organisation, ImportKind kind, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT source, mapping, used_at, by_name FROM import_mappings
            WHERE organisation = @organisation AND kind = @kind ORDER BY used_at DESC LIMIT @limit
            """;
        var rows = await database.Query<MappingRecord>(organisation, sql, new { organisation, kind = kind.ToString(), limit = MostMappings }, cancellation);
        return [.. rows.Select(row => new RememberedMapping(row.Source, Json.Read<Mapping>(row.Mapping), Instant(row.Used_At), row.By_Name))];
    }

    /// <summary>Names that a file's headers may hold: of the sessions of the last year and those to come.</summary>
    public async Task<KnownNames> Names(string organisation, DateTimeOffset now, CancellationToken cancellation = default)
    {
        const string sql = """
            WITH recent AS (
              SELECT state -> 'details' AS details FROM sessions WHERE organisation = @organisation AND start_at > @since ORDER BY start_at DESC LIMIT 2000)
            SELECT axis, name FROM (
              SELECT 'categories' AS axis, item ->> 'name' AS name FROM recent, jsonb_array_elements(details -> 'categories') AS item
              UNION SELECT 'tariffs', item ->> 'name' FROM recent, jsonb_array_elements(details -> 'tariffs') AS item
              UNION SELECT 'channels', item ->> 'name' FROM recent, jsonb_array_elements(details -> 'channels') AS item) AS names
            LIMIT 1000
            """;
        var names = (await database.Query<NameRecord>(organisation, sql, new { organisation, since = now.AddYears(-1) }, cancellation)).ToLookup(name => name.Axis, name => name.Name);
        return new KnownNames([.. names["categories"]], [.. names["tariffs"]], [.. names["channels"]]);
    }

    /// <summary>By what columns of contacts may be called: the organisation's criteria.</summary>
    public async Task<KnownNames> Criteria(string organisation, CancellationToken cancellation = default)
    {
        const string sql = "SELECT item ->> 'french' || chr(10) || (item ->> 'english') FROM contact_settings, jsonb_array_elements(state -> 'criteria') AS item WHERE organisation = @organisation";
        var labels = await database.Query<string>(organisation, sql, new { organisation }, cancellation);
        return KnownNames.None with { Criteria = [.. labels.SelectMany(label => label.Split('\n')).Distinct(StringComparer.Ordinal)] };
    }

    internal async Task<(ImmutableArray<KnownShow> Shows, ImmutableArray<KnownSeries> Series)> Shows(string organisation, CancellationToken cancellation)
    {
        const string sql = """
            SELECT id, title FROM shows WHERE organisation = @organisation AND NOT archived;
            SELECT id, show_id, name FROM series WHERE organisation = @organisation
            """;
        return await database.QueryMany(organisation, sql, new { organisation }, async results => (
            (await results.ReadAsync<ShowRecord>()).Select(show => new KnownShow(show.Id, show.Title)).ToImmutableArray(),
            (await results.ReadAsync<SeriesRecord>()).Select(series => new KnownSeries(series.Id, series.Show_Id, series.Name)).ToImmutableArray()), cancellation);
    }

    internal async Task<ImmutableArray<TalliedSession>> Sessions(string organisation, ImportScope scope, CancellationToken cancellation)
    {
        const string sql = """
            SELECT s.id, h.title, (s.state ->> 'revision')::bigint AS revision, s.state -> 'details' AS details, s.status,
                   coalesce(s.incoming_state, 'ended') <> 'ended' AS receives, s.state -> 'current' AS current
            FROM sessions s JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
            WHERE s.organisation = @organisation AND (s.id = ANY (@ids) OR (s.start_at >= @from AND s.start_at < @to))
            """;
        var rows = await database.Query<SessionRecord>(organisation, sql, new
        {
            organisation,
            ids = scope.SessionIds.ToArray(),
            from = Midnight(scope.From, -NearbyDays),
            to = Midnight(scope.To, NearbyDays + 1),
        }, cancellation);
        return [.. rows.Select(row => row.ToSession())];
    }

    /// <summary>Days are far enough around for any zone. A scope without days finds none.</summary>
    private static DateTime Midnight(LocalDate? date, int days) =>
        date is { } day ? DateTime.SpecifyKind(day.PlusDays(days).ToDateTimeUnspecified(), DateTimeKind.Utc) : DateTime.UnixEpoch;

    private static DateTimeOffset Instant(DateTime utc) => new(DateTime.SpecifyKind(utc, DateTimeKind.Utc));

    private sealed record ImportRecord(
        string Id, string Kind, string File_Name, string Source, string By_Name, DateTime Accepted_At, DateTime? Finished_At, int Parts, int Done, int Failed)
    {
        public ImportRow ToRow() => new(
            Id, Enum.Parse<ImportKind>(Kind, ignoreCase: true), File_Name, Source, By_Name, Instant(Accepted_At), Finished_At is { } at ? Instant(at) : null, Parts, Done, Failed);
    }

    private sealed record MappingRecord(string Source, string Mapping, DateTime Used_At, string By_Name);

    private sealed record NameRecord(string Axis, string Name);

    private sealed record ShowRecord(string Id, string Title);

    private sealed record SeriesRecord(string Id, string Show_Id, string Name);

    private sealed record SessionRecord(string Id, string Title, long Revision, string Details, string Status, bool Receives, string? Current)
    {
        public TalliedSession ToSession() => new(
            Id, Title, Revision, Json.Read<SessionDetails>(Details), Enum.Parse<SessionStatus>(Status, ignoreCase: true), Receives,
            Current is null ? null : Json.Read<Tally>(Current));
    }
}

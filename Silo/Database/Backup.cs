using System.IO.Compression;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>
/// The whole content of a database in one file, taken as of one instant while nodes work on it, and restored into any
/// PostgreSQL, of another version or in another place too. The schema isn't in it: the program's migrations make it again.
/// </summary>
/// <remarks>
/// A zip: <c>manifest.json</c> (the migrations that had been applied; the tables, with their columns and number of rows; the
/// sequences) and an entry for each table, as <c>COPY … (FORMAT binary)</c> writes it. Neither end needs another tool.
/// </remarks>
public static class Backup
{
    private const int Format = 1;
    private const string ManifestEntry = "manifest.json";

    /// <param name="file">Where to write; readable by the account that runs this, and nobody else.</param>
    /// <returns>The number of rows in it.</returns>
    public static async Task<long> WriteAsync(NpgsqlDataSource owner, string file, TimeProvider time, CancellationToken cancel)
    {
        var writing = $"{file}.part";
        var access = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            Manifest manifest;
            using (var zip = new ZipArchive(new FileStream(writing, access), ZipArchiveMode.Create))
                manifest = await WriteAsync(owner, zip, time, cancel);
            File.Move(writing, file);
            return manifest.Tables.Sum(table => table.Rows);
        }
        catch
        {
            File.Delete(writing);
            throw;
        }
    }

    /// <summary>
    /// Brings back what a backup holds, whole or not at all, into a database that no node has ever worked on. The result is
    /// a copy: it sends nothing until it is told that it is the live one.
    /// </summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="DatabaseUnavailableException">The database is in use, the file is no backup, or a newer program's.</exception>
    public static async Task<long> RestoreAsync(NpgsqlDataSource owner, string file, CancellationToken cancel)
    {
        if (await LiveMarker.IsInUseAsync(owner, cancel))
            throw new DatabaseUnavailableException("This database is in use. Restore into an empty one: a fresh folder in GUICHET_DATA, or a new database in GUICHET_DATABASE.");
        using var zip = Open(file);
        var manifest = await ReadManifestAsync(zip, file, cancel);
        var theirs = manifest.Migrations.Select(applied => Migration.All.FirstOrDefault(ours => ours.Number == applied.Number && ours.Checksum == applied.Checksum)
            ?? throw new DatabaseUnavailableException($"The backup has migration {applied.Name}, which this program doesn't know in that form. Restore it with the program that made it, or a newer one.")).ToList();

        await Migrator.MigrateAsync(owner, theirs, cancel);
        await FillAsync(owner, zip, manifest, cancel);
        await Migrator.MigrateAsync(owner, Migration.All, cancel);
        return manifest.Tables.Sum(table => table.Rows);
    }

    private static async Task<Manifest> WriteAsync(NpgsqlDataSource owner, ZipArchive zip, TimeProvider time, CancellationToken cancel)
    {
        await using var connection = await owner.OpenConnectionAsync(cancel);
        // Everything is read as it was at one instant, and nobody waits for it. A row that security hides is an error, not a gap.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        await connection.ExecuteAsync("set transaction read only; set local row_security = off");

        var tables = new List<Table>();
        foreach (var (name, columns) in await TablesAsync(connection))
        {
            var table = new Table(name, columns, await connection.ExecuteScalarAsync<long>($"select count(*) from {Quoted(name)}", commandTimeout: 0));
            await using var entry = zip.CreateEntry(table.Entry, CompressionLevel.Fastest).Open();
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy (select {table.List} from {Quoted(name)}) to stdout (format binary)", cancel);
            await copy.CopyToAsync(entry, cancel);
            tables.Add(table);
        }
        var manifest = new Manifest(
            Format, time.GetUtcNow(),
            [.. await connection.QueryAsync<AppliedMigration>("select number, name, checksum from migrations order by number")],
            tables,
            [.. await connection.QueryAsync<Sequence>("select sequencename as name, last_value as value from pg_sequences where schemaname = 'public' and last_value is not null")]);
        await using var last = zip.CreateEntry(ManifestEntry).Open();
        await JsonSerializer.SerializeAsync(last, manifest, cancellationToken: cancel);
        return manifest;
    }

    private static async Task FillAsync(NpgsqlDataSource owner, ZipArchive zip, Manifest manifest, CancellationToken cancel)
    {
        await using var connection = await owner.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var there = (await TablesAsync(connection)).ToDictionary(table => table.Name, table => table.Columns);
        foreach (var table in manifest.Tables)
            if (!there.TryGetValue(table.Name, out var columns) || table.Columns.Except(columns).Any())
                throw new DatabaseUnavailableException($"The backup has a table {table.Name} that its migrations don't make.");

        // Migrations may have put rows in, and triggers would make rows again that the backup has.
        var all = string.Join(", ", there.Keys.Select(Quoted));
        await connection.ExecuteAsync($"truncate {all}");
        foreach (var name in there.Keys)
            await connection.ExecuteAsync($"alter table {Quoted(name)} disable trigger user");
        foreach (var table in InOrder(manifest.Tables, await ReferencesAsync(connection)))
        {
            await using (var entry = (zip.GetEntry(table.Entry) ?? throw NoBackup(table.Entry)).Open())
            await using (var copy = await connection.BeginRawBinaryCopyAsync($"copy {Quoted(table.Name)} ({table.List}) from stdin (format binary)", cancel))
                await entry.CopyToAsync(copy, cancel);
            var rows = await connection.ExecuteScalarAsync<long>($"select count(*) from {Quoted(table.Name)}", commandTimeout: 0);
            if (rows != table.Rows)
                throw new DatabaseUnavailableException($"The backup has {table.Rows} rows of {table.Name}, but only {rows} could be read.");
        }
        foreach (var sequence in manifest.Sequences)
            await connection.ExecuteAsync("select setval(quote_ident(@name)::regclass, @value)", new { name = sequence.Name, value = sequence.Value });
        foreach (var name in there.Keys)
            await connection.ExecuteAsync($"alter table {Quoted(name)} enable trigger user");
        await LiveMarker.MarkRestoredAsync(connection, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static ZipArchive Open(string file)
    {
        try
        {
            return ZipFile.OpenRead(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw NoBackup(file, unreadable);
        }
    }

    private static async Task<Manifest> ReadManifestAsync(ZipArchive zip, string file, CancellationToken cancel)
    {
        try
        {
            await using var entry = (zip.GetEntry(ManifestEntry) ?? throw NoBackup(file)).Open();
            return await JsonSerializer.DeserializeAsync<Manifest>(entry, cancellationToken: cancel) is { Format: Format } manifest ? manifest : throw NoBackup(file);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            throw NoBackup(file, unreadable);
        }
    }

    private static DatabaseUnavailableException NoBackup(string what, Exception? inner = null) =>
        new($"{what} is not a backup that this program can read{(inner is null ? "" : $": {inner.Message}")}.", inner);

    /// <summary>The product's tables, with the columns that aren't computed. Which migrations were applied, the manifest says.</summary>
    private static async Task<List<(string Name, string[] Columns)>> TablesAsync(NpgsqlConnection connection) =>
        [.. await connection.QueryAsync<(string, string[])>("""
            select t.relname::text, array(
              select a.attname::text from pg_attribute a
              where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
              order by a.attnum)
            from pg_class t
            where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition and t.relname <> 'migrations'
              and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
            order by t.relname
            """)];

    private static async Task<ILookup<string, string>> ReferencesAsync(NpgsqlConnection connection) =>
        (await connection.QueryAsync<(string Table, string Needs)>("""
            select t.relname::text, r.relname::text
            from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class r on r.oid = c.confrelid
            where c.contype = 'f' and t.oid <> r.oid and t.relnamespace = 'public'::regnamespace
            """)).ToLookup(reference => reference.Table, reference => reference.Needs);

    /// <summary>Each table after those that it refers to.</summary>
    private static List<Table> InOrder(IReadOnlyList<Table> tables, ILookup<string, string> references)
    {
        var named = tables.ToDictionary(table => table.Name);
        var ordered = new List<Table>();
        var seen = new HashSet<string>();
        foreach (var table in tables)
            Visit(table);
        return ordered;

        void Visit(Table table)
        {
            if (!seen.Add(table.Name))
                return;
            foreach (var needed in references[table.Name])
                if (named.TryGetValue(needed, out var found))
                    Visit(found);
            ordered.Add(table);
        }
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private sealed record Manifest(
        int Format, DateTimeOffset At, IReadOnlyList<AppliedMigration> Migrations, IReadOnlyList<Table> Tables, IReadOnlyList<Sequence> Sequences);

    private sealed record AppliedMigration(int Number, string Name, string Checksum);

    private sealed record Sequence(string Name, long Value);

    private sealed record Table(string Name, IReadOnlyList<string> Columns, long Rows)
    {
        internal string Entry => $"tables/{Name}";

        internal string List => string.Join(", ", Columns.Select(Quoted));
    }
}

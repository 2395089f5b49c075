using Guichet.Support;

namespace Guichet.Hosting;

public sealed class BackupTests : IDisposable
{
    private readonly string folder = TestFolder.Create();

    private string File => Path.Combine(folder, "one.backup");

    [Fact]
    public async Task What_was_backed_up_is_restored_row_by_row_and_known_for_a_copy()
    {
        await using var original = await FilledAsync();
        await using var empty = await SideDatabase.CreateAsync();

        var written = await Backup.WriteAsync(original.Owner, File, TimeProvider.System, default);
        var restored = await Backup.RestoreAsync(empty.Owner, File, default);

        Assert.Equal(written, restored);
        foreach (var table in (await original.ReadAsync("select string_agg(tablename, ' ' order by tablename) from pg_tables where schemaname = 'public' and tablename not in ('live_marker', 'migrations')"))!.Split(' '))
            Assert.Equal(await ContentAsync(original, table), await ContentAsync(empty, table));
        Assert.False(await LiveMarker.ClaimAsync(empty.Owner, default));
        Assert.True(await LiveMarker.IsLiveAsync(original.Owner, default));
    }

    [Fact]
    public async Task Rows_that_refer_to_others_and_numbers_that_were_given_out_come_back()
    {
        await using var original = await FilledAsync();
        await using var empty = await SideDatabase.CreateAsync();
        const string tables = """
            create table b_house (id integer generated always as identity primary key, name text, upper text generated always as (upper(name)) stored);
            create table a_seat (id bigint primary key, house integer not null references b_house, beside bigint references a_seat);
            """;
        await original.ExecuteAsync($"{tables} insert into b_house (name) values ('étoile'), ('ciel'); insert into a_seat values (1, 2, 2), (2, 2, 1)");
        await original.ExecuteAsync($"insert into migrations (number, name, checksum) values (990, '990-seats', 'x')");

        await Backup.WriteAsync(original.Owner, File, TimeProvider.System, default);
        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Backup.RestoreAsync(empty.Owner, File, default));
        Assert.Contains("990-seats", refusal.Message, StringComparison.Ordinal);

        // As if the program had that migration: what it makes is there, and has not been used.
        await original.ExecuteAsync("delete from migrations where number = 990");
        System.IO.File.Delete(File);
        await Backup.WriteAsync(original.Owner, File, TimeProvider.System, default);
        await empty.ExecuteAsync(tables);
        await Backup.RestoreAsync(empty.Owner, File, default);

        Assert.Equal("1 étoile ÉTOILE, 2 ciel CIEL", await empty.ReadAsync("select string_agg(concat_ws(' ', id, name, upper), ', ' order by id) from b_house"));
        Assert.Equal("2 1", await empty.ReadAsync("select string_agg(beside::text, ' ' order by id) from a_seat"));
        Assert.Equal("3", await empty.ReadAsync("insert into b_house (name) values ('next') returning id::text"));
    }

    [Fact]
    public async Task A_database_in_use_is_not_restored_over()
    {
        await using var original = await FilledAsync();
        await Backup.WriteAsync(original.Owner, File, TimeProvider.System, default);

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Backup.RestoreAsync(original.Owner, File, default));

        Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_leaves_the_database_empty_and_a_good_one_then_goes_in()
    {
        await using var original = await FilledAsync();
        await using var empty = await SideDatabase.CreateAsync();
        await Backup.WriteAsync(original.Owner, File, TimeProvider.System, default);
        var good = await System.IO.File.ReadAllBytesAsync(File);
        foreach (var damage in new Func<byte[], byte[]>[] { bytes => [], bytes => bytes[..(bytes.Length / 2)], bytes => [.. bytes.Select((value, i) => i is > 60 and < 400 ? (byte)7 : value)] })
        {
            await System.IO.File.WriteAllBytesAsync(File, damage(good));
            await Assert.ThrowsAnyAsync<Exception>(() => Backup.RestoreAsync(empty.Owner, File, default));
            Assert.False(await LiveMarker.IsInUseAsync(empty.Owner, default));
        }

        await System.IO.File.WriteAllBytesAsync(File, good);
        await Backup.RestoreAsync(empty.Owner, File, default);

        Assert.Equal(await ContentAsync(original, "outbox"), await ContentAsync(empty, "outbox"));
    }

    /// <summary>Written while others write: as of one instant, or the journal would have lines that its state doesn't.</summary>
    [Fact]
    public async Task A_backup_taken_while_rows_move_has_each_of_them_once()
    {
        await using var original = await FilledAsync();
        await using var empty = await SideDatabase.CreateAsync();
        await original.ExecuteAsync("insert into outbox (id, organisation, kind, payload, created_at, due_at, first_due_at) select gen_random_uuid(), 'house', 'a', '{}', now(), now(), now() from generate_series(1, 1000)");
        using var enough = new CancellationTokenSource();
        var moving = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await original.ExecuteAsync("with taken as (delete from outbox where ctid in (select ctid from outbox limit 10) returning *) insert into outbox select * from taken");
        });

        await Backup.WriteAsync(original.Owner, File, TimeProvider.System, default);
        await enough.CancelAsync();
        await moving;
        await Backup.RestoreAsync(empty.Owner, File, default);

        Assert.Equal("1001 1001", await empty.ReadAsync("select concat_ws(' ', count(*), count(distinct id)) from outbox"));
    }

    [Fact]
    public async Task The_commands_do_the_same_beside_a_running_node()
    {
        var data = Path.Combine(folder, "data");
        await using (var node = await NodeProcess.StartAsync(data))
        {
            Assert.Equal(0, (await NodeProcess.RunAsync(data, "verify")).ExitCode);
            Assert.Equal(0, (await NodeProcess.RunAsync(data, "backup", File)).ExitCode);
            Assert.Equal(1, (await NodeProcess.RunAsync(data, "backup", File)).ExitCode);
            Assert.Equal(1, (await NodeProcess.RunAsync(data, "restore", File)).ExitCode);
            await node.StopAsync();
        }
        var fresh = Path.Combine(folder, "fresh");

        var (exitCode, output) = await NodeProcess.RunAsync(fresh, "restore", File);

        Assert.True(exitCode == 0, output);
        await using var copy = await NodeProcess.StartAsync(fresh);
        await copy.WrittenAsync("This database is a copy");
        Assert.Contains("Degraded", await copy.Http.GetStringAsync("/readyz"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("backup")]
    [InlineData("live", "now")]
    public async Task A_command_that_makes_no_sense_says_how_it_is_used(params string[] command)
    {
        var (exitCode, output) = await NodeProcess.RunAsync(folder, command);

        Assert.Equal(2, exitCode);
        Assert.Contains("guichet ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_on_a_folder_that_no_node_has_used_make_nothing_there()
    {
        var nowhere = Path.Combine(folder, "nowhere");

        var (exitCode, output) = await NodeProcess.RunAsync(nowhere, "verify");

        Assert.Equal(1, exitCode);
        Assert.Contains("No node has run", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(nowhere));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<SideDatabase> FilledAsync()
    {
        var database = await SideDatabase.CreateAsync(TestServer.Template);
        await LiveMarker.ClaimAsync(database.Owner, default);
        await database.ExecuteAsync("""
            insert into outbox (id, organisation, kind, payload, created_at, due_at, first_due_at, last_error)
            values (gen_random_uuid(), 'house', 'send-mail', E'{"à": "l’été\\n"}', now(), 'infinity', '-infinity', null)
            """);
        return database;
    }

    private static Task<string?> ContentAsync(SideDatabase database, string table) =>
        database.ReadAsync($"select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from {table} t");
}

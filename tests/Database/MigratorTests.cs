using Guichet.Support;
using Npgsql;

namespace Guichet.Hosting;

public sealed class MigratorTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Migrating_a_migrated_database_does_nothing()
    {
        Assert.Empty(await Migrator.MigrateAsync(database.Owner, Migration.All, default));
    }

    [Fact]
    public async Task Nodes_that_start_together_migrate_once()
    {
        await using var empty = await SideDatabase.CreateAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrator.MigrateAsync(empty.Owner, Migration.All, default)));

        Assert.Equal(Migration.All.Select(migration => migration.Name), applied.SelectMany(names => names));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_behind_and_is_named()
    {
        await using var empty = await SideDatabase.CreateAsync();
        Migration[] migrations = [new(1, "001-good", "create table good ()"), new(2, "002-bad", "create table half (); select 1 / 0;")];

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Migrator.MigrateAsync(empty.Owner, migrations, default));

        Assert.Contains("002-bad", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("good,migrations", await empty.ReadAsync("select string_agg(tablename, ',' order by tablename) from pg_tables where schemaname = 'public'"));
        Assert.Equal("001-good", await empty.ReadAsync("select string_agg(name, ',') from migrations"));
    }

    [Fact]
    public async Task A_migration_changed_after_it_was_applied_is_refused()
    {
        await using var empty = await SideDatabase.CreateAsync();
        await Migrator.MigrateAsync(empty.Owner, [new(1, "001-first", "create table first ()")], default);

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(() =>
            Migrator.MigrateAsync(empty.Owner, [new(1, "001-first", "create table other ()")], default));

        Assert.Contains("001-first was changed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_used_by_a_newer_program_is_refused()
    {
        await using var empty = await SideDatabase.CreateAsync();
        await Migrator.MigrateAsync(empty.Owner, [new(1, "001-first", "select 1"), new(2, "002-newer", "select 1")], default);

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Migrator.MigrateAsync(empty.Owner, [new(1, "001-first", "select 1")], default));

        Assert.Contains("002-newer", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_migrations_with_one_number_are_refused()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Migration.Order([new(7, "007-one", ""), new(7, "007-other", "")]));

        Assert.Contains("007-one and 007-other", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_product_writes_what_migrations_make_but_owns_nothing()
    {
        await using (var owner = await database.Owner.OpenConnectionAsync())
            await new NpgsqlCommand("create table made_later (number int generated always as identity, word text)", owner).ExecuteNonQueryAsync();
        await using var product = await database.Product.OpenConnectionAsync();

        await new NpgsqlCommand("insert into made_later (word) values ('séance'); update made_later set word = 'x'; delete from made_later", product).ExecuteNonQueryAsync();

        Assert.Equal("guichet_app", await new NpgsqlCommand("select current_user::text", product).ExecuteScalarAsync());
        foreach (var forbidden in new[] { "drop table made_later", "truncate made_later", "create table mine ()", "delete from migrations", "insert into migrations values (999, 'x', 'x')" })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => new NpgsqlCommand(forbidden, product).ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    [Fact]
    public async Task Trigrams_and_lower_case_know_accented_letters()
    {
        await using var product = await database.Product.OpenConnectionAsync();

        Assert.Equal("séance łódź", await new NpgsqlCommand("select lower('SÉANCE ŁÓDŹ')", product).ExecuteScalarAsync());
        Assert.Equal("Seance", await new NpgsqlCommand("select unaccent('Séance')", product).ExecuteScalarAsync());
        Assert.Equal(1f, await new NpgsqlCommand("select similarity('Éric', 'éric')", product).ExecuteScalarAsync());
        Assert.NotEqual(0f, await new NpgsqlCommand("select similarity('Łódź', 'łódź!')", product).ExecuteScalarAsync());
    }
}

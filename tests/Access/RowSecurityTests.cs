using Guichet.Journal;

namespace Guichet.Tests.Access;

/// <summary>Every table whose rows belong to an organisation shows them to that organisation only, whatever the SQL says.</summary>
public sealed class RowSecurityTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    [Fact]
    public async Task Every_table_of_organisations_has_a_policy()
    {
        Assert.Contains("sessions", await world.Tables());
        Assert.Empty(await Unguarded());

        // The control: the question finds a table that somebody forgot.
        await using (var create = world.Database.Owner.CreateCommand("CREATE TABLE forgotten (organisation text NOT NULL)")) await create.ExecuteNonQueryAsync();
        try
        {
            Assert.Equal(["forgotten"], await Unguarded());
        }
        finally
        {
            await using var drop = world.Database.Owner.CreateCommand("DROP TABLE forgotten");
            await drop.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Every_table_shows_an_organisation_its_own_rows_only()
    {
        var database = new Database(world.Database.Product);
        var (asker, owner) = (world.Asker.Tenant.Id, world.Owner.Tenant.Id);
        var seen = 0;
        foreach (var table in await world.Tables())
        {
            var column = await database.QueryFirst<string>("*", """
                SELECT column_name FROM information_schema.columns WHERE table_name = @table AND column_name ~ '(^|_)organisation(_id)?$' ORDER BY column_name <> 'organisation' LIMIT 1
                """, new { table });
            var count = $"SELECT count(*)::integer FROM {table} WHERE {column} = @owner";
            Assert.Equal(0, await database.QueryFirst<int>(asker, count, new { owner }));
            Assert.Equal(0, await database.QueryFirst<int>("", count, new { owner }));
            if (await database.QueryFirst<int>(owner, count, new { owner }) > 0) seen++;
        }
        Assert.True(seen >= 10, $"only {seen} tables had rows to hide");
    }

    [Fact]
    public async Task The_products_role_owns_nothing_and_passes_nothing_by()
    {
        var role = await new Database(world.Database.Product).QueryFirst<string>("*", """
            SELECT concat_ws(' ', current_user, rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid))
            FROM pg_roles r WHERE rolname = current_user
            """);
        Assert.Equal("guichet_app f f 0", role);
    }

    private async Task<IReadOnlyList<string>> Unguarded()
    {
        var unguarded = new List<string>();
        foreach (var table in await world.Tables())
        {
            await using var command = world.Database.Owner.CreateCommand("""
                SELECT c.relrowsecurity AND EXISTS (
                  SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.cmd = 'ALL' AND p.qual LIKE '%guichet.organisation%' AND p.with_check LIKE '%guichet.organisation%')
                FROM pg_class c WHERE c.oid = ('public.' || $1)::regclass
                """);
            command.Parameters.Add(new() { Value = table });
            if (await command.ExecuteScalarAsync() is not true) unguarded.Add(table);
        }
        return unguarded;
    }
}

using Npgsql;

namespace Guichet.Hosting;

/// <summary>
/// Tells the live database from its copies. A restored backup or a copied folder holds the same outbox and the same
/// calendars as the original: two nodes on the two would send everything twice. So the database keeps where it lives,
/// and a node that finds itself elsewhere sends nothing until told (<c>guichet live</c>) that this is the live one now.
/// </summary>
public static class LiveMarker
{
    /// <summary>Whether a node has ever started on this database, or a backup was restored into it.</summary>
    public static async Task<bool> IsInUseAsync(NpgsqlDataSource owner, CancellationToken cancel)
    {
        await using var known = owner.CreateCommand("select to_regclass('public.live_marker') is not null");
        if (await known.ExecuteScalarAsync(cancel) is not true)
            return false;
        await using var used = owner.CreateCommand("select exists (select from live_marker)");
        return await used.ExecuteScalarAsync(cancel) is true;
    }

    /// <summary>Takes a database that no node has started on for live; looks, with every other.</summary>
    /// <returns>False on a copy.</returns>
    public static async Task<bool> ClaimAsync(NpgsqlDataSource owner, CancellationToken cancel)
    {
        var place = await PlaceAsync(owner, cancel);
        await using var claim = owner.CreateCommand("insert into live_marker (place) values ($1) on conflict do nothing");
        claim.Parameters.Add(new() { Value = place });
        await claim.ExecuteNonQueryAsync(cancel);
        return await IsLiveAsync(owner, cancel);
    }

    public static async Task<bool> IsLiveAsync(NpgsqlDataSource owner, CancellationToken cancel)
    {
        await using var look = owner.CreateCommand("select place from live_marker");
        return await look.ExecuteScalarAsync(cancel) is string live && live == await PlaceAsync(owner, cancel);
    }

    /// <summary>Makes this database the live one. The original, if it still runs, must have been stopped for good.</summary>
    public static async Task ConfirmAsync(NpgsqlDataSource owner, CancellationToken cancel)
    {
        await using var confirm = owner.CreateCommand("""
            insert into live_marker (place) values ($1)
            on conflict (one) do update set place = excluded.place, live_since = now()
            """);
        confirm.Parameters.Add(new() { Value = await PlaceAsync(owner, cancel) });
        await confirm.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Says that the database, which has just been filled from a backup, is nobody's live one.</summary>
    internal static async Task MarkRestoredAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var mark = new NpgsqlCommand("insert into live_marker (place) values (null) on conflict (one) do update set place = null", connection);
        await mark.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>
    /// Where this database is: the server's own identifier, the database's in it, and where its files are. A restored dump
    /// differs in the first two. A copied folder shares these and differs in the third, if the server lets it be seen;
    /// else the address stands in for it, as a server restored by its provider gets a new one.
    /// </summary>
    private static async Task<string> PlaceAsync(NpgsqlDataSource owner, CancellationToken cancel)
    {
        var address = new NpgsqlConnectionStringBuilder(owner.ConnectionString);
        await using var ask = owner.CreateCommand("""
            select concat_ws('/',
              (select system_identifier from pg_control_system()),
              (select oid from pg_database where datname = current_database()),
              case when pg_has_role(current_user, 'pg_read_all_settings', 'usage') then current_setting('data_directory') else $1 end)
            """);
        ask.Parameters.Add(new() { Value = $"{address.Host}:{address.Port}" });
        return (string)(await ask.ExecuteScalarAsync(cancel))!;
    }
}

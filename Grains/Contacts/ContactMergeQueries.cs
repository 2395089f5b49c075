using System.Collections.Immutable;
using Guichet.Journal;
using Npgsql;

namespace Guichet.Contacts;

/// <summary>What contacts read before they decide on a merge, and what follows it.</summary>
public sealed class ContactMergeQueries(Database database)
{
    /// <exception cref="TryAgainException">The database doesn't answer.</exception>
    internal async Task<MergeFacts> FactsOf(string organisation, string id, ImmutableArray<ContactToMerge> others)
    {
        string[] ids = others.IsDefaultOrEmpty || others.Length > MergeContacts.Most ? [] : [.. others.Select(other => other.Id).Where(Ids.IsValid).Distinct(StringComparer.Ordinal)];
        if (ids.Length == 0) return MergeFacts.None;
        const string sql = """
            SELECT id, state::text AS state FROM contacts WHERE organisation = @organisation AND id = ANY (@ids) AND kind IS NOT NULL;
            SELECT coalesce(bool_or(contact_is_under(@organisation, r.kind, r.other_id, m.id)), false) FROM contact_relations r CROSS JOIN unnest(@all) AS m (id)
            WHERE r.organisation = @organisation AND r.contact_id = ANY (@all) AND r.kind IN ('child', 'subsidiary') AND r.other_id <> ALL (@all)
            """;
        return await Read(() => database.QueryMany(organisation, sql, new { organisation, ids, all = ids.Append(id).ToArray() }, async results =>
        {
            var states = (await results.ReadAsync<(string Id, string State)>()).ToDictionary(row => row.Id, row => Json.Read<ContactState>(row.State), StringComparer.Ordinal);
            var circular = await results.ReadSingleAsync<bool>();
            return new MergeFacts(
                [.. others.Select(other => states.TryGetValue(other.Id, out var state)
                    ? new MergeableContact(other.Id, state.Number, state.Revision, ContactMerging.ContentOf(state), state.MergedInto, state.LivePurchases) { IsErased = state.Erasure is not null, Hold = state.Hold }
                    : null)],
                circular, 0);
        }));
    }

    /// <summary>Of the contact and those it took over, but for some of them, the purchases of which something is left.</summary>
    internal Task<int> LivePurchases(string organisation, string id, ImmutableArray<string> without) => Read(() => database.QueryFirst<int>(organisation, """
        SELECT count(*)::integer FROM contact_activities a
        WHERE a.organisation = @organisation AND a.kind = 'purchase' AND NOT a.cancelled AND a.contact_id IN (SELECT contact_ids(@organisation, @id))
          AND a.contact_id NOT IN (SELECT gone.id FROM unnest(@without) AS w (id) CROSS JOIN LATERAL contact_ids(@organisation, w.id) AS gone (id))
        """, new { organisation, id, without = without.ToArray() }));

    /// <summary>Contacts that are something to this one.</summary>
    internal async Task<ImmutableArray<string>> Related(string organisation, string id, CancellationToken cancellation) => [.. await database.Query<string>(
        organisation, "SELECT DISTINCT contact_id FROM contact_relations WHERE organisation = @organisation AND other_id = @id ORDER BY 1", new { organisation, id }, cancellation)];

    /// <summary>Contacts whose relations a merge led elsewhere.</summary>
    internal async Task<ImmutableArray<string>> Moved(string organisation, string mergeId, CancellationToken cancellation) => [.. await database.Query<string>(
        organisation, "SELECT contact_id FROM contact_relations_moved WHERE organisation = @organisation AND merge_id = @mergeId ORDER BY 1", new { organisation, mergeId }, cancellation)];

    /// <summary>Whom a contact was taken over by; null while it is its own.</summary>
    internal Task<string?> MergedInto(string organisation, string id, CancellationToken cancellation) => database.QueryFirst<string>(
        organisation, "SELECT merged_into FROM contacts WHERE organisation = @organisation AND id = @id", new { organisation, id }, cancellation);

    private static async Task<T> Read<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw new TryAgainException($"What a merge concerns can't be read: {failure.Message}");
        }
    }
}

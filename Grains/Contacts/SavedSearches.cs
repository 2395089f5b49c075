using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>Searches that are kept: which there are, and whom one finds now.</summary>
public sealed class SavedSearches(Database database, ContactQueries contacts)
{
    private const string Selected = "SELECT id, (state ->> 'revision')::bigint AS revision, (state -> 'search')::text AS search, owner_id, state ->> 'ownerName' AS owner_name, removed FROM contact_searches";

    /// <summary>What a person sees: their own and the shared ones, by name. At most 500.</summary>
    public async Task<ImmutableArray<SavedSearchView>> Of(string organisation, string reader, CancellationToken cancellation = default)
    {
        var sql = $"{Selected} WHERE organisation = @organisation AND NOT removed AND (shared OR owner_id = @reader) ORDER BY name {Alphabetical.Order}, id LIMIT 500";
        var rows = await database.Query<SearchRecord>(organisation, sql, new { organisation, reader }, cancellation);
        return [.. rows.Select(row => row.ToView(organisation))];
    }

    /// <summary>
    /// Whom it finds today, by number: a page of ids that goes on after the last one's number. Null where there is no such search; a
    /// removed one still finds. Conditions that a later version no longer understands find nobody rather than everybody.
    /// </summary>
    /// <param name="after">The last number of the page before; null at the start.</param>
    /// <param name="limit">1 to 1,000.</param>
    public async Task<ImmutableArray<(string Id, long Number)>?> Evaluate(string organisation, string id, DateOnly today, long? after, int limit, CancellationToken cancellation = default)
    {
        if (!Ids.IsValid(id)) return null;
        var row = await database.QueryFirst<SearchRecord>(organisation, $"{Selected} WHERE organisation = @organisation AND id = @id AND name IS NOT NULL", new { organisation, id }, cancellation);
        if (row is null) return null;
        var (filter, wrong) = ContactSearchFields.Read(row.ToView(organisation).Search.Conditions);
        return wrong.IsEmpty ? await contacts.IdsOf(organisation, filter, today, after, limit, cancellation) : [];
    }

    private sealed record SearchRecord(string Id, long Revision, string Search, string Owner_Id, string Owner_Name, bool Removed)
    {
        public SavedSearchView ToView(string organisation) => new(organisation, Id, Revision, Json.Read<SavedSearch>(Search), Owner_Id, Owner_Name, Removed);
    }
}

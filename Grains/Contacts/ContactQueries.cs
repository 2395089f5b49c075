using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Guichet.Journal;
using Guichet.Sessions;

namespace Guichet.Contacts;

/// <summary>A tie of a contact, from either side.</summary>
/// <param name="Upward">The contact is that to the other; else the other is that to it.</param>
public sealed record RelatedContact(RelationKind Kind, bool Upward, DateOnly? From, DateOnly? Until, ContactRow Other);

/// <summary>Finding contacts. Texts compare by their <see cref="SearchKey"/>.</summary>
public sealed class ContactQueries(Database database)
{
    /// <summary>
    /// Whether a contact <c>c</c> has bought. A structure whose relays and members never did is known by their column, and one with a client
    /// who always was its own too; only where there are dates are purchases looked at.
    /// </summary>
    internal const string IsClient = """
        (c.client OR c.kind = 'structure' AND EXISTS (
          SELECT FROM contact_relations r JOIN contacts i ON i.organisation = @organisation AND i.id = r.contact_id AND i.client
          WHERE r.organisation = @organisation AND r.other_id = c.id AND r.kind IN ('relay', 'member')
            AND (r.from_day IS NULL AND r.until_day IS NULL OR contact_bought_through_people(@organisation, c.id))))
        """;

    internal const string HoldsToday = "(r.from_day IS NULL OR r.from_day <= @today::date) AND (r.until_day IS NULL OR r.until_day >= @today::date)";

    /// <summary>What a <see cref="ContactRow"/> reads, of a contact <c>c</c> with <see cref="RelationsOfEach"/>.</summary>
    internal const string Selected = $"""
        c.id, c.number, c.kind, c.types, c.title, c.name, c.first_name, c.birth_date::text AS birth_date, c.email, c.phone, c.country, c.postcode, c.city, c.address,
        c.not_valid, c.archived, {IsClient} AS client, c.tags, c.account, ties.kinds, relay.name AS relay_name, relay.first_name AS relay_first_name
        """;

    internal const string TiesOfEach = $"""
        LEFT JOIN LATERAL (
          SELECT array_agg(DISTINCT r.kind) AS kinds FROM contact_relations r
          WHERE r.organisation = @organisation AND r.contact_id = c.id AND {HoldsToday}) AS ties ON true
        """;

    internal const string RelationsOfEach = $"""
        {TiesOfEach}
        LEFT JOIN LATERAL (
          SELECT i.name, i.first_name FROM contact_relations r JOIN contacts i ON i.organisation = @organisation AND i.id = r.contact_id
          WHERE r.organisation = @organisation AND r.other_id = c.id AND r.kind = 'relay' AND {HoldsToday} AND NOT i.archived
          ORDER BY i.name_key, i.first_key, i.id LIMIT 1) AS relay ON c.kind = 'structure'
        """;

    /// <summary>
    /// Contacts in the order in which they are likely meant: by number, then name and first name, then first name, e-mail and phone; each in
    /// its own order.
    /// </summary>
    /// <param name="today">In the organisation's zone.</param>
    public async Task<ContactPage> Search(string organisation, ContactFilter filter, DateOnly today, CancellationToken cancellation = default)
    {
        var among = await Rare(organisation, filter, cancellation);
        foreach (var everyCandidate in (bool[])[false, true])
        {
            var search = new SearchSql(organisation, filter, today, everyCandidate, SearchExtent.Page, among);
            if (search.FindsNothing) break;
            var rows = await database.Query<RowRecord>(organisation, search.ToString(), search.Parameters, cancellation);
            var found = rows.Where(row => row.Id is not null).ToList();
            if (found.Count <= search.Limit && rows.Count > 0 && search.MayHaveMore(rows[0].Candidates)) continue;
            return new ContactPage([.. found.Take(search.Limit).Select(row => row.ToRow())], found.Count > search.Limit);
        }
        return new ContactPage([], false);
    }

    /// <summary>What those found have in common, and how many they are: counted to 10,000, whatever the size of the file.</summary>
    public async Task<ContactFacets> Facets(string organisation, ContactFilter filter, DateOnly today, CancellationToken cancellation = default)
    {
        var search = new SearchSql(organisation, filter with { Sort = ContactSort.Likeliest, AfterNumber = null, Offset = 0 }, today, everyCandidate: false, SearchExtent.Sample, await Rare(organisation, filter, cancellation));
        if (search.FindsNothing) return new ContactFacets(0, false, []);
        var counts = await database.Query<CountRecord>(organisation, search.Counts(), search.Parameters, cancellation);
        var total = counts.Single(count => count.Name is null);
        return new ContactFacets(
            Math.Min(total.Count, SearchSql.Sampled), total.Count > SearchSql.Sampled || search.MayHaveMore(total.Candidates),
            [.. counts.Where(count => count.Name is not null).GroupBy(count => count.Name!).Select(facet => new Facet(
                facet.Key, [.. facet.OrderByDescending(count => count.Count).ThenBy(count => count.Value, StringComparer.Ordinal).Select(count => new FacetValue(count.Value!, count.Count))]))]);
    }

    /// <summary>All that are found, one after the other in the filter's order, in the memory of a few; offset and limit aren't looked at.</summary>
    public async IAsyncEnumerable<ContactRow> All(string organisation, ContactFilter filter, DateOnly today, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var search = await Whole(organisation, filter, today, cancellation);
        if (search.FindsNothing) yield break;
        await foreach (var row in database.Stream<RowRecord>(organisation, search.ToString(), search.Parameters, cancellation))
            if (row.Id is not null) yield return row.ToRow();
    }

    /// <summary>The same with all that each is, by number.</summary>
    public async IAsyncEnumerable<WholeContact> Details(string organisation, ContactFilter filter, DateOnly today, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var search = await Whole(organisation, filter, today, cancellation);
        if (search.FindsNothing) yield break;
        const string selected = "c.id, c.number, (c.state -> 'details')::text AS details, c.tags, (c.state ->> 'changedAt')::timestamptz AS changed_at";
        await foreach (var row in database.Stream<WholeRecord>(organisation, search.Ordered("c.number", selected, ""), search.Parameters, cancellation))
            yield return new WholeContact(row.Id, row.Number, Json.Read<ContactDetails>(row.Details), [.. row.Tags ?? []], new DateTimeOffset(DateTime.SpecifyKind(row.Changed_At, DateTimeKind.Utc)));
    }

    /// <summary>Ids of those found, by number: a page of at most <paramref name="limit"/> that goes on after the last one's number.</summary>
    /// <param name="after">The last number of the page before; null at the start.</param>
    public async Task<ImmutableArray<(string Id, long Number)>> IdsOf(string organisation, ContactFilter filter, DateOnly today, long? after, int limit, CancellationToken cancellation = default)
    {
        var page = filter with { Sort = ContactSort.Number, Descending = false, AfterNumber = after, Offset = 0, Limit = limit };
        var search = new SearchSql(organisation, page, today, everyCandidate: true, SearchExtent.Page, await Rare(organisation, filter, cancellation));
        if (search.FindsNothing) return [];
        var rows = await database.Query<IdRecord>(organisation, search.Ordered("c.number", "c.id, c.number", ""), search.Parameters, cancellation);
        return [.. rows.Take(limit).Select(row => (row.Id, row.Number))];
    }

    private async Task<SearchSql> Whole(string organisation, ContactFilter filter, DateOnly today, CancellationToken cancellation) =>
        new(organisation, filter with { AfterNumber = null, Offset = 0 }, today, everyCandidate: true, SearchExtent.All, await Rare(organisation, filter, cancellation));

    /// <summary>
    /// Where a tag or criterion is given to few, those few; null where it isn't, and going down the list meets enough of them soon.
    /// </summary>
    private async Task<string[]?> Rare(string organisation, ContactFilter filter, CancellationToken cancellation)
    {
        const int few = 3_000;
        const string sql = "SELECT id FROM contacts_having(@organisation, @field, @value, @most)";
        string[]? rare = null;
        (string Field, string Value)[] asked =
        [
            .. (filter.Tags.IsDefault ? [] : filter.Tags).Select(tag => ("tag", ContactTags.KeyOf(tag))),
            .. string.IsNullOrWhiteSpace(filter.Criterion)
                ? Array.Empty<(string, string)>()
                : [("criterion", ContactRows.CriterionOf(filter.Criterion, string.IsNullOrWhiteSpace(filter.CriterionValue) ? null : filter.CriterionValue))],
        ];
        foreach (var (field, value) in asked)
        {
            var ids = await database.Query<string>(organisation, sql, new { organisation, field, value = value.Replace("\0", "", StringComparison.Ordinal), most = few + 1 }, cancellation);
            if (ids.Count <= few && (rare is null || ids.Count < rare.Length)) rare = [.. ids];
        }
        return rare;
    }

    /// <summary>Those of a list of ids that exist, in no order.</summary>
    public async Task<ImmutableArray<ContactRow>> Find(string organisation, ImmutableArray<string> ids, DateOnly today, CancellationToken cancellation = default)
    {
        const string sql = $"SELECT 0 AS candidates, {Selected} FROM contacts c {RelationsOfEach} WHERE c.organisation = @organisation AND c.id = ANY (@ids)";
        var rows = await database.Query<RowRecord>(organisation, sql, new { organisation, ids = ids.ToArray(), today = ContactRules.Day(today) }, cancellation);
        return [.. rows.Select(row => row.ToRow())];
    }

    /// <summary>Whom a contact is tied to, from both sides, whatever the dates; by kind, then name. At most 1,000.</summary>
    public async Task<ImmutableArray<RelatedContact>> Related(string organisation, string id, DateOnly today, CancellationToken cancellation = default)
    {
        const string sql = $"""
            WITH tied AS (
              SELECT kind AS tie, true AS upward, from_day, until_day, other_id AS other FROM contact_relations WHERE organisation = @organisation AND contact_id = @id
              UNION ALL
              SELECT kind, false, from_day, until_day, contact_id FROM contact_relations WHERE organisation = @organisation AND other_id = @id)
            SELECT 0 AS candidates, t.tie, t.upward, t.from_day::text AS from_day, t.until_day::text AS until_day, {Selected}
            FROM tied t JOIN contacts c ON c.organisation = @organisation AND c.id = t.other {RelationsOfEach}
            ORDER BY t.upward DESC, t.tie, c.name_key, c.first_key, c.id LIMIT 1000
            """;
        var rows = await database.Query<TieRecord>(organisation, sql, new { organisation, id, today = ContactRules.Day(today) }, cancellation);
        return [.. rows.Select(row => new RelatedContact(Read<RelationKind>(row.Tie), row.Upward, RowRecord.DayOf(row.From_Day), RowRecord.DayOf(row.Until_Day), row.ToRow()))];
    }

    /// <summary>What a new relation leads to.</summary>
    internal async Task<ContactFacts> FactsOf(string organisation, string id, ContactRelation relation)
    {
        if (relation.To == id) return ContactFacts.None with { Itself = true };
        if (!Ids.IsValid(relation.To) || !Enum.IsDefined(relation.Kind)) return ContactFacts.None;
        const string sql = """
            SELECT kind, @up IN ('child', 'subsidiary') AND contact_is_under(@organisation, @up, @to, @id) AS circular
            FROM contacts WHERE organisation = @organisation AND id = @to AND kind IS NOT NULL AND merged_into IS NULL AND erased_at IS NULL
            """;
        try
        {
            var found = await database.QueryFirst<OtherRecord>(organisation, sql, new { organisation, id, to = relation.To, up = Name(relation.Kind) });
            return found is null ? ContactFacts.None : ContactFacts.None with { Other = Read<ContactKind>(found.Kind), Circular = found.Circular };
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException or TimeoutException)
        {
            throw new TryAgainException($"contacts/{organisation}/{relation.To} can't be read: {failure.Message}");
        }
    }

    /// <summary>What each of the contacts is that there are, those merged into others left out.</summary>
    internal async Task<IReadOnlyDictionary<string, ContactKind>> KindsOf(string organisation, string[] ids, CancellationToken cancellation)
    {
        if (ids.Length == 0) return ImmutableDictionary<string, ContactKind>.Empty;
        var found = await database.Query<KindRecord>(
            organisation, "SELECT id, kind FROM contacts WHERE organisation = @organisation AND id = ANY (@ids) AND kind IS NOT NULL AND merged_into IS NULL AND erased_at IS NULL", new { organisation, ids }, cancellation);
        return found.ToDictionary(one => one.Id, one => Read<ContactKind>(one.Kind), StringComparer.Ordinal);
    }

    internal static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    internal static T Read<T>(string name) where T : struct, Enum => Enum.Parse<T>(name, ignoreCase: true);

    private sealed record OtherRecord(string Kind, bool Circular);

    private sealed record KindRecord(string Id, string Kind);

    private sealed record IdRecord(int Candidates, string Id, long Number);

    private sealed record CountRecord(int Candidates, string? Name, string? Value, int Count);

    private sealed class WholeRecord
    {
        public string Id { get; init; } = "";
        public long Number { get; init; }
        public string Details { get; init; } = "";
        public string[]? Tags { get; init; }
        public DateTime Changed_At { get; init; }
    }

    internal class RowRecord
    {
        public int Candidates { get; init; }
        public string? Id { get; init; }
        public long Number { get; init; }
        public string Kind { get; init; } = "";
        public string[] Types { get; init; } = [];
        public string? Title { get; init; }
        public string Name { get; init; } = "";
        public string? First_Name { get; init; }
        public string? Birth_Date { get; init; }
        public string? Email { get; init; }
        public string? Phone { get; init; }
        public string? Country { get; init; }
        public string? Postcode { get; init; }
        public string? City { get; init; }
        public string? Address { get; init; }
        public bool Not_Valid { get; init; }
        public bool Archived { get; init; }
        public bool Client { get; init; }
        public string[]? Tags { get; init; }
        public string? Account { get; init; }
        public string[]? Kinds { get; init; }
        public string? Relay_Name { get; init; }
        public string? Relay_First_Name { get; init; }

        public ContactRow ToRow()
        {
            var kind = Read<ContactKind>(Kind);
            var ties = (Kinds ?? []).Select(tie => new ContactRelation(Read<RelationKind>(tie), "", null, null));
            return new ContactRow(
                Id!, Number, kind, [.. Types.Select(Read<ContactType>)], Title, Name, First_Name, DayOf(Birth_Date), Email, Phone, Country, Postcode, City, Address,
                ContactRoles.Of(kind, ties, DateOnly.MinValue), Relay_Name is null ? null : ContactRow.NameOf(Relay_Name, Relay_First_Name), Not_Valid, Archived)
            { Client = Client, Tags = [.. Tags ?? []], Account = Account };
        }

        internal static DateOnly? DayOf(string? iso) => iso is null ? null : DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class TieRecord : RowRecord
    {
        public string Tie { get; init; } = "";
        public bool Upward { get; init; }
        public string? From_Day { get; init; }
        public string? Until_Day { get; init; }
    }
}

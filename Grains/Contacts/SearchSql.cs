using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>How far a search reads.</summary>
internal enum SearchExtent
{
    /// <summary>One page, in order.</summary>
    Page = 0,

    /// <summary>Enough to count by what they have in common.</summary>
    Sample = 1,

    /// <summary>All there are.</summary>
    All = 2,
}

/// <summary>
/// The statement of one search. Each way in which a text may be meant (a name, a first name, a number…) is a source of its own: the first
/// rows of one index, in its order. What several find counts by the best.
/// </summary>
/// <remarks>
/// A prefix is a range, which an index serves below row-level security. What LIKE finds comes from <c>contacts_like</c> (migration 090),
/// so many at a time: where the other conditions leave too few of them, the search is made again with all.
/// </remarks>
internal sealed class SearchSql
{
    /// <summary>As many as one page mostly needs, after what the other conditions leave out.</summary>
    private const int MostCandidates = 100;

    private const string ByNameInOrder = "c.name_key, c.first_key, c.id";

    private static readonly string End = char.ConvertFromUtf32(0x10FFFF);

    private readonly List<string> sources = [];
    private readonly List<string> conditions = [];
    private readonly List<string> candidates = [];
    private readonly bool all;
    private readonly string order;
    private readonly bool whole;
    private bool nothing;

    /// <param name="everyCandidate">Whatever their number.</param>
    /// <param name="among">Ids that alone come into question; null for all.</param>
    public SearchSql(string organisation, ContactFilter filter, DateOnly today, bool everyCandidate, SearchExtent extent = SearchExtent.Page, string[]? among = null)
    {
        order = OrderOf(filter);
        // In an order that isn't the sources' own, each of them is read whole.
        var unlimited = extent == SearchExtent.All || (extent == SearchExtent.Page && order.Length > 0);
        all = everyCandidate || unlimited;
        Parameters.Add("organisation", organisation);
        Parameters.Add("today", ContactRules.Day(today));
        Parameters.Add("offset", Math.Max(0, filter.Offset));
        Limit = Math.Clamp(filter.Limit, 1, 1_000);
        var shown = Math.Max(0, filter.Offset) + Limit + 1;
        var most = unlimited ? null : extent == SearchExtent.Sample ? (int?)Sampled + 1 : shown;
        Parameters.Add("limit", extent == SearchExtent.All ? null : (int?)Limit + 1, System.Data.DbType.Int32);
        Parameters.Add("most", most, System.Data.DbType.Int32);
        Parameters.Add("candidates", all ? null : extent == SearchExtent.Sample ? most : (int?)Math.Max(MostCandidates, 2 * shown), System.Data.DbType.Int32);
        if (among is not null) conditions.Add($"c.id = ANY (@{Parameter(among)})");
        if (filter is { AfterNumber: { } after, Sort: ContactSort.Number }) conditions.Add($"c.number {(filter.Descending ? "<" : ">")} @{Parameter(after)}");
        var text = filter.Text?.Trim() ?? "";
        // Without a text, the fields for names lead the search.
        var (name, first) = (TermOf(filter.Name), TermOf(filter.FirstName));
        if (text.Length > 0) (name, first) = (Narrow("name_key", name), Narrow("first_key", first));
        Conditions(filter);
        if (text.Length > 0) Sources(text);
        else if (name is not null && first is not null)
        {
            // All there are, in any order: no index leads but that order's own.
            whole = unlimited && name.Like is null && first.Like is null;
            if (whole) (name, first) = (Narrow("name_key", name), Narrow("first_key", first));
            ByName(name!, first!);
        }
    }

    /// <summary>So many are looked at to count by what they have in common.</summary>
    public const int Sampled = 10_000;

    public DynamicParameters Parameters { get; } = new();

    public int Limit { get; }

    /// <summary>A condition can't be met by any contact.</summary>
    public bool FindsNothing => nothing || sources.Count == 0;

    /// <summary>Whether so many candidates are perhaps not all there are.</summary>
    public bool MayHaveMore(int counted) => !all && counted >= Parameters.Get<int>("candidates");

    public override string ToString()
    {
        if (order.Length > 0 || whole) return Ordered(order.Length > 0 ? order : ByNameInOrder, ContactQueries.Selected, ContactQueries.RelationsOfEach);
        return $"""
            WITH {Found},
              best AS (SELECT DISTINCT ON (id) id, rank, k1, k2 FROM found ORDER BY id, rank, k1, k2),
              page AS (SELECT * FROM best ORDER BY rank, k1, k2, id OFFSET @offset LIMIT @limit)
            SELECT {Counted} AS candidates, {ContactQueries.Selected}
            FROM (SELECT 1) AS one LEFT JOIN page p ON true LEFT JOIN contacts c ON c.organisation = @organisation AND c.id = p.id
              {ContactQueries.RelationsOfEach}
            ORDER BY p.rank, p.k1, p.k2, p.id
            """;
    }

    /// <summary>The same contacts in an order of their own.</summary>
    /// <param name="by">Of a contact <c>c</c>; ends with what no two have alike.</param>
    public string Ordered(string by, string selected, string joined) => whole
        ? $"""
            SELECT 0 AS candidates, {selected} FROM contacts c {joined}
            WHERE c.organisation = @organisation{Filter} ORDER BY {by} OFFSET @offset LIMIT @limit
            """
        : $"""
            WITH {Found},
            hits AS (SELECT DISTINCT id FROM found),
            page AS (
              SELECT c.id FROM hits h JOIN contacts c ON c.organisation = @organisation AND c.id = h.id
              WHERE c.organisation = @organisation ORDER BY {by} OFFSET @offset LIMIT @limit)
            SELECT {Counted} AS candidates, {selected}
            FROM page p JOIN contacts c ON c.organisation = @organisation AND c.id = p.id {joined}
            ORDER BY {by}
            """;

    /// <summary>How many of at most <see cref="Sampled"/> and one have each value in common; <c>name</c> is the field, none for how many there are.</summary>
    public string Counts() => $"""
        WITH {Found},
          hits AS (SELECT DISTINCT id FROM found LIMIT {Number(Sampled + 1)}),
          these AS MATERIALIZED (
            SELECT c.kind, c.types, c.country, c.criteria, c.tags, ties.kinds,
              CASE WHEN c.country = 'FR' THEN left(c.postcode, CASE WHEN c.postcode LIKE '97%' OR c.postcode LIKE '98%' THEN 3 ELSE 2 END) END AS department
            FROM hits h JOIN contacts c ON c.organisation = @organisation AND c.id = h.id {ContactQueries.TiesOfEach}),
          shared AS (
            SELECT 'kind' AS name, kind AS value FROM these
            UNION ALL SELECT 'type', unnest(types) FROM these
            UNION ALL SELECT 'country', country FROM these
            UNION ALL SELECT 'postcode', department FROM these
            UNION ALL SELECT 'role', unnest(coalesce(kinds, ARRAY[CASE kind WHEN 'structure' THEN 'publicStructure' ELSE 'publicIndividual' END])) FROM these
            UNION ALL SELECT 'criterion', unnest(criteria) FROM these
            UNION ALL SELECT 'tag', unnest(tags) FROM these),
          counted AS (
            SELECT name, value, count(*)::integer AS count, row_number() OVER (PARTITION BY name ORDER BY count(*) DESC, value) AS place
            FROM shared WHERE value IS NOT NULL AND (name <> 'criterion' OR value LIKE '%:%') GROUP BY name, value)
        SELECT {Counted} AS candidates, NULL AS name, NULL AS value, (SELECT count(*)::integer FROM hits) AS count
        UNION ALL SELECT 0, name, value, count FROM counted WHERE place <= 30
        """;

    private string Filter => string.Concat(conditions.Select(condition => $" AND {condition}"));

    private string Found
    {
        get
        {
            var likes = string.Concat(candidates.Select((call, i) => $"likes{Number(i)} AS MATERIALIZED (SELECT id, key COLLATE \"C\" AS key, key2 COLLATE \"C\" AS key2 FROM {call}),\n"));
            return $"{likes}found AS ({string.Join("\nUNION ALL\n", sources.Select(source => source.Replace("{filter}", Filter, StringComparison.Ordinal)))})";
        }
    }

    /// <summary>How many candidates the fullest of the patterns gave.</summary>
    private string Counted => candidates.Count == 0
        ? "0"
        : $"greatest({string.Join(", ", candidates.Select((_, i) => $"(SELECT count(*) FROM likes{Number(i)})"))})::integer";

    private static string OrderOf(ContactFilter filter)
    {
        var way = filter.Descending ? " DESC" : "";
        return filter.Sort switch
        {
            ContactSort.Number => $"c.number{way}",
            ContactSort.Name => $"c.name_key{way}, c.first_key{way}, c.id{way}",
            ContactSort.City => $"c.city_key{way} NULLS LAST, {ByNameInOrder}",
            ContactSort.Postcode => $"c.postcode{way} NULLS LAST, {ByNameInOrder}",
            _ => "",
        };
    }

    private void Sources(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma >= 0)
        {
            // «Nom, Prénom».
            if (SearchTerm.Of(text[..comma]) is { } before && SearchTerm.Of(text[(comma + 1)..]) is { } after) ByName(before, after);
            return;
        }
        if (SearchTerm.Of(text) is not { } term) return;
        ByName(term, SearchTerm.Anything);
        if (term.IsAnything) return;
        if (term.Prefix is { } prefix)
        {
            var (from, to) = Range(prefix);
            Source(3, "c.first_key", "c.name_key", $"c.first_key >= @{from} AND c.first_key < @{to}");
            BothNames(prefix);
            if (!prefix.AsSpan().ContainsAnyExceptInRange('0', '9')) ByNumber(prefix);
            if (!prefix.Contains(' ', StringComparison.Ordinal) || prefix.Contains('@', StringComparison.Ordinal)) Reach(4, "email", from, to);
            if (PhoneText.Searched(text) is { } digits)
            {
                var (low, high) = Range(digits);
                Reach(5, "phone", low, high);
            }
            return;
        }
        Like(3, "first", term.Like!);
        if (term.Like!.Contains('@', StringComparison.Ordinal)) Like(4, "email", term.Like);
    }

    private void ByName(SearchTerm name, SearchTerm first)
    {
        var narrowed = Condition("c.first_key", first);
        if (name.Like is { } like) Like(1, "name", like, narrowed);
        else if (name.IsAnything && !first.IsAnything && first.Prefix is not null) Source(1, "c.first_key", "c.name_key", narrowed);
        else if (name.IsAnything && first.Like is { } inside) Like(1, "first", inside);
        else if (name is { IsAnything: false, Prefix: { } start } && first is { IsAnything: false, Prefix: { } begins }) ByBoth(start, begins);
        else Source(1, "c.name_key", "c.first_key", string.Join(" AND ", new[] { Condition("c.name_key", name), narrowed }.Where(one => one.Length > 0)));
    }

    /// <summary>
    /// «dup, ch»: of each name that begins so, those whose first name does. As two ranges it would be read by whichever of the two indexes,
    /// past everyone whose first name begins so; as pairs, only by that of names.
    /// </summary>
    private void ByBoth(string name, string first)
    {
        var ((from, to), (low, high)) = (Range(name), Range(first));
        sources.Add($$"""
            (SELECT c.id, 1 AS rank, n.key AS k1, c.first_key AS k2
             FROM (SELECT key FROM contact_names WHERE organisation = @organisation AND field = 'name' AND key >= @{{from}} AND key < @{{to}} ORDER BY key) AS n
             CROSS JOIN LATERAL (
               SELECT c.id, c.first_key FROM contacts c
               WHERE c.organisation = @organisation AND (c.name_key, c.first_key) >= (n.key, @{{low}}) AND (c.name_key, c.first_key) < (n.key, @{{high}}){filter}
               ORDER BY c.name_key, c.first_key, c.id LIMIT @most) AS c
             ORDER BY n.key, c.first_key, c.id LIMIT @most)
            """);
    }

    /// <summary>«dupont chantal», «chantal dupont»: both in one text, the second still being typed.</summary>
    private void BothNames(string prefix)
    {
        var words = prefix.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var split = 1; split < words.Length && split <= 3; split++)
        {
            var whole = Parameter(string.Join(' ', words[..split]));
            var (from, to) = Range(string.Join(' ', words[split..]));
            Source(2, "c.name_key", "c.first_key", $"c.name_key = @{whole} AND c.first_key >= @{from} AND c.first_key < @{to}");
            Source(2, "c.name_key", "c.first_key", $"c.first_key = @{whole} AND c.name_key >= @{from} AND c.name_key < @{to}");
        }
    }

    private void ByNumber(string digits)
    {
        var (from, to) = Range(digits);
        var exact = Parameter(digits);
        Source(0, "c.number_key", "c.name_key", $"c.number_key = @{exact}");
        Source(1, "c.number_key", "c.name_key", $"c.number_key >= @{from} AND c.number_key < @{to}");
    }

    private void Source(int rank, string key, string key2, string condition) => sources.Add($$"""
        (SELECT c.id, {{Number(rank)}} AS rank, {{key}} AS k1, {{key2}} AS k2 FROM contacts c
         WHERE c.organisation = @organisation{{(condition.Length > 0 ? $" AND {condition}" : "")}}{filter} ORDER BY {{key}}, {{key2}}, c.id LIMIT @most)
        """);

    private void Like(int rank, string field, string pattern, string condition = "")
    {
        var likes = $"likes{Number(candidates.Count)}";
        candidates.Add($"contacts_like(@organisation, '{field}', @{Parameter(pattern)}, @candidates)");
        sources.Add($$"""
            (SELECT c.id, {{Number(rank)}} AS rank, l.key AS k1, l.key2 AS k2 FROM {{likes}} l JOIN contacts c ON c.organisation = @organisation AND c.id = l.id
             WHERE true{{(condition.Length > 0 ? $" AND {condition}" : "")}}{filter} ORDER BY l.key, l.key2, l.id LIMIT @most)
            """);
    }

    private void Reach(int rank, string kind, string from, string to) => sources.Add($$"""
        (SELECT c.id, {{Number(rank)}} AS rank, r.key AS k1, '' COLLATE "C" AS k2 FROM contact_reaches r JOIN contacts c ON c.organisation = @organisation AND c.id = r.contact_id
         WHERE r.organisation = @organisation AND r.kind = '{{kind}}' AND r.key >= @{{from}} AND r.key < @{{to}}{filter} ORDER BY r.key, r.contact_id LIMIT @most)
        """);

    private void Conditions(ContactFilter filter)
    {
        if (!filter.WithArchived) conditions.Add("NOT c.archived");
        if (!filter.WithNotValid) conditions.Add("NOT c.not_valid");
        if (filter.Kind is { } kind) conditions.Add($"c.kind = @{Parameter(ContactQueries.Name(kind))}");
        if (!filter.Types.IsDefaultOrEmpty) conditions.Add($"c.types && @{Parameter(filter.Types.Select(ContactQueries.Name).ToArray())}");
        if (filter.AmbassadorsOnly) conditions.Add("c.ambassador");
        if (filter.Account is { } account) conditions.Add(account ? "c.account IS NOT NULL" : "c.account IS NULL");
        if (!filter.WithRelays) conditions.Add($"NOT EXISTS (SELECT FROM contact_relations r WHERE r.organisation = @organisation AND r.contact_id = c.id AND r.kind = 'relay' AND {ContactQueries.HoldsToday})");
        if (!filter.WithProspects) conditions.Add(ContactQueries.IsClient);
        if (Given(filter.Number)) Equal("c.number_key", filter.Number!.Trim());
        if (Given(filter.Country)) Equal("c.country", filter.Country!.Trim().ToUpperInvariant());
        if (Given(filter.Iban)) Equal("c.iban", Contacts.Iban.Normalized(filter.Iban!));
        Narrow("nature_key", TermOf(filter.Nature));
        Narrow("city_key", TermOf(filter.City));
        Narrow("reference_key", TermOf(filter.ReferenceCode));
        if (Given(filter.Postcode)) Narrow("postcode", new SearchTerm(filter.Postcode!.Trim().ToUpperInvariant(), null));
        if (Given(filter.AdministrativeNumber)) Narrow("administrative_number", ContactRows.CodeOf(filter.AdministrativeNumber) is { Length: > 0 } number ? new SearchTerm(number, null) : Missing());
        if (Given(filter.Email) && TermOf(filter.Email) is { IsAnything: false } email) Reached("email", Condition("r.key", email));
        if (Given(filter.Phone))
        {
            if (PhoneText.Searched(filter.Phone!.Trim(), Given(filter.PhoneCountry) ? filter.PhoneCountry!.Trim().ToUpperInvariant() : null) is { } digits) Reached("phone", Condition("r.key", new SearchTerm(digits, null)));
            else nothing = true;
        }
        if (Given(filter.Criterion)) conditions.Add($"@{Parameter(ContactRows.CriterionOf(filter.Criterion!, Given(filter.CriterionValue) ? filter.CriterionValue : null))} = ANY (c.criteria)");
        if (!filter.Tags.IsDefaultOrEmpty) conditions.Add($"c.tag_keys @> @{Parameter(filter.Tags.Select(ContactTags.KeyOf).ToArray())}");
        if (filter.Role is { } role) Holding(role);
        if (Given(filter.Relay)) Relay(filter.Relay!);
        Connected(filter.ConnectedAs, filter.ConnectedWith);
    }

    private void Holding(ContactRole role)
    {
        var tie = role switch
        {
            ContactRole.Child => RelationKind.Child,
            ContactRole.Relay => RelationKind.Relay,
            ContactRole.Member => RelationKind.Member,
            ContactRole.Subsidiary => RelationKind.Subsidiary,
            _ => (RelationKind?)null,
        };
        if (tie is null) conditions.Add($"c.kind = @{Parameter(ContactQueries.Name(role == ContactRole.PublicStructure ? ContactKind.Structure : ContactKind.Individual))}");
        var kind = tie is { } one ? $" AND r.kind = @{Parameter(ContactQueries.Name(one))}" : "";
        conditions.Add($"{(tie is null ? "NOT " : "")}EXISTS (SELECT FROM contact_relations r WHERE r.organisation = @organisation AND r.contact_id = c.id{kind} AND {ContactQueries.HoldsToday})");
    }

    private void Relay(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var (name, first) = (TermOf(comma < 0 ? text : text[..comma]), comma < 0 ? SearchTerm.Anything : TermOf(text[(comma + 1)..]));
        if (name is null || first is null) return;
        string[] named = [.. new[] { Condition("i.name_key", name), Condition("i.first_key", first) }.Where(one => one.Length > 0).Select(one => $" AND {one}")];
        conditions.Add($"""
            EXISTS (SELECT FROM contact_relations r JOIN contacts i ON i.organisation = @organisation AND i.id = r.contact_id
              WHERE r.organisation = @organisation AND r.other_id = c.id AND r.kind = 'relay' AND {ContactQueries.HoldsToday}{string.Concat(named)})
            """);
    }

    private void Connected(RelationKind? kind, string? with)
    {
        if (kind is null && !Given(with)) return;
        var kinds = kind is { } only ? $" AND r.kind = @{Parameter(ContactQueries.Name(only))}" : "";
        var other = Given(with) ? Parameter(with) : null;
        var upward = $"EXISTS (SELECT FROM contact_relations r WHERE r.organisation = @organisation AND r.contact_id = c.id{kinds}{(other is null ? "" : $" AND r.other_id = @{other}")})";
        conditions.Add(kind is not null
            ? upward
            : $"({upward} OR EXISTS (SELECT FROM contact_relations r WHERE r.organisation = @organisation AND r.other_id = c.id AND r.contact_id = @{other}))");
    }

    private void Reached(string kind, string condition) =>
        conditions.Add($"c.id IN (SELECT r.contact_id FROM contact_reaches r WHERE r.organisation = @organisation AND r.kind = '{kind}' AND {condition})");

    private void Equal(string column, string value) => conditions.Add($"{column} = @{Parameter(value)}");

    /// <summary>Adds what the term asks of a column; what is left to ask of it is anything.</summary>
    private SearchTerm? Narrow(string column, SearchTerm? term)
    {
        if (term is not null && Condition($"c.{column}", term) is { Length: > 0 } condition) conditions.Add(condition);
        return term is null ? null : SearchTerm.Anything;
    }

    private string Condition(string column, SearchTerm term)
    {
        if (term.IsAnything) return "";
        if (term.Like is { } like) return $"{column} LIKE @{Parameter(like)}";
        var (from, to) = Range(term.Prefix!);
        return $"{column} >= @{from} AND {column} < @{to}";
    }

    private SearchTerm? TermOf(string? text) => SearchTerm.Of(text ?? "") ?? Missing();

    private SearchTerm? Missing()
    {
        nothing = true;
        return null;
    }

    private static bool Given(string? text) => !string.IsNullOrWhiteSpace(text);

    private (string From, string To) Range(string prefix) => (Parameter(prefix), Parameter(prefix + End));

    private string Parameter(object? value)
    {
        var name = $"p{Number(Parameters.ParameterNames.Count())}";
        // No text from outside may hold what PostgreSQL can't take.
        Parameters.Add(name, value is string text ? text.Replace("\0", "", StringComparison.Ordinal) : value);
        return name;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;

namespace Guichet.Imports;

/// <summary>Finds which contacts some lines of a file are about, or look like: a slice of lines in a few round trips.</summary>
internal sealed class ContactMatches(Database database)
{
    /// <summary>Shown of a line, and looked at for one.</summary>
    private const int Most = 5;

    /// <summary>Lines that are looked for at once, each part on a connection of its own.</summary>
    private const int Part = 1_000;

    /// <summary>Each line is an index look-up or several, also where the planner knows little of a file that grows while it is imported.</summary>
    private const string Sql = """
        WITH given AS MATERIALIZED (
          SELECT * FROM unnest(@lines::integer[], @ids::text[], @kinds::text[], @numbers::bigint[], @references::text[], @names::text[], @firsts::text[], @births::text[], @postcodes::text[], @bare::boolean[])
            AS g (line, id, kind, number, reference, name, first, birth, postcode, bare)),
        emails AS MATERIALIZED (SELECT * FROM unnest(@emailLines::integer[], @emails::text[]) AS e (line, key)),
        phones AS MATERIALIZED (SELECT * FROM unnest(@phoneLines::integer[], @phones::text[]) AS p (line, key))
        SELECT g.line, 'own' AS how, c.id, c.number, c.name, c.first_name, c.archived FROM given g CROSS JOIN LATERAL (
          SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.id = g.id AND c.name IS NOT NULL LIMIT 1) AS c
        UNION ALL
        SELECT g.line, 'number', c.id, c.number, c.name, c.first_name, c.archived FROM given g CROSS JOIN LATERAL (
          SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.number = g.number LIMIT 1) AS m CROSS JOIN LATERAL (
          SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.id = coalesce(m.merged_into, m.id) AND c.erased_at IS NULL LIMIT 1) AS c
        WHERE g.number IS NOT NULL
        UNION ALL
        SELECT g.line, 'reference', c.id, c.number, c.name, c.first_name, c.archived FROM given g CROSS JOIN LATERAL (
          SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.reference_key = g.reference AND NOT c.archived LIMIT @most) AS c
        WHERE g.reference IS NOT NULL
        UNION ALL
        SELECT g.line, CASE WHEN c.name_key = g.name AND c.first_key = g.first AND c.kind = g.kind THEN 'email' ELSE 'alike' END, c.id, c.number, c.name, c.first_name, c.archived
        FROM emails e JOIN given g ON g.line = e.line CROSS JOIN LATERAL (
          SELECT r.contact_id FROM contact_reaches r WHERE r.organisation = @organisation AND r.kind = 'email' AND r.key = e.key LIMIT 20) AS r CROSS JOIN LATERAL (
          SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.id = r.contact_id AND NOT c.archived LIMIT 1) AS c
        UNION ALL
        SELECT g.line, CASE WHEN c.name_key = g.name AND c.first_key = g.first AND c.kind = g.kind THEN 'name' ELSE 'alike' END, c.id, c.number, c.name, c.first_name, c.archived
        FROM phones p JOIN given g ON g.line = p.line CROSS JOIN LATERAL (
          SELECT r.contact_id FROM contact_reaches r WHERE r.organisation = @organisation AND r.kind = 'phone' AND r.key = p.key LIMIT @most) AS r CROSS JOIN LATERAL (
          SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.id = r.contact_id AND NOT c.archived LIMIT 1) AS c
        UNION ALL
        SELECT g.line, CASE WHEN c.name_key = g.name AND c.first_key = g.first AND c.kind = g.kind THEN 'name' ELSE 'alike' END, c.id, c.number, c.name, c.first_name, c.archived
        FROM given g CROSS JOIN LATERAL (
          SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.same_key = contact_skeleton(g.name || ' ' || g.first) AND (c.postcode = g.postcode OR c.birth_date = g.birth::date) AND NOT c.archived
          LIMIT @most) AS c
        WHERE g.postcode IS NOT NULL OR g.birth IS NOT NULL
        UNION ALL
        SELECT g.line, 'name', c.id, c.number, c.name, c.first_name, c.archived FROM given g CROSS JOIN LATERAL (
          SELECT * FROM contacts c WHERE c.organisation = @organisation AND (c.name_key, c.first_key) = (g.name, g.first) AND c.kind = g.kind AND NOT c.archived
            AND c.email IS NULL AND c.phone IS NULL AND c.postcode IS NULL AND c.birth_date IS NULL AND c.reference_key IS NULL
          LIMIT @most) AS c
        WHERE g.bare
        """;

    /// <param name="newId">The id that a line's contact would get.</param>
    public async Task<Dictionary<int, LineMatches>> Find(string organisation, IReadOnlyCollection<SaidContact> lines, Func<int, string> newId, CancellationToken cancellation)
    {
        if (lines.Count == 0) return [];
        var structuresFound = Structures(organisation, lines, cancellation);
        var rows = (await Task.WhenAll(lines.Chunk(Part).Select(part => Rows(organisation, part, newId, cancellation)))).SelectMany(part => part).ToList();
        var states = await States(organisation, [.. rows.Where(row => row.How != "alike").Select(row => row.Id).Distinct()], cancellation);
        var structures = await structuresFound;
        var byLine = rows.ToLookup(row => row.Line);
        return lines.ToDictionary(line => line.Line, line =>
        {
            var found = byLine[line.Line].ToArray();
            return new LineMatches(
                Of("own").FirstOrDefault(), Of("number").FirstOrDefault(), Of("reference"), Of("email"), Of("name"),
                [.. found.Where(row => row.How != "own").DistinctBy(row => row.Id).Take(Most).Select(row => new AlikeContact(row.Id, row.Shown))],
                line.Structure is { } structure ? [.. structures[KeyOf(structure)]] : []);

            ImmutableArray<MatchedContact> Of(string how) => [.. found.Where(row => row.How == how && states.ContainsKey(row.Id)).DistinctBy(row => row.Id)
                .Select(row => new MatchedContact(row.Id, row.Number, ContactRow.NameOf(row.Name, row.First_Name), SearchKey.Of(row.Name), SearchKey.Of(row.First_Name), row.Archived, states[row.Id]))];
        });
    }

    private async Task<IReadOnlyList<FoundRecord>> Rows(string organisation, SaidContact[] lines, Func<int, string> newId, CancellationToken cancellation)
    {
        var emails = lines.SelectMany(line => line.Emails, (line, email) => (line.Line, Key: SearchKey.Of(email))).ToArray();
        var phones = lines.SelectMany(line => new[] { line.Mobile, line.Phone }.OfType<string>().Select(phone => PhoneText.Read(phone, PhoneText.DefaultCountry)).OfType<string>().Distinct(), (line, phone) => (line.Line, Key: phone[1..])).ToArray();
        return await database.Query<FoundRecord>(organisation, Sql, new
        {
            organisation,
            most = Most,
            lines = lines.Select(line => line.Line).ToArray(),
            ids = lines.Select(line => newId(line.Line)).ToArray(),
            kinds = lines.Select(line => ContactQueries.Name(line.Kind)).ToArray(),
            numbers = lines.Select(line => line.Number).ToArray(),
            references = lines.Select(line => SearchKey.Of(line.ReferenceCode) is { Length: > 0 } key ? key : null).ToArray(),
            names = lines.Select(line => line.NameKey).ToArray(),
            firsts = lines.Select(line => line.FirstKey).ToArray(),
            births = lines.Select(line => line.BirthDate is { } born ? ContactRules.Day(born) : null).ToArray(),
            postcodes = lines.Select(line => line.Postcode).ToArray(),
            bare = lines.Select(line => line.IsBare).ToArray(),
            emailLines = emails.Select(email => email.Line).ToArray(),
            emails = emails.Select(email => email.Key).ToArray(),
            phoneLines = phones.Select(phone => phone.Line).ToArray(),
            phones = phones.Select(phone => phone.Key).ToArray(),
        }, cancellation);
    }

    private async Task<Dictionary<string, ContactState>> States(string organisation, string[] ids, CancellationToken cancellation)
    {
        if (ids.Length == 0) return [];
        var rows = await database.Query<StateRecord>(organisation, "SELECT id, state::text AS state FROM contacts WHERE organisation = @organisation AND id = ANY (@ids)", new { organisation, ids }, cancellation);
        return rows.ToDictionary(row => row.Id, row => Json.Read<ContactState>(row.State));
    }

    /// <summary>Structures by number (<c>12</c>) or by the key of their name.</summary>
    private async Task<ILookup<string, AlikeContact>> Structures(string organisation, IReadOnlyCollection<SaidContact> lines, CancellationToken cancellation)
    {
        var keys = lines.Select(line => line.Structure).OfType<string>().Select(KeyOf).Distinct().ToArray();
        if (keys.Length == 0) return Enumerable.Empty<AlikeContact>().ToLookup(_ => "");
        const string sql = """
            SELECT 0 AS line, '#' || c.number AS how, c.id, c.number, c.name, c.first_name, c.archived FROM unnest(@numbers::bigint[]) AS n (number) CROSS JOIN LATERAL (
              SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.number = n.number AND c.kind = 'structure' AND NOT c.archived LIMIT 1) AS c
            UNION ALL
            SELECT 0, c.name_key, c.id, c.number, c.name, c.first_name, c.archived FROM unnest(@names::text[]) AS n (name) CROSS JOIN LATERAL (
              SELECT * FROM contacts c WHERE c.organisation = @organisation AND c.name_key = n.name AND c.first_key = '' AND c.kind = 'structure' AND NOT c.archived LIMIT @most) AS c
            """;
        var rows = await database.Query<FoundRecord>(organisation, sql, new
        {
            organisation,
            most = Most,
            numbers = keys.Where(key => key[0] == '#').Select(key => long.Parse(key.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
            names = keys.Where(key => key[0] != '#').ToArray(),
        }, cancellation);
        return rows.ToLookup(row => row.How, row => new AlikeContact(row.Id, row.Shown));
    }

    private static string KeyOf(string structure) => ContactPlanning.IsNumber(structure) ? $"#{long.Parse(structure, System.Globalization.CultureInfo.InvariantCulture)}" : SearchKey.Of(structure) is { Length: > 0 } key ? key : "?";

    private sealed class FoundRecord
    {
        public int Line { get; init; }
        public string How { get; init; } = "";
        public string Id { get; init; } = "";
        public long Number { get; init; }
        public string Name { get; init; } = "";
        public string? First_Name { get; init; }
        public bool Archived { get; init; }

        public string Shown => $"{ContactRow.NameOf(Name, First_Name)} [{ContactRules.Number(Number)}]";
    }

    private sealed class StateRecord
    {
        public string Id { get; init; } = "";
        public string State { get; init; } = "";
    }
}

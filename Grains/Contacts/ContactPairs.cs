using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>Two contacts that may be one.</summary>
/// <param name="Likeness">Of name and first name, 0 to 1.</param>
/// <param name="SameBirthDate">Null where one of the two isn't known; likewise the postcode.</param>
public sealed record ContactPair(
    ContactRow One, ContactRow Other, double Likeness, bool SameEmail, bool SamePhone, bool? SameBirthDate, bool? SamePlace, string? DismissedBy);

/// <summary>Pairs that a search through the file found, the likeliest first.</summary>
public sealed class ContactPairs(Database database, ContactQueries contacts)
{
    /// <param name="dismissed">Those that a person told apart, instead of the others.</param>
    public async Task<(ImmutableArray<ContactPair> Pairs, bool More)> Read(
        string organisation, bool dismissed, int offset, int limit, DateOnly today, CancellationToken cancellation = default)
    {
        // Archived since, or merged: over, though the search hasn't been made again.
        const string sql = """
            SELECT p.low_id, p.high_id, p.likeness::float8 AS likeness, p.same_email, p.same_phone, p.same_birth, p.same_place, p.dismissed_by FROM contact_pairs p
            JOIN contacts l ON l.organisation = @organisation AND l.id = p.low_id AND NOT l.archived
            JOIN contacts h ON h.organisation = @organisation AND h.id = p.high_id AND NOT h.archived
            WHERE p.organisation = @organisation AND (p.dismissed_at IS NOT NULL) = @dismissed
            ORDER BY p.weight DESC, p.low_id, p.high_id OFFSET @offset LIMIT @most
            """;
        var rows = await database.Query<PairRecord>(organisation, sql, new { organisation, dismissed, offset = Math.Max(0, offset), most = limit + 1 }, cancellation);
        var shown = rows.Take(limit).ToArray();
        var people = (await contacts.Find(organisation, [.. shown.SelectMany(row => new[] { row.Low_Id, row.High_Id }).Distinct()], today, cancellation)).ToDictionary(row => row.Id);
        return (
            [.. shown.Where(row => people.ContainsKey(row.Low_Id) && people.ContainsKey(row.High_Id)).Select(row => row.ToPair(people))],
            rows.Count > limit);
    }

    /// <summary>How many are still to be looked at.</summary>
    public Task<int> Count(string organisation, CancellationToken cancellation = default) => database.QueryFirst<int>(organisation, """
        SELECT count(*)::integer FROM contact_pairs p
        JOIN contacts l ON l.organisation = @organisation AND l.id = p.low_id AND NOT l.archived
        JOIN contacts h ON h.organisation = @organisation AND h.id = p.high_id AND NOT h.archived
        WHERE p.organisation = @organisation AND p.dismissed_at IS NULL
        """, new { organisation }, cancellation);

    /// <summary>How many contacts a search goes through.</summary>
    public Task<long> Contacts(string organisation, CancellationToken cancellation = default) => database.QueryFirst<long>(
        organisation, "SELECT count(*) FROM contacts WHERE organisation = @organisation AND NOT archived", new { organisation }, cancellation);

    private sealed record PairRecord(string Low_Id, string High_Id, double Likeness, bool Same_Email, bool Same_Phone, bool? Same_Birth, bool? Same_Place, string? Dismissed_By)
    {
        public ContactPair ToPair(Dictionary<string, ContactRow> people) =>
            new(people[Low_Id], people[High_Id], Likeness, Same_Email, Same_Phone, Same_Birth, Same_Place, Dismissed_By);
    }
}

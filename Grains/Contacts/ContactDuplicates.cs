using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Mail;

namespace Guichet.Contacts;

/// <summary>What is known of a contact that is being typed; anything may still be missing.</summary>
/// <param name="Country">In which phones are read that don't say their own; null for France.</param>
public sealed record ContactProbe(
    string? Name, string? FirstName, ImmutableArray<string> Emails, ImmutableArray<string> Phones, DateOnly? BirthDate, string? Country = null);

/// <param name="Likeness">Of name and first name, in either order: 0 to 1, by trigrams.</param>
/// <param name="SameBirthDate">Null where one of the two isn't known.</param>
public sealed record LikelyDuplicate(ContactRow Contact, double Likeness, bool SameEmail, bool SamePhone, bool? SameBirthDate);

/// <summary>Contacts that may be the one that is being typed: shown beside the form, never in its way.</summary>
public sealed class ContactDuplicates(Database database)
{
    public const int Most = 10;

    /// <summary>The likeliest first. Whoever is reached the same way; and whoever is called nearly the same, unless another birth date says otherwise.</summary>
    /// <param name="except">The contact that is being changed; null for a new one.</param>
    public async Task<ImmutableArray<LikelyDuplicate>> Find(string organisation, ContactProbe probe, string? except, DateOnly today, CancellationToken cancellation = default)
    {
        var (name, first) = (SearchKey.Of(probe.Name), SearchKey.Of(probe.FirstName));
        var emails = (probe.Emails.IsDefault ? [] : probe.Emails).Select(EmailAddress.Normalized).Where(EmailAddress.IsValid).Select(SearchKey.Of).ToArray();
        var phones = (probe.Phones.IsDefault ? [] : probe.Phones)
            .Select(phone => PhoneText.Read(phone?.Trim() ?? "", probe.Country ?? PhoneText.DefaultCountry)).OfType<string>().Select(phone => phone[1..]).ToArray();
        var full = name.Length >= 2 ? $"{name} {first}".TrimEnd() : "";
        if (full.Length < 4 && emails.Length == 0 && phones.Length == 0) return [];
        const string sql = $"""
            WITH alike AS MATERIALIZED (SELECT id FROM contacts_alike(@organisation, @name, @first, 50) WHERE @full <> ''),
              reached AS MATERIALIZED (
                SELECT contact_id AS id, bool_or(kind = 'email') AS by_email, bool_or(kind = 'phone') AS by_phone FROM (
                  (SELECT contact_id, kind FROM contact_reaches WHERE organisation = @organisation AND kind = 'email' AND key = ANY (@emails) LIMIT 50)
                  UNION ALL
                  (SELECT contact_id, kind FROM contact_reaches WHERE organisation = @organisation AND kind = 'phone' AND key = ANY (@phones) LIMIT 50)) AS r
                GROUP BY contact_id),
              found AS (
                SELECT c.id, similarity(c.name_key || ' ' || c.first_key, @full)::float8 AS likeness, coalesce(r.by_email, false) AS by_email, coalesce(r.by_phone, false) AS by_phone,
                  c.birth_date = @birth::date AS same_birth
                FROM (SELECT id FROM alike UNION SELECT id FROM reached) AS one
                JOIN contacts c ON c.organisation = @organisation AND c.id = one.id LEFT JOIN reached r ON r.id = one.id
                WHERE NOT c.archived AND (@except::text IS NULL OR c.id <> @except)),
              weighed AS (
                SELECT *, likeness + CASE WHEN by_email THEN 0.5 ELSE 0 END + CASE WHEN by_phone THEN 0.5 ELSE 0 END
                  + CASE same_birth WHEN true THEN 0.3 WHEN false THEN -0.3 ELSE 0 END AS weight FROM found),
              likeliest AS (SELECT * FROM weighed WHERE weight >= 0.4 ORDER BY weight DESC, id LIMIT @most)
            SELECT 0 AS candidates, f.likeness, f.by_email, f.by_phone, f.same_birth, {ContactQueries.Selected}
            FROM likeliest f JOIN contacts c ON c.organisation = @organisation AND c.id = f.id {ContactQueries.RelationsOfEach}
            ORDER BY f.weight DESC, f.id
            """;
        var rows = await database.Query<AlikeRecord>(organisation, sql, new
        {
            organisation,
            name,
            first,
            full,
            emails,
            phones,
            birth = probe.BirthDate is { } born ? ContactRules.Day(born) : null,
            except,
            most = Most,
            today = ContactRules.Day(today),
        }, cancellation);
        return [.. rows.Select(row => new LikelyDuplicate(row.ToRow(), row.Likeness, row.By_Email, row.By_Phone, row.Same_Birth))];
    }

    private sealed class AlikeRecord : ContactQueries.RowRecord
    {
        public double Likeness { get; init; }
        public bool By_Email { get; init; }
        public bool By_Phone { get; init; }
        public bool? Same_Birth { get; init; }
    }
}

using System.Collections.Immutable;
using Guichet.Journal;
using Npgsql;

namespace Guichet.Contacts;

/// <summary>What is read before a contact is erased.</summary>
public sealed class ContactErasureQueries(Database database)
{
    /// <exception cref="TryAgainException">The database doesn't answer.</exception>
    internal async Task<ErasureFacts> FactsOf(string organisation, string id)
    {
        // An import that isn't finished may have planned a line of the contact already; one that is stopped, only if it came to it.
        const string sql = """
            SELECT c.id, c.number, '' AS name FROM contact_ids(@organisation, @id) AS own (id) JOIN contacts c ON c.organisation = @organisation AND c.id = own.id WHERE c.id <> @id;
            SELECT contact_is_merging(@organisation, @id);
            SELECT i.file_name FROM imports i
              LEFT JOIN jobs j ON j.organisation = i.organisation AND j.id = i.id
            WHERE i.organisation = @organisation AND i.kind = 'contacts' AND i.accepted_at IS NOT NULL AND i.finished_at IS NULL
              AND (j.state ->> 'status' IS DISTINCT FROM 'stopped'
                OR EXISTS (SELECT FROM contact_import_lines l WHERE l.organisation = i.organisation AND l.import_id = i.id AND l.contact_id = @id))
            UNION ALL
            SELECT i.file_name FROM jobs j JOIN imports i ON i.organisation = j.organisation AND i.id = (j.state ->> 'argument')::jsonb ->> 'importId'
            WHERE j.organisation = @organisation AND j.kind = 'contactImportUndo' AND j.state ->> 'status' <> 'finished'
              AND EXISTS (SELECT FROM contact_import_lines l WHERE l.organisation = i.organisation AND l.import_id = i.id AND l.contact_id = @id)
            LIMIT 1
            """;
        try
        {
            return await database.QueryMany(organisation, sql, new { organisation, id }, async results => new ErasureFacts(
                [.. (await results.ReadAsync<(string Id, long Number, string Name)>()).Select(one => new MergedContact(one.Id, one.Number, one.Name))],
                await results.ReadSingleAsync<bool>(), await results.ReadFirstOrDefaultAsync<string>()));
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw new TryAgainException($"What erasing contacts/{organisation}/{id} concerns can't be read: {failure.Message}");
        }
    }

    /// <summary>What erasing the contact would take and leave now.</summary>
    public async Task<ErasurePreview> Preview(ContactView contact, CancellationToken cancellation = default)
    {
        const string counts = """
            WITH own AS MATERIALIZED (SELECT id FROM contact_ids(@organisation, @id) AS c (id)),
              held AS MATERIALIZED (
                SELECT DISTINCT j.id, j.sequence FROM own CROSS JOIN LATERAL contact_journal_held(@organisation, own.id, 9223372036854775807) h
                  JOIN journal j ON j.organisation = @organisation AND j.kind = 'contacts' AND j.id = h.id AND j.sequence BETWEEN h.first_line AND h.last_line AND j.redacted_for IS NULL
                    AND NOT (j.events = '[]' AND j.answer = '{"value":{},"refusals":[]}')),
              told AS (SELECT a.kind, count(*)::integer AS number FROM contact_activities a WHERE a.organisation = @organisation AND a.contact_id IN (SELECT id FROM own) GROUP BY a.kind),
              reached AS MATERIALIZED (
                SELECT r.email FROM contact_reaches r WHERE r.organisation = @organisation AND r.contact_id IN (SELECT id FROM own) AND r.email IS NOT NULL
                UNION SELECT e.email FROM contact_emails_left e WHERE e.organisation = @organisation AND e.contact_id IN (SELECT id FROM own)),
              alone AS MATERIALIZED (SELECT r.email FROM reached r WHERE NOT EXISTS (SELECT FROM partners p WHERE p.organisation = @organisation AND r.email = ANY (p.emails)))
            SELECT (SELECT count(*)::integer FROM own) AS contacts,
              (SELECT count(*)::integer FROM held) AS lines,
              (SELECT count(*)::integer FROM held WHERE id NOT IN (SELECT id FROM own)) AS other_lines,
              (SELECT count(DISTINCT f.id)::integer FROM import_files f JOIN contact_import_lines l ON l.organisation = @organisation AND l.import_id = f.id AND l.contact_id IN (SELECT id FROM own)
                WHERE f.organisation = @organisation) AS files,
              ((SELECT count(*) FROM report_recipients r WHERE r.organisation = @organisation AND r.email IN (SELECT email FROM alone))
                + (SELECT count(*) FROM sent_letters s WHERE s.organisation = @organisation AND s.email IN (SELECT email FROM alone)))::integer AS mails,
              coalesce((SELECT number FROM told WHERE kind = 'purchase'), 0) AS purchases, coalesce((SELECT number FROM told WHERE kind = 'payment'), 0) AS payments,
              coalesce((SELECT number FROM told WHERE kind = 'attendance'), 0) AS attendances, coalesce((SELECT number FROM told WHERE kind = 'message'), 0) AS messages,
              coalesce((SELECT array_agg(r.email ORDER BY r.email) FROM reached r WHERE r.email NOT IN (SELECT email FROM alone)), '{}') AS partner_addresses
            """;
        var found = (await database.QueryFirst<Counts>(contact.Organisation, counts, new { organisation = contact.Organisation, id = contact.Id }, cancellation))!;
        var details = contact.Details;
        return new ErasurePreview(
            found.Contacts, details.Emails.Length, new[] { details.Mobile, details.Phone, details.Fax }.Count(phone => phone is not null), details.Addresses.Length, contact.Notes.Length,
            contact.Tags.Length, contact.Criteria.Length, contact.Seats.Length, contact.Consents.Length, found.Lines, found.Other_Lines, found.Files, found.Mails, found.Purchases,
            found.Payments, found.Attendances, found.Messages, contact.Relations.Count(ContactErasing.Stays), [.. found.Partner_Addresses]);
    }

    private sealed class Counts
    {
        public int Contacts { get; init; }
        public int Lines { get; init; }
        public int Other_Lines { get; init; }
        public int Files { get; init; }
        public int Mails { get; init; }
        public int Purchases { get; init; }
        public int Payments { get; init; }
        public int Attendances { get; init; }
        public int Messages { get; init; }
        public string[] Partner_Addresses { get; init; } = [];
    }
}

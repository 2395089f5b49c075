using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>A record of a person as it is stored: its own, or one that was merged into it.</summary>
/// <param name="State">JSON.</param>
public sealed record StoredRecord(string Id, long Number, string State);

/// <summary>An e-mail address that was a contact's.</summary>
/// <param name="Since">Null for always.</param>
public sealed record FormerEmail(string Email, DateTimeOffset? Since, DateTimeOffset Until);

/// <summary>A line of a file that a contact was made or changed by.</summary>
/// <param name="Said">What the line said, JSON.</param>
public sealed record ImportedFrom(string ImportId, string FileName, string Source, DateTimeOffset At, int Line, bool Created, string Said);

/// <summary>A browser that a contact is, or was lately, signed in to its space with.</summary>
public sealed record SpaceBrowser(string Browser, DateTimeOffset SignedInAt, DateTimeOffset SeenAt);

/// <summary>An activity as a till told it.</summary>
public sealed record ToldActivity(Told Told, ActivityContent Content);

/// <summary>What is kept of one person beside its histories and journal: all of it, and nobody else's.</summary>
public sealed class PersonalDataQueries(Database database)
{
    /// <summary>The contact's own record first, then those that it took over, by number.</summary>
    public async Task<ImmutableArray<StoredRecord>> Records(string organisation, string contact, CancellationToken cancellation = default) =>
    [
        .. await database.Query<StoredRecord>(organisation, """
            SELECT c.id, c.number, c.state::text AS state FROM contact_ids(@organisation, @contact) AS own (id)
            JOIN contacts c ON c.organisation = @organisation AND c.id = own.id ORDER BY c.id <> @contact, c.number
            """, new { organisation, contact }, cancellation),
    ];

    public async Task<ImmutableArray<FormerEmail>> FormerEmails(string organisation, string contact, CancellationToken cancellation = default)
    {
        var rows = await database.Query<EmailRecord>(organisation, """
            SELECT e.email, e.since, e.until FROM contact_ids(@organisation, @contact) AS own (id)
            JOIN contact_emails_left e ON e.organisation = @organisation AND e.contact_id = own.id ORDER BY e.until, e.email
            """, new { organisation, contact }, cancellation);
        return [.. rows.Select(row => new FormerEmail(row.Email, row.Since is { } since ? Utc(since) : null, Utc(row.Until)))];
    }

    /// <summary>When it last signed in to its space, null for never; and the browsers, the one used last first.</summary>
    public async Task<(DateTimeOffset? Last, ImmutableArray<SpaceBrowser> Browsers)> SignIns(string organisation, string contact, CancellationToken cancellation = default)
    {
        var last = await database.QueryFirst<DateTime?>(
            organisation, "SELECT signed_in_at FROM contact_passwords WHERE organisation = @organisation AND contact_id = @contact", new { organisation, contact }, cancellation);
        var rows = await database.Query<BrowserRecord>(
            organisation, "SELECT browser, created_at, seen_at FROM contact_sessions WHERE organisation = @organisation AND contact_id = @contact ORDER BY seen_at DESC, id",
            new { organisation, contact }, cancellation);
        return (last is { } at ? Utc(at) : null, [.. rows.Select(row => new SpaceBrowser(row.Browser, Utc(row.Created_At), Utc(row.Seen_At)))]);
    }

    /// <summary>The oldest first.</summary>
    public async Task<ImmutableArray<ImportedFrom>> Imports(string organisation, string contact, CancellationToken cancellation = default)
    {
        var rows = await database.Query<ImportRecord>(organisation, """
            SELECT l.import_id, coalesce(i.file_name, '') AS file_name, coalesce(i.source, '') AS source, coalesce(i.accepted_at, 'epoch') AS at, l.line, l.created, l.plan::text AS said
            FROM contact_ids(@organisation, @contact) AS own (id)
              JOIN contact_import_lines l ON l.organisation = @organisation AND l.contact_id = own.id
              LEFT JOIN imports i ON i.organisation = @organisation AND i.id = l.import_id
            ORDER BY at, l.import_id, l.line, l.part
            """, new { organisation, contact }, cancellation);
        return [.. rows.Select(row => new ImportedFrom(row.Import_Id, row.File_Name, row.Source, Utc(row.At), row.Line, row.Created, row.Said))];
    }

    /// <summary>What tills told of one kind that no history shows as rows of its own (<c>cancellation</c>, <c>attendance</c>), the newest first, page after page.</summary>
    public async Task<HistoryPage<ToldActivity>> Told(string organisation, string contact, string kind, HistoryPlace? after, int limit, CancellationToken cancellation = default)
    {
        var rows = await database.Query<ToldRecord>(organisation, """
            SELECT a.* FROM contact_ids(@organisation, @contact) AS own (id) CROSS JOIN LATERAL (
              SELECT a.source, a.external_id, a.revision, a.occurred_at, a.recorded_at, a.recorded_by, a.content
              FROM contact_activities a WHERE a.organisation = @organisation AND a.contact_id = own.id AND a.kind = @kind
                AND (@at::timestamptz IS NULL OR (a.occurred_at, a.source, a.external_id) < (@at, @source, @id))
              ORDER BY a.occurred_at DESC, a.source DESC, a.external_id DESC LIMIT @most) AS a
            ORDER BY a.occurred_at DESC, a.source DESC, a.external_id DESC LIMIT @most
            """, new { organisation, contact, kind, at = after?.At.UtcDateTime, source = after?.Source, id = after?.Id, most = limit + 1 }, cancellation);
        return new(
            [.. rows.Take(limit).Select(row => row.ToTold())],
            rows.Count > limit ? new HistoryPlace(Utc(rows[limit - 1].Occurred_At), rows[limit - 1].Source, rows[limit - 1].External_Id) : null);
    }

    private static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));

    private sealed class BrowserRecord
    {
        public string Browser { get; init; } = "";
        public DateTime Created_At { get; init; }
        public DateTime Seen_At { get; init; }
    }

    private sealed class EmailRecord
    {
        public string Email { get; init; } = "";
        public DateTime? Since { get; init; }
        public DateTime Until { get; init; }
    }

    private sealed class ImportRecord
    {
        public string Import_Id { get; init; } = "";
        public string File_Name { get; init; } = "";
        public string Source { get; init; } = "";
        public DateTime At { get; init; }
        public int Line { get; init; }
        public bool Created { get; init; }
        public string Said { get; init; } = "";
    }

    private sealed class ToldRecord
    {
        public string Source { get; init; } = "";
        public string External_Id { get; init; } = "";
        public int Revision { get; init; }
        public DateTime Occurred_At { get; init; }
        public DateTime Recorded_At { get; init; }
        public string Recorded_By { get; init; } = "";
        public string Content { get; init; } = "";

        public ToldActivity ToTold() => new(
            new Told(Source, External_Id, Revision, Utc(Occurred_At), Utc(Recorded_At), Recorded_By), Json.Read<ActivityContent>(Content));
    }
}

using System.Collections.Immutable;
using Dapper;
using Guichet.Journal;
using Guichet.Reporting;

namespace Guichet.Contacts;

/// <summary>
/// The four histories. Whose activities are shown with a contact, under which ids and on which days, is <c>contact_histories</c>' to say
/// (migration 093). Each page begins where the one before ended, so that the last of a hundred thousand costs what the first does.
/// </summary>
public sealed class ContactHistoryQueries(Database database)
{
    /// <summary>Reports and letters are the product's own: what their rows say they are from.</summary>
    public const string ReportSource = "guichet-reports";
    public const string LetterSource = "guichet-links";

    private const string People = """
        zone AS MATERIALIZED (SELECT organisation_zone(@organisation) AS id),
          people AS MATERIALIZED (SELECT h.contact_id, h.person_id, h.during FROM contact_histories(@organisation, @contact) h)
        """;

    /// <summary>On a day on which it is shown with the contact: <c>a</c> of a person <c>p</c>.</summary>
    private const string Shown = "(p.during IS NULL OR p.during @> (a.occurred_at AT TIME ZONE (SELECT id FROM zone))::date)";

    private const string Whose = "o.id AS person_id, o.number, o.name, o.first_name";

    private const string Teller = "a.source, a.external_id, a.revision, a.occurred_at, a.recorded_at, a.recorded_by";

    /// <summary>Mails to addresses that were the person's when they left, and messages that tills told of.</summary>
    private const string Messages = $"""
        SELECT a.occurred_at AS at, a.source, a.external_id, a.revision, a.occurred_at, a.recorded_at, a.recorded_by, a.content,
          NULL AS run_id, NULL AS partner_id, NULL AS partner, NULL::timestamptz AS report_at, NULL AS state, NULL AS email, NULL AS reply, NULL AS link_id, NULL AS subject
        FROM contact_activities a WHERE a.organisation = @organisation AND a.contact_id = p.contact_id AND a.kind = 'message'
        UNION ALL
        SELECT d.made_at, '{ReportSource}', r.run_id || '/' || r.partner_id || '/' || r.position, 1, d.made_at, r.moved_at, '', NULL,
          r.run_id, r.partner_id, n.state -> 'details' ->> 'name', d.at, r.state, r.email, r.reply, NULL, NULL
        FROM contact_emails(@organisation, p.contact_id) e
          JOIN report_recipients r ON r.organisation = @organisation AND r.email = e.email AND r.state <> 'skipped'
          JOIN report_deliveries d ON d.organisation = @organisation AND d.partner_id = r.partner_id AND d.run_id = r.run_id
          LEFT JOIN partners n ON n.organisation = @organisation AND n.id = r.partner_id
        WHERE d.made_at >= e.since AND d.made_at < e.until
        UNION ALL
        SELECT s.at, '{LetterSource}', s.id::text, 1, s.at, s.at, '', NULL, NULL, NULL, NULL, NULL, NULL, s.email, s.refused, s.link_id, s.subject
        FROM contact_emails(@organisation, p.contact_id) e JOIN sent_letters s ON s.organisation = @organisation AND s.email = e.email AND s.at >= e.since AND s.at < e.until
        """;

    /// <summary>A purchase's line that an attendance tells more of is shown once, as that.</summary>
    private const string OutingShown = """
        (a.line = 0 OR a.quantity > 0 AND NOT EXISTS (
          SELECT FROM contact_outings t WHERE t.organisation = @organisation AND t.contact_id = a.contact_id AND t.session_at = a.session_at AND t.line = 0
            AND (t.source = a.source AND t.of_purchase = a.external_id OR t.title_key = a.title_key)))
        """;

    public async Task<HistoryPage<PurchaseRow>> Purchases(string organisation, string contact, HistoryFilter filter, HistoryPlace? after, int limit, CancellationToken cancellation = default)
    {
        var rows = await Activities(organisation, contact, "purchase", filter, after, limit, cancellation);
        return Page(rows, limit, row => new PurchaseRow(row.Person, row.Told, row.Read<Purchase>(), row.Amount ?? 0, row.Cancelled, row.Left), row => row.Place);
    }

    public async Task<HistoryPage<PaymentRow>> Payments(string organisation, string contact, HistoryFilter filter, HistoryPlace? after, int limit, CancellationToken cancellation = default)
    {
        var rows = await Activities(organisation, contact, "payment", filter, after, limit, cancellation);
        return Page(rows, limit, row => new PaymentRow(row.Person, row.Told, row.Read<Payment>()), row => row.Place);
    }

    public async Task<HistoryPage<OutingRow>> Cultural(string organisation, string contact, HistoryFilter filter, HistoryPlace? after, int limit, CancellationToken cancellation = default)
    {
        var (parameters, conditions) = Conditions(organisation, contact, filter, after, limit, "a.session_at", withLine: true);
        var rows = await database.Query<OutingRecord>(organisation, $"""
            WITH {People}
            SELECT {Whose}, a.*
            FROM people p CROSS JOIN LATERAL (
              SELECT a.source, a.external_id, a.line, a.occurred_at, a.session_at, a.title, a.place, a.category, a.tariff, a.quantity, a.state, a.seats, coalesce(a.of_purchase, CASE WHEN a.line > 0 THEN a.external_id END) AS of_purchase
              FROM contact_outings a WHERE a.organisation = @organisation AND a.contact_id = p.contact_id AND {OutingShown} AND {Shown}{conditions}
              ORDER BY a.session_at DESC, a.source DESC, a.external_id DESC, a.line DESC LIMIT @limit) a
            JOIN contacts o ON o.organisation = @organisation AND o.id = p.person_id
            ORDER BY a.session_at DESC, a.source DESC, a.external_id DESC, a.line DESC LIMIT @limit
            """, parameters, cancellation);
        return Page(rows, limit, row => row.ToRow(), row => new HistoryPlace(Utc(row.Session_At), row.Source, row.External_Id, row.Line));
    }

    public async Task<HistoryPage<MessageRow>> Sent(string organisation, string contact, HistoryFilter filter, HistoryPlace? after, int limit, CancellationToken cancellation = default)
    {
        var (parameters, conditions) = Conditions(organisation, contact, filter, after, limit, "a.at", withLine: false);
        var rows = await database.Query<MessageRecord>(organisation, $"""
            WITH {People}
            SELECT {Whose}, a.*
            FROM people p CROSS JOIN LATERAL (
              SELECT a.* FROM ({Messages}) AS a WHERE {Shown}{conditions} ORDER BY a.at DESC, a.source DESC, a.external_id DESC LIMIT @limit) a
            JOIN contacts o ON o.organisation = @organisation AND o.id = p.person_id
            ORDER BY a.at DESC, a.source DESC, a.external_id DESC LIMIT @limit
            """, parameters, cancellation);
        return Page(rows, limit, row => row.ToRow(), row => new HistoryPlace(Utc(row.At), row.Source, row.External_Id));
    }

    /// <summary>All of a history in its period, by person, source and currency: sums, and what there is to choose from. Source and person don't narrow it.</summary>
    public async Task<ImmutableArray<HistoryPart>> Parts(string organisation, string contact, ContactHistory history, HistoryFilter filter, CancellationToken cancellation = default)
    {
        var (from, of) = history switch
        {
            ContactHistory.Purchases => ("contact_activities a WHERE a.organisation = @organisation AND a.contact_id = p.contact_id AND a.kind = 'purchase'", "a.occurred_at"),
            ContactHistory.Payments => ("contact_activities a WHERE a.organisation = @organisation AND a.contact_id = p.contact_id AND a.kind = 'payment'", "a.occurred_at"),
            ContactHistory.Cultural => ($"contact_outings a WHERE a.organisation = @organisation AND a.contact_id = p.contact_id AND {OutingShown}", "a.session_at"),
            _ => ($"({Messages}) AS a WHERE true", "a.at"),
        };
        var (parameters, conditions) = Conditions(organisation, contact, filter with { Source = null, Person = null }, null, 0, of, withLine: false);
        var money = history is ContactHistory.Purchases or ContactHistory.Payments;
        var quantity = history == ContactHistory.Cultural ? "CASE WHEN a.state IN ('absent', 'cancelled') THEN 0 ELSE a.quantity END" : "1";
        var rows = await database.Query<PartRecord>(organisation, $"""
            WITH {People},
              parts AS (
                SELECT p.person_id, a.source, a.currency, count(*)::integer AS many, coalesce(sum(a.amount), 0)::bigint AS amount, coalesce(sum(a.quantity), 0)::bigint AS quantity
                FROM people p CROSS JOIN LATERAL (
                  SELECT a.source, {(money ? "a.currency, a.amount" : "NULL AS currency, 0 AS amount")}, {quantity} AS quantity FROM {from} AND {Shown}{conditions}) a
                GROUP BY p.person_id, a.source, a.currency)
            SELECT {Whose}, s.source, s.currency, s.many, s.amount, s.quantity FROM parts s JOIN contacts o ON o.organisation = @organisation AND o.id = s.person_id
            ORDER BY o.name_key, o.first_key, o.id, s.source, s.currency
            """, parameters, cancellation);
        return [.. rows.Select(row => new HistoryPart(row.Person, row.Source, row.Currency, row.Many, row.Amount, row.Quantity))];
    }

    /// <summary>Null where the contact isn't shown with such an activity.</summary>
    public async Task<ActivityDetail?> Find(string organisation, string contact, ActivityKey key, CancellationToken cancellation = default)
    {
        var parameters = new DynamicParameters(new { organisation, contact, source = key.Source, id = key.ExternalId });
        var found = await database.QueryFirst<ActivityRecord>(organisation, $"""
            WITH {People}
            SELECT {Whose}, {Teller}, a.content, a.amount, a.cancelled, a.left_of
            FROM contact_activities a JOIN people p ON p.contact_id = a.contact_id JOIN contacts o ON o.organisation = @organisation AND o.id = p.person_id
            WHERE a.organisation = @organisation AND a.source = @source AND a.external_id = @id AND {Shown}
            """, parameters, cancellation);
        if (found is null) return null;
        var content = found.Read<ActivityContent>();
        if (content is not Purchase purchase) return new ActivityDetail(found.Person, found.Told, content, null, []);
        var related = await database.Query<ActivityRecord>(organisation, $"""
            SELECT {Teller}, a.content FROM contact_activities a
            WHERE a.organisation = @organisation AND a.source = @source AND a.of_purchase = @id
            UNION ALL
            SELECT {Teller}, a.content FROM contact_activities a
            WHERE a.organisation = @organisation AND a.contact_id = (SELECT contact_id FROM contact_activities WHERE organisation = @organisation AND source = @source AND external_id = @id)
              AND a.kind IN ('payment', 'attendance') AND a.source = @source AND (a.content::jsonb -> 'settles' ? @id OR a.content::jsonb ->> 'of' = @id)
            ORDER BY occurred_at, external_id LIMIT 200
            """, parameters, cancellation);
        return new ActivityDetail(
            found.Person, found.Told, content, new PurchaseStanding(key.Source, key.ExternalId, found.Amount ?? purchase.TotalMinor, found.LeftOf(purchase)),
            [.. related.Select(row => (row.Told, row.Read<ActivityContent>()))]);
    }

    private async Task<IReadOnlyList<ActivityRecord>> Activities(
        string organisation, string contact, string kind, HistoryFilter filter, HistoryPlace? after, int limit, CancellationToken cancellation)
    {
        var (parameters, conditions) = Conditions(organisation, contact, filter, after, limit, "a.occurred_at", withLine: false);
        parameters.Add("kind", kind);
        return await database.Query<ActivityRecord>(organisation, $"""
            WITH {People}
            SELECT {Whose}, a.*
            FROM people p CROSS JOIN LATERAL (
              SELECT {Teller}, a.content, a.amount, a.cancelled, a.left_of
              FROM contact_activities a WHERE a.organisation = @organisation AND a.contact_id = p.contact_id AND a.kind = @kind AND {Shown}{conditions}
              ORDER BY a.occurred_at DESC, a.source DESC, a.external_id DESC LIMIT @limit) a
            JOIN contacts o ON o.organisation = @organisation AND o.id = p.person_id
            ORDER BY a.occurred_at DESC, a.source DESC, a.external_id DESC LIMIT @limit
            """, parameters, cancellation);
    }

    private static (DynamicParameters Parameters, string Conditions) Conditions(
        string organisation, string contact, HistoryFilter filter, HistoryPlace? after, int limit, string at, bool withLine)
    {
        var parameters = new DynamicParameters(new { organisation, contact, limit = limit + 1 });
        var conditions = "";
        Add(filter.From is { } from ? from.UtcDateTime : null, "from", $"{at} >= @from");
        Add(filter.Before is { } before ? before.UtcDateTime : null, "before", $"{at} < @before");
        Add(Clean(filter.Source), "told_by", "a.source = @told_by");
        Add(Clean(filter.Person), "person", "p.person_id = @person");
        if (after is null) return (parameters, conditions);
        Add(after.At.UtcDateTime, "after_at", $"({at}, a.source, a.external_id{(withLine ? ", a.line" : "")}) < (@after_at, @after_source, @after_id{(withLine ? ", @after_line" : "")})");
        parameters.AddDynamicParams(new { after_source = Clean(after.Source), after_id = Clean(after.Id), after_line = after.Line });
        return (parameters, conditions);

        void Add(object? value, string name, string condition)
        {
            if (value is null) return;
            parameters.Add(name, value);
            conditions += $" AND {condition}";
        }
    }

    /// <summary>No text from outside may hold what PostgreSQL can't take.</summary>
    private static string? Clean(string? text) => string.IsNullOrEmpty(text) ? null : text.Replace("\0", "", StringComparison.Ordinal);

    private static HistoryPage<TRow> Page<TRecord, TRow>(IReadOnlyList<TRecord> found, int limit, Func<TRecord, TRow> rowOf, Func<TRecord, HistoryPlace> placeOf) =>
        new([.. found.Take(limit).Select(rowOf)], found.Count > limit ? placeOf(found[limit - 1]) : null);

    private static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));

    private abstract class PersonRecord
    {
        public string Person_Id { get; init; } = "";
        public long Number { get; init; }
        public string Name { get; init; } = "";
        public string? First_Name { get; init; }

        public HistoryPerson Person => new(Person_Id, Number, Name, First_Name);
    }

    private class ToldRecord : PersonRecord
    {
        public string Source { get; init; } = "";
        public string External_Id { get; init; } = "";
        public int Revision { get; init; }
        public DateTime Occurred_At { get; init; }
        public DateTime Recorded_At { get; init; }
        public string Recorded_By { get; init; } = "";
        public string? Content { get; init; }

        public Told Told => new(Source, External_Id, Revision, Utc(Occurred_At), Utc(Recorded_At), Recorded_By);

        public HistoryPlace Place => new(Utc(Occurred_At), Source, External_Id);

        public TContent Read<TContent>() where TContent : ActivityContent => (TContent)Json.Read<ActivityContent>(Content!);
    }

    private sealed class ActivityRecord : ToldRecord
    {
        public long? Amount { get; init; }
        public bool Cancelled { get; init; }
        public int[]? Left_Of { get; init; }

        public ImmutableArray<int> Left => LeftOf(Read<Purchase>());

        public ImmutableArray<int> LeftOf(Purchase purchase) => Left_Of is null ? [.. purchase.Lines.Select(line => line.Quantity)] : [.. Left_Of];
    }

    private sealed class OutingRecord : PersonRecord
    {
        public string Source { get; init; } = "";
        public string External_Id { get; init; } = "";
        public int Line { get; init; }
        public DateTime Occurred_At { get; init; }
        public DateTime Session_At { get; init; }
        public string Title { get; init; } = "";
        public string? Place { get; init; }
        public string? Category { get; init; }
        public string? Tariff { get; init; }
        public int Quantity { get; init; }
        public string State { get; init; } = "";
        public string? Seats { get; init; }
        public string? Of_Purchase { get; init; }

        public OutingRow ToRow() => new(
            Person, Source, External_Id, Line, Utc(Occurred_At), Utc(Session_At), Title, Place, Category, Tariff, Quantity, ContactQueries.Read<OutingState>(State), Seats, Of_Purchase);
    }

    private sealed class MessageRecord : ToldRecord
    {
        public DateTime At { get; init; }
        public string? Run_Id { get; init; }
        public string? Partner_Id { get; init; }
        public string? Partner { get; init; }
        public DateTime? Report_At { get; init; }
        public string? State { get; init; }
        public string? Email { get; init; }
        public string? Reply { get; init; }
        public string? Link_Id { get; init; }
        public string? Subject { get; init; }

        public MessageRow ToRow() => new(
            Person, Utc(At), Source, External_Id,
            Content is null ? null : Told,
            Content is null ? null : Read<SentMessage>(),
            Run_Id is null ? null : new MailedReport(Run_Id, Partner_Id!, Partner ?? "", Utc(Report_At!.Value), ContactQueries.Read<ReportMailState>(State!), Email!, Reply),
            Link_Id is null ? null : new MailedLetter(Link_Id, Subject!, Email!, Reply));
    }

    private sealed class PartRecord : PersonRecord
    {
        public string Source { get; init; } = "";
        public string? Currency { get; init; }
        public int Many { get; init; }
        public long Amount { get; init; }
        public long Quantity { get; init; }
    }
}

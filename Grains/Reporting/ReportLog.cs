using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Partners;
using Guichet.Sessions;

namespace Guichet.Reporting;

/// <param name="At">When it came into its state.</param>
/// <param name="Reply">The server's words when it took it, or why it didn't; null before the first try.</param>
/// <param name="NextTry">Of one that failed and is tried again.</param>
public sealed record LoggedMail(int Position, string Email, string? Name, RecipientKind Kind, ReportMailState State, int Attempts, string? Reply, DateTimeOffset At, DateTimeOffset? NextTry);

/// <summary>One partner's report in one run.</summary>
/// <param name="Skipped">Why nothing was sent (<see cref="ReportSkips"/>); null otherwise.</param>
/// <param name="Prepared">Its mails are made; until then there are none, and it isn't known of how many sessions it is.</param>
/// <param name="Sessions">How many sessions it was of.</param>
public sealed record LoggedDelivery(
    string RunId, ReportRunKind Kind, DateTimeOffset At, DateTimeOffset BegunAt, string By, string PartnerId, string Partner, bool Prepared, string? Skipped, int Sessions,
    ImmutableArray<LoggedMail> Mails)
{
    /// <summary>Of its mails the one that needs somebody most; null when nothing was sent.</summary>
    public ReportMailState? State => !Prepared ? ReportMailState.Queued : Mails.IsEmpty ? null : Mails.Select(mail => mail.State).MinBy(Urgency);

    /// <summary>Someone may try again whom it didn't reach.</summary>
    public bool MayResend => Mails.Any(mail => mail.State is ReportMailState.GaveUp or ReportMailState.Bounced or ReportMailState.InDoubt);

    private static int Urgency(ReportMailState state) => state switch
    {
        ReportMailState.GaveUp => 0,
        ReportMailState.Bounced => 1,
        ReportMailState.InDoubt => 2,
        ReportMailState.Failed => 3,
        ReportMailState.Sending => 4,
        ReportMailState.Queued => 5,
        ReportMailState.HandedOver => 6,
        _ => 7,
    };
}

/// <param name="Partners">How many it is for, those that were skipped among them.</param>
/// <param name="Mails">How many mails are in each state; a partner whose mails aren't made yet counts as one that is queued.</param>
public sealed record LoggedRun(
    string Id, ReportRunKind Kind, DateTimeOffset At, DateTimeOffset BegunAt, string By, int Partners, int Skipped, ImmutableDictionary<ReportMailState, int> Mails)
{
    public int Of(ReportMailState state) => Mails.GetValueOrDefault(state);

    /// <summary>Nothing of it is on its way any more.</summary>
    public bool IsOver => Of(ReportMailState.Queued) + Of(ReportMailState.Sending) + Of(ReportMailState.Failed) == 0;
}

public sealed record OwnTemplate(string PartnerId, string Partner, ReportTemplate Template);

/// <summary>What was sent, and what became of it.</summary>
public sealed class ReportLog(Database database)
{
    /// <summary>Newest first.</summary>
    /// <param name="ids">Only these; empty for all.</param>
    public async Task<(ImmutableArray<LoggedRun> Runs, int Total)> Runs(string organisation, int offset, int limit, ImmutableArray<string> ids = default, CancellationToken cancellation = default)
    {
        const string sql = """
            WITH page AS (
              SELECT id, kind, at, begun_at, by_name, count(*) OVER ()::integer AS total FROM report_sendings
              WHERE organisation = @organisation AND kind IS NOT NULL AND (cardinality(@ids) = 0 OR id = ANY (@ids))
              ORDER BY begun_at DESC, id DESC OFFSET @offset LIMIT @limit)
            SELECT p.*, d.partners, d.skipped, d.unprepared, m.mails
            FROM page p
            CROSS JOIN LATERAL (
              SELECT count(*)::integer AS partners, (count(*) FILTER (WHERE skipped IS NOT NULL))::integer AS skipped,
                     (count(*) FILTER (WHERE sessions IS NULL))::integer AS unprepared
              FROM report_deliveries WHERE organisation = @organisation AND run_id = p.id) d
            CROSS JOIN LATERAL (
              SELECT coalesce(jsonb_object_agg(state, many), '{}')::text AS mails
              FROM (SELECT state, count(*) AS many FROM report_recipients WHERE organisation = @organisation AND run_id = p.id GROUP BY state) s) m
            ORDER BY p.begun_at DESC, p.id DESC
            """;
        var rows = await database.Query<RunRecord>(organisation, sql, new { organisation, offset, limit, ids = ids.IsDefault ? [] : ids.ToArray() }, cancellation);
        return ([.. rows.Select(row => row.ToRun())], rows.Count > 0 ? rows[0].Total : 0);
    }

    /// <summary>The sendings of the times that ran, by their ids.</summary>
    public async Task<ImmutableDictionary<string, LoggedRun>> RunsOf(string organisation, ImmutableArray<PastOccurrence> past, CancellationToken cancellation = default)
    {
        ImmutableArray<string> ids = [.. past.Where(each => each.Begun).Select(each => each.RunId)];
        return ids.IsEmpty ? ImmutableDictionary<string, LoggedRun>.Empty
            : (await Runs(organisation, 0, ids.Length, ids, cancellation)).Runs.ToImmutableDictionary(run => run.Id);
    }

    /// <summary>Of a run, those that need somebody first, then by name.</summary>
    public Task<ImmutableArray<LoggedDelivery>> Deliveries(string organisation, string runId, int offset, int limit, CancellationToken cancellation = default) => Read(
        organisation, $"d.run_id = @runId",
        $"(SELECT min(CASE r.state WHEN 'gaveUp' THEN 0 WHEN 'bounced' THEN 1 WHEN 'inDoubt' THEN 2 WHEN 'failed' THEN 3 ELSE 4 END) FROM report_recipients r WHERE r.organisation = @organisation AND r.partner_id = d.partner_id AND r.run_id = d.run_id) NULLS LAST, p.name {Alphabetical.Order}, p.id",
        new { organisation, runId, partnerId = (string?)null, offset, limit }, cancellation);

    /// <summary>Of a partner, newest first.</summary>
    public Task<ImmutableArray<LoggedDelivery>> OfPartner(string organisation, string partnerId, int offset, int limit, CancellationToken cancellation = default) => Read(
        organisation, "d.partner_id = @partnerId", "d.made_at DESC, d.run_id DESC", new { organisation, runId = (string?)null, partnerId, offset, limit }, cancellation);

    /// <summary>Partners that have a template of their own, by name.</summary>
    public async Task<ImmutableArray<OwnTemplate>> OwnTemplates(string organisation, CancellationToken cancellation = default)
    {
        const string sql = $"""
            SELECT p.id, p.name, t.state::text AS template FROM report_templates t
            JOIN partners p ON p.organisation = t.organisation AND t.id = 'partner-' || p.id
            WHERE t.organisation = @organisation AND t.state ? 'template' AND NOT p.archived ORDER BY p.name {Alphabetical.Order}, p.id
            """;
        var rows = await database.Query<TemplateRecord>(organisation, sql, new { organisation }, cancellation);
        return [.. rows.Select(row => new OwnTemplate(row.Id, row.Name, Json.Read<ReportTemplateState>(row.Template).Template!))];
    }

    private sealed record TemplateRecord(string Id, string Name, string Template);

    private async Task<ImmutableArray<LoggedDelivery>> Read(string organisation, string which, string order, object parameters, CancellationToken cancellation)
    {
        var sql = $"""
            SELECT d.run_id, r.kind, d.at, r.begun_at, r.by_name, d.partner_id, p.name AS partner, d.sessions IS NOT NULL AS prepared, d.skipped, coalesce(cardinality(d.sessions), 0) AS sessions,
                   (SELECT coalesce(jsonb_agg(jsonb_build_object(
                      'position', m.position, 'email', m.email, 'name', m.name, 'kind', m.recipient_kind, 'state', m.state, 'attempts', m.attempts, 'reply', m.reply,
                      'at', to_char(m.moved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                      'nextTry', CASE WHEN m.state = 'failed' THEN (
                         SELECT to_char(o.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM outbox o
                         WHERE o.id = md5(concat_ws('/', 'send-report', m.organisation, m.run_id, m.partner_id, m.position::text, m.round::text))::uuid) END)
                      ORDER BY m.position), '[]')::text
                    FROM report_recipients m WHERE m.organisation = d.organisation AND m.partner_id = d.partner_id AND m.run_id = d.run_id) AS mails
            FROM report_deliveries d
            JOIN report_sendings r ON r.organisation = d.organisation AND r.id = d.run_id
            JOIN partners p ON p.organisation = d.organisation AND p.id = d.partner_id
            WHERE d.organisation = @organisation AND {which}
            ORDER BY {order} OFFSET @offset LIMIT @limit
            """;
        var rows = await database.Query<DeliveryRecord>(organisation, sql, parameters, cancellation);
        return [.. rows.Select(row => row.ToDelivery())];
    }

    private sealed record RunRecord(string Id, string Kind, DateTime At, DateTime Begun_At, string By_Name, int Total, int Partners, int Skipped, int Unprepared, string Mails)
    {
        public LoggedRun ToRun() => new(
            Id, Enum.Parse<ReportRunKind>(Kind, ignoreCase: true), Columns.Utc(At), Columns.Utc(Begun_At), By_Name, Partners, Skipped,
            States());

        private ImmutableDictionary<ReportMailState, int> States()
        {
            var states = Json.Read<ImmutableDictionary<string, int>>(Mails).ToImmutableDictionary(pair => Enum.Parse<ReportMailState>(pair.Key, ignoreCase: true), pair => pair.Value);
            return Unprepared == 0 ? states : states.SetItem(ReportMailState.Queued, states.GetValueOrDefault(ReportMailState.Queued) + Unprepared);
        }
    }

    private sealed record DeliveryRecord(
        string Run_Id, string Kind, DateTime At, DateTime Begun_At, string By_Name, string Partner_Id, string Partner, bool Prepared, string? Skipped, int Sessions, string Mails)
    {
        public LoggedDelivery ToDelivery() => new(
            Run_Id, Enum.Parse<ReportRunKind>(Kind, ignoreCase: true), Columns.Utc(At), Columns.Utc(Begun_At), By_Name, Partner_Id, Partner, Prepared, Skipped, Sessions,
            Json.Read<ImmutableArray<LoggedMail>>(Mails));
    }
}

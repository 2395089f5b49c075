using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>What the rules say of one contact at one moment. In this order: the first that holds.</summary>
public enum RetentionVerdict
{
    /// <summary>No rule is for it.</summary>
    Unruled = 0,

    /// <summary>It had activity within the rule's months.</summary>
    Recent = 1,

    /// <summary>It has a session to come, or a subscription or membership that isn't over.</summary>
    Ongoing = 2,

    /// <summary>It is tied, today, to a contact that had activity within those months or is held.</summary>
    Tied = 3,

    /// <summary>Somebody said that it is to be kept.</summary>
    Held = 4,
    Erase = 5,
}

/// <param name="RuleId">Of the rules that are for it, the longest; null where none is.</param>
public sealed record JudgedContact(string Id, long Number, long Revision, string? RuleId, RetentionVerdict Verdict);

/// <summary>A contact that a preview found.</summary>
/// <param name="Contact">Null where it isn't there any more, or is erased.</param>
/// <param name="TouchedAt">When somebody last dealt with it, or it last signed in to its space.</param>
/// <param name="Outcome">Of the run: null where there was none, or it didn't come to it.</param>
/// <param name="Refusal">Why the contact refused, where it did.</param>
public sealed record RetentionFinding(
    long Number, string ContactId, string RuleId, RetentionVerdict Verdict, string? Outcome, Refusal? Refusal, string? Contact, DateTimeOffset? TouchedAt, DateTimeOffset? LastActivity);

/// <summary>
/// Whom retention rules would erase. One predicate judges: a slice of the file for a preview, and those who were found at the moment at which
/// they are to be erased.
/// </summary>
public sealed class ContactRetentionQueries(Database database)
{
    /// <summary>Contacts in a step of a preview: about a second.</summary>
    public const int Slice = 2_000;

    private const string Present = "c.organisation = @organisation AND c.name IS NOT NULL AND c.merged_into IS NULL AND c.erased_at IS NULL";

    /// <summary>Of a contact: somebody dealt with it since the rule's cutoff, or it came to its space.</summary>
    private static string Touched(string contact) => $"""
        ({contact}.touched_at >= r.cutoff
          OR EXISTS (SELECT FROM contact_passwords p WHERE p.organisation = @organisation AND p.contact_id = {contact}.id AND p.signed_in_at >= r.cutoff))
        """;

    /// <summary>
    /// Where several rules are for a contact, the longest counts. A tie is one that holds today, in either direction; whether the other is itself
    /// to be erased is asked of its own activity alone, so that two who are tied to one another don't keep each other for ever.
    /// </summary>
    private static string Judge(string slice) => $"""
        WITH rules AS MATERIALIZED (
            SELECT * FROM json_to_recordset(@rules::json) AS r (id text, place integer, months integer, kind text, client boolean, archived boolean, types text[], cutoff timestamptz)),
          today AS MATERIALIZED (SELECT (@now AT TIME ZONE organisation_zone(@organisation))::date AS day),
          slice AS MATERIALIZED (
            SELECT c.id, c.number, c.kind, c.types, c.archived, c.touched_at, c.held, (c.state ->> 'revision')::bigint AS revision,
              CASE WHEN EXISTS (SELECT FROM rules WHERE client IS NOT NULL) THEN {ContactQueries.IsClient} END AS client
            FROM contacts c WHERE {Present} AND {slice}),
          ruled AS MATERIALIZED (
            SELECT s.*, r.id AS rule_id, r.cutoff FROM slice s LEFT JOIN LATERAL (
              SELECT r.id, r.cutoff FROM rules r
              WHERE (r.kind IS NULL OR r.kind = s.kind) AND (r.client IS NULL OR r.client = s.client) AND (r.archived IS NULL OR r.archived = s.archived)
                AND CASE WHEN cardinality(r.types) = 0 THEN coalesce(cardinality(s.types), 0) = 0 ELSE r.types && s.types END
              ORDER BY r.months DESC, r.place LIMIT 1) AS r ON true)
        SELECT r.id, r.number, r.revision, r.rule_id, CASE
            WHEN r.rule_id IS NULL THEN 'unruled'
            WHEN {Touched("r")} THEN 'recent'
            WHEN contact_has_ongoing(@organisation, r.id, @now) THEN 'ongoing'
            WHEN contact_active_since(@organisation, r.id, r.cutoff) THEN 'recent'
            WHEN EXISTS (
              SELECT FROM (
                SELECT t.other_id AS id FROM contact_relations t
                WHERE t.organisation = @organisation AND t.contact_id = r.id AND (t.from_day IS NULL OR t.from_day <= (SELECT day FROM today)) AND (t.until_day IS NULL OR t.until_day >= (SELECT day FROM today))
                UNION ALL
                SELECT t.contact_id FROM contact_relations t
                WHERE t.organisation = @organisation AND t.other_id = r.id AND (t.from_day IS NULL OR t.from_day <= (SELECT day FROM today)) AND (t.until_day IS NULL OR t.until_day >= (SELECT day FROM today))) AS tie
              JOIN contacts c ON {Present} AND c.id = tie.id
              WHERE c.held OR {Touched("c")} OR contact_has_ongoing(@organisation, c.id, @now) OR contact_active_since(@organisation, c.id, r.cutoff)) THEN 'tied'
            WHEN r.held THEN 'held'
            ELSE 'erase' END AS verdict
        FROM ruled r ORDER BY r.number
        """;

    /// <summary>The next contacts of the file, by number; fewer than <see cref="Slice"/> at its end.</summary>
    public async Task<ImmutableArray<JudgedContact>> Next(string organisation, RetentionArgument argument, long after, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var rows = await database.Query<JudgedRecord>(
            organisation, Judge("c.number > @after ORDER BY c.number LIMIT @slice"), new { organisation, rules = RulesOf(argument), now = now.UtcDateTime, after, slice = Slice }, cancellation);
        return [.. rows.Select(row => row.ToJudged())];
    }

    /// <summary>Those of them who are there, and not erased.</summary>
    public async Task<ImmutableArray<JudgedContact>> These(string organisation, RetentionArgument argument, IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var rows = await database.Query<JudgedRecord>(
            organisation, Judge("c.id = ANY (@ids)"), new { organisation, rules = RulesOf(argument), now = now.UtcDateTime, ids = ids.ToArray() }, cancellation);
        return [.. rows.Select(row => row.ToJudged())];
    }

    public Task<long> Count(string organisation, CancellationToken cancellation = default) =>
        database.QueryFirst<long>(organisation, $"SELECT count(*) FROM contacts c WHERE {Present}", new { organisation }, cancellation);

    /// <summary>Writes down what a slice came to; once more, the last word counts.</summary>
    internal Task Found(string organisation, string preview, IReadOnlyCollection<JudgedContact> found, CancellationToken cancellation) => found.Count == 0 ? Task.CompletedTask : database.Execute(organisation, """
        INSERT INTO contact_retention_findings AS f (organisation, preview_id, number, contact_id, rule_id, verdict)
        SELECT @organisation, @preview, r.* FROM unnest(@numbers::bigint[], @contacts::text[], @rules::text[], @verdicts::text[]) AS r (number, contact_id, rule_id, verdict)
        ON CONFLICT (organisation, preview_id, number) DO UPDATE SET rule_id = excluded.rule_id, verdict = excluded.verdict
        """,
        new
        {
            organisation,
            preview,
            numbers = found.Select(one => one.Number).ToArray(),
            contacts = found.Select(one => one.Id).ToArray(),
            rules = found.Select(one => one.RuleId!).ToArray(),
            verdicts = found.Select(one => ContactQueries.Name(one.Verdict)).ToArray(),
        }, cancellation);

    /// <summary>Takes away what earlier previews found that no run went by: at most so many at a time, for one statement must not hold a million rows.</summary>
    internal Task<int> Forget(string organisation, string preview, IReadOnlyCollection<string> kept, int most, CancellationToken cancellation) => database.Execute(organisation, """
        DELETE FROM contact_retention_findings WHERE organisation = @organisation AND (preview_id, number) IN (
          SELECT preview_id, number FROM contact_retention_findings WHERE organisation = @organisation AND preview_id <> @preview AND preview_id <> ALL (@kept) LIMIT @most)
        """, new { organisation, preview, kept = kept.ToArray(), most }, cancellation);

    /// <summary>Whom a preview would erase, by number.</summary>
    internal Task<IReadOnlyList<FoundContact>> ToErase(string organisation, string preview, long after, int most, CancellationToken cancellation) => database.Query<FoundContact>(organisation, """
        SELECT number, contact_id AS id FROM contact_retention_findings
        WHERE organisation = @organisation AND preview_id = @preview AND verdict = 'erase' AND number > @after ORDER BY number LIMIT @most
        """, new { organisation, preview, after, most }, cancellation);

    internal Task Became(string organisation, string preview, IReadOnlyCollection<(long Number, string Outcome, Refusal? Refusal)> outcomes, CancellationToken cancellation) =>
        outcomes.Count == 0 ? Task.CompletedTask : database.Execute(organisation, """
        UPDATE contact_retention_findings AS f SET outcome = r.outcome, refusal = r.refusal::jsonb
        FROM unnest(@numbers::bigint[], @outcomes::text[], @refusals::text[]) AS r (number, outcome, refusal)
        WHERE f.organisation = @organisation AND f.preview_id = @preview AND f.number = r.number
        """,
        new
        {
            organisation,
            preview,
            numbers = outcomes.Select(one => one.Number).ToArray(),
            outcomes = outcomes.Select(one => one.Outcome).ToArray(),
            refusals = outcomes.Select(one => one.Refusal is null ? null : Json.Write(one.Refusal)).ToArray(),
        }, cancellation);

    /// <summary>What a preview found, by number, with the names that the contacts have now.</summary>
    /// <param name="rule">Null for all.</param>
    /// <param name="verdict">Null for all.</param>
    /// <param name="left">Of a run: only those it left.</param>
    /// <param name="limit">Null for all.</param>
    public async IAsyncEnumerable<RetentionFinding> Findings(
        string organisation, string preview, string? rule, RetentionVerdict? verdict, bool left, long after, int? limit, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT f.number, f.contact_id, f.rule_id, f.verdict, f.outcome, f.refusal::text AS refusal,
              CASE WHEN c.erased_at IS NULL THEN concat_ws(', ', CASE WHEN c.kind = 'individual' THEN upper(c.name) ELSE c.name END, c.first_name) END AS contact,
              greatest(c.touched_at, (SELECT p.signed_in_at FROM contact_passwords p WHERE p.organisation = @organisation AND p.contact_id = f.contact_id)) AS touched_at,
              (SELECT max(a.occurred_at) FROM contact_ids(@organisation, f.contact_id) AS own (id) JOIN contact_activities a ON a.organisation = @organisation AND a.contact_id = own.id
                 AND a.kind IN ('purchase', 'cancellation', 'attendance', 'payment')) AS last_activity
            FROM contact_retention_findings f LEFT JOIN contacts c ON c.organisation = @organisation AND c.id = f.contact_id
            WHERE f.organisation = @organisation AND f.preview_id = @preview AND f.number > @after
              AND (@rule::text IS NULL OR f.rule_id = @rule) AND (@verdict::text IS NULL OR f.verdict = @verdict) AND (NOT @left OR f.outcome IS NOT NULL AND f.outcome <> 'erased')
            ORDER BY f.number LIMIT @limit
            """;
        var parameters = new { organisation, preview, rule, verdict = verdict is { } one ? ContactQueries.Name(one) : null, left, after, limit };
        await foreach (var row in database.Stream<FindingRecord>(organisation, sql, parameters, cancellation)) yield return row.ToFinding();
    }

    private static string RulesOf(RetentionArgument argument) => Json.WriteColumns(argument.Rules.Select((rule, i) => new
    {
        rule.Id,
        Place = i,
        rule.Months,
        rule.Kind,
        Client = rule.Standing switch { RetentionStanding.Clients => true, RetentionStanding.Prospects => false, _ => (bool?)null },
        Archived = rule.Archive switch { RetentionArchive.Archived => true, RetentionArchive.InUse => false, _ => (bool?)null },
        Types = rule.Types.ToArray(),
        Cutoff = argument.At.AddMonths(-rule.Months),
    }).ToArray());

    internal sealed record FoundContact(long Number, string Id);

    private sealed class JudgedRecord
    {
        public string Id { get; init; } = "";
        public long Number { get; init; }
        public long Revision { get; init; }
        public string? Rule_Id { get; init; }
        public string Verdict { get; init; } = "";

        public JudgedContact ToJudged() => new(Id, Number, Revision, Rule_Id, ContactQueries.Read<RetentionVerdict>(Verdict));
    }

    private sealed class FindingRecord
    {
        public long Number { get; init; }
        public string Contact_Id { get; init; } = "";
        public string Rule_Id { get; init; } = "";
        public string Verdict { get; init; } = "";
        public string? Outcome { get; init; }
        public string? Refusal { get; init; }
        public string? Contact { get; init; }
        public DateTime? Touched_At { get; init; }
        public DateTime? Last_Activity { get; init; }

        public RetentionFinding ToFinding() => new(
            Number, Contact_Id, Rule_Id, ContactQueries.Read<RetentionVerdict>(Verdict), Outcome, Refusal is null ? null : Json.Read<Refusal>(Refusal), Contact, Instant(Touched_At), Instant(Last_Activity));

        private static DateTimeOffset? Instant(DateTime? at) => at is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
    }
}

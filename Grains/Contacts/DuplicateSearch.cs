using System.Collections.Immutable;
using System.Globalization;
using Guichet.Jobs;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>
/// Goes through the file in the order of numbers and compares each contact with those after it that are reached the same way, are called the
/// same by ear at the same place, or were born the same day. What it holds at a time is one slice, whatever the size of the file.
/// </summary>
public sealed class DuplicateSearch(Database database) : IJobWork
{
    /// <summary>Contacts in a step: some tenths of a second.</summary>
    public const int Slice = 2_000;

    /// <summary>Of a contact, so that a name that a thousand bear doesn't make half a million pairs.</summary>
    private const int MostOfOne = 5;

    /// <summary>Less isn't shown: the same name alone, among people who live elsewhere.</summary>
    public const double LeastWeight = 0.75;

    public JobKind Kind => JobKind.ContactDuplicates;

    public async Task<JobStep> Do(JobView job, CancellationToken cancellation)
    {
        // Likeness as ContactDuplicates weighs it, and the same place as a little more. A shared switchboard or family address brings many
        // together: only so many are looked at.
        const string sql = """
            WITH slice AS MATERIALIZED (
              SELECT id, number, kind, name_key, first_key, same_key, birth_date, postcode FROM contacts
              WHERE organisation = @organisation AND number > @after AND NOT archived ORDER BY number LIMIT @slice),
            met AS (
              SELECT s.id AS one_id, x.id AS other_id, bool_or(x.by_email) AS same_email, bool_or(x.by_phone) AS same_phone
              FROM slice s CROSS JOIN LATERAL (
                (SELECT q.contact_id AS id, q.kind = 'email' AS by_email, q.kind = 'phone' AS by_phone
                 FROM contact_reaches r JOIN contact_reaches q ON q.organisation = @organisation AND q.kind = r.kind AND q.key = r.key AND q.contact_id <> s.id
                 WHERE r.organisation = @organisation AND r.contact_id = s.id LIMIT 40)
                UNION ALL
                (SELECT c.id, false, false FROM contacts c
                 WHERE c.organisation = @organisation AND c.same_key = s.same_key AND c.number > s.number AND (c.postcode = s.postcode OR c.postcode IS NULL OR s.postcode IS NULL) LIMIT 40)
                UNION ALL
                (SELECT c.id, false, false FROM contacts c
                 WHERE c.organisation = @organisation AND c.birth_date = s.birth_date AND c.number > s.number AND similarity(c.name_key || ' ' || c.first_key, s.name_key || ' ' || s.first_key) >= 0.4 LIMIT 40)) AS x
              GROUP BY s.id, x.id),
            compared AS (
              SELECT m.*, s.id < c.id AS in_order, similarity(c.name_key || ' ' || c.first_key, s.name_key || ' ' || s.first_key) AS likeness, c.same_key = s.same_key AS by_ear,
                c.birth_date = s.birth_date AS same_birth, c.postcode = s.postcode AS same_place
              FROM met m JOIN slice s ON s.id = m.one_id
              JOIN contacts c ON c.organisation = @organisation AND c.id = m.other_id AND c.number > s.number AND NOT c.archived AND c.kind = s.kind),
            weighed AS (
              SELECT *, greatest(likeness, CASE WHEN by_ear THEN 0.425 + 0.425 * likeness ELSE 0 END) + CASE WHEN same_email THEN 0.5 ELSE 0 END + CASE WHEN same_phone THEN 0.5 ELSE 0 END
                + CASE same_birth WHEN true THEN 0.3 WHEN false THEN -0.3 ELSE 0 END + CASE WHEN same_place THEN 0.1 ELSE 0 END AS weight FROM compared),
            likeliest AS (
              SELECT w.* FROM (SELECT *, row_number() OVER (PARTITION BY one_id ORDER BY weight DESC, other_id) AS place FROM weighed WHERE weight >= @least) AS w WHERE w.place <= @most),
            kept AS (
              INSERT INTO contact_pairs AS p (organisation, low_id, high_id, weight, likeness, same_email, same_phone, same_birth, same_place, job_id)
              SELECT @organisation, least(one_id, other_id), greatest(one_id, other_id), weight, likeness, same_email, same_phone, same_birth, same_place, @job FROM likeliest
              ON CONFLICT (organisation, low_id, high_id) DO UPDATE
              SET weight = excluded.weight, likeness = excluded.likeness, same_email = excluded.same_email, same_phone = excluded.same_phone,
                same_birth = excluded.same_birth, same_place = excluded.same_place, job_id = excluded.job_id
              RETURNING p.dismissed_at)
            SELECT (SELECT count(*) FROM slice)::integer AS seen, (SELECT max(number) FROM slice) AS last, (SELECT count(*) FROM kept WHERE dismissed_at IS NULL)::integer AS found
            """;
        var after = job.Cursor is { } cursor ? long.Parse(cursor, CultureInfo.InvariantCulture) : 0;
        var step = (await database.QueryFirst<StepRecord>(job.Organisation, sql, new
        {
            organisation = job.Organisation,
            after,
            slice = Slice,
            most = MostOfOne,
            least = LeastWeight,
            job = job.Id,
        }, cancellation))!;
        var finished = step.Seen < Slice;
        // What wasn't found again is over: one of the two has changed, or is archived.
        if (finished)
            await database.Execute(
                job.Organisation, "DELETE FROM contact_pairs WHERE organisation = @organisation AND job_id <> @job AND dismissed_at IS NULL",
                new { organisation = job.Organisation, job = job.Id }, cancellation);
        return new JobStep(
            (step.Last ?? after).ToString(CultureInfo.InvariantCulture), job.Done + step.Seen,
            ImmutableSortedDictionary<string, long>.Empty.Add(Pairs, job.Count(Pairs) + step.Found), finished);
    }

    /// <summary>What the job counts.</summary>
    public const string Pairs = "pairs";

    private sealed record StepRecord(int Seen, long? Last, int Found);
}

using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;
using Guichet.Partners;
using Guichet.Sessions;

namespace Guichet.Reporting;

/// <summary>A calendar, and whose it is.</summary>
/// <param name="Group">Whose group's; of a partner's own, the partner's group.</param>
/// <param name="PartnerId">Null for a group's.</param>
/// <param name="Partner">Its name.</param>
public sealed record PlannedCalendar(string Id, PartnerGroup Group, string? PartnerId, string? Partner, ReportCalendarState State)
{
    /// <summary>The partner is sent reports by hand only: it has a calendar of its own, which is off.</summary>
    public bool ByHandOnly => PartnerId is not null && State.Details is { Enabled: false };
}

/// <summary>Why a time passed without a report.</summary>
public enum MissedReason
{
    /// <summary>Everything was down for twelve hours or more.</summary>
    TooLate = 0,

    /// <summary>A restored copy noticed it, and may not send.</summary>
    OnCopy = 1,

    /// <summary>Noticed in time; then everything was down again until it was too late.</summary>
    NotBegun = 2,
}

/// <summary>A time of a calendar that has come.</summary>
/// <param name="Local">In the zone that the calendar had then.</param>
/// <param name="Missed">Why it didn't run; null where it did.</param>
/// <param name="Begun">There is a sending to look at. A run without one is about to begin, or (<paramref name="Expanded"/>) was too late to.</param>
/// <param name="Partners">Whom something was sent to; null where it isn't known yet.</param>
public sealed record PastOccurrence(
    string RunId, string CalendarId, string? Partner, DateTime Local, string Zone, DateTimeOffset At, DateTimeOffset RecordedAt, MissedReason? Missed, bool Begun,
    bool Expanded, int? Partners);

/// <summary>How many partners that are not archived follow their group's calendar, by how long they are paused.</summary>
/// <param name="PausedUntil">The day on which they go on; <see cref="DateOnly.MaxValue"/> for whoever must be resumed by hand, <see cref="DateOnly.MinValue"/> for who isn't paused.</param>
public sealed record FollowingPartners(PartnerGroup Group, DateOnly PausedUntil, int Count);

/// <summary>Reads the calendars of a whole organisation, what they did, and for how many partners they are.</summary>
public sealed class ReportCalendars(Database database)
{
    /// <summary>The three groups' in their order, also where there is none, then the partners' own by name; archived partners left out.</summary>
    public async Task<ImmutableArray<PlannedCalendar>> All(string organisation, CancellationToken cancellation = default)
    {
        const string sql = $"""
            SELECT c.id, c.state::text AS state, p.id AS partner_id, p.name AS partner, p.group_name FROM report_calendars c
            LEFT JOIN partners p ON p.organisation = c.organisation AND c.id = 'partner-' || p.id
            WHERE c.organisation = @organisation AND c.state ? 'details' AND (p.id IS NULL OR NOT p.archived)
            ORDER BY p.name {Alphabetical.Order}, c.id
            """;
        var rows = (await database.Query<CalendarRecord>(organisation, sql, new { organisation }, cancellation)).ToLookup(row => ReportCalendarId.GroupOf(row.Id));
        return
        [
            .. from @group in Enum.GetValues<PartnerGroup>()
               let row = rows[@group].FirstOrDefault()
               select new PlannedCalendar(ReportCalendarId.Of(@group), @group, null, null, row is null ? ReportCalendarState.Empty : Json.Read<ReportCalendarState>(row.State)),
            .. from row in rows[null]
               where row.Partner_Id is not null
               select new PlannedCalendar(row.Id, Enum.Parse<PartnerGroup>(row.Group_Name!, ignoreCase: true), row.Partner_Id, row.Partner, Json.Read<ReportCalendarState>(row.State)),
        ];
    }

    /// <summary>Times that have come, the newest first.</summary>
    /// <param name="calendarId">Only this one's; null for all.</param>
    /// <param name="from">Not before; null for from the beginning.</param>
    /// <param name="until">Before this.</param>
    public async Task<ImmutableArray<PastOccurrence>> Past(
        string organisation, string? calendarId, DateTimeOffset? from, DateTimeOffset? until, int limit, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT r.id, r.calendar_id, p.name AS partner, r.local_at, r.zone, r.at, r.recorded_at, r.state = 'missed' AS missed, r.expanded_at IS NOT NULL AS expanded,
                   s.id IS NOT NULL AS begun,
                   (SELECT count(*)::integer FROM report_deliveries d WHERE d.organisation = r.organisation AND d.run_id = r.id AND d.skipped IS NULL) AS partners
            FROM report_runs r
            LEFT JOIN report_sendings s ON s.organisation = r.organisation AND s.id = r.id AND s.kind IS NOT NULL
            LEFT JOIN partners p ON p.organisation = r.organisation AND r.calendar_id = 'partner-' || p.id
            WHERE r.organisation = @organisation AND (@calendarId::text IS NULL OR r.calendar_id = @calendarId)
              AND (@from::timestamptz IS NULL OR r.at >= @from) AND (@until::timestamptz IS NULL OR r.at < @until)
            ORDER BY r.at DESC, r.id DESC LIMIT @limit
            """;
        var rows = await database.Query<RunRecord>(
            organisation, sql, new { organisation, calendarId, from = from?.UtcDateTime, until = until?.UtcDateTime, limit }, cancellation);
        return [.. rows.Select(row => row.ToOccurrence())];
    }

    /// <summary>Those who follow their group: everybody but archived partners and those who have a calendar of their own.</summary>
    public async Task<ImmutableArray<FollowingPartners>> Following(string organisation, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT p.group_name, CASE WHEN p.state ? 'pause' THEN coalesce(p.state -> 'pause' ->> 'until', '9999-12-31') ELSE '0001-01-01' END AS paused_until, count(*)::integer AS many
            FROM partners p
            WHERE p.organisation = @organisation AND p.name IS NOT NULL AND NOT p.archived
              AND NOT EXISTS (SELECT FROM report_calendars c WHERE c.organisation = p.organisation AND c.id = 'partner-' || p.id AND c.state ? 'details')
            GROUP BY 1, 2
            """;
        var rows = await database.Query<FollowingRecord>(organisation, sql, new { organisation }, cancellation);
        return
        [
            .. rows.Select(row => new FollowingPartners(
                Enum.Parse<PartnerGroup>(row.Group_Name, ignoreCase: true), DateOnly.ParseExact(row.Paused_Until, "yyyy-MM-dd", CultureInfo.InvariantCulture), row.Many)),
        ];
    }

    private sealed record CalendarRecord(string Id, string State, string? Partner_Id, string? Partner, string? Group_Name);

    private sealed record FollowingRecord(string Group_Name, string Paused_Until, int Many);

    private sealed record RunRecord(
        string Id, string Calendar_Id, string? Partner, DateTime Local_At, string Zone, DateTime At, DateTime Recorded_At, bool Missed, bool Expanded, bool Begun,
        int Partners)
    {
        public PastOccurrence ToOccurrence()
        {
            var (at, recorded) = (Columns.Utc(At), Columns.Utc(Recorded_At));
            MissedReason? missed = !Missed ? null
                : recorded - at >= ReportCalendarCore.MissedAfter ? MissedReason.TooLate
                : Expanded ? MissedReason.NotBegun
                : MissedReason.OnCopy;
            return new PastOccurrence(Id, Calendar_Id, Partner, Local_At, Zone, at, recorded, missed, Begun, Expanded, Begun && Expanded ? Partners : null);
        }
    }
}

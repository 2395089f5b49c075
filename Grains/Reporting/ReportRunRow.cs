using Guichet.Journal;

namespace Guichet.Reporting;

/// <summary>A run of a calendar, or one that was missed.</summary>
internal sealed record ReportRunRow(string Organisation, string CalendarId, ReportOccurrence Occurrence) : Row
{
    public override Statement ToStatement() => new(
        """
        INSERT INTO report_runs (organisation, id, calendar_id, local_at, zone, at, recorded_at, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        Organisation, Occurrence.RunId, CalendarId, Occurrence.Local, Occurrence.Zone, Occurrence.At, Occurrence.RecordedAt,
        Occurrence.State == ReportOccurrenceState.Run ? "run" : "missed");
}

/// <summary>A run that was not begun after all.</summary>
internal sealed record ReportRunMissedRow(string Organisation, string RunId) : Row
{
    public override Statement ToStatement() => new("UPDATE report_runs SET state = 'missed' WHERE organisation = $1 AND id = $2", Organisation, RunId);
}

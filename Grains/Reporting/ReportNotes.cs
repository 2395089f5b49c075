using Guichet.Sessions;

namespace Guichet.Reporting;

/// <summary>What is said below the figures, so that nobody takes them for something else; and how a session is named.</summary>
public static class ReportNotes
{
    public static IReadOnlyList<string> Notes(this Report report)
    {
        var notes = new List<string>
        {
            report.T($"Chiffres validés au {report.Formats.DateTimeLong(report.At)}.", $"Figures validated as of {report.Formats.DateTimeLong(report.At)}."),
        };
        var columns = report.Template.Columns;
        if (columns.Contains(ReportColumn.Gross) && report.Totals.Gross.Any(gross => gross is { Minor: not null, SoldUnpriced: > 0 }))
            notes.Add(report.T("≥ : la recette d’une partie des places vendues n’est pas connue.", "≥: the revenue of some of the places sold isn’t known."));
        if (columns.Contains(ReportColumn.SoldSince) && report.Rows.Any(row => row.Figures is { Sold: not null, SoldSince: null }))
            notes.Add(report.T("Depuis le dernier rapport, – : premier rapport pour cette séance.", "Since last report, –: first report of this session."));
        if (report.Rows.Any(row => row.Version == 0))
            notes.Add(report.T("Une séance sans chiffres n’a pas encore de pointage.", "A session without figures has no tally yet."));
        if (report.Unchanged > 0)
            notes.Add(report.T(
                $"{report.Formats.Count(report.Unchanged, "séance", "séances", "", "")} sans changement depuis le dernier rapport.",
                $"{report.Formats.Count(report.Unchanged, "", "", "session", "sessions")} unchanged since the last report."));
        return notes;
    }

    /// <summary>When it plays, on the wall of its place, and what became of it.</summary>
    public static string When(this Report report, ReportRow row)
    {
        var formats = report.Formats;
        var zone = row.Zone == formats.Zone.Id ? "" : $" ({row.Zone.Split('/')[^1].Replace('_', ' ')})";
        return formats.DateTimeShort(row.LocalStart) + zone + (row.Status == SessionStatus.Closed ? report.T(" – vente close", " – closed") : "");
    }

    public static string When(this Report report, ReportRow row, string separator) => string.Join(separator, report.When(row), row.Place);
}

using Guichet.Journal;

namespace Guichet.Tallies;

/// <summary>A validated version, for ever.</summary>
/// <param name="SourceVersion">The sender's number of it, when it came over a link.</param>
public sealed record TallyRow(string Organisation, string SessionId, Tally Tally, int? SourceVersion) : Row
{
    public override Statement ToStatement() => new(
        """
        INSERT INTO tallies (organisation, session_id, version, at, by_name, source, source_name, note, sold, reserved, free, gross_minor, lines, source_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14)
        """,
        [
            Organisation, SessionId, Tally.Version, Tally.At.UtcDateTime, Tally.By, Tally.Source.ToString(), Tally.SourceName, Tally.Note,
            Tally.Figures.Sold, Tally.Figures.Reserved, Tally.Figures.Free, Tally.Figures.GrossMinor, Json.Write(Tally.Lines), SourceVersion,
        ]);
}

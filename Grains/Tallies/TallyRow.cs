using Guichet.Journal;

namespace Guichet.Tallies;

/// <summary>A validated version, for ever.</summary>
/// <param name="SourceVersion">The sender's number of it, when it came over a link.</param>
public sealed record TallyRow(string Organisation, string SessionId, Tally Tally, int? SourceVersion) : AddedRow
{
    public override Statement AddAll(IReadOnlyList<AddedRow> rows)
    {
        TallyRow[] all = [.. rows.Cast<TallyRow>()];
        T[] Each<T>(Func<TallyRow, T> of) => Array.ConvertAll(all, row => of(row));
        return new Statement(
            """
            INSERT INTO tallies (organisation, session_id, version, at, by_name, source, source_name, note, sold, reserved, free, gross_minor, sold_unpriced, lines, source_version)
            SELECT organisation, session_id, version, at, by_name, source, source_name, note, sold, reserved, free, gross_minor, sold_unpriced, lines::jsonb, source_version
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
              AS tally (organisation, session_id, version, at, by_name, source, source_name, note, sold, reserved, free, gross_minor, sold_unpriced, lines, source_version)
            """,
            Each(row => row.Organisation), Each(row => row.SessionId), Each(row => row.Tally.Version), Each(row => row.Tally.At.UtcDateTime),
            Each(row => row.Tally.By), Each(row => row.Tally.Source.ToString()), Each(row => row.Tally.SourceName), Each(row => row.Tally.Note),
            Each(row => row.Tally.Figures.Sold), Each(row => row.Tally.Figures.Reserved), Each(row => row.Tally.Figures.Free),
            Each(row => row.Tally.Figures.GrossMinor), Each(row => row.Tally.Figures.SoldUnpriced), Each(row => Json.Write(row.Tally.Lines)), Each(row => row.SourceVersion));
    }
}

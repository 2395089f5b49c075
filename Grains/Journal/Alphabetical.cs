namespace Guichet.Journal;

/// <summary>How lists put titles and names in order, whatever the database's own collation is.</summary>
internal static class Alphabetical
{
    /// <summary>
    /// After a column, in ORDER BY and in the index that serves it: as French dictionaries do, é beside e, capitals beside small letters, œ
    /// as oe; English reads the same in it. PostgreSQL has it wherever it is built with ICU, as its packages are.
    /// </summary>
    public const string Order = "COLLATE \"fr-x-icu\"";
}

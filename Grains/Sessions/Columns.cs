using System.Globalization;

namespace Guichet.Sessions;

/// <summary>What the sessions' columns hold, as the types they were.</summary>
internal static class Columns
{
    /// <summary>Npgsql gives <c>timestamptz</c> as a UTC date-time.</summary>
    public static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));

    /// <summary>The column <c>local_start</c>: a wall clock's time, ISO 8601 without offset.</summary>
    public static DateTime Local(string written) =>
        DateTime.SpecifyKind(DateTime.Parse(written, CultureInfo.InvariantCulture), DateTimeKind.Unspecified);
}

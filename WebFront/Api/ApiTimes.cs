using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Guichet.Api;

/// <summary>Times as the API writes them: ISO 8601, instants always with their offset.</summary>
internal static class ApiTimes
{
    private static readonly LocalDateTimePattern[] LocalPatterns =
        [LocalDateTimePattern.GeneralIso, LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm")];

    /// <summary>Null for what isn't an instant with offset.</summary>
    public static DateTimeOffset? Instant(string said) =>
        OffsetDateTimePattern.ExtendedIso.Parse(said) is { Success: true, Value: var instant } && instant.Year is > 1 and < 9999
            ? instant.ToInstant().ToDateTimeOffset()
            : null;

    /// <summary>
    /// The wall clock's time of a start: as it is when said without offset, seen from the zone when said with one. Null for neither; an
    /// unknown zone is refused by the session itself.
    /// </summary>
    public static DateTime? Local(string said, string zone)
    {
        foreach (var pattern in LocalPatterns)
            if (pattern.Parse(said) is { Success: true, Value: var local } && local.Year is >= 1 and <= 9999)
                return local.ToDateTimeUnspecified();
        return Instant(said) is { } instant && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is { } known
            ? NodaTime.Instant.FromDateTimeOffset(instant).InZone(known).LocalDateTime.ToDateTimeUnspecified()
            : null;
    }

    /// <summary>The instant with the offset that holds in the zone.</summary>
    public static DateTimeOffset InZone(DateTimeOffset instant, string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is { } known
        ? NodaTime.Instant.FromDateTimeOffset(instant).InZone(known).ToDateTimeOffset()
        : instant;

    /// <summary>The instant, with its offset, of a start on the wall of the place.</summary>
    public static DateTimeOffset? Start(DateTime local, string zone) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is { } known ? InZone(Sessions.SessionRules.InstantOf(local, known), zone) : null;

    public static string Exactly(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}

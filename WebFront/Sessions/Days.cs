using Guichet.Words;

namespace Guichet.Sessions;

/// <summary>Days of the organisation's zone, as instants.</summary>
internal static class Days
{
    /// <summary>Days from the performance to an instant, both as days on the wall: -1 is the day before it.</summary>
    public static int DaysTo(this Formats formats, DateTimeOffset at, DateTime localStart) =>
        DateOnly.FromDateTime(formats.Local(at)).DayNumber - DateOnly.FromDateTime(localStart).DayNumber;

    /// <summary><c>mar. 24 nov., 20 h 30</c>, with the place's zone where it isn't the organisation's.</summary>
    public static string Performance(this Formats formats, DateTime localStart, string zone) => formats.DateTimeShort(localStart) + ZoneNote(formats, zone);

    /// <summary><c>mardi 24 novembre à 20 h 30</c>, likewise.</summary>
    public static string PerformanceLong(this Formats formats, DateTime localStart, string zone) => formats.DateTimeLong(localStart) + ZoneNote(formats, zone);

    private static string ZoneNote(Formats formats, string zone) =>
        zone == formats.Zone.Id ? "" : $" ({zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ')})";
}

using System.Globalization;

namespace Guichet.Simulation;

/// <summary>
/// The clocks on the walls of some places from October 2026 to the end of 2027, written out by hand, so that nothing here needs what the
/// product knows of zones: an hour that is skipped or comes twice, at an hour's distance from Greenwich, at a part of one, by half an hour.
/// </summary>
public static class Wall
{
    private static readonly Dictionary<string, (int Minutes, (DateTimeOffset At, int Minutes)[] Changes)> clocks = new()
    {
        ["Europe/Paris"] = (120, [Change("2026-10-25T01:00Z", 60), Change("2027-03-28T01:00Z", 120), Change("2027-10-31T01:00Z", 60)]),
        ["America/St_Johns"] = (-150, [Change("2026-11-01T04:30Z", -210), Change("2027-03-14T05:30Z", -150), Change("2027-11-07T04:30Z", -210)]),
        ["Australia/Lord_Howe"] = (660, [Change("2027-04-03T15:00Z", 630), Change("2027-10-02T15:30Z", 660)]),
        ["Indian/Reunion"] = (240, []),
        ["America/Martinique"] = (-240, []),
        ["Pacific/Noumea"] = (660, []),
        ["Asia/Kathmandu"] = (345, []),
    };

    public static IReadOnlyList<string> Zones { get; } = [.. clocks.Keys];

    public static DateTime At(DateTimeOffset instant, string zone) => instant.UtcDateTime.AddMinutes(Minutes(instant, zone));

    /// <summary>What people mean by a date and time there: the first of two, and where there is none the instant at which the clock was put forward.</summary>
    public static DateTimeOffset Instant(DateTime local, string zone)
    {
        var (minutes, changes) = clocks[zone];
        var meant = changes.Select(change => change.Minutes).Append(minutes).Distinct()
            .Select(offset => new DateTimeOffset(local.AddMinutes(-offset), TimeSpan.Zero)).Where(instant => At(instant, zone) == local).ToArray();
        return meant.Length > 0 ? meant.Min() : changes.First(change => At(change.At, zone) > local && At(change.At.AddTicks(-1), zone) < local).At;
    }

    private static int Minutes(DateTimeOffset instant, string zone)
    {
        var (minutes, changes) = clocks[zone];
        foreach (var change in changes)
            if (instant >= change.At) minutes = change.Minutes;
        return minutes;
    }

    private static (DateTimeOffset, int) Change(string at, int minutes) => (DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), minutes);
}

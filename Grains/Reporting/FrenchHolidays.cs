using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using NodaTime;
using PublicHoliday;

namespace Guichet.Reporting;

/// <param name="English">The French name's usual translation.</param>
public sealed record HolidayName(string French, string English);

/// <summary>French public holidays of any year (code du travail, L3133-1 and L3134-13).</summary>
public static class FrenchHolidays
{
    private static readonly FrozenDictionary<string, string> English = new Dictionary<string, string>
    {
        ["Nouvel An"] = "New Year’s Day",
        ["Vendredi saint"] = "Good Friday",
        ["Lundi de Pâques"] = "Easter Monday",
        ["Fête du Travail"] = "Labour Day",
        ["Fête de la Victoire"] = "Victory Day",
        ["Jeudi de l'Ascension"] = "Ascension Day",
        ["Lundi de Pentecôte"] = "Whit Monday",
        ["Fête nationale"] = "Bastille Day",
        ["Assomption"] = "Assumption Day",
        ["Toussaint"] = "All Saints’ Day",
        ["Jour de l'armistice"] = "Armistice Day",
        ["Noël"] = "Christmas Day",
        ["Saint-Étienne"] = "St Stephen’s Day",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<(HolidayRegion Region, int Year), FrozenDictionary<LocalDate, HolidayName>> years = new();

    /// <summary>The holiday's name; null on any other date.</summary>
    public static HolidayName? Name(LocalDate date, HolidayRegion region) =>
        region == HolidayRegion.None ? null : In(date.Year, region).GetValueOrDefault(date);

    /// <summary>Those of one year, in order.</summary>
    public static ImmutableArray<LocalDate> Of(int year, HolidayRegion region) => [.. In(year, region).Keys.Order()];

    private static FrozenDictionary<LocalDate, HolidayName> In(int year, HolidayRegion region) => years.GetOrAdd((region, year), static asked =>
    {
        var law = new FrancePublicHoliday
        {
            Region = asked.Region == HolidayRegion.AlsaceMoselle ? FrancePublicHoliday.Regions.AlsaceMoselle : FrancePublicHoliday.Regions.OnlyOfficial,
        };
        // Ascension may fall on 1 or 8 May: one date, two names.
        return law.PublicHolidaysInformation(asked.Year).Select(holiday => (Date: LocalDate.FromDateTime(holiday.HolidayDate), holiday.Name))
            .DistinctBy(holiday => holiday.Date)
            .ToFrozenDictionary(holiday => holiday.Date, holiday => new HolidayName(
                holiday.Name.Replace('\'', '’'), English.GetValueOrDefault(holiday.Name, holiday.Name)));
    });
}

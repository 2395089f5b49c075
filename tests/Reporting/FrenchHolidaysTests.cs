using System.Globalization;
using NodaTime;

namespace Guichet.Reporting;

/// <summary>Code du travail, L3133-1 (eleven days) and L3134-13 (Alsace and Moselle).</summary>
public sealed class FrenchHolidaysTests
{
    [Theory]
    [InlineData(2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2027, "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2038, "01-01 04-26 05-01 05-08 06-03 06-14 07-14 08-15 11-01 11-11 12-25")]
    // Ascension on 1 May: ten dates for eleven holidays.
    [InlineData(2008, "01-01 03-24 05-01 05-08 05-12 07-14 08-15 11-01 11-11 12-25")]
    public void The_years_holidays_are_those_of_the_law(int year, string dates) => Assert.Equal(dates, Dates(year, HolidayRegion.France));

    [Fact]
    public void Alsace_and_moselle_have_two_more() =>
        Assert.Equal("01-01 03-26 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25 12-26", Dates(2027, HolidayRegion.AlsaceMoselle));

    [Fact]
    public void Easter_follows_from_the_computus_for_a_century()
    {
        for (var year = 2000; year < 2100; year++)
        {
            var easter = Easter(year);
            foreach (var (days, name) in new[] { (1, "Lundi de Pâques"), (39, "Jeudi de l’Ascension"), (50, "Lundi de Pentecôte") })
                if (FrenchHolidays.Name(easter.PlusDays(days), HolidayRegion.France) is { } found && found.French.StartsWith("Fête", StringComparison.Ordinal)) Assert.Equal(39, days);
                else Assert.Equal((year, name), (year, FrenchHolidays.Name(easter.PlusDays(days), HolidayRegion.France)?.French));
        }
    }

    [Fact]
    public void Every_name_has_a_translation()
    {
        foreach (var date in FrenchHolidays.Of(2026, HolidayRegion.AlsaceMoselle))
        {
            var name = FrenchHolidays.Name(date, HolidayRegion.AlsaceMoselle)!;
            Assert.NotEqual(name.French, name.English);
        }
        Assert.Null(FrenchHolidays.Name(new LocalDate(2026, 12, 24), HolidayRegion.France));
        Assert.Null(FrenchHolidays.Name(new LocalDate(2026, 12, 25), HolidayRegion.None));
    }

    private static string Dates(int year, HolidayRegion region) =>
        string.Join(' ', FrenchHolidays.Of(year, region).Select(date => date.ToString("MM-dd", CultureInfo.InvariantCulture)));

    /// <summary>Gauss's method for the Gregorian calendar, in the form of Meeus, Astronomical Algorithms, chapter 8.</summary>
    private static LocalDate Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        var h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        var l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
        var n = h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;
        return new LocalDate(year, n / 31, n % 31 + 1);
    }
}

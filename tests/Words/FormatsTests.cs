using Guichet.Support;
using NodaTime;

namespace Guichet.Words;

public sealed class FormatsTests
{
    // Tuesday 24 November 2026, 10:00 in Paris.
    private static readonly ManualTime Time = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly Formats French = new(Language.French, Paris, Time);
    private static readonly Formats English = new(Language.English, Paris, Time);

    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(999, "999", "999")]
    [InlineData(12_480, "12\u202F480", "12,480")]
    [InlineData(-1_234_567, "\u22121\u202F234\u202F567", "\u22121,234,567")]
    [InlineData(long.MinValue, "\u22129\u202F223\u202F372\u202F036\u202F854\u202F775\u202F808", "\u22129,223,372,036,854,775,808")]
    public void Numbers_have_thin_spaces_in_French_and_commas_in_English(long value, string french, string english)
    {
        Assert.Equal(french, French.Number(value));
        Assert.Equal(english, English.Number(value));
    }

    [Theory]
    [InlineData(12, "+12")]
    [InlineData(0, "0")]
    [InlineData(-3, "\u22123")]
    public void A_change_shows_its_sign(long value, string shown) => Assert.Equal(shown, French.Signed(value));

    [Theory]
    [InlineData(0.834, 1, "83,4\u202F%", "83.4%")]
    [InlineData(1.04, 0, "104\u202F%", "104%")]
    [InlineData(0, 0, "0\u202F%", "0%")]
    [InlineData(-0.0004, 0, "0\u202F%", "0%")]
    public void Shares_read_as_percentages(double share, int decimals, string french, string english)
    {
        Assert.Equal(french, French.Percent((decimal)share, decimals));
        Assert.Equal(english, English.Percent((decimal)share, decimals));
    }

    [Theory]
    [InlineData(123_456, "EUR", "1\u202F234,56\u00A0€", "€1,234.56")]
    [InlineData(-5, "EUR", "\u22120,05\u00A0€", "\u2212€0.05")]
    [InlineData(1_500, "JPY", "1\u202F500\u00A0¥", "¥1,500")]
    [InlineData(1_234, "TND", "1,234\u00A0TND", "TND\u00A01.234")]
    [InlineData(100, "CHF", "1,00\u00A0CHF", "CHF\u00A01.00")]
    public void Money_stands_where_each_language_puts_it(long minor, string currency, string french, string english)
    {
        Assert.Equal(french, French.Money(minor, currency));
        Assert.Equal(english, English.Money(minor, currency));
    }

    [Theory]
    [InlineData(null, 0, "–")]
    [InlineData(0L, 0, "0\u00A0€")]
    [InlineData(123_400L, 0, "1\u202F234\u00A0€")]
    [InlineData(123_400L, 3, "≥\u00A01\u202F234\u00A0€")]
    public void Revenue_that_is_not_wholly_known_says_so(long? minor, int unpriced, string shown) =>
        Assert.Equal(shown, French.Gross(minor, unpriced, "EUR", wholeUnits: true));

    [Fact]
    public void Money_without_cents_is_rounded() => Assert.Equal("1\u202F235\u00A0€", French.Money(123_456, "EUR", wholeUnits: true));

    [Fact]
    public void Dates_read_as_in_each_language()
    {
        var day = new DateOnly(2026, 11, 24);
        Assert.Equal("mardi 24\u00A0novembre", French.DateLong(day));
        Assert.Equal("Tuesday 24\u00A0November", English.DateLong(day));
        Assert.Equal("mar.\u00A024\u00A0nov.", French.DateShort(day));
        Assert.Equal("Tue\u00A024\u00A0Nov", English.DateShort(day));
        Assert.Equal("24/11/2026", English.DateNumeric(day));
        Assert.Equal("vendredi 1ᵉʳ\u00A0janvier 2027", French.DateLong(new DateOnly(2027, 1, 1)));
        Assert.Equal("ven.\u00A01ᵉʳ\u00A0janv.\u00A02027", French.DateShort(new DateOnly(2027, 1, 1)));
    }

    [Fact]
    public void Times_are_the_organisations()
    {
        var evening = new DateTimeOffset(2026, 11, 24, 19, 30, 0, TimeSpan.Zero);
        Assert.Equal("20\u00A0h\u00A030", French.Time(evening));
        Assert.Equal("20:30", English.Time(evening));
        Assert.Equal("mardi 24\u00A0novembre à 20\u00A0h\u00A030", French.DateTimeLong(evening));
    }

    [Fact]
    public void The_zone_is_named_where_the_readers_clock_differs()
    {
        var evening = new DateTimeOffset(2026, 11, 24, 19, 30, 0, TimeSpan.Zero);
        Assert.Equal("20\u00A0h\u00A030 (Paris)", new Formats(Language.French, Paris, Time, "America/Montreal").Time(evening));
        Assert.Equal("20\u00A0h\u00A030", new Formats(Language.French, Paris, Time, "Europe/Brussels").Time(evening));
        Assert.Equal("20\u00A0h\u00A030", new Formats(Language.French, Paris, Time, "Not/AZone").Time(evening));
    }

    [Theory]
    [InlineData(10, "à l’instant", "just now")]
    [InlineData(180, "il y a 3\u00A0min", "3\u00A0min ago")]
    [InlineData(7_200, "il y a 2\u00A0h", "2\u00A0h ago")]
    [InlineData(86_400, "hier à 10\u00A0h\u00A000", "yesterday at 10:00")]
    [InlineData(86_400 * 3, "sam.\u00A021\u00A0nov., 10\u00A0h\u00A000", "Sat\u00A021\u00A0Nov, 10:00")]
    public void How_long_ago_is_told_in_the_unit_that_matters(int secondsAgo, string french, string english)
    {
        var instant = Time.GetUtcNow().AddSeconds(-secondsAgo);
        Assert.Equal(french, French.Ago(instant));
        Assert.Equal(english, English.Ago(instant));
    }

    [Theory]
    [InlineData(0, "aujourd’hui", "J")]
    [InlineData(1, "demain", "J-1")]
    [InlineData(-1, "hier", "J+1")]
    [InlineData(12, "dans 12\u00A0jours", "J-12")]
    [InlineData(-3, "il y a 3\u00A0jours", "J+3")]
    public void Days_are_counted_from_today(int days, string relative, string toGo)
    {
        var day = new DateOnly(2026, 11, 24).AddDays(days);
        Assert.Equal(relative, French.RelativeDay(day));
        Assert.Equal(toGo, French.DaysToGo(day));
    }

    [Fact]
    public void Today_is_the_organisations_day()
    {
        var lateInTokyo = new ManualTime(new DateTimeOffset(2026, 11, 24, 20, 0, 0, TimeSpan.Zero));
        Assert.Equal(new DateOnly(2026, 11, 25), new Formats(Language.French, DateTimeZoneProviders.Tzdb["Asia/Tokyo"], lateInTokyo).Today);
    }

    [Theory]
    [InlineData(40, "40\u00A0ms")]
    [InlineData(1_230, "1,2\u00A0s")]
    [InlineData(42_000, "42\u00A0s")]
    [InlineData(180_000, "3\u00A0min")]
    [InlineData(7_200_000, "2\u00A0h")]
    [InlineData(-5, "0\u00A0ms")]
    public void Lags_are_told_in_the_unit_that_matters(int milliseconds, string shown) =>
        Assert.Equal(shown, French.Lag(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(0, "0\u00A0séance", "0\u00A0sessions")]
    [InlineData(1, "1\u00A0séance", "1\u00A0session")]
    [InlineData(2, "2\u00A0séances", "2\u00A0sessions")]
    public void French_counts_many_from_two_and_English_from_anything_but_one(long count, string french, string english)
    {
        Assert.Equal(french, French.Count(count, "séance", "séances", "session", "sessions"));
        Assert.Equal(english, English.Count(count, "séance", "séances", "session", "sessions"));
    }

    [Fact]
    public void Lists_and_quotations_are_written_as_in_each_language()
    {
        Assert.Equal("a, b et c", French.List(["a", "b", "c"]));
        Assert.Equal("a and b", English.List(["a", "b"]));
        Assert.Equal("«\u00A0Carmen\u00A0»", French.Quote("Carmen"));
        Assert.Equal("“Carmen”", English.Quote("Carmen"));
        Assert.Equal("1,2\u00A0Mo", French.Size(1_234_567));
    }
}

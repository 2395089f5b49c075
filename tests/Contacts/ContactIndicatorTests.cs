using System.Collections.Immutable;
using System.Globalization;
using Guichet.Contacts;

namespace Guichet.Tests.Contacts;

/// <summary>Each indicator by its rule. Days are written as they are read; today is 26 November 2026, seasons begin in September.</summary>
public sealed class ContactIndicatorTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);
    private static readonly SeasonCalendar Seasons = new(SeasonCalendar.Usual);

    private static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary><c>2026-03-01 web 2 4000</c>: orders and what is left of their amounts.</summary>
    private static ImmutableArray<SalesDay> Sales(string written) => [.. written.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => one.Split(' '))
        .Select(one => new SalesDay(Day(one[0]), one[1] == "-" ? null : one[1], one.Length > 4 ? one[4] : "EUR", int.Parse(one[2], CultureInfo.InvariantCulture), long.Parse(one[3], CultureInfo.InvariantCulture)))];

    [Theory]
    [InlineData("", "-")]
    [InlineData("2026-11-26 web 1 0", "0 2026-11-26")]
    [InlineData("2025-11-27 web 1 100", "0 2025-11-27")]
    [InlineData("2025-11-26 web 1 100", "1 2025-11-26")]
    [InlineData("2019-03-01 web 1 100; 2024-01-01 web 3 100", "7 2019-03-01")]
    [InlineData("2020-02-29 web 1 100", "6 2020-02-29")]
    [InlineData("2026-11-27 web 1 100", "0 2026-11-27")]
    public void Seniority_is_whole_years_since_the_first_purchase(string sales, string expected) =>
        Assert.Equal(expected, ContactIndicators.SeniorityOf(Sales(sales), Today) is { } seniority ? $"{seniority.Years} {seniority.FirstPurchase:yyyy-MM-dd}" : "-");

    [Theory]
    // Nothing, then a season, then the five that count.
    [InlineData("", "", "0/0")]
    [InlineData("2026-10-01", "", "1/1")]
    [InlineData("2026-08-31", "", "1/2")]
    [InlineData("2025-09-01 2026-08-31", "", "1/2")]
    [InlineData("2025-10-01 2026-10-01", "", "2/2")]
    [InlineData("2010-01-01", "", "0/5")]
    [InlineData("2010-01-01 2022-09-01 2023-09-01 2024-09-01 2025-09-01 2026-09-01", "", "5/5")]
    [InlineData("2022-08-31 2026-09-01", "", "1/5")]
    // A session of a season to come doesn't count yet.
    [InlineData("2027-09-15", "", "0/0")]
    [InlineData("2026-10-01 2027-09-15", "", "1/1")]
    // Coming counts as buying does; not coming doesn't.
    [InlineData("", "2026-10-01+2", "1/1 2/2")]
    [InlineData("2026-10-01", "2026-10-01+2 2025-10-01-1", "1/1 2/2")]
    [InlineData("2025-10-01", "2025-10-01-1 2026-10-02+3", "2/2 3/4")]
    public void Assiduity_is_the_seasons_with_something_of_the_last_five_since_the_first(string active, string attendances, string expected)
    {
        var facts = IndicatorFacts.None with
        {
            ActiveDays = [.. active.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Day)],
            Attendances = [.. attendances.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => new AttendanceDay(Day(one[..10]), one[10] == '+', one[11] - '0'))],
        };
        var assiduity = ContactIndicators.AssiduityOf(facts, Seasons, Today);
        Assert.Equal(expected, $"{assiduity.Active}/{assiduity.Of}" + (assiduity.Came + assiduity.Absent == 0 ? "" : $" {assiduity.Came}/{assiduity.Came + assiduity.Absent}"));
    }

    [Theory]
    // Bought, first day, last day told: in force from and until, or not.
    [InlineData("2026-09-10", null, null, "2026-09-10 2027-08-31")]
    [InlineData("2026-08-30", null, null, "-")]
    [InlineData("2026-06-15", "2026-09-01", null, "2026-09-01 2027-08-31")]
    [InlineData("2026-06-15", "2026-12-01", null, "-")]
    [InlineData("2026-01-10", null, "2026-12-31", "2026-01-10 2026-12-31")]
    [InlineData("2026-01-10", null, "2026-11-26", "2026-01-10 2026-11-26")]
    [InlineData("2026-01-10", null, "2026-11-25", "-")]
    [InlineData("2026-11-20", "2026-11-26", "2026-11-26", "2026-11-26 2026-11-26")]
    public void A_membership_or_subscription_is_in_force_on_its_days_or_to_the_end_of_the_season(string bought, string? from, string? until, string expected)
    {
        foreach (var product in new[] { ProductKind.Membership, ProductKind.Subscription })
        {
            ImmutableArray<LastingProduct> lasting = [new(product, "Le Cercle", Day(bought), from is null ? null : Day(from), until is null ? null : Day(until))];
            var found = ContactIndicators.InForceOn(lasting, product, Seasons, Today);
            Assert.Equal(expected, found is [var one] ? $"{one.From:yyyy-MM-dd} {one.Until:yyyy-MM-dd}" : "-");
            Assert.Empty(ContactIndicators.InForceOn(lasting, product == ProductKind.Membership ? ProductKind.Subscription : ProductKind.Membership, Seasons, Today));
        }
    }

    [Theory]
    [InlineData("", "-")]
    [InlineData("2026-01-01 - 1 100", "-")]
    [InlineData("2024-11-26 web 9 100", "-")]
    [InlineData("2024-11-27 web 1 100", "web 1/1")]
    [InlineData("2026-01-01 web 1 100; 2026-02-01 guichet 2 100; 2026-03-01 - 9 100", "guichet 2/3")]
    [InlineData("2026-01-01 web 2 100; 2026-02-01 guichet 1 100; 2026-03-01 guichet 1 100", "guichet 2/4")]
    [InlineData("2026-05-01 web 1 100; 2026-02-01 guichet 1 100", "web 1/2")]
    public void The_channel_used_is_that_of_most_orders_in_24_months_or_of_the_last(string sales, string expected) =>
        Assert.Equal(expected, ContactIndicators.ChannelOf(Sales(sales), Today) is { } channel ? $"{channel.Name} {channel.Orders}/{channel.Of}" : "-");

    [Theory]
    [InlineData("", 100, "")]
    [InlineData("2023-11-26 web 1 9000", 100, "")]
    [InlineData("2023-11-27 web 1 9000", 100, "EUR 9000 Large")]
    [InlineData("2026-01-01 web 1 7999", 100, "EUR 7999 Medium")]
    [InlineData("2026-01-01 web 1 8000", 100, "EUR 8000 Large")]
    [InlineData("2026-01-01 web 1 2000", 100, "EUR 2000 Medium")]
    [InlineData("2026-01-01 web 1 1999", 100, "EUR 1999 Small")]
    [InlineData("2026-01-01 web 1 0", 100, "EUR 0")]
    [InlineData("2026-01-01 web 1 9000", 9, "EUR 9000")]
    [InlineData("2026-01-01 web 1 9000", 10, "EUR 9000 Large")]
    [InlineData("2026-01-01 web 1 9000; 2026-01-01 web 2 1200 JPY", 100, "JPY 1200, EUR 9000 Large")]
    public void The_value_is_what_was_bought_in_36_months_less_what_was_given_back_among_the_others(string sales, int clients, string expected)
    {
        var bands = ImmutableDictionary<string, ValueBands>.Empty.Add("EUR", new ValueBands(2_000, 8_000, clients));
        Assert.Equal(expected, string.Join(", ", ContactIndicators.ValuesOf(Sales(sales), bands, Today).Select(value => $"{value.Currency} {value.NetMinor} {value.Band}".TrimEnd())));
    }

    [Theory]
    [InlineData(9, "2026-08-31", "2025-2026", "2025-09-01", "2026-08-31")]
    [InlineData(9, "2026-09-01", "2026-2027", "2026-09-01", "2027-08-31")]
    [InlineData(1, "2026-12-31", "2026", "2026-01-01", "2026-12-31")]
    [InlineData(3, "2024-02-29", "2023-2024", "2023-03-01", "2024-02-29")]
    public void Seasons_begin_on_the_first_of_the_organisations_month(int month, string day, string name, string first, string last)
    {
        var seasons = new SeasonCalendar(month);
        var season = seasons.SeasonOf(Day(day));
        Assert.Equal((name, Day(first), Day(last)), (seasons.NameOf(season), seasons.FirstDay(season), seasons.LastDay(season)));
    }
}

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Guichet.Imports;

public class NumberTests
{
    /// <summary>What a text reads as in each style; <c>-</c> for what isn't a number in it.</summary>
    [Theory]
    [InlineData("1234", "1234", "1234")]
    [InlineData("1 234,56", "1234.56", "-")]
    [InlineData("1\u00A0234,56", "1234.56", "-")]
    [InlineData("1\u202F234,56", "1234.56", "-")]
    [InlineData("1\u2009234", "1234", "1234")]
    [InlineData("1.234,56", "1234.56", "-")]
    [InlineData("1,234.56", "-", "1234.56")]
    [InlineData("1'234.56", "-", "1234.56")]
    [InlineData("1 234.56", "-", "1234.56")]
    [InlineData("1,234", "1.234", "1234")]
    [InlineData("1.234", "1234", "1.234")]
    [InlineData("1,234,567", "-", "1234567")]
    [InlineData("1.234.567", "1234567", "-")]
    [InlineData("12,5", "12.5", "-")]
    [InlineData("12.5", "-", "12.5")]
    [InlineData(",5", "0.5", "-")]
    [InlineData("-12", "-12", "-12")]
    [InlineData("\u221212", "-12", "-12")]
    [InlineData("+12", "12", "12")]
    [InlineData("(12)", "-12", "-12")]
    [InlineData("(1 234,50 €)", "-1234.50", "-")]
    [InlineData("-(12)", "-", "-")]
    [InlineData("12,5 %", "0.125", "-")]
    [InlineData("12.5%", "-", "0.125")]
    [InlineData("  7 ", "7", "7")]
    [InlineData("12,50 €", "12.50", "-")]
    [InlineData("€12.50", "-", "12.50")]
    [InlineData("-€12.50", "-", "-12.50")]
    [InlineData("12,50 EUR", "12.50", "-")]
    [InlineData("EUR 12", "12", "12")]
    [InlineData("0012", "12", "12")]
    [InlineData("1234 567", "-", "-")]
    [InlineData("1 23", "-", "-")]
    [InlineData("1 2345", "-", "-")]
    [InlineData("1 234.567", "-", "1234.567")]
    [InlineData("12,", "-", "-")]
    [InlineData("", "-", "-")]
    [InlineData("-", "-", "-")]
    [InlineData("€", "-", "-")]
    [InlineData("%", "-", "-")]
    [InlineData("douze", "-", "-")]
    [InlineData("1e5", "-", "-")]
    [InlineData("=1+1", "-", "-")]
    [InlineData("--1", "-", "-")]
    [InlineData("１２", "-", "-")]
    [InlineData("12345678901234567890123456789", "-", "-")]
    [InlineData("1234567890123456789012345678", "1234567890123456789012345678", "1234567890123456789012345678")]
    public void A_number_is_read_the_French_and_the_English_way(string text, string french, string english)
    {
        Assert.Equal(french, Read(text, NumberStyle.French));
        Assert.Equal(english, Read(text, NumberStyle.English));
    }

    private static string Read(string text, NumberStyle style) =>
        Numbers.TryRead(text, style, out var read) ? read.Value.ToString(CultureInfo.InvariantCulture) : "-";

    [Theory]
    [InlineData("12 €", "EUR", false)]
    [InlineData("$12", "USD", false)]
    [InlineData("12 £", "GBP", false)]
    [InlineData("CHF 12", "CHF", false)]
    [InlineData("12", "", false)]
    [InlineData("12 %", "", true)]
    public void A_currency_or_a_percent_sign_is_told(string text, string currency, bool isPercent)
    {
        Assert.True(Numbers.TryRead(text, NumberStyle.French, out var read));
        Assert.Equal((currency, isPercent), (read.Currency, read.IsPercent));
    }

    [Theory]
    [InlineData("12.34", 2, 1234L)]
    [InlineData("12.3400", 2, 1234L)]
    [InlineData("12.345", 2, null)]
    [InlineData("0.001", 3, 1L)]
    [InlineData("12.5", 0, null)]
    [InlineData("-12.34", 2, -1234L)]
    [InlineData("92233720368547758", 2, null)]
    [InlineData("79228162514264337593543950335", 2, null)]
    public void Money_becomes_minor_units_exactly_or_not_at_all(string amount, int decimals, long? minor)
    {
        var exact = Numbers.TryToMinor(decimal.Parse(amount, CultureInfo.InvariantCulture), decimals, out var read);
        Assert.Equal(minor, exact ? read : null);
    }

    [Theory]
    [InlineData("4.0999999999999996", "4.1")]
    [InlineData("0.30000000000000004", "0.3")]
    [InlineData("56.999999999999993", "57")]
    [InlineData("1234567.89", "1234567.89")]
    [InlineData("0.1", "0.1")]
    [InlineData("0.0012345678901234567", "0.00123456789012346")]
    [InlineData("12345678901234567", "12345678901234567")]
    [InlineData("0", "0")]
    [InlineData("-4.0999999999999996", "-4.1")]
    [InlineData("100", "100")]
    public void A_workbooks_number_is_read_as_it_is_shown(string stored, string shown) =>
        Assert.Equal(shown, Numbers.AsShown(decimal.Parse(stored, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void What_a_culture_writes_reads_back_in_its_style()
    {
        var amounts = from minor in Gen.Choose(int.MinValue, int.MaxValue) from scale in Gen.Choose(0, 6) select new decimal(minor, 0, 0, false, (byte)scale);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(amounts.ToArbitrary(), amount =>
        {
            foreach (var (style, culture) in new[] { (NumberStyle.French, "fr-FR"), (NumberStyle.English, "en-GB") })
            {
                var written = amount.ToString("#,##0.######", CultureInfo.GetCultureInfo(culture));
                if (!Numbers.TryRead(written, style, out var read) || read.Value != amount) return false;
            }
            return true;
        }));
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Guichet.Architecture;

namespace Guichet.Words;

/// <summary>The same table for what the server reads and what the tally grid reads in the browser.</summary>
public sealed class TypedNumbersTests
{
    // What is typed, as a count, as an amount in cents; null when it is refused.
    private static readonly (string Typed, long? Count, long? Cents)[] Cases =
    [
        ("0", 0, 0),
        ("12", 12, 1_200),
        ("1 234", 1_234, 123_400),
        ("1\u202F234", 1_234, 123_400),
        ("1\u00A0234,50", null, 123_450),
        ("1234,00", 1_234, 123_400),
        ("1.234", 1_234, 123_400),
        ("1,234", 1_234, 123_400),
        ("1,234.50", null, 123_450),
        ("1.234,50", null, 123_450),
        ("1.234.567", 1_234_567, 123_456_700),
        ("1.23.456", 123_456, 12_345_600),
        ("1.234.56", null, null),
        ("12,5", null, 1_250),
        ("12.50 €", null, 1_250),
        ("€1,234.56", null, 123_456),
        ("12,505", 12_505, 1_250_500),
        ("12,5051", null, null),
        ("+3", 3, 300),
        ("abc", null, null),
        ("12a", null, null),
        ("1e3", null, null),
        ("=1+1", null, null),
        (",", null, null),
    ];

    [Fact]
    public void Numbers_are_read_both_ways_or_refused()
    {
        foreach (var (typed, count, cents) in Cases)
        {
            Assert.Equal((typed, count), (typed, TypedNumbers.TryCount(typed, out var read) ? read : null));
            Assert.Equal((typed, cents), (typed, TypedNumbers.TryMoney(typed, "EUR", out var minor) ? minor : null));
        }
    }

    [Fact]
    public void A_currency_without_decimals_takes_none()
    {
        Assert.False(TypedNumbers.TryMoney("12,5", "JPY", out _));
        Assert.True(TypedNumbers.TryMoney("1 500", "JPY", out var yen));
        Assert.Equal(1_500, yen);
    }

    [Fact]
    public void What_is_far_too_long_is_refused_at_once() => Assert.False(TypedNumbers.TryCount(new string('9', 5_000), out _));

    [Fact]
    public void The_browser_reads_them_the_same_way()
    {
        var module = Path.Combine(Product.Root, "WebFront", "Assets", "islands", "numbers.js");
        var script = $$"""
            import { readFileSync } from 'node:fs';
            const source = readFileSync({{JsonSerializer.Serialize(module)}}, 'utf8');
            const { parseNumber } = await import('data:text/javascript,' + encodeURIComponent(source));
            const cases = {{JsonSerializer.Serialize(Cases.Select(one => one.Typed))}};
            console.log(JSON.stringify(cases.map((typed) => [parseNumber(typed, 0) ?? null, parseNumber(typed, 2) ?? null])));
            """;
        using var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "-e", script]) { RedirectStandardOutput = true })!;
        var answers = JsonSerializer.Deserialize<decimal?[][]>(node.StandardOutput.ReadToEnd())!;
        node.WaitForExit();
        foreach (var ((typed, count, cents), answer) in Cases.Zip(answers))
        {
            Assert.Equal((typed, count), (typed, (long?)answer[0]));
            Assert.Equal((typed, cents), (typed, (long?)(answer[1] * 100)));
        }
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Guichet.Takings;

/// <param name="Number">1 to 4.</param>
public readonly partial record struct Quarter(int Year, int Number)
{
    public DateOnly First => new(Year, 3 * Number - 2, 1);

    /// <summary>The first day of the next one.</summary>
    public DateOnly End => First.AddMonths(3);

    public Quarter Before => Number == 1 ? new(Year - 1, 4) : this with { Number = Number - 1 };

    public static Quarter Of(DateOnly day) => new(day.Year, (day.Month + 2) / 3);

    /// <summary><c>2026-4</c>, and as French and English people write it: <c>2026-T4</c>, <c>2026-Q4</c>. 1950 to 2200.</summary>
    public static bool TryParse(string? text, out Quarter quarter)
    {
        quarter = default;
        if (Written().Match(text ?? "") is not { Success: true } match) return false;
        var (year, number) = (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].ValueSpan[0] - '0');
        if (year is < 1950 or > 2200) return false;
        quarter = new(year, number);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year}-{Number}");

    [GeneratedRegex("^([0-9]{4})-[TQtq]?([1-4])$")]
    private static partial Regex Written();
}

using System.Collections.Immutable;

namespace Guichet.Exports;

public enum ExportLanguage
{
    /// <summary>Separated by semicolons, decimals by a comma, 24/11/2026.</summary>
    French = 0,

    /// <summary>Separated by commas, decimals by a point, 2026-11-24.</summary>
    English = 1,
}

public enum ExportKind
{
    Text = 0,

    /// <summary>A whole number.</summary>
    Whole = 1,

    /// <summary>A number with two decimals or three, as its currency has.</summary>
    Amount = 2,

    /// <summary>A share of one, shown in per cent with one decimal.</summary>
    Ratio = 3,
    Date = 4,

    /// <summary>A date and time on the wall, to the minute.</summary>
    DateTime = 5,

    /// <summary>An amount with the currency of its own, shown beside it in a workbook; separated text has the number alone.</summary>
    Money = 6,
}

/// <param name="Width">In characters, as a workbook shows it.</param>
/// <param name="Decimals">Of amounts.</param>
public sealed record ExportColumn(string Header, ExportKind Kind, int Width = 14, int Decimals = 2)
{
    /// <summary>The IANA zone that a column's times are on the wall of, said in its header; null where it goes without saying.</summary>
    public string? Zone { get; init; }

    internal int DecimalsOf(ExportCell cell) => Kind == ExportKind.Money && cell.Currency is { } currency ? Money.Decimals(currency) : Decimals;

    internal string HeaderText => Zone is null ? Header : $"{Header} ({Zone.Replace('_', ' ')})";
}

/// <summary>One value of an export, typed so that spreadsheets calculate with it. Its column says how it is shown.</summary>
public readonly record struct ExportCell
{
    private readonly object? _value;

    private ExportCell(object value, string? currency = null) => (_value, Currency) = (value, currency);

    /// <summary>Nothing.</summary>
    public static readonly ExportCell Empty;

    public static ExportCell Of(string? text) => string.IsNullOrEmpty(text) ? Empty : new(text);

    public static ExportCell Of(long whole) => new((decimal)whole);

    public static ExportCell Of(decimal number) => new(number);

    /// <summary>In major units; unless its column's kind is money, the currency belongs in the column's header.</summary>
    public static ExportCell Of(Money amount) => new(amount.Major, amount.Currency);

    public static ExportCell Of(DateOnly date) => new(date.ToDateTime(TimeOnly.MinValue));

    /// <summary>On the wall of the place; its kind isn't looked at.</summary>
    public static ExportCell Of(DateTime local) => new(local);

    internal string? Currency { get; }

    internal string? Text => _value as string;

    internal decimal? Number => _value as decimal?;

    internal DateTime? Date => _value as DateTime?;
}

/// <summary>A list as it leaves the product.</summary>
/// <param name="Sheet">Name of the workbook's sheet; what spreadsheets don't allow in one is replaced.</param>
/// <param name="Rows">Read once, while they are written: a list of any length takes the memory of a row.</param>
public sealed record Export(
    string Sheet, ImmutableArray<ExportColumn> Columns, IAsyncEnumerable<ImmutableArray<ExportCell>> Rows, ExportLanguage Language)
{
    /// <summary>
    /// The sums, asked for once the rows are written: a last row in bold, in workbooks alone, since who reads separated text would take it
    /// for one more.
    /// </summary>
    public Func<ImmutableArray<ExportCell>>? Totals { get; init; }
}

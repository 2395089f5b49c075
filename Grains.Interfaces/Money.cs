using System.Globalization;

namespace Guichet;

/// <summary>An amount in minor units (cents) of a currency (ISO 4217).</summary>
[GenerateSerializer, Immutable, Alias("money")]
public readonly record struct Money(long Minor, string Currency)
{
    public static Money operator +(Money left, Money right) => new(checked(left.Minor + Same(left, right).Minor), left.Currency);

    public static Money operator -(Money left, Money right) => new(checked(left.Minor - Same(left, right).Minor), left.Currency);

    /// <summary>How many decimals the currency is written with: 0 for JPY and the like, 3 for KWD and the like, else 2 (ISO 4217).</summary>
    public static int Decimals(string currency) => currency switch
    {
        "JPY" or "KRW" or "XPF" or "XOF" or "XAF" or "CLP" or "ISK" or "VND" => 0,
        "KWD" or "BHD" or "TND" or "OMR" or "JOD" or "LYD" or "IQD" => 3,
        _ => 2,
    };

    /// <summary>The amount in major units, exactly.</summary>
    public decimal Major => new(
        unchecked((int)Math.Abs(Minor)), (int)(Math.Abs(Minor) >> 32), 0, Minor < 0, (byte)Decimals(Currency));

    /// <summary>As the API writes it: <c>1234.50</c>.</summary>
    public override string ToString() => Major.ToString(CultureInfo.InvariantCulture);

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} don't add up.");
}

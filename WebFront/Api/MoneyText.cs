using System.Globalization;

namespace Guichet.Api;

/// <summary>Money as the API writes it.</summary>
/// <param name="Amount">In major units, a decimal as text so that no reader rounds it: <c>1234.50</c>.</param>
/// <param name="Currency">ISO 4217.</param>
internal sealed record MoneyText(string Amount, string Currency)
{
    public static MoneyText Of(long minor, string currency) => new(new Money(minor, currency).ToString(), currency);

    public static MoneyText? Of(long? minor, string currency) => minor is { } known ? Of(known, currency) : null;
}

internal static class MoneyReading
{
    /// <summary>The same, and null for what was left out: it isn't known.</summary>
    public static long? MinorIfSaid(this ApiCall call, MoneyText? money, string currency, string field) =>
        money is null ? null : call.Minor(money, currency, field);

    /// <summary>An amount in whatever currency it says; nothing of none and a refusal for what isn't one.</summary>
    public static Money Money(this ApiCall call, MoneyText money, string field)
    {
        if (money.Currency.Length == 3 && money.Currency.All(char.IsAsciiLetterUpper)) return new Money(call.Minor(money, money.Currency, field), money.Currency);
        call.Refuse("currency-unknown", $"{field}.currency", money.Currency.Length > 20 ? $"{money.Currency[..19]}…" : money.Currency);
        return new Money(0, "");
    }

    /// <summary>Minor units; 0 and a refusal for what isn't an amount of the session's currency. Whether it is in range is the session's to say.</summary>
    public static long Minor(this ApiCall call, MoneyText? money, string currency, string field)
    {
        if (money is null) return 0;
        if (money.Currency != currency)
        {
            call.Refuse("amount-in-other-currency", $"{field}.currency", money.Currency.Length > 3 ? $"{money.Currency[..3]}…" : money.Currency, currency);
            return 0;
        }
        var decimals = Guichet.Money.Decimals(currency);
        if (money.Amount.Length <= 20
            && decimal.TryParse(money.Amount, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var major)
            && major is > -1e15m and < 1e15m)
        {
            for (var i = 0; i < decimals; i++) major *= 10;
            if (major == decimal.Truncate(major)) return (long)major;
        }
        call.Refuse("amount-invalid", $"{field}.amount", money.Amount.Length > 40 ? $"{money.Amount[..39]}…" : money.Amount, currency, ApiCall.Text(decimals));
        return 0;
    }
}

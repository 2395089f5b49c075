using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.TimeZones;

namespace Guichet.Sessions;

/// <summary>What a session's details must be, whoever sends them: a form, a file, the API or a link.</summary>
public static class SessionRules
{
    public const int LongestName = 200;
    public const int MostOfAKind = 100;
    public const int LargestCapacity = 1_000_000;
    public const long HighestPriceMinor = 100_000_000;

    /// <summary>
    /// Local time → instant, as people mean it: a time skipped by a clock change is the first valid instant after it, a repeated one the first.
    /// </summary>
    private static readonly ZoneLocalMappingResolver AsPeopleMean =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>Cleaned (trimmed, codes made from names where missing) details with their instant, or what is wrong with each field.</summary>
    public static (SessionDetails Details, DateTimeOffset Start, ImmutableArray<Refusal> Refusals) Check(SessionDetails details)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var categories = Cleaned(details.Categories, "categories", category => category.Code, category => category.Name,
            (category, code, name) => category with { Code = code, Name = name }, refusals);
        var tariffs = Cleaned(details.Tariffs, "tariffs", tariff => tariff.Code, tariff => tariff.Name,
            (tariff, code, name) => tariff with { Code = code, Name = name }, refusals);
        var channels = Cleaned(details.Channels, "channels", channel => channel.Code, channel => channel.Name,
            (channel, code, name) => channel with { Code = code, Name = name }, refusals);

        for (var i = 0; i < categories.Length; i++)
            if (categories[i].Capacity is < 0 or > LargestCapacity)
                refusals.Add(Refusal.Of("capacity-out-of-range", $"categories[{i}].capacity", categories[i].Name, Text(LargestCapacity)));
        for (var i = 0; i < tariffs.Length; i++)
            if (tariffs[i].PriceMinor is < 0 or > HighestPriceMinor)
                refusals.Add(Refusal.Of("price-out-of-range", $"tariffs[{i}].price", tariffs[i].Name, Text(HighestPriceMinor)));
        var prices = details.Prices.IsDefault ? [] : details.Prices;
        for (var i = 0; i < prices.Length; i++)
        {
            if (categories.All(category => category.Code != prices[i].Category)) refusals.Add(Refusal.Of("category-unknown", $"prices[{i}].category", prices[i].Category));
            if (tariffs.All(tariff => tariff.Code != prices[i].Tariff)) refusals.Add(Refusal.Of("tariff-unknown", $"prices[{i}].tariff", prices[i].Tariff));
            if (prices[i].PriceMinor is < 0 or > HighestPriceMinor)
                refusals.Add(Refusal.Of("price-out-of-range", $"prices[{i}].price", prices[i].Tariff, Text(HighestPriceMinor)));
        }

        if (details.VatBasisPoints is < 0 or > Vat.Highest) refusals.Add(Refusal.Of("vat-out-of-range", "vat"));
        var place = (details.Place ?? "").Trim();
        if (place.Length == 0) refusals.Add(Refusal.Of("place-missing", "place"));
        if (place.Length > LongestName) refusals.Add(Refusal.Of("text-too-long", "place", Text(LongestName)));
        if (string.IsNullOrWhiteSpace(details.ShowId)) refusals.Add(Refusal.Of("show-missing", "show"));
        if (details.Currency is not { Length: 3 } currency || !currency.All(char.IsAsciiLetterUpper)) refusals.Add(Refusal.Of("currency-unknown", "currency", details.Currency ?? ""));
        if (details.LocalStart.Year is < 1950 or > 2200) refusals.Add(Refusal.Of("date-out-of-range", "start", "1950", "2200"));

        var start = DateTimeOffset.MinValue;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(details.Zone ?? "") is not { } zone) refusals.Add(Refusal.Of("zone-unknown", "zone", details.Zone ?? ""));
        else if (refusals.All(refusal => refusal.Field != "start")) start = InstantOf(details.LocalStart, zone);

        return (details with
        {
            Place = place,
            LocalStart = DateTime.SpecifyKind(details.LocalStart, DateTimeKind.Unspecified),
            Categories = categories,
            Tariffs = tariffs,
            Channels = channels,
            Prices = prices,
        }, start, refusals.ToImmutable());
    }

    /// <summary>The instant of a local date-time in a zone, by the rule of <c>domain.md</c> for clock changes.</summary>
    public static DateTimeOffset InstantOf(DateTime local, DateTimeZone zone) =>
        LocalDateTime.FromDateTime(local).InZone(zone, AsPeopleMean).ToInstant().ToDateTimeOffset();

    /// <summary>A code out of a name: lower-case, without accents, words joined by hyphens. <c>Carré Or</c> is <c>carre-or</c>.</summary>
    public static string CodeOf(string name)
    {
        var code = new StringBuilder(name.Length);
        foreach (var character in name.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsLetterOrDigit(character)) code.Append(char.ToLowerInvariant(character));
            else if (code.Length > 0 && code[^1] != '-') code.Append('-');
        }
        return code.ToString().TrimEnd('-') is { Length: > 0 } made ? made : "x";
    }

    private static ImmutableArray<T> Cleaned<T>(
        ImmutableArray<T> items, string field, Func<T, string?> codeOf, Func<T, string?> nameOf, Func<T, string, string, T> with,
        ImmutableArray<Refusal>.Builder refusals)
    {
        if (items.IsDefaultOrEmpty)
        {
            refusals.Add(Refusal.Of($"{field}-missing", field));
            return [];
        }
        if (items.Length > MostOfAKind) refusals.Add(Refusal.Of("too-many", field, Text(MostOfAKind)));
        var codes = new HashSet<string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var cleaned = ImmutableArray.CreateBuilder<T>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            var name = (nameOf(items[i]) ?? "").Trim();
            if (name.Length == 0) refusals.Add(Refusal.Of("name-missing", $"{field}[{i}].name"));
            else if (name.Length > LongestName) refusals.Add(Refusal.Of("text-too-long", $"{field}[{i}].name", Text(LongestName)));
            else if (!names.Add(name)) refusals.Add(Refusal.Of("name-twice", $"{field}[{i}].name", name));
            var code = string.IsNullOrWhiteSpace(codeOf(items[i])) ? CodeOf(name) : codeOf(items[i])!.Trim();
            var unique = code;
            for (var n = 2; !codes.Add(unique); n++) unique = $"{code}-{n}";
            cleaned.Add(with(items[i], unique, name));
        }
        return cleaned.MoveToImmutable();
    }

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

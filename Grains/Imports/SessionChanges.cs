using System.Collections.Immutable;
using System.Globalization;
using Guichet.Sessions;

namespace Guichet.Imports;

/// <summary>What a person is told of the difference between two states of a session, the second having all that the first has.</summary>
internal static class SessionChanges
{
    public static ImmutableArray<PlannedChange> Between(SessionDetails before, SessionDetails after)
    {
        var changes = ImmutableArray.CreateBuilder<PlannedChange>();
        Add(ImportFields.Place, "", before.Place, after.Place);
        Add(ImportFields.Date, "", Text(before.LocalStart), Text(after.LocalStart));
        Add(ImportFields.Series, "", before.SeriesId ?? "", after.SeriesId ?? "");
        foreach (var category in after.Categories)
            Add(ImportFields.Capacity, category.Name, before.Categories.FirstOrDefault(old => old.Code == category.Code) is { } old ? Text(old.Capacity) : "", Text(category.Capacity));
        foreach (var tariff in after.Tariffs)
        {
            Add(ImportFields.Price, tariff.Name, before.Tariffs.FirstOrDefault(old => old.Code == tariff.Code) is { PriceMinor: { } old } ? Price(old) : "", tariff.PriceMinor is { } now ? Price(now) : "");
            foreach (var category in after.Categories.Where(category => before.Categories.Any(old => old.Code == category.Code)))
                AddPriceIn(category, tariff);
        }
        foreach (var channel in after.Channels)
            Add(ImportFields.Channel, channel.Name, before.Channels.Any(old => old.Code == channel.Code) ? channel.Name : "", channel.Name);
        return changes.ToImmutable();

        void Add(string field, string name, string from, string to)
        {
            if (from != to) changes.Add(new PlannedChange(field, name, from, to));
        }

        void AddPriceIn(Category category, Tariff tariff)
        {
            var (from, to) = (OwnPrice(before, category, tariff), OwnPrice(after, category, tariff));
            if (from != to) changes.Add(new PlannedChange(ImportFields.Price, $"{tariff.Name} / {category.Name}", from is { } old ? Price(old) : "", to is { } now ? Price(now) : ""));
        }

        string Price(long minor) => new Money(minor, after.Currency).ToString();
    }

    private static long? OwnPrice(SessionDetails details, Category category, Tariff tariff) =>
        details.Prices.FirstOrDefault(price => price.Category == category.Code && price.Tariff == tariff.Code)?.PriceMinor;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTime start) => start.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}

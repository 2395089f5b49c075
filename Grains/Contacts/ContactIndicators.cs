using System.Collections.Immutable;

namespace Guichet.Contacts;

/// <summary>What was bought on one day through one channel: what is left of it after cancellations.</summary>
/// <param name="Channel">Null where the till doesn't say.</param>
public sealed record SalesDay(DateOnly Day, string? Channel, string Currency, int Orders, long NetMinor);

/// <summary>A subscription or membership that was bought and isn't cancelled.</summary>
/// <param name="Bought">Day of the purchase.</param>
public sealed record LastingProduct(ProductKind Product, string Title, DateOnly Bought, DateOnly? From, DateOnly? Until);

/// <param name="Places">Persons.</param>
public sealed record AttendanceDay(DateOnly Day, bool Came, int Places);

/// <summary>Where the values of an organisation's clients are parted, in minor units: the smaller half are below <paramref name="Half"/>, the upper fifth from <paramref name="Fifth"/>.</summary>
/// <param name="Clients">How many were compared.</param>
public sealed record ValueBands(long Half, long Fifth, int Clients);

/// <summary>A contact's activities, as far as indicators go by them.</summary>
/// <param name="ActiveDays">Days of the sessions that it bought and of what else it bought: what counts for a season.</param>
public sealed record IndicatorFacts(
    ImmutableArray<SalesDay> Sales, ImmutableArray<DateOnly> ActiveDays, ImmutableArray<AttendanceDay> Attendances, ImmutableArray<LastingProduct> Lasting,
    ImmutableDictionary<string, ValueBands> Bands)
{
    public static readonly IndicatorFacts None = new([], [], [], [], ImmutableDictionary<string, ValueBands>.Empty);
}

/// <param name="Years">Whole years since <paramref name="FirstPurchase"/>.</param>
public sealed record Seniority(DateOnly FirstPurchase, int Years);

/// <param name="Active">Seasons in which the contact bought or had a session.</param>
/// <param name="Of">Seasons looked at: the last five that have begun, from that of its first purchase on; 0 for none.</param>
/// <param name="Came">Persons who came to sessions of those seasons, of those of whom it is known.</param>
public sealed record Assiduity(int Active, int Of, ImmutableArray<int> Seasons, int Came, int Absent);

/// <param name="From">Its first and last day.</param>
public sealed record InForce(string Title, DateOnly From, DateOnly Until);

/// <param name="Orders">Through this channel, of <paramref name="Of"/> in all.</param>
public sealed record ChannelUsed(string Name, int Orders, int Of);

public enum ValueBand
{
    /// <summary>Of the smaller half.</summary>
    Small = 0,

    /// <summary>Between the half and the upper fifth.</summary>
    Medium = 1,

    /// <summary>Of the upper fifth.</summary>
    Large = 2,
}

/// <param name="Band">Null where there are too few to compare with.</param>
public sealed record ClientValue(string Currency, long NetMinor, int Orders, ValueBand? Band, int ComparedWith);

/// <summary>
/// What a contact's histories amount to. Nothing of it is kept or typed: each is worked out from what tills told, by its rule here, which
/// screens say in words.
/// </summary>
/// <param name="Seniority">Null for who never bought.</param>
/// <param name="Memberships">In force on the day, the last to end first; so are the subscriptions.</param>
/// <param name="Channel">Null where nothing was bought in <see cref="ChannelMonths"/>.</param>
/// <param name="Values">Each currency, the largest number of orders first.</param>
public sealed record ContactIndicators(
    Seniority? Seniority, Assiduity Assiduity, ImmutableArray<InForce> Memberships, ImmutableArray<InForce> Subscriptions, ChannelUsed? Channel, ImmutableArray<ClientValue> Values)
{
    public const int AssiduitySeasons = 5;
    public const int ChannelMonths = 24;
    public const int ValueMonths = 36;

    /// <summary>With fewer clients a fifth is hardly anybody.</summary>
    public const int FewestCompared = 10;

    public static ContactIndicators Of(IndicatorFacts facts, SeasonCalendar seasons, DateOnly today) => new(
        SeniorityOf(facts.Sales, today), AssiduityOf(facts, seasons, today), InForceOn(facts.Lasting, ProductKind.Membership, seasons, today),
        InForceOn(facts.Lasting, ProductKind.Subscription, seasons, today), ChannelOf(facts.Sales, today), ValuesOf(facts.Sales, facts.Bands, today));

    /// <summary>Whole years since the first purchase that isn't wholly cancelled.</summary>
    public static Seniority? SeniorityOf(ImmutableArray<SalesDay> sales, DateOnly today)
    {
        if (sales.IsEmpty) return null;
        var first = sales.Min(sale => sale.Day);
        return new Seniority(first, Math.Max(0, ContactRules.AgeOn(first, today)));
    }

    /// <summary>Of the last five seasons begun (from that of the first purchase on), those in which the contact bought or had a session.</summary>
    public static Assiduity AssiduityOf(IndicatorFacts facts, SeasonCalendar seasons, DateOnly today)
    {
        var now = seasons.SeasonOf(today);
        ImmutableArray<int> active = [.. facts.ActiveDays.Concat(facts.Attendances.Where(attendance => attendance.Came).Select(attendance => attendance.Day))
            .Select(seasons.SeasonOf).Where(season => season <= now).Distinct().Order()];
        if (active.IsEmpty) return new Assiduity(0, 0, [], 0, 0);
        var from = Math.Max(active[0], now - AssiduitySeasons + 1);
        ImmutableArray<int> counted = [.. active.Where(season => season >= from)];
        var known = facts.Attendances.Where(attendance => seasons.SeasonOf(attendance.Day) >= from && seasons.SeasonOf(attendance.Day) <= now).ToArray();
        return new Assiduity(
            counted.Length, now - from + 1, counted, known.Where(attendance => attendance.Came).Sum(attendance => attendance.Places),
            known.Where(attendance => !attendance.Came).Sum(attendance => attendance.Places));
    }

    /// <summary>From its first day (that of the purchase where none was told) to its last (the end of that day's season).</summary>
    public static ImmutableArray<InForce> InForceOn(ImmutableArray<LastingProduct> lasting, ProductKind product, SeasonCalendar seasons, DateOnly today) =>
    [
        .. from one in lasting
           where one.Product == product
           let first = one.From ?? (one.Until < one.Bought ? one.Until.Value : one.Bought)
           let until = one.Until ?? seasons.LastDay(seasons.SeasonOf(first))
           where first <= today && today <= until
           orderby until descending, one.Title
           select new InForce(one.Title, first, until),
    ];

    /// <summary>That of most orders in the last 24 months; of two alike, the one used last.</summary>
    public static ChannelUsed? ChannelOf(ImmutableArray<SalesDay> sales, DateOnly today)
    {
        var lately = sales.Where(sale => sale.Channel is not null && sale.Day > today.AddMonths(-ChannelMonths) && sale.Day <= today.AddDays(1)).ToArray();
        return lately.GroupBy(sale => sale.Channel!, StringComparer.Ordinal)
            .OrderByDescending(channel => channel.Sum(sale => sale.Orders)).ThenByDescending(channel => channel.Max(sale => sale.Day)).ThenBy(channel => channel.Key, StringComparer.Ordinal)
            .Select(channel => new ChannelUsed(channel.Key, channel.Sum(sale => sale.Orders), lately.Sum(sale => sale.Orders))).FirstOrDefault();
    }

    /// <summary>What was bought in the last 36 months less what of it was given back, in each currency; and among which of the organisation's clients that is.</summary>
    public static ImmutableArray<ClientValue> ValuesOf(ImmutableArray<SalesDay> sales, ImmutableDictionary<string, ValueBands> bands, DateOnly today) =>
    [
        .. from sale in sales
           where sale.Day > today.AddMonths(-ValueMonths)
           group sale by sale.Currency into currency
           let net = currency.Sum(sale => sale.NetMinor)
           let orders = currency.Sum(sale => sale.Orders)
           let compared = bands.GetValueOrDefault(currency.Key)
           orderby orders descending, currency.Key
           select new ClientValue(currency.Key, net, orders, BandOf(net, compared), compared?.Clients ?? 0),
    ];

    private static ValueBand? BandOf(long net, ValueBands? bands) => bands is null || bands.Clients < FewestCompared || net <= 0 ? null
        : net >= bands.Fifth ? ValueBand.Large
        : net >= bands.Half ? ValueBand.Medium
        : ValueBand.Small;
}

using System.Collections.Immutable;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Api;

/// <param name="Code">Made from the name when it is left out.</param>
internal sealed record CategoryItem(string? Code, string Name, int Capacity);

/// <param name="Price">VAT included, in the session's currency; null where it isn't known.</param>
internal sealed record TariffItem(string? Code, string Name, MoneyText? Price);

internal sealed record PriceItem(string Category, string Tariff, MoneyText Price);

internal sealed record ChannelItem(string? Code, string Name);

/// <summary>What a session is, as it is sent whole.</summary>
/// <param name="Show">Id of its show.</param>
/// <param name="Series">Id of its series, of the same show.</param>
/// <param name="Start">On the wall of the place (<c>2026-12-04T20:30:00</c>), or with its offset, as answers have it.</param>
/// <param name="Zone">IANA zone of the place; the organisation's when left out.</param>
/// <param name="OnSale">On making it: at once on sale. On changing it this has no say.</param>
internal sealed record SessionRequest(
    string Show, string? Series, string Place, string Start, string? Zone, string Currency,
    ImmutableArray<CategoryItem> Categories, ImmutableArray<TariffItem> Tariffs, ImmutableArray<PriceItem>? Prices, ImmutableArray<ChannelItem> Channels,
    bool? OnSale)
{
    /// <summary>As the session's commands have it; what can't be is refused by name.</summary>
    public SessionDetails Details(ApiCall call)
    {
        var zone = Zone ?? call.Zone;
        var start = ApiTimes.Local(Start, zone);
        if (start is null) call.Refuse("date-invalid", "start", Start.Length > 40 ? $"{Start[..39]}…" : Start);
        return new SessionDetails(
            Show, Series, Place, start ?? new DateTime(2000, 1, 1), zone, Currency,
            [.. Categories.Select(category => new Category(category.Code ?? "", category.Name, category.Capacity))],
            [.. Tariffs.Select((tariff, i) => new Tariff(tariff.Code ?? "", tariff.Name, call.MinorIfSaid(tariff.Price, Currency, $"tariffs[{i}].price")))],
            [.. (Prices ?? []).Select((price, i) => new CategoryPrice(price.Category, price.Tariff, call.Minor(price.Price, Currency, $"prices[{i}].price")))],
            [.. Channels.Select(channel => new Channel(channel.Code ?? "", channel.Name))]);
    }
}

internal sealed record CancelRequest(string? Reason);

internal sealed record ShareableRequest(bool Shareable);

/// <summary>A session in a list.</summary>
/// <param name="Start">With the offset of the place.</param>
/// <param name="Version">Of its current tally; 0 without one.</param>
/// <param name="Gross">Null where revenue isn't known; of the places sold but <paramref name="SoldUnpriced"/>.</param>
/// <param name="SoldUnpriced">Places sold that the revenue leaves out, because nobody said theirs.</param>
/// <param name="ReceivesFrom">The sender's name when its tallies come over a link.</param>
internal sealed record SessionItem(
    string Id, string Show, string Title, string? Series, string Place, DateTimeOffset Start, string Zone, SessionStatus Status,
    int Capacity, int Version, DateTimeOffset? TallyAt, int Sold, int Reserved, int Free, MoneyText? Gross, int SoldUnpriced, string Currency, string? ReceivesFrom, DateTimeOffset ModifiedAt)
{
    public static SessionItem Of(SessionEntry entry) => new(
        entry.Id, entry.ShowId, entry.Title, entry.SeriesId, entry.Place, ApiTimes.InZone(entry.Start, entry.Zone), entry.Zone, entry.Status,
        entry.Capacity, entry.Version, entry.TallyAt, entry.Sold, entry.Reserved, entry.Free, MoneyText.Of(entry.GrossMinor, entry.Currency), entry.SoldUnpriced, entry.Currency,
        entry.ReceivesFrom, entry.ModifiedAt);
}

/// <param name="Next">Give it back as <c>cursor</c> for what follows; null on the last page.</param>
/// <param name="AsOf">Give the first page's back as <c>modified_since</c> next time: nothing is missed, a little may come twice.</param>
internal sealed record SessionListed(ImmutableArray<SessionItem> Items, string? Next, DateTimeOffset AsOf);

/// <summary>A link as one of its sessions knows it.</summary>
/// <param name="LagMs">Milliseconds between the sender's validation and the arrival here.</param>
internal sealed record SessionLinkItem(string Id, string Counterpart, LinkDetail Detail, ConnectionState State, DateTimeOffset Since, long? LagMs);

internal sealed record SessionAnswer(
    string Id, long Revision, string Show, string? Series, string Place, DateTimeOffset Start, string Zone, string Currency,
    ImmutableArray<CategoryItem> Categories, ImmutableArray<TariffItem> Tariffs, ImmutableArray<PriceItem> Prices, ImmutableArray<ChannelItem> Channels,
    SessionStatus Status, string? CancelReason, bool Shareable, bool HasDraft, TallyAnswer? Tally, SessionLinkItem? Incoming, ImmutableArray<SessionLinkItem> Outgoing)
{
    public static SessionAnswer Of(SessionView session)
    {
        var details = session.Details;
        return new SessionAnswer(
            session.Id, session.Revision, details.ShowId, details.SeriesId, details.Place, ApiTimes.InZone(session.Start, details.Zone), details.Zone, details.Currency,
            [.. details.Categories.Select(category => new CategoryItem(category.Code, category.Name, category.Capacity))],
            [.. details.Tariffs.Select(tariff => new TariffItem(tariff.Code, tariff.Name, MoneyText.Of(tariff.PriceMinor, details.Currency)))],
            [.. details.Prices.Select(price => new PriceItem(price.Category, price.Tariff, MoneyText.Of(price.PriceMinor, details.Currency)))],
            [.. details.Channels.Select(channel => new ChannelItem(channel.Code, channel.Name))],
            session.Status, session.CancelReason, session.Shareable, session.Draft is not null,
            session.Current is { } current ? TallyAnswer.Of(current, details.Currency) : null,
            session.Incoming is { } link ? new SessionLinkItem(link.LinkId, link.SenderName, link.Terms.Detail, link.State, link.Since, link.LagMs) : null,
            [.. session.Outgoing.Select(link => new SessionLinkItem(link.LinkId, link.ReceiverName, link.Terms.Detail, link.State, link.Since, null))]);
    }
}

/// <param name="Gross">Revenue of the sold places, VAT included, in the session's currency. Left out, it isn't known.</param>
internal sealed record LineItem(string Category, string Tariff, string Channel, int Sold, int? Reserved, int? Free, MoneyText? Gross)
{
    public static LineItem Of(TallyLine line, string currency) =>
        new(line.Category, line.Tariff, line.Channel, line.Sold, line.Reserved, line.Free, MoneyText.Of(line.GrossMinor, currency));
}

/// <summary>A whole tally: what is left out is zero.</summary>
/// <param name="BasedOn">The version that its writer saw (0 for none): another made meanwhile is refused. Left out, it is taken on any.</param>
/// <param name="ConfirmDrop">Sold falls by more than 10 % on purpose.</param>
/// <param name="ConfirmOverCapacity">More than capacity on purpose.</param>
internal sealed record TallyRequest(ImmutableArray<LineItem> Lines, string? Note, int? BasedOn, bool? ConfirmDrop, bool? ConfirmOverCapacity);

internal sealed record DraftRequest(ImmutableArray<LineItem> Lines, string? Note, int? BasedOn);

/// <param name="Gross">Null where revenue isn't known: a link that shares totals only, or places sold without a line that says its revenue.</param>
/// <param name="SoldUnpriced">Places sold that the revenue leaves out, because their lines don't say it.</param>
/// <param name="Lines">Empty where only totals are known.</param>
internal sealed record TallyAnswer(
    int Version, DateTimeOffset At, string By, TallySource Source, string? SourceName, string? Note,
    int Sold, int Reserved, int Free, MoneyText? Gross, int SoldUnpriced, ImmutableArray<LineItem> Lines)
{
    public static TallyAnswer Of(Tally tally, string currency) => new(
        tally.Version, tally.At, tally.By, tally.Source, tally.SourceName, tally.Note, tally.Figures.Sold, tally.Figures.Reserved, tally.Figures.Free,
        MoneyText.Of(tally.Figures.GrossMinor, currency), tally.Figures.SoldUnpriced, [.. tally.Lines.Select(line => LineItem.Of(line, currency))]);

    public static TallyAnswer Of(VersionRow row, string currency) => Of(
        new Tally(row.Version, row.Lines, row.Figures, row.Source, row.SourceName, row.Note, row.At, row.By), currency);
}

internal sealed record DraftAnswer(
    DateTimeOffset At, string By, TallySource Source, string? SourceName, string? Note, int BasedOn, ImmutableArray<LineItem> Lines);

internal sealed record ValidatedAnswer(int Version, DateTimeOffset At, int Sold, int Reserved, int Free, MoneyText? Gross);

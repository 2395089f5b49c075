namespace Guichet.Links;

/// <summary>What of a link's state each reader gets.</summary>
public static class LinkViews
{
    /// <summary>As one side sees it: the other's own choices, people and outside address are left out.</summary>
    public static LinkView Of(LinkState state, string id, LinkSide side, DateTimeOffset now) => new(
        id,
        side,
        LinkCore.StatusAt(state, now),
        state.AskedBy,
        state.Sender!,
        state.Receiver!,
        state.Session,
        state.Description,
        side == LinkSide.Receiver ? state.Receiving : null,
        state.Terms,
        state.Scope,
        state.Message,
        state.RequestedAt,
        state.ExpiresAt,
        LinkCore.StatusAt(state, now) == LinkStatus.Expired ? state.ExpiresAt : state.Since,
        state.SuspendedBySender,
        state.SuspendedByReceiver,
        state.Settled > 0 && state.Settled == state.Order,
        side == LinkSide.Sender && state.Outside is { } outside
            ? new OutsideView(
                outside.Email, outside.Language, outside.Delivery, outside.Url, outside.SecretSince,
                outside.DeliveredVersion, outside.DeliveredAt, outside.LagMs, outside.FailingSince, outside.Failure)
            : null,
        [.. state.History.Select(moment => moment.Side == side ? moment : moment with { By = null })]);

    /// <summary>Null before acceptance, and for links that were never accepted.</summary>
    public static LinkSettlement? SettlementOf(LinkState state, string id) => state.Order == 0 ? null : new LinkSettlement(
        id, state.Order, state.Settled, LinkCore.ConnectionOf(state.Status), state.AcceptedAt!.Value,
        state.Sender!, state.Receiver!, state.Session!, state.Receiving, state.Terms, state.Outside?.Delivery, state.Outside?.Url,
        state.Outside?.DeliveredVersion ?? 0);
}

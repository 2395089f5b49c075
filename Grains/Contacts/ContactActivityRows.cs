using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>The rows that recorded activities write: themselves, the sessions that they are of, and how the purchases that they concern then stand.</summary>
internal sealed record ContactActivityRows(string Organisation, string Id, ActivitiesRecorded Recorded) : Row
{
    public override Statement ToStatement() => new(
        "SELECT record_contact_activities($1, $2, $3::json, $4::json)", Organisation, Id,
        Json.WriteColumns(Recorded.Activities.Select(RowOf).ToArray()),
        Json.WriteColumns(Recorded.Standings.Select(standing => new { standing.Source, standing.ExternalId, standing.NetMinor, Left = standing.Left.ToArray() }).ToArray()));

    private object RowOf(RecordedActivity recorded)
    {
        var activity = recorded.Activity;
        return new
        {
            activity.Source,
            activity.ExternalId,
            recorded.Replaced,
            activity.Revision,
            Kind = KindOf(activity.Content),
            activity.OccurredAt,
            RecordedAt = Recorded.At,
            RecordedBy = Recorded.By,
            OfPurchase = (activity.Content as Cancellation)?.Of,
            Amount = activity.Content switch
            {
                Purchase purchase => purchase.TotalMinor,
                Payment payment => payment.Refund ? -payment.Amount.Minor : payment.Amount.Minor,
                _ => (long?)null,
            },
            Currency = activity.Content switch { Purchase purchase => purchase.Currency, Payment payment => payment.Amount.Currency, _ => null },
            Channel = (activity.Content as Purchase)?.Channel,
            Lasting = activity.Content is Purchase { Lines: var lines } && lines.Any(line => line.Product is ProductKind.Subscription or ProductKind.Membership),
            Dated = activity.Content is Purchase { Lines: var dated } && dated.Any(line => line.SessionAt is not null),
            Content = Json.Write(activity.Content),
            Hash = recorded.Told ?? ContactActivityRules.HashOf(activity),
            Outings = OutingsOf(activity.Content).ToArray(),
        };
    }

    internal static string KindOf(ActivityContent content) => content switch
    {
        Purchase => "purchase",
        Cancellation => "cancellation",
        Attendance => "attendance",
        Payment => "payment",
        _ => "message",
    };

    internal static IEnumerable<object> OutingsOf(ActivityContent content) => content switch
    {
        Attendance attendance => [Outing(
            0, attendance.SessionAt, attendance.Title, attendance.Place, attendance.Category, attendance.Tariff, attendance.Quantity,
            ContactQueries.Name(attendance.State), attendance.Seats.IsEmpty ? null : string.Join(", ", attendance.Seats), attendance.Of)],
        Purchase purchase => purchase.Lines.Select((line, i) => (Line: line, Number: i + 1)).Where(one => one.Line.SessionAt is not null).Select(one => Outing(
            one.Number, one.Line.SessionAt!.Value, one.Line.Title, one.Line.Place, one.Line.Category, one.Line.Tariff, one.Line.Quantity, "bought", null, null)),
        _ => [],
    };

    private static object Outing(
        int line, DateTimeOffset sessionAt, string title, string? place, string? category, string? tariff, int quantity, string state, string? seats, string? ofPurchase) =>
        new { Line = line, SessionAt = sessionAt, Title = title, TitleKey = SearchKey.Of(title), Place = place, Category = category, Tariff = tariff, Quantity = quantity, State = state, Seats = seats, OfPurchase = ofPurchase };
}

using System.Collections.Immutable;
using System.Globalization;
using Guichet.Contacts;

namespace Guichet.Api;

/// <param name="Product"><c>ticket</c> when it is left out, <c>subscription</c>, <c>membership</c>, <c>voucher</c>, <c>article</c>, <c>fee</c> or <c>other</c>.</param>
/// <param name="Session">When the session begins: with its offset, or as the wall of the place shows it.</param>
/// <param name="Amount">Of the whole line, VAT included.</param>
/// <param name="ValidFrom">ISO date, of a subscription or membership.</param>
internal sealed record PurchaseLineRequest(
    string? Product, string Title, string? Session, string? Place, int Quantity, string? Category, string? Tariff, MoneyText Amount, string? ValidFrom, string? ValidUntil);

internal sealed record PurchaseRequest(string Order, ImmutableArray<PurchaseLineRequest> Lines, string? Channel, string? PointOfSale);

/// <param name="Line">From 1.</param>
/// <param name="Amount">Given back for them.</param>
internal sealed record CancelledLineRequest(int Line, int Quantity, MoneyText Amount);

/// <param name="Of">The purchase's id.</param>
/// <param name="Lines">Left out for all that is left.</param>
internal sealed record CancellationRequest(string Of, ImmutableArray<CancelledLineRequest>? Lines, string? Reason);

/// <param name="State"><c>expected</c> when it is left out, <c>attended</c>, <c>absent</c> or <c>cancelled</c>.</param>
internal sealed record AttendanceRequest(
    string? Of, string Title, string Session, string? Place, string? State, int? Quantity, string? Category, string? Tariff, ImmutableArray<string>? Seats);

internal sealed record PaymentRequest(MoneyText Amount, bool? Refund, string Means, ImmutableArray<string>? Settles);

/// <param name="Channel"><c>email</c> when it is left out, <c>sms</c>, <c>phone</c> or <c>post</c>.</param>
/// <param name="State"><c>sent</c> when it is left out, <c>delivered</c>, <c>opened</c>, <c>bounced</c> or <c>failed</c>.</param>
internal sealed record MessageRequest(string? Channel, string Subject, string? Campaign, string? State, string? Address);

/// <summary>One of the three.</summary>
internal sealed record ContactNameRequest(int? Number, string? Reference, string? Email);

/// <summary>Something that a contact did or was sent: one of the last five, and one only.</summary>
/// <param name="Contact">For who doesn't know the contact's id; left out where the address names the contact.</param>
/// <param name="Source">The till's code.</param>
/// <param name="Id">The till's own id of it.</param>
/// <param name="Revision">1 when it is left out; higher to correct what was told.</param>
/// <param name="OccurredAt">ISO 8601 with offset.</param>
internal sealed record ActivityRequest(
    ContactNameRequest? Contact, string Source, string Id, int? Revision, string OccurredAt, PurchaseRequest? Purchase, CancellationRequest? Cancellation,
    AttendanceRequest? Attendance, PaymentRequest? Payment, MessageRequest? Message);

internal sealed record ActivitiesRequest(ImmutableArray<ActivityRequest> Activities);

/// <summary>What is sent, as the product takes it.</summary>
internal static class ContactActivityReading
{
    public static ContactActivity Activity(this ApiCall call, ActivityRequest request, string field)
    {
        var occurredAt = ApiTimes.Instant(request.OccurredAt);
        if (occurredAt is null) call.Refuse("instant-invalid", $"{field}.occurredAt", Shown(request.OccurredAt));
        ImmutableArray<ActivityContent> contents =
        [
            .. new ActivityContent?[]
            {
                request.Purchase is { } purchase ? Of(call, purchase, $"{field}.purchase") : null,
                request.Cancellation is { } cancellation ? Of(call, cancellation, $"{field}.cancellation") : null,
                request.Attendance is { } attendance ? Of(call, attendance, $"{field}.attendance") : null,
                request.Payment is { } payment ? new Payment(call.Money(payment.Amount, $"{field}.payment.amount"), payment.Refund == true, payment.Means, payment.Settles ?? []) : null,
                request.Message is { } message ? Of(call, message, $"{field}.message") : null,
            }.OfType<ActivityContent>(),
        ];
        if (contents.Length != 1) call.Refuse("activity-content-not-one", field);
        return new ContactActivity(request.Source, request.Id, request.Revision ?? 1, occurredAt ?? default, contents.Length > 0 ? contents[0] : new Cancellation("", null, [], null));
    }

    private static Purchase Of(ApiCall call, PurchaseRequest purchase, string field)
    {
        var currency = purchase.Lines is [var first, ..] ? first.Amount.Currency : "";
        return new Purchase(purchase.Order, currency, [.. purchase.Lines.Select((line, i) => Of(call, line, currency, $"{field}.lines[{ApiCall.Text(i)}]"))], purchase.Channel, purchase.PointOfSale);
    }

    private static PurchaseLine Of(ApiCall call, PurchaseLineRequest line, string currency, string field) => new(
        call.Choice(line.Product, $"{field}.product", Enum.GetValues<ProductKind>()), line.Title, line.Session is null ? null : Session(call, line.Session, $"{field}.session"), line.Place,
        line.Quantity, line.Category, line.Tariff, AmountIn(call, line.Amount, currency, $"{field}.amount"), Day(call, line.ValidFrom, $"{field}.validFrom"), Day(call, line.ValidUntil, $"{field}.validUntil"));

    private static Cancellation Of(ApiCall call, CancellationRequest cancellation, string field)
    {
        var lines = cancellation.Lines ?? [];
        var currency = lines is [var first, ..] ? first.Amount.Currency : null;
        return new Cancellation(
            cancellation.Of, currency,
            [.. lines.Select((line, i) => new CancelledLine(line.Line, line.Quantity, AmountIn(call, line.Amount, currency!, $"{field}.lines[{ApiCall.Text(i)}].amount")))], cancellation.Reason);
    }

    private static Attendance Of(ApiCall call, AttendanceRequest attendance, string field) => new(
        attendance.Of, attendance.Title, Session(call, attendance.Session, $"{field}.session") ?? default, attendance.Place,
        call.Choice(attendance.State, $"{field}.state", Enum.GetValues<AttendanceState>()), attendance.Quantity ?? 1, attendance.Category, attendance.Tariff, attendance.Seats ?? []);

    private static SentMessage Of(ApiCall call, MessageRequest message, string field) => new(
        call.Choice(message.Channel, $"{field}.channel", Enum.GetValues<MessageChannel>()), message.Subject, message.Campaign,
        call.Choice(message.State, $"{field}.state", Enum.GetValues<MessageState>()), message.Address);

    /// <summary>Every amount of a purchase is in the currency of its first line.</summary>
    private static long AmountIn(ApiCall call, MoneyText amount, string currency, string field)
    {
        if (amount.Currency == currency) return call.Money(amount, field).Minor;
        call.Refuse("amounts-in-two-currencies", $"{field}.currency", Shown(currency));
        return 0;
    }

    private static DateTimeOffset? Session(ApiCall call, string said, string field)
    {
        if (ApiTimes.Local(said, call.Zone) is { } local && ApiTimes.Start(local, call.Zone) is { } at) return at;
        call.Refuse("date-invalid", field, Shown(said));
        return null;
    }

    private static DateOnly? Day(ApiCall call, string? said, string field)
    {
        if (said is null) return null;
        if (DateOnly.TryParseExact(said, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        call.Refuse("day-invalid", field, Shown(said));
        return null;
    }

    private static string Shown(string said) => said.Length > 40 ? $"{said[..39]}…" : said;
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet.Contacts;

/// <summary>
/// Something that a contact did or was sent, as the till that saw it tells it: ours, or any other. <see cref="Source"/> and
/// <see cref="ExternalId"/> together name it in the organisation: told again it changes nothing, told with a higher
/// <see cref="Revision"/> it replaces what was told before.
/// </summary>
/// <param name="Source">The till's code: 1 to 40 of a–z, 0–9, dot, hyphen and underscore. Those that begin with <c>guichet</c> are the product's own.</param>
/// <param name="ExternalId">The till's id of it, unique among all that the till tells: 1 to 100 visible ASCII characters.</param>
/// <param name="Revision">From 1. A till that mends what it told sends a higher one; a lower one comes late and is left out; the same one with other content is refused.</param>
/// <param name="OccurredAt">When the sale, the scan, the payment or the sending took place; at most a day ahead of our clock.</param>
[GenerateSerializer, Immutable, Alias("contact-activity")]
public sealed record ContactActivity(string Source, string ExternalId, int Revision, DateTimeOffset OccurredAt, ActivityContent Content)
{
    [JsonIgnore] public ActivityKey Key => new(Source, ExternalId);
}

/// <summary>What names an activity in its organisation.</summary>
[GenerateSerializer, Immutable, Alias("activity-key")]
public readonly record struct ActivityKey(string Source, string ExternalId);

/// <summary>What kind of activity, and what there is to say of it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Purchase), "purchase")]
[JsonDerivedType(typeof(Cancellation), "cancellation")]
[JsonDerivedType(typeof(Attendance), "attendance")]
[JsonDerivedType(typeof(Payment), "payment")]
[JsonDerivedType(typeof(SentMessage), "message")]
[GenerateSerializer, Immutable, Alias("activity-content")]
public abstract record ActivityContent;

/// <summary>What a line of a purchase is of.</summary>
public enum ProductKind
{
    /// <summary>A place at a session.</summary>
    Ticket = 0,

    /// <summary>Several sessions of a season sold as one.</summary>
    Subscription = 1,

    /// <summary>Of the house or its circle of friends.</summary>
    Membership = 2,

    /// <summary>To be spent later.</summary>
    Voucher = 3,

    /// <summary>Of the shop or the bar.</summary>
    Article = 4,

    /// <summary>For handling, sending…</summary>
    Fee = 5,
    Other = 6,
}

/// <param name="Title">Show, session or product: 1 to 200 characters.</param>
/// <param name="SessionAt">When the session begins; null for what has no date.</param>
/// <param name="Place">Where; at most 100 characters, as category and tariff.</param>
/// <param name="Quantity">1 to 100,000: what is given back is a <see cref="Cancellation"/>, never a negative line.</param>
/// <param name="AmountMinor">Of the whole line, VAT included, in minor units of the purchase's currency; 0 for what is free.</param>
/// <param name="ValidFrom">First day of a subscription or membership; null for the day of the purchase.</param>
/// <param name="ValidUntil">Its last day; null for the end of the season in which it begins.</param>
[GenerateSerializer, Immutable, Alias("purchase-line")]
public sealed record PurchaseLine(
    ProductKind Product, string Title, DateTimeOffset? SessionAt, string? Place, int Quantity, string? Category, string? Tariff, long AmountMinor,
    DateOnly? ValidFrom, DateOnly? ValidUntil);

/// <summary>An order.</summary>
/// <param name="Order">Its number as people read it: 1 to 100 characters.</param>
/// <param name="Currency">ISO 4217, of every line.</param>
/// <param name="Lines">1 to 200; cancellations name them by their place, from 1.</param>
/// <param name="Channel">Web, counter, telephone, a reseller…: at most 100 characters, as the point of sale.</param>
[GenerateSerializer, Immutable, Alias("purchase")]
public sealed record Purchase(string Order, string Currency, ImmutableArray<PurchaseLine> Lines, string? Channel, string? PointOfSale) : ActivityContent
{
    [JsonIgnore] public long TotalMinor => Lines.IsDefaultOrEmpty ? 0 : Lines.Sum(line => line.AmountMinor);
}

/// <param name="Line">The purchase's line, from 1.</param>
/// <param name="Quantity">So many of it, 1 or more.</param>
/// <param name="AmountMinor">What is given back for them, in the purchase's currency; less than was paid where a part is kept.</param>
[GenerateSerializer, Immutable, Alias("cancelled-line")]
public sealed record CancelledLine(int Line, int Quantity, long AmountMinor);

/// <summary>Takes back a purchase, or some of its lines.</summary>
/// <param name="Of">The external id of the purchase, of the same source; fixed: a correction can't move it.</param>
/// <param name="Currency">Of the lines' amounts, which must be the purchase's; null where there are none.</param>
/// <param name="Lines">None for all that is left of the purchase.</param>
/// <param name="Reason">At most 200 characters.</param>
[GenerateSerializer, Immutable, Alias("cancellation")]
public sealed record Cancellation(string Of, string? Currency, ImmutableArray<CancelledLine> Lines, string? Reason) : ActivityContent;

public enum AttendanceState
{
    /// <summary>Will come.</summary>
    Expected = 0,
    Attended = 1,

    /// <summary>Had a place and didn't come.</summary>
    Absent = 2,

    /// <summary>Will not come, and has no place any more.</summary>
    Cancelled = 3,
}

/// <summary>That the contact comes to a session, or came. It moves on by revisions: expected when booked, attended when scanned.</summary>
/// <param name="Of">The external id of the purchase that it comes from, of the same source, where there is one: its line of that session is then shown once.</param>
/// <param name="Quantity">Persons: 1 to 100,000.</param>
/// <param name="Seats">As they are written on the tickets; 0 to 200, each at most 40 characters.</param>
[GenerateSerializer, Immutable, Alias("attendance")]
public sealed record Attendance(
    string? Of, string Title, DateTimeOffset SessionAt, string? Place, AttendanceState State, int Quantity, string? Category, string? Tariff,
    ImmutableArray<string> Seats) : ActivityContent;

/// <summary>Money from the contact, or back to it.</summary>
/// <param name="Amount">More than zero; the direction is <paramref name="Refund"/>'s to say.</param>
/// <param name="Refund">Given back to the contact.</param>
/// <param name="Means">Card, cash, cheque, transfer…: 1 to 100 characters.</param>
/// <param name="Settles">External ids of the purchases that it settles or gives back, of the same source; 0 to 100.</param>
[GenerateSerializer, Immutable, Alias("payment")]
public sealed record Payment(Money Amount, bool Refund, string Means, ImmutableArray<string> Settles) : ActivityContent;

public enum MessageChannel
{
    Email = 0,
    Sms = 1,
    Phone = 2,
    Post = 3,
}

public enum MessageState
{
    Sent = 0,
    Delivered = 1,
    Opened = 2,

    /// <summary>It came back.</summary>
    Bounced = 3,

    /// <summary>It never left.</summary>
    Failed = 4,
}

/// <param name="Subject">1 to 200 characters.</param>
/// <param name="Campaign">What it was part of; at most 200 characters.</param>
/// <param name="Address">Where it went: at most 200 characters.</param>
[GenerateSerializer, Immutable, Alias("sent-message")]
public sealed record SentMessage(MessageChannel Channel, string Subject, string? Campaign, MessageState State, string? Address) : ActivityContent;

/// <summary>Records what a till tells of the contact: all of it, or nothing where one is wrong.</summary>
/// <param name="Activities">1 to 500, in any order; a cancellation may come before its purchase in the same command.</param>
[GenerateSerializer, Immutable, Alias("record-activities")]
public sealed record RecordActivities(ImmutableArray<ContactActivity> Activities) : Command
{
    public const int Most = 500;
}

/// <summary>What became of one of the activities.</summary>
public enum ActivityTaken
{
    Recorded = 0,

    /// <summary>It replaces what was told before.</summary>
    Corrected = 1,

    /// <summary>It was known as it is.</summary>
    Repeated = 2,

    /// <summary>A higher revision is known.</summary>
    Superseded = 3,
}

/// <param name="Taken">In the order in which they were sent.</param>
[GenerateSerializer, Immutable, Alias("activities-taken")]
public sealed record ActivitiesTaken(ImmutableArray<ActivityTaken> Taken);

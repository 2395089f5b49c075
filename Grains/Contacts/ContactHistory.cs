using System.Collections.Immutable;
using Guichet.Reporting;

namespace Guichet.Contacts;

public enum ContactHistory
{
    /// <summary>What the contact was sent.</summary>
    Messages = 0,
    Purchases = 1,

    /// <summary>The sessions that it came to or will come to.</summary>
    Cultural = 2,

    /// <summary>What it paid, and was given back.</summary>
    Payments = 3,
}

/// <summary>What is asked of one of a contact's histories. All that is given must hold.</summary>
/// <param name="From">From this instant on: of the session in the cultural history, else of the sale, payment or sending.</param>
/// <param name="Before">Before this instant.</param>
/// <param name="Source">The till's code.</param>
/// <param name="Person">The id of one of those whose histories a structure gathers, or the contact's own.</param>
public sealed record HistoryFilter(DateTimeOffset? From = null, DateTimeOffset? Before = null, string? Source = null, string? Person = null);

/// <summary>Where a page of a history ends: the next begins after it. Histories go from the newest to the oldest.</summary>
public sealed record HistoryPlace(DateTimeOffset At, string Source, string Id, int Line = 0);

/// <param name="Next">Null where nothing follows.</param>
public sealed record HistoryPage<TRow>(ImmutableArray<TRow> Rows, HistoryPlace? Next);

/// <summary>Whose a row is: the contact's own, or one of a structure's people.</summary>
public sealed record HistoryPerson(string Id, long Number, string Name, string? FirstName)
{
    public string Shown => ContactRow.NameOf(Name, FirstName);
}

/// <summary>Who told of something, and when.</summary>
/// <param name="Revision">More than 1 where the till mended what it had told.</param>
/// <param name="RecordedBy">The token's name.</param>
public sealed record Told(string Source, string Id, int Revision, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, string RecordedBy);

/// <param name="NetMinor">Less what was given back.</param>
/// <param name="Cancelled">Nothing of it is left.</param>
/// <param name="Left">Of each line, so many aren't cancelled.</param>
public sealed record PurchaseRow(HistoryPerson Whose, Told Told, Purchase Purchase, long NetMinor, bool Cancelled, ImmutableArray<int> Left);

public sealed record PaymentRow(HistoryPerson Whose, Told Told, Payment Payment);

public enum OutingState
{
    /// <summary>A place was bought; nothing says whether the contact came.</summary>
    Bought = 0,
    Expected = 1,
    Attended = 2,
    Absent = 3,
    Cancelled = 4,
}

/// <param name="Line">Of a purchase's line its place; 0 where an attendance was told.</param>
/// <param name="OfPurchase">The external id of the purchase, where one is known.</param>
public sealed record OutingRow(
    HistoryPerson Whose, string Source, string Id, int Line, DateTimeOffset OccurredAt, DateTimeOffset SessionAt, string Title, string? Place, string? Category,
    string? Tariff, int Quantity, OutingState State, string? Seats, string? OfPurchase);

/// <summary>A report that was sent to one of the contact's addresses as a partner's.</summary>
public sealed record MailedReport(string RunId, string PartnerId, string Partner, DateTimeOffset At, ReportMailState State, string Email, string? Reply);

/// <summary>A letter of a link: an address or a webhook given, changed, or ended.</summary>
/// <param name="Refused">The server's words; null where it was taken.</param>
public sealed record MailedLetter(string LinkId, string Subject, string Email, string? Refused);

/// <summary>One of the three is there: what a till told, a report, a letter.</summary>
public sealed record MessageRow(HistoryPerson Whose, DateTimeOffset At, string Source, string Id, Told? Told, SentMessage? Message, MailedReport? Report, MailedLetter? Letter);

/// <summary>What of a history is of one person, source and currency.</summary>
/// <param name="Currency">Null where there is no money.</param>
/// <param name="Quantity">Persons of the cultural history; else as many as <paramref name="Count"/>.</param>
public sealed record HistoryPart(HistoryPerson Whose, string Source, string? Currency, int Count, long AmountMinor, long Quantity);

/// <summary>An activity with what concerns it.</summary>
/// <param name="Standing">Of a purchase.</param>
/// <param name="Related">Of a purchase: what took parts of it back, the payments that settle it, the attendances that come from it; oldest first, at most 200.</param>
public sealed record ActivityDetail(HistoryPerson Whose, Told Told, ActivityContent Content, PurchaseStanding? Standing, ImmutableArray<(Told Told, ActivityContent Content)> Related);

using System.Collections.Immutable;
using Guichet.Tallies;

namespace Guichet.Feed;

/// <summary>
/// What an organisation's open pages are told, on the stream <c>feed/{organisation}</c>: hints, made after commit; a page that missed
/// one reads again. Complete enough to be shown without a read.
/// </summary>
[GenerateSerializer, Immutable, Alias("feed-event")]
public abstract record FeedEvent(string Organisation, DateTimeOffset At)
{
    public const string Namespace = "feed";
}

/// <param name="Capacity">Places of the session in all.</param>
/// <param name="Previous">Totals of the version before; null when there was none.</param>
/// <param name="From">The sender's name when it came over a link, else null.</param>
[GenerateSerializer, Immutable, Alias("session-figures-changed")]
public sealed record SessionFiguresChanged(
    string Organisation, DateTimeOffset At, string SessionId, int Version, TallyFigures Figures, TallyFigures? Previous,
    int Capacity, string Currency, string By, TallySource Source, string? From, long? LagMs) : FeedEvent(Organisation, At);

/// <summary>A session was made or changed (what it is, its state, its links): lists that show it read again.</summary>
[GenerateSerializer, Immutable, Alias("session-changed")]
public sealed record SessionChanged(string Organisation, DateTimeOffset At, string SessionId) : FeedEvent(Organisation, At);

[GenerateSerializer, Immutable, Alias("link-changed")]
public sealed record LinkChanged(string Organisation, DateTimeOffset At, string LinkId) : FeedEvent(Organisation, At);

/// <summary>A partner was made or changed, or what it is associated with or was sent: its envelope may have another colour.</summary>
[GenerateSerializer, Immutable, Alias("partner-changed")]
public sealed record PartnerChanged(string Organisation, DateTimeOffset At, string PartnerId) : FeedEvent(Organisation, At);

/// <summary>A contact was made or changed, or anything that its record holds: its pages and lists read again.</summary>
[GenerateSerializer, Immutable, Alias("contact-changed")]
public sealed record ContactChanged(string Organisation, DateTimeOffset At, string ContactId) : FeedEvent(Organisation, At);

/// <summary>Reports were asked for, or one of a run's mails came further: its log reads again.</summary>
[GenerateSerializer, Immutable, Alias("report-run-moved")]
public sealed record ReportRunMoved(string Organisation, DateTimeOffset At, string RunId) : FeedEvent(Organisation, At);

/// <summary>A calendar of reports was set or removed, or one of its times came: pages that say what leaves and when read again.</summary>
[GenerateSerializer, Immutable, Alias("report-calendar-moved")]
public sealed record ReportCalendarMoved(string Organisation, DateTimeOffset At, string CalendarId) : FeedEvent(Organisation, At);

/// <summary>A till told of something that a contact did.</summary>
/// <param name="ContactIds">Its own, and those of the structures that its histories are shown with.</param>
[GenerateSerializer, Immutable, Alias("contact-activity-told")]
public sealed record ContactActivityTold(string Organisation, DateTimeOffset At, ImmutableArray<string> ContactIds) : FeedEvent(Organisation, At);

[GenerateSerializer, Immutable, Alias("notification-added")]
public sealed record NotificationAdded(string Organisation, DateTimeOffset At, string NotificationId, int Unread) : FeedEvent(Organisation, At);

/// <summary>Notifications were read on one of the organisation's pages: the bells of the others follow.</summary>
[GenerateSerializer, Immutable, Alias("notifications-read")]
public sealed record NotificationsRead(string Organisation, DateTimeOffset At, int Unread) : FeedEvent(Organisation, At);

/// <summary>Web sessions were ended (signing out, password change, revocation): their open pages close.</summary>
/// <param name="OperatorId">Null for everyone of the organisation.</param>
/// <param name="SessionId">Null for all of the operator's.</param>
[GenerateSerializer, Immutable, Alias("signed-out")]
public sealed record SignedOut(string Organisation, DateTimeOffset At, string? OperatorId, string? SessionId = null) : FeedEvent(Organisation, At);

/// <summary>A long job moved on.</summary>
[GenerateSerializer, Immutable, Alias("job-progressed")]
public sealed record JobProgressed(string Organisation, DateTimeOffset At, string JobId, int DoneCount, int Total) : FeedEvent(Organisation, At);

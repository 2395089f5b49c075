using System.Collections.Immutable;
using Guichet.Partners;

namespace Guichet.Reporting;

/// <summary>How far one mail of a report came.</summary>
public enum ReportMailState
{
    Queued = 0,

    /// <summary>Being handed over. One that is found like this after a crash may have left.</summary>
    Sending = 1,

    /// <summary>The next server has taken charge of it.</summary>
    HandedOver = 2,

    /// <summary>Not taken, and tried again by itself.</summary>
    Failed = 3,

    /// <summary>Refused for good, or not taken within a day.</summary>
    GaveUp = 4,

    /// <summary>It may have left, or not: never sent again by itself, a person may.</summary>
    InDoubt = 5,

    /// <summary>Taken, and sent back by a server further on.</summary>
    Bounced = 6,

    /// <summary>There was nothing to tell.</summary>
    Skipped = 7,
}

/// <summary>Why a delivery has no mail.</summary>
public static class ReportSkips
{
    public const string Paused = "paused";

    /// <summary>The partner is told of no session on sale or closed.</summary>
    public const string NoSession = "no-session";

    /// <summary>Nothing is new since its last report.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>Every session is over for long enough.</summary>
    public const string Over = "over";
}

/// <param name="Position">1, 2, 3… in the order of the partner's addresses.</param>
/// <param name="MailId">What its Message-ID is made of: the same at every attempt.</param>
public sealed record ReportRecipient(int Position, string Email, string? Name, RecipientKind Kind, Guid MailId, ReportMailState State, int Round, int Attempts);

/// <summary>What is sent, and to whom.</summary>
public sealed record DeliveredReport(Report Report, ReportRunDetails Run, ImmutableArray<ReportRecipient> Recipients);

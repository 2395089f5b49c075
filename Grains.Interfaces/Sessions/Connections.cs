using System.Collections.Immutable;
using Guichet.Tallies;

namespace Guichet.Sessions;

public enum LinkDetail
{
    /// <summary>Counts only: no category, tariff, channel or revenue leaves the sender.</summary>
    TotalsOnly = 0,

    /// <summary>Every line in the scope, with revenue.</summary>
    Detailed = 1,
}

/// <summary>What a link carries of a tally.</summary>
/// <param name="Categories">Codes of the sender's categories; empty for all.</param>
/// <param name="Channels">Codes of the sender's channels; empty for all.</param>
[GenerateSerializer, Immutable, Alias("link-terms")]
public sealed record LinkTerms(LinkDetail Detail, ImmutableArray<string> Categories, ImmutableArray<string> Channels)
{
    public static readonly LinkTerms Totals = new(LinkDetail.TotalsOnly, [], []);
    public static readonly LinkTerms AllDetail = new(LinkDetail.Detailed, [], []);
}

public enum ConnectionState
{
    Live = 0,
    Suspended = 1,

    /// <summary>Over: the receiver keeps what it had, dated.</summary>
    Ended = 2,
}

/// <summary>What a sending session knows of one of its links.</summary>
/// <param name="ReceiverOrganisation">Null for a counterpart outside Guichet, which the link's own webhook or address serves.</param>
/// <param name="Since">When it came into its state.</param>
/// <param name="Order">The highest order of the link that this state comes from; a lower one that arrives late changes nothing.</param>
[GenerateSerializer, Immutable, Alias("outgoing-link")]
public sealed record OutgoingLink(
    string LinkId, string? ReceiverOrganisation, string? ReceiverSession, string ReceiverName,
    LinkTerms Terms, ConnectionState State, DateTimeOffset Since, long Order = 0);

/// <summary>What a receiving session knows of its link.</summary>
/// <param name="SourceVersion">The sender's last version taken, 0 before the first.</param>
/// <param name="LagMs">
/// Milliseconds between the sender's validation (or the moment since when the link is live, if that is later) and this session's commit of
/// that version; null before the first.
/// </param>
/// <param name="Order">The highest order of the link that this state comes from; a lower one that arrives late changes nothing.</param>
[GenerateSerializer, Immutable, Alias("incoming-link")]
public sealed record IncomingLink(
    string LinkId, string SenderOrganisation, string SenderSession, string SenderName,
    LinkTerms Terms, ConnectionState State, DateTimeOffset Since, int SourceVersion, long? LagMs, long Order = 0);

/// <summary>Makes the session send over the link, or brings what it knows of it to this state.</summary>
/// <param name="State">Suspended for a link that was suspended before its sessions were told of it.</param>
/// <param name="Order">Of the link's change that this comes from: commands may come late, the highest order wins.</param>
[GenerateSerializer, Immutable, Alias("connect-outgoing")]
public sealed record ConnectOutgoing(
    string LinkId, string? ReceiverOrganisation, string? ReceiverSession, string ReceiverName, LinkTerms Terms,
    ConnectionState State = ConnectionState.Live, long Order = 0) : Command;

/// <summary>Makes the session receive over the link, or brings what it knows of it to this state.</summary>
[GenerateSerializer, Immutable, Alias("connect-incoming")]
public sealed record ConnectIncoming(
    string LinkId, string SenderOrganisation, string SenderSession, string SenderName, LinkTerms Terms,
    ConnectionState State = ConnectionState.Live, long Order = 0) : Command;

[GenerateSerializer, Immutable, Alias("change-connection")]
public sealed record ChangeConnection(string LinkId, ConnectionState State, long Order = 0) : Command;

/// <param name="SentAt">When the sender's version was validated: the lag is counted from it.</param>
[GenerateSerializer, Immutable, Alias("receive-tally")]
public sealed record ReceiveTally(string LinkId, SharedTally Tally) : Command;

/// <summary>
/// What crosses from one organisation to another: exactly what the link's terms allow, made by the sender before it leaves.
/// Published on the stream <c>tallies/{receiving organisation}/{receiving session}</c>.
/// </summary>
/// <param name="Lines">Null on a totals-only link.</param>
/// <param name="Figures">Totals of the scope; without revenue on a totals-only link.</param>
/// <param name="Categories">Names and capacities in the scope, so that the receiver can show fill; null on a totals-only link.</param>
/// <param name="Capacity">Places in all of the scope.</param>
[GenerateSerializer, Immutable, Alias("shared-tally")]
public sealed record SharedTally(
    string LinkId,
    string SenderOrganisation,
    string ReceiverOrganisation,
    string ReceiverSession,
    int SourceVersion,
    DateTimeOffset ValidatedAt,
    TallyFigures Figures,
    string Currency,
    ImmutableArray<TallyLine>? Lines,
    ImmutableArray<Category>? Categories,
    ImmutableArray<Tariff>? Tariffs,
    ImmutableArray<Channel>? Channels,
    int Capacity);

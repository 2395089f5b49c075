using System.Collections.Immutable;

namespace Guichet.Sessions;

public enum SessionStatus
{
    /// <summary>Being prepared: not on the dashboard, its tallies may be entered all the same.</summary>
    Draft = 0,
    OnSale = 1,

    /// <summary>No longer sold; late corrections of its tally are still taken.</summary>
    Closed = 2,
    Cancelled = 3,
}

/// <param name="Code">Unique in the session, lower-case; what tally lines and files name it by. Made from the name when not given.</param>
/// <param name="Capacity">Places, 0 to 1,000,000.</param>
[GenerateSerializer, Immutable, Alias("category")]
public sealed record Category(string Code, string Name, int Capacity);

/// <param name="PriceMinor">
/// Price including VAT in minor units of the session's currency, 0 to 100,000,000. Null where it isn't known: a session made of a link that
/// shares totals only. 0 is a price, that of places given for nothing.
/// </param>
[GenerateSerializer, Immutable, Alias("tariff")]
public sealed record Tariff(string Code, string Name, long? PriceMinor);

/// <summary>A price that differs from the tariff's own in one category.</summary>
[GenerateSerializer, Immutable, Alias("category-price")]
public sealed record CategoryPrice(string Category, string Tariff, long PriceMinor);

[GenerateSerializer, Immutable, Alias("channel")]
public sealed record Channel(string Code, string Name);

/// <summary>
/// What a session is, as its form sends it whole.
/// </summary>
/// <param name="LocalStart">Date and time on the wall of the place (kind Unspecified), resolved through <paramref name="Zone"/>.</param>
/// <param name="Zone">IANA zone of the place: <c>Europe/Paris</c>.</param>
/// <param name="Currency">ISO 4217; fixed once the session has a tally.</param>
/// <param name="Categories">1 to 100, in the order of the grid.</param>
/// <param name="Tariffs">1 to 100.</param>
/// <param name="Channels">1 to 100.</param>
[GenerateSerializer, Immutable, Alias("session-details")]
public sealed record SessionDetails(
    string ShowId,
    string? SeriesId,
    string Place,
    DateTime LocalStart,
    string Zone,
    string Currency,
    ImmutableArray<Category> Categories,
    ImmutableArray<Tariff> Tariffs,
    ImmutableArray<CategoryPrice> Prices,
    ImmutableArray<Channel> Channels)
{
    /// <summary>The rate of the VAT that prices and revenue include, in basis points: 0 to <see cref="Vat.Highest"/>.</summary>
    [Id(0)] public int VatBasisPoints { get; init; } = Vat.Usual;
}

[GenerateSerializer, Immutable, Alias("create-session")]
public sealed record CreateSession(SessionDetails Details, bool OnSale = false) : Command;

/// <param name="BasedOn">The session's revision that the form was filled from: a change made meanwhile by another is refused (<c>changed-meanwhile</c>), not overwritten.</param>
[GenerateSerializer, Immutable, Alias("change-session")]
public sealed record ChangeSession(SessionDetails Details, long BasedOn) : Command;

[GenerateSerializer, Immutable, Alias("put-session-on-sale")]
public sealed record PutSessionOnSale : Command;

[GenerateSerializer, Immutable, Alias("close-session")]
public sealed record CloseSession : Command;

[GenerateSerializer, Immutable, Alias("cancel-session")]
public sealed record CancelSession(string? Reason) : Command;

/// <summary>Lists the session (title, date, place and nothing else) to organisations that ask to receive, or no longer.</summary>
[GenerateSerializer, Immutable, Alias("make-session-shareable")]
public sealed record MakeSessionShareable(bool Shareable) : Command;

/// <summary>A session as its page needs it: what it is, its draft and its current tally.</summary>
/// <param name="Revision">Grows with every change; forms send it back as <c>BasedOn</c>.</param>
/// <param name="Start">The instant of the local start.</param>
[GenerateSerializer, Immutable, Alias("session-view")]
public sealed record SessionView(
    string Organisation,
    string Id,
    long Revision,
    SessionDetails Details,
    DateTimeOffset Start,
    SessionStatus Status,
    string? CancelReason,
    bool Shareable,
    Tallies.TallyDraft? Draft,
    Tallies.Tally? Current,
    Tallies.TallyFigures? Previous,
    IncomingLink? Incoming,
    ImmutableArray<OutgoingLink> Outgoing);

/// <summary>One performance: what is for sale, and what is sold of it.</summary>
[Alias("session-grain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Null when there is no such session.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<SessionView?> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Create(CreateSession command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Change(ChangeSession command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> PutOnSale(PutSessionOnSale command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Close(CloseSession command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Cancel(CancelSession command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> MakeShareable(MakeSessionShareable command);

    /// <summary>Keeps what was typed or read from a file, for whoever opens the session next. The last draft wins.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> SaveDraft(Tallies.SaveDraft command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> DiscardDraft(Tallies.DiscardDraft command);

    /// <summary>Makes the next version of the session's tally. The answer is that version.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Tallies.TallyReceipt>> Validate(Tallies.ValidateTally command);

    /// <summary>Makes the session send its tallies over an accepted link, at once the current one.</summary>
    [SystemOnly]
    Task<Outcome<Done>> ConnectOutgoing(ConnectOutgoing command);

    /// <summary>Makes the session receive over an accepted link. Refused when it sends or receives already (one-way).</summary>
    [SystemOnly]
    Task<Outcome<Done>> ConnectIncoming(ConnectIncoming command);

    /// <summary>Suspends, resumes or ends what one link does here.</summary>
    [SystemOnly]
    Task<Outcome<Done>> ChangeConnection(ChangeConnection command);

    /// <summary>Takes a version that another organisation validated. One that isn't newer changes nothing.</summary>
    [SystemOnly]
    Task<Outcome<Done>> Receive(ReceiveTally command);

    /// <summary>Publishes the current tally to the links whose receiver is behind (the sweep asks).</summary>
    [SystemOnly]
    Task Resend(string linkId);
}

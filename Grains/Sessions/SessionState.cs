using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Tallies;

namespace Guichet.Sessions;

/// <summary>A session as its grain keeps it. Bounded: versions are rows of their own, only the current and the totals before it are here.</summary>
/// <param name="Details">Null before it is created.</param>
/// <param name="Start">The instant of the local start, in its zone.</param>
/// <param name="Revision">Grows when what the session is changes; tallies don't count, so a form isn't refused because figures came in.</param>
public sealed record SessionState(
    long Revision,
    SessionDetails? Details,
    DateTimeOffset Start,
    SessionStatus Status,
    string? CancelReason,
    bool Shareable,
    TallyDraft? Draft,
    Tally? Current,
    TallyFigures? Previous,
    IncomingLink? Incoming,
    ImmutableArray<OutgoingLink> Outgoing)
{
    public static readonly SessionState Empty = new(0, null, default, SessionStatus.Draft, null, false, null, null, null, null, []);

    [JsonIgnore] public bool Exists => Details is not null;

    /// <summary>Places in all categories; 0 before it is created.</summary>
    [JsonIgnore] public int Capacity => Details?.Categories.Sum(category => category.Capacity) ?? 0;

    [JsonIgnore] public int CurrentVersion => Current?.Version ?? 0;

    /// <summary>It receives over a link that isn't over: it may not send, and nobody may type its tallies.</summary>
    [JsonIgnore] public bool Receives => Incoming is { State: not ConnectionState.Ended };

    [JsonIgnore] public bool Sends => Outgoing.Any(link => link.State != ConnectionState.Ended);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(SessionCreated), "session-created")]
[JsonDerivedType(typeof(SessionChanged), "session-changed")]
[JsonDerivedType(typeof(StatusChanged), "session-status-changed")]
[JsonDerivedType(typeof(ShareabilityChanged), "session-shareability-changed")]
[JsonDerivedType(typeof(DraftSaved), "tally-draft-saved")]
[JsonDerivedType(typeof(DraftDiscarded), "tally-draft-discarded")]
[JsonDerivedType(typeof(TallyValidated), "tally-validated")]
[JsonDerivedType(typeof(OutgoingConnected), "link-outgoing-connected")]
[JsonDerivedType(typeof(IncomingConnected), "link-incoming-connected")]
[JsonDerivedType(typeof(ConnectionChanged), "link-connection-changed")]
[JsonDerivedType(typeof(TallyReceived), "tally-received")]
public abstract record SessionEvent;

public sealed record SessionCreated(SessionDetails Details, DateTimeOffset Start, bool OnSale) : SessionEvent;

public sealed record SessionChanged(SessionDetails Details, DateTimeOffset Start) : SessionEvent;

public sealed record StatusChanged(SessionStatus Status, string? Reason) : SessionEvent;

public sealed record ShareabilityChanged(bool Shareable) : SessionEvent;

public sealed record DraftSaved(TallyDraft Draft) : SessionEvent;

public sealed record DraftDiscarded : SessionEvent;

public sealed record TallyValidated(Tally Tally) : SessionEvent;

public sealed record OutgoingConnected(OutgoingLink Link) : SessionEvent;

public sealed record IncomingConnected(IncomingLink Link) : SessionEvent;

/// <param name="At">Since when it is in that state.</param>
public sealed record ConnectionChanged(string LinkId, ConnectionState State, DateTimeOffset At, long Order = 0) : SessionEvent;

/// <param name="Tally">The version that it became here.</param>
/// <param name="Details">The session's details where the sender's new categories, tariffs or channels had to be added; else null.</param>
public sealed record TallyReceived(Tally Tally, int SourceVersion, long LagMs, SessionDetails? Details) : SessionEvent;

using System.Collections.Immutable;
using Guichet.Sessions;

namespace Guichet.Links;

/// <param name="Refused">The server's words; null where it took it.</param>
public sealed record SentLetter(string LinkId, string Email, string Subject, string? Refused);

/// <summary>A live link whose receiver hasn't the sender's version.</summary>
/// <param name="Session">The sender's.</param>
public sealed record BehindLink(string Organisation, string Id, string Session);

/// <summary>A link that remembers another title, date or place than its sender's session has.</summary>
public sealed record OutdatedLink(LinkPlace Link, SessionCard Session);

/// <summary>
/// What links need to know of what is stored beside them: before they decide, when they settle, and for the sweep, which pages through what
/// is left undone in the order of <see cref="LinkPlace"/>. A port, because the simulator keeps it in a world that misbehaves.
/// </summary>
public interface ILinkLookups
{
    /// <summary>The organisations there are of the two, by id.</summary>
    Task<ImmutableDictionary<string, PartyFacts>> Parties(string asker, string sender, string? receiver);

    /// <summary>Another link than <paramref name="except"/> that the receiver has, or is asked for, of the same session.</summary>
    Task<string?> OpenLink(string sender, string session, string receiver, string except);

    /// <summary>The organisation's show of that title, blind to case and accents; null when there is none in use.</summary>
    Task<string?> ShowByTitle(string organisation, string title);

    /// <summary>What a webhook signs with, or the token in an address. For the sender.</summary>
    Task<string?> Secret(string sender, string linkId, CancellationToken cancellation = default);

    /// <summary>Keeps that a letter left for an outside counterpart, or was refused: noted again under its id, it is the same one.</summary>
    Task NoteLetter(string sender, Guid id, SentLetter letter);

    /// <summary>True for one caller in each period.</summary>
    Task<bool> ClaimSweep(DateTimeOffset now, TimeSpan period);

    /// <summary>Requests past their date.</summary>
    Task<IReadOnlyList<LinkPlace>> Expired(LinkPlace after, int limit, CancellationToken cancellation);

    /// <summary>Links whose sessions weren't told of the last change.</summary>
    Task<IReadOnlyList<LinkPlace>> Unsettled(LinkPlace after, int limit, CancellationToken cancellation);

    /// <summary>Live links with a webhook that hasn't the sender's version.</summary>
    Task<IReadOnlyList<LinkPlace>> Undelivered(LinkPlace after, int limit, CancellationToken cancellation);

    Task<IReadOnlyList<BehindLink>> Behind(LinkPlace after, int limit, CancellationToken cancellation);

    Task<IReadOnlyList<OutdatedLink>> Outdated(LinkPlace after, int limit, CancellationToken cancellation);
}

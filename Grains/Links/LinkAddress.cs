using Guichet.Organisations;
using Guichet.Sessions;

namespace Guichet.Links;

/// <param name="Content">Null while the link is suspended.</param>
/// <param name="Version">Of the tally in it, 0 for none yet.</param>
/// <param name="SuspendedSince">Null while it is live.</param>
public sealed record LinkAddressAnswer(byte[]? Content, int Version, string FileName, Language Language, DateTimeOffset? SuspendedSince);

/// <summary>Answers at the address of a link: the sender's current tally, projected by the link's terms, as long as the link is live.</summary>
public sealed class LinkAddress(LinkQueries queries, IGrainFactory grains)
{
    /// <summary>From the root of the installation.</summary>
    public static string PathOf(string token) => $"/shared/{token}.csv";

    /// <summary>Null for a token that opens nothing: never did, was replaced, or its link is over. The three can't be told apart.</summary>
    /// <param name="language">Null for the one that was chosen with the link.</param>
    public async Task<LinkAddressAnswer?> Read(string token, Language? language, CancellationToken cancellation)
    {
        if (!LinkSecret.IsValid(token) || await queries.ByToken(token, cancellation) is not { } place) return null;
        using var caller = Caller.As(Actor.System("links", place.Organisation));
        if (await grains.GetGrain<ILinkGrain>(GrainKey.Of(place.Organisation, place.Id)).View() is not { Outside: { } outside, Session: { } card } link) return null;
        var written = language ?? outside.Language;
        var name = $"{SessionRules.CodeOf(card.Title)}-{card.LocalStart:yyyy-MM-dd}.csv";
        if (link.Status == LinkStatus.Suspended) return new LinkAddressAnswer(null, 0, name, written, link.Since);
        if (link.Status != LinkStatus.Accepted) return null;
        var session = await grains.GetGrain<ISessionGrain>(GrainKey.Of(place.Organisation, card.Id)).View();
        // Just accepted, and the session isn't told yet: nothing leaves before it is.
        if (session?.Outgoing.FirstOrDefault(known => known.LinkId == place.Id) is not { State: ConnectionState.Live } outgoing)
            return new LinkAddressAnswer(null, 0, name, written, link.Since);
        var shared = LinkProjection.Of(place.Organisation, outgoing, session);
        return new LinkAddressAnswer(await SharedTallyCsv.Write(card, shared, written), shared.SourceVersion, name, written, null);
    }
}

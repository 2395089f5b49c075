using System.Collections.Immutable;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Links;

/// <summary>
/// What of a tally leaves over a link: made on the sender's side, so that what the terms exclude never travels (seed 001; domain.md, "Links").
/// </summary>
public static class LinkProjection
{
    public static SharedTally Of(string senderOrganisation, OutgoingLink link, Tally tally, SessionDetails details)
    {
        var terms = link.Terms;
        var lines = tally.Lines.Where(line => InScope(terms.Categories, line.Category) && InScope(terms.Channels, line.Channel)).ToImmutableArray();
        var figures = TallyFigures.Of(lines);
        var categories = details.Categories.Where(category => InScope(terms.Categories, category.Code)).ToImmutableArray();
        var detailed = terms.Detail == LinkDetail.Detailed;
        return new SharedTally(
            link.LinkId,
            senderOrganisation,
            link.ReceiverOrganisation ?? "",
            link.ReceiverSession ?? "",
            tally.Version,
            tally.At,
            detailed ? figures : figures with { GrossMinor = null, SoldUnpriced = 0 },
            details.Currency,
            detailed ? lines : null,
            detailed ? categories : null,
            detailed ? [.. details.Tariffs.Where(tariff => lines.Any(line => line.Tariff == tariff.Code))] : null,
            detailed ? [.. details.Channels.Where(channel => InScope(terms.Channels, channel.Code))] : null,
            categories.Sum(category => category.Capacity));
    }

    /// <summary>As of the session's current tally; all zero, as version 0, when it has none yet.</summary>
    public static SharedTally Of(string senderOrganisation, OutgoingLink link, SessionView session) => Of(
        senderOrganisation, link,
        session.Current ?? new Tally(0, [], TallyFigures.Zero, TallySource.Typed, null, null, session.Start, ""),
        session.Details);

    /// <summary>
    /// The details of a session made at the receiver for what it is sent: out of the projection and the card alone, so that it holds nothing
    /// that the terms keep back. Counted as a whole where no detail comes.
    /// </summary>
    public static SessionDetails SessionFor(SessionCard card, SharedTally shared, string showId) => new(
        showId, null, card.Place, card.LocalStart, card.Zone, shared.Currency,
        Given(shared.Categories, new Category(Whole, WholeName, shared.Capacity)),
        Given(shared.Tariffs, new Tariff(Whole, WholeName, null)),
        [],
        Given(shared.Channels, new Channel(Whole, WholeName)));

    private const string Whole = "total";
    private const string WholeName = "Total";

    private static ImmutableArray<T> Given<T>(ImmutableArray<T>? shared, T whole) => shared is { IsDefaultOrEmpty: false } items ? items : [whole];

    private static bool InScope(ImmutableArray<string> scope, string code) => scope.IsDefaultOrEmpty || scope.Contains(code);
}

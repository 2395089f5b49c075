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
            detailed ? figures : figures with { GrossMinor = null },
            details.Currency,
            detailed ? lines : null,
            detailed ? categories : null,
            detailed ? [.. details.Tariffs.Where(tariff => lines.Any(line => line.Tariff == tariff.Code))] : null,
            detailed ? [.. details.Channels.Where(channel => InScope(terms.Channels, channel.Code))] : null,
            categories.Sum(category => category.Capacity));
    }

    private static bool InScope(ImmutableArray<string> scope, string code) => scope.IsDefaultOrEmpty || scope.Contains(code);
}

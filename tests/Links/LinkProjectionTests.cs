using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Tests.Links;

/// <summary>What leaves over a link, for any session, tally and terms.</summary>
public sealed class LinkProjectionTests
{
    private sealed record Case(SessionDetails Details, Tally Tally, LinkTerms Terms)
    {
        public SharedTally Shared => LinkProjection.Of(
            "theatre", new OutgoingLink("link-1", "promoter", "session-r", "Productions", Terms, ConnectionState.Live, LinkSample.Now), Tally, Details);

        public bool InScope(TallyLine line) =>
            (Terms.Categories.IsEmpty || Terms.Categories.Contains(line.Category)) && (Terms.Channels.IsEmpty || Terms.Channels.Contains(line.Channel));
    }

    /// <summary>Names and codes are long and unlike anything else, so that finding one in a text is no chance.</summary>
    private static readonly Gen<Case> Cases =
        from categories in Gen.Choose(1, 4)
        from tariffs in Gen.Choose(1, 3)
        from channels in Gen.Choose(1, 3)
        from capacities in Gen.Choose(0, 2_000).ArrayOf(categories)
        from lines in (
            from category in Gen.Choose(0, categories - 1)
            from tariff in Gen.Choose(0, tariffs - 1)
            from channel in Gen.Choose(0, channels - 1)
            from sold in Gen.Choose(0, 900)
            from reserved in Gen.Choose(0, 90)
            from free in Gen.Choose(0, 90)
            from gross in Gen.Choose(0, 9_000_000)
            select new TallyLine($"categorycode{category}", $"tariffcode{tariff}", $"channelcode{channel}", sold, reserved, free, gross)).ListOf()
        from scopedCategories in Gen.SubListOf(Enumerable.Range(0, categories))
        from scopedChannels in Gen.SubListOf(Enumerable.Range(0, channels))
        from detail in Gen.Elements(LinkDetail.TotalsOnly, LinkDetail.Detailed)
        let unique = lines.DistinctBy(line => (line.Category, line.Tariff, line.Channel)).ToImmutableArray()
        select new Case(
            new SessionDetails(
                "show", null, "Théâtre", new DateTime(2026, 12, 4, 20, 30, 0), "Europe/Paris", "EUR",
                [.. capacities.Select((capacity, i) => new Category($"categorycode{i}", $"Categoryname{i}", capacity))],
                [.. Enumerable.Range(0, tariffs).Select(i => new Tariff($"tariffcode{i}", $"Tariffname{i}", 4_567_891 + i))], [],
                [.. Enumerable.Range(0, channels).Select(i => new Channel($"channelcode{i}", $"Channelname{i}"))]),
            new Tally(7, unique, TallyFigures.Of(unique), TallySource.Typed, "sourcename", "privatenote", LinkSample.Now, "operatorname"),
            new LinkTerms(detail, [.. scopedCategories.Select(i => $"categorycode{i}")], [.. scopedChannels.Select(i => $"channelcode{i}")]));

    private static void Holds(Func<Case, bool> property) => Prop.ForAll(Cases.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Totals_only_carries_no_line_no_name_no_code_and_no_revenue() => Holds(one =>
    {
        var shared = (one with { Terms = one.Terms with { Detail = LinkDetail.TotalsOnly } }).Shared;
        var written = Json.Write(shared);
        return shared is { Lines: null, Categories: null, Tariffs: null, Channels: null, Figures: { GrossMinor: null, SoldUnpriced: 0 } }
            && !new[] { "categorycode", "Categoryname", "tariffcode", "Tariffname", "channelcode", "Channelname", "gross", "456789" }
                .Any(secret => written.Contains(secret, StringComparison.OrdinalIgnoreCase));
    });

    [Fact]
    public void Nobody_and_no_note_of_the_senders_travels() => Holds(one =>
    {
        var written = Json.Write(one.Shared);
        return !new[] { "sourcename", "privatenote", "operatorname" }.Any(secret => written.Contains(secret, StringComparison.OrdinalIgnoreCase));
    });

    [Fact]
    public void Detail_is_every_line_of_the_scope_and_none_outside_it() => Holds(one =>
    {
        var shared = (one with { Terms = one.Terms with { Detail = LinkDetail.Detailed } }).Shared;
        return shared.Lines!.Value.SequenceEqual(one.Tally.Lines.Where(one.InScope));
    });

    [Fact]
    public void A_scoped_link_names_nothing_outside_its_scope() => Holds(one =>
    {
        var written = Json.Write((one with { Terms = one.Terms with { Detail = LinkDetail.Detailed } }).Shared);
        return one.Details.Categories.Where(category => !one.Terms.Categories.IsEmpty && !one.Terms.Categories.Contains(category.Code))
                .All(category => !written.Contains(category.Code) && !written.Contains(category.Name))
            && one.Details.Channels.Where(channel => !one.Terms.Channels.IsEmpty && !one.Terms.Channels.Contains(channel.Code))
                .All(channel => !written.Contains(channel.Code) && !written.Contains(channel.Name));
    });

    [Fact]
    public void The_figures_are_the_sums_of_the_scope_with_or_without_detail() => Holds(one =>
    {
        var figures = TallyFigures.Of([.. one.Tally.Lines.Where(one.InScope)]);
        var expected = one.Terms.Detail == LinkDetail.Detailed ? figures : figures with { GrossMinor = null, SoldUnpriced = 0 };
        return one.Shared.Figures == expected
            && one.Shared.Capacity == one.Details.Categories.Where(category => one.Terms.Categories.IsEmpty || one.Terms.Categories.Contains(category.Code)).Sum(category => category.Capacity);
    });

    [Fact]
    public void Scopes_that_share_out_the_channels_share_out_the_figures() => Holds(one =>
    {
        var parts = one.Details.Channels.Select(channel =>
            (one with { Terms = new LinkTerms(LinkDetail.Detailed, one.Terms.Categories, [channel.Code]) }).Shared.Figures).ToArray();
        var whole = (one with { Terms = new LinkTerms(LinkDetail.Detailed, one.Terms.Categories, []) }).Shared.Figures;
        return whole == new TallyFigures(parts.Sum(part => part.Sold), parts.Sum(part => part.Reserved), parts.Sum(part => part.Free), parts.Sum(part => part.GrossMinor));
    });

    [Fact]
    public void A_session_made_for_a_link_holds_no_more_than_was_sent_and_stands_by_itself() => Holds(one =>
    {
        var made = LinkProjection.SessionFor(LinkSample.Sent.Card, one.Shared, "show-r");
        var (checkedDetails, _, refusals) = SessionRules.Check(made);
        var written = Json.Write(made);
        return refusals.IsEmpty && checkedDetails.Categories.Sum(category => category.Capacity) == one.Shared.Capacity
            && (one.Shared.Lines is not null || !written.Contains("code", StringComparison.Ordinal) || made is { Categories: [{ Code: "total" }], Tariffs: [{ Code: "total" }], Channels: [{ Code: "total" }] });
    });

    [Fact]
    public void A_csv_of_totals_names_nothing_of_the_senders_either() => Holds(one =>
    {
        var shared = (one with { Terms = one.Terms with { Detail = LinkDetail.TotalsOnly } }).Shared;
        var written = System.Text.Encoding.UTF8.GetString(SharedTallyCsv.Write(LinkSample.Sent.Card, shared, Organisations.Language.French).GetAwaiter().GetResult());
        return !written.Contains("code") && !written.Contains("name") && written.Split("\r\n").Length == 3;
    });
}

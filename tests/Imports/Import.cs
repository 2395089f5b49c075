using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Imports;

/// <summary>What the tables of the import's decisions are written with.</summary>
internal static class Import
{
    public static readonly ImportDefaults Defaults = new("Placement libre", "Normal", "Guichet", "Partenaires");

    public static readonly SessionDetails Details = new(
        "lear-show", null, "Grande salle", new DateTime(2026, 11, 24, 20, 30, 0), "Europe/Paris", "EUR",
        [new Category("or", "Carré or", 200), new Category("balcon", "Balcon", 100)],
        [new Tariff("normal", "Normal", 3000), new Tariff("reduit", "Réduit", 2000)],
        [new CategoryPrice("balcon", "normal", 2500)],
        [new Channel("guichet", "Guichet"), new Channel("fnac", "Fnac")]);

    public static Table Read(string text) => TabularFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "x.csv", ImportLimits.Default).Accepted;

    public static SeasonContext Season(params ReadOnlySpan<KnownSession> sessions)
    {
        var made = 0;
        var ids = new Dictionary<string, string>();
        return new SeasonContext([new KnownShow("lear-show", "Le Roi Lear")], [], [.. sessions], "Europe/Paris", "EUR", words =>
            ids.TryGetValue(words, out var id) ? id : ids[words] = $"{words.Split(' ')[0]}-{++made}");
    }

    public static KnownSession Known(string id = "s1", SessionDetails? details = null, SessionStatus status = SessionStatus.OnSale) =>
        new(id, "Le Roi Lear", 7, details ?? Details, status);

    public static TalliedSession Tallied(string id = "s1", SessionDetails? details = null, SessionStatus status = SessionStatus.OnSale, bool receives = false, Tally? current = null) =>
        new(id, "Le Roi Lear", 7, details ?? Details, status, receives, current);

    public static Tally Version(params TallyLine[] lines) =>
        new(3, [.. lines], TallyFigures.Of([.. lines]), TallySource.Typed, null, null, default, "Ada");

    /// <summary>Reads, proposes a mapping, changes it as a person would, and plans.</summary>
    public static string PlanSeason(string text, SeasonContext? context = null, Func<Mapping, Mapping>? change = null)
    {
        context ??= Season();
        var table = Read(text);
        var mapping = Mappings.Propose(table, ImportKind.Season, context.Names, Defaults).Accepted.Mapping;
        return Shown(SeasonImport.Plan(table, change?.Invoke(mapping) ?? mapping, context));
    }

    /// <inheritdoc cref="PlanSeason"/>
    public static string PlanTallies(string text, TallyContext? context = null, Func<Mapping, Mapping>? change = null)
    {
        context ??= new TallyContext([Tallied()]);
        var table = Read(text);
        var mapping = Mappings.Propose(table, ImportKind.Tallies, context.Names, Defaults, context.Target is not null).Accepted.Mapping;
        return Shown(TallyImport.Plan(table, change?.Invoke(mapping) ?? mapping, context));
    }

    private static string Shown(Taken<SeasonPlan> taken)
    {
        if (taken.IsRefused) return Shown(taken.Refusals);
        var plan = taken.Accepted;
        var lines = plan.Shows.Select(show => $"show {show.Id} {string.Join('/', new[] { show.Details.Title, show.Details.Subtitle, show.Details.Producer, show.Details.Genre }.OfType<string>())}")
            .Concat(plan.Series.Select(series => $"series {series.Id} {series.Name}"))
            .Concat(plan.Sessions.Select(Shown))
            .Concat(plan.LinesLeftOut.Select(line => $"left out {line}"));
        return string.Join("\n", lines);
    }

    private static string Shown(PlannedSession session)
    {
        if (session.Action == PlannedAction.Nothing) return $"nothing {session.Id}";
        if (session.Action == PlannedAction.Change)
            return $"change {session.Id}: {string.Join(", ", session.Changes.Select(change => $"{change.Field} {change.Name} {change.Before}>{change.After}".Replace("  ", " ", StringComparison.Ordinal)))}";
        var details = session.Details;
        var tariffs = details.Tariffs.Select(tariff => $"{tariff.Name} {tariff.PriceMinor}" + string.Concat(
            details.Prices.Where(price => price.Tariff == tariff.Code).Select(price => $" ({price.Category} {price.PriceMinor})")));
        return string.Create(CultureInfo.InvariantCulture, $"create {session.Id} {details.LocalStart:yyyy-MM-dd HH:mm}{(session.TimeIsRepeated ? " twice" : "")} {details.Place}{(details.SeriesId is { } series ? $" {series}" : "")}: ")
            + $"{string.Join(", ", details.Categories.Select(category => $"{category.Name} {category.Capacity}"))}; {string.Join(", ", tariffs)}; {string.Join(", ", details.Channels.Select(channel => channel.Name))}";
    }

    private static string Shown(Taken<TallyPlan> taken)
    {
        if (taken.IsRefused) return Shown(taken.Refusals);
        return string.Join("\n", taken.Accepted.Tallies.Select(Shown).Concat(taken.Accepted.LinesLeftOut.Select(line => $"left out {line}")));
    }

    private static string Shown(PlannedTally tally) =>
        $"{tally.SessionId}: {string.Join(", ", tally.Lines.Select(line => $"{line.Category}/{line.Tariff}/{line.Channel} {line.Sold}+{line.Reserved}+{line.Free} {line.GrossMinor}"))}"
        + (tally.IsDrop ? " drop" : "") + string.Concat(tally.Over.Select(over => $" over {over.Category} {over.Taken}/{over.Capacity}"))
        + string.Concat(tally.NewChannels.Select(channel => $" new {channel.Code}"));

    private static string Shown(ImmutableArray<ImportRefusal> refusals) => string.Join("\n", refusals.Select(Xlsx.Shown));
}

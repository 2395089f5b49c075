using System.Collections.Immutable;
using Guichet.Journal;
using Xunit;

namespace Guichet.Imports;

public class ImportCoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);
    private static readonly Mapping OfTallies = new(ImportKind.Tallies, [], [], []);
    private static readonly Mapping OfSeason = new(ImportKind.Season, [], [], []);

    private static PlannedTally Tally(string id, bool isDrop = false) =>
        new(id, "Lear", Import.Details.LocalStart, "G", "EUR", [], new(10, 0, 0, 0), null, 0, isDrop, [], [], 1, 2);

    private static TallyPlan Tallies(params PlannedTally[] tallies) => new([.. tallies], tallies.Length, [9]);

    private static readonly SeasonPlan Season = new(
        [new PlannedShow("show", new("Lear", null, null, null), 2)], [new PlannedSeries("series", "show", "Cycle", 2)],
        [
            new PlannedSession(PlannedAction.Create, "s1", 0, "Lear", Import.Details, [], false, 2),
            new PlannedSession(PlannedAction.Change, "s2", 3, "Lear", Import.Details, [], false, 3),
            new PlannedSession(PlannedAction.Nothing, "s3", 4, "Lear", Import.Details, [], false, 4),
        ], 3, []);

    private static AcceptImport Accept(TallyPlan? tallies = null, SeasonPlan? season = null, Mapping? mapping = null) =>
        new("ventes.csv", "Fnac", mapping ?? (season is null ? OfTallies : OfSeason), season, tallies) { Id = Guid.NewGuid(), By = Claire };

    private static RecordImportedPart Part(string name, params Refusal[] refusals) =>
        new(name, [.. refusals]) { Id = Guid.NewGuid(), By = Actor.System("imports") };

    private static (ImportState State, string Codes) Decide(ImportState state, Command command)
    {
        var decision = ImportCore.Decide("import-1", state, command, Now);
        return (decision.Events.Aggregate(state, ImportCore.Apply), string.Join(' ', decision.Refusals.Select(refusal => $"{refusal.Code}@{refusal.Field}({string.Join(',', refusal.Arguments)})")));
    }

    public static TheoryData<string, AcceptImport, string> Refused => new()
    {
        { "no source", Accept(Tallies(Tally("s1"))) with { Source = " " }, "name-missing@source()" },
        { "long source", Accept(Tallies(Tally("s1"))) with { Source = new string('x', 101) }, "text-too-long@source(100)" },
        { "long name", Accept(Tallies(Tally("s1"))) with { FileName = new string('x', 256) }, "text-too-long@file(255)" },
        { "no plan", Accept(), "import-plan-missing@()" },
        { "two plans", Accept(Tallies(), Season), "import-plan-missing@()" },
        { "partners beside", Accept(Tallies()) with { Partners = new PartnersPlan([], 0, []) }, "import-plan-missing@()" },
        { "partners with another's mapping", Accept() with { Partners = new PartnersPlan([], 0, []) }, "import-plan-missing@()" },
        { "another's mapping", Accept(Tallies(Tally("s1")), mapping: OfSeason), "import-plan-missing@()" },
        { "unconfirmed", Accept(Tallies(Tally("s1", isDrop: true), Tally("s2"))), "import-unconfirmed@confirmed(1)" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_import_that_cannot_be_taken_is_refused(string situation, AcceptImport accept, string codes)
    {
        Assert.NotEmpty(situation);
        var (state, refused) = Decide(ImportState.Empty, accept);
        Assert.Equal(codes, refused);
        Assert.Equal(ImportState.Empty, state);
    }

    [Fact]
    public void What_asks_for_confirmation_is_taken_as_drafts_or_confirmed()
    {
        var drop = Accept(Tallies(Tally("s1", isDrop: true)));
        Assert.Empty(Decide(ImportState.Empty, drop with { Handling = TallyHandling.Draft }).Codes);
        Assert.Empty(Decide(ImportState.Empty, drop with { Confirmed = true }).Codes);
    }

    [Fact]
    public void A_season_leaves_as_one_effect_for_each_thing_to_do()
    {
        var decision = ImportCore.Decide("import-1", ImportState.Empty, Accept(season: Season) with { OnSale = true }, Now);
        Assert.Equal(
            ["ImportShowEffect", "ImportSeriesEffect", "ImportSessionEffect", "ImportSessionEffect"], decision.Effects.Select(effect => effect.GetType().Name));
        Assert.All(decision.Effects.OfType<ImportSessionEffect>(), effect => Assert.Equal(("import-1", true), (effect.ImportId, effect.OnSale)));
        var state = decision.Events.Aggregate(ImportState.Empty, ImportCore.Apply);
        Assert.Equal(new ImportSummary(1, 1, 1, 1, 1, 900, 3, 0), state.Summary);
        Assert.Equal((4, 0, 0, (DateTimeOffset?)null), (state.Parts, state.Done, state.Failed, state.FinishedAt));
    }

    [Fact]
    public void An_import_is_finished_when_each_part_is_done_or_refused()
    {
        var (state, _) = Decide(ImportState.Empty, Accept(Tallies(Tally("s1"), Tally("s2"))));
        Assert.Equal("import-accepted@()", Decide(state, Accept(Tallies(Tally("s1")))).Codes);
        (state, _) = Decide(state, Part("Lear"));
        Assert.Null(state.FinishedAt);
        (state, _) = Decide(state, Part("Phèdre", Refusal.Of("tally-changed-meanwhile")));
        Assert.Equal((1, 1, Now), (state.Done, state.Failed, state.FinishedAt));
        Assert.Equal("Phèdre", Assert.Single(state.Failures).Part);
    }

    [Fact]
    public void An_import_without_anything_to_do_is_finished_at_once() =>
        Assert.Equal(Now, Decide(ImportState.Empty, Accept(season: Season with { Shows = [], Series = [], Sessions = [Season.Sessions[2]] })).State.FinishedAt);

    [Fact]
    public void A_part_of_what_was_never_accepted_is_refused() => Assert.Equal("import-unknown@()", Decide(ImportState.Empty, Part("Lear")).Codes);

    [Fact]
    public void State_and_events_survive_storage()
    {
        var decision = ImportCore.Decide("import-1", ImportState.Empty, Accept(season: Season), Now);
        var written = Json.Write(decision.Events);
        Assert.Equal(written, Json.Write(Json.Read<ImmutableArray<ImportEvent>>(written)));
        foreach (var effect in decision.Effects)
        {
            var payload = Json.WriteAs(effect);
            Assert.Equal(payload, Json.WriteAs(System.Text.Json.JsonSerializer.Deserialize(payload, effect.GetType(), Json.Options)));
        }
    }
}

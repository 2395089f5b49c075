using Guichet.Reporting;

namespace Guichet.Tests.Reporting;

public sealed class ReportRunCoreTests
{
    private static readonly Actor Claire = Sessions.Sample.Claire;
    private static readonly DateTimeOffset Now = Sessions.Sample.Now;

    public static TheoryData<string, SendReports> Wrong => new()
    {
        { "partners-missing@partner", Send() with { Scope = ReportScope.Of() } },
        { "too-many@partner", Send() with { Scope = ReportScope.Of([.. Enumerable.Range(0, 10_001).Select(i => $"p{i}")]) } },
        { "too-many@session", Send() with { Scope = ReportScope.Of("p") with { Sessions = [.. Enumerable.Range(0, 2_001).Select(i => $"s{i}")] } } },
        { "preview-ahead@at", Send() with { At = Now.AddSeconds(1) } },
        { "preview-too-old@at", Send() with { At = Now.AddMinutes(-61) } },
        { "subject-missing@french.subject", Send() with { French = new ReportText("", "") } },
        { "placeholder-unknown@english.intro", Send() with { English = new ReportText("a", "{{x}}") } },
        { "address-invalid@test-to", Send() with { TestTo = "claire" } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_may_not_be_sent_is_refused_by_its_field(string refusals, SendReports command) => Assert.Equal(
        refusals, string.Join(' ', ReportRunCore.Decide(ReportRunState.Empty, command, "run", Now).Refusals.Select(refusal => $"{refusal.Code}@{refusal.Field}")));

    [Fact]
    public void Sending_begins_a_run_once_and_its_effect_makes_the_deliveries()
    {
        var decision = ReportRunCore.Decide(ReportRunState.Empty, Send(), "run", Now);
        Assert.Equal(new ExpandRun("run"), Assert.Single(decision.Effects));
        var state = decision.Events.Aggregate(ReportRunState.Empty, ReportRunCore.Apply);
        Assert.Equal((ReportRunKind.ByHand, Now.AddMinutes(-5), Now, "Claire Morin"), (state.Details!.Kind, state.Details.At, state.Details.BegunAt, state.Details.By));
        Assert.Equal("run-exists", Assert.Single(ReportRunCore.Decide(state, Send(), "run", Now).Refusals).Code);
        Assert.Equal("run-exists", Assert.Single(ReportRunCore.Decide(state, Begin(Now), "run", Now).Refusals).Code);
    }

    [Fact]
    public void A_test_is_one_and_goes_to_its_sender() => Assert.Equal(
        (ReportRunKind.Test, "claire@port.example"),
        Assert.IsType<ReportRunBegun>(Assert.Single(ReportRunCore.Decide(ReportRunState.Empty, Send() with { TestTo = " Claire@Port.example" }, "run", Now).Events)).Details is var details ? (details.Kind, details.TestTo) : default);

    [Fact]
    public void An_occurrence_has_the_figures_of_its_instant_however_late_and_is_not_begun_half_a_day_late()
    {
        var late = ReportRunCore.Decide(ReportRunState.Empty, Begin(Now.AddHours(-11)), "run", Now);
        Assert.Equal((ReportRunKind.Calendar, Now.AddHours(-11)), Assert.IsType<ReportRunBegun>(Assert.Single(late.Events)).Details is var details ? (details.Kind, details.At) : default);
        Assert.Equal("occurrence-missed", Assert.Single(ReportRunCore.Decide(ReportRunState.Empty, Begin(Now.AddHours(-12).AddSeconds(-1)), "run", Now).Refusals).Code);
    }

    [Fact]
    public void Resending_counts_itself_so_that_its_effect_done_twice_queues_nothing_twice()
    {
        var state = ReportRunCore.Decide(ReportRunState.Empty, Send(), "run", Now).Events.Aggregate(ReportRunState.Empty, ReportRunCore.Apply);
        foreach (var number in new[] { 1, 2 })
        {
            var decision = ReportRunCore.Decide(state, new ResendReports(false, null) { Id = Guid.NewGuid(), By = Claire }, "run", Now);
            Assert.Equal(new ResendRun("run", false, null, number), Assert.Single(decision.Effects));
            state = decision.Events.Aggregate(state, ReportRunCore.Apply);
        }
        Assert.Equal("run-unknown", Assert.Single(ReportRunCore.Decide(ReportRunState.Empty, new ResendReports(false, null) { Id = Guid.NewGuid(), By = Claire }, "run", Now).Refusals).Code);
    }

    private static SendReports Send() => new(ReportScope.Of("p"), Now.AddMinutes(-5), null, null, null) { Id = Guid.NewGuid(), By = Claire };

    private static BeginReportRun Begin(DateTimeOffset at) => new(ReportScope.Of("p"), at, "group-partners", "2026-11-24T10:00:00") { Id = Guid.NewGuid(), By = Claire };
}

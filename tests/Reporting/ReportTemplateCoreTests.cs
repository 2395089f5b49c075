using System.Collections.Immutable;
using Guichet.Reporting;

namespace Guichet.Tests.Reporting;

public sealed class ReportTemplateCoreTests
{
    private static readonly Actor Claire = Sessions.Sample.Claire;

    public static TheoryData<string, ReportTemplate> Wrong => new()
    {
        { "columns-missing@columns", ReportTemplate.Default with { Columns = [] } },
        { "columns-missing@columns", ReportTemplate.Default with { Columns = default } },
        { "column-twice@columns[1]", ReportTemplate.Default with { Columns = [ReportColumn.Sold, ReportColumn.Sold] } },
        { "column-unknown@columns[0]", ReportTemplate.Default with { Columns = [(ReportColumn)99] } },
        { "breakdown-unknown@breakdown", ReportTemplate.Default with { Breakdown = (ReportBreakdown)9 } },
        { "language-unknown@language", ReportTemplate.Default with { Language = (ReportLanguage)9 } },
        { "attachment-unknown@attachments", ReportTemplate.Default with { Attachments = [(ReportAttachment)9] } },
        { "days-out-of-range@drops-after", ReportTemplate.Default with { DropsAfterDays = -1 } },
        { "days-out-of-range@drops-after", ReportTemplate.Default with { DropsAfterDays = 366 } },
        { "subject-missing@french.subject", ReportTemplate.Default with { French = new ReportText("  ", "") } },
        { "text-too-long@french.subject", ReportTemplate.Default with { French = new ReportText(new string('x', 201), "") } },
        { "text-not-one-line@english.subject", ReportTemplate.Default with { English = new ReportText("a\r\nBcc: b@c.example", "") } },
        { "text-too-long@french.intro", ReportTemplate.Default with { French = new ReportText("a", new string('x', 4001)) } },
        { "text-has-control@french.intro", ReportTemplate.Default with { French = new ReportText("a", "a\0b") } },
        { "placeholder-unknown@french.intro", ReportTemplate.Default with { French = new ReportText("a", "Bonjour {{prenom}}") } },
        { "placeholder-unknown@french.subject", ReportTemplate.Default with { French = new ReportText("{{ 1 + 1 }}", "") } },
        { "placeholder-unknown@english.intro placeholder-unknown@english.intro", ReportTemplate.Default with { English = new ReportText("a", "{{a}} {{b}} {{a}}") } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_a_template_may_not_be_is_refused_by_its_field(string refusals, ReportTemplate template) => Assert.Equal(
        refusals, string.Join(' ', Decide(ReportTemplateState.Empty, template).Refusals.Select(refusal => $"{refusal.Code}@{refusal.Field}")));

    [Fact]
    public void An_unknown_placeholder_is_named_with_those_that_there_are()
    {
        var refusal = Assert.Single(Decide(ReportTemplateState.Empty, ReportTemplate.Default with { French = new ReportText("a", "Bonjour {{ prenom }}") }).Refusals);
        Assert.Equal(["{{prenom}}", "{{partner}}", "{{organisation}}", "{{date}}", "{{time}}", "{{sessions}}", "{{shows}}", "{{sold}}"], refusal.Arguments.AsEnumerable());
    }

    [Theory]
    [InlineData("{{", "{{")]
    [InlineData("{{}}", null)]
    [InlineData("{{partner}} }} {{", "Astérie }} {{")]
    [InlineData("{{{{partner}}", "{{Astérie")]
    [InlineData("{ {partner} }", "{ {partner} }")]
    [InlineData("{{ partner }}", "Astérie")]
    public void Only_names_in_double_braces_are_placeholders(string text, string? filled)
    {
        var decision = Decide(ReportTemplateState.Empty, ReportTemplate.Default with { French = new ReportText("a", text) });
        Assert.Equal(filled is null, decision.IsRefused);
        if (filled is not null) Assert.Equal(filled, Placeholders.Fill(text, name => name == "partner" ? "Astérie" : null));
    }

    [Fact]
    public void What_stands_for_a_placeholder_is_not_looked_through_again() =>
        Assert.Equal("{{sold}}", Placeholders.Fill("{{partner}}", name => name == "partner" ? "{{sold}}" : "12"));

    [Fact]
    public void It_is_saved_cleaned_and_reset()
    {
        var saved = After(ReportTemplateState.Empty, ReportTemplate.Default with
        {
            French = new ReportText("  Ventes ", "a\r\nb\n\n"),
            Attachments = [ReportAttachment.Csv, ReportAttachment.Pdf, ReportAttachment.Csv],
        });
        Assert.Equal((1, "Ventes", "a\nb"), (saved.Revision, saved.Template!.French.Subject, saved.Template.French.Intro));
        Assert.Equal([ReportAttachment.Pdf, ReportAttachment.Csv], saved.Template.Attachments.AsEnumerable());
        var reset = ReportTemplateCore.Decide(saved, new ResetReportTemplate { Id = Guid.NewGuid(), By = Claire }).Events.Aggregate(saved, ReportTemplateCore.Apply);
        Assert.Equal(new ReportTemplateState(2, null), reset);
        Assert.Empty(ReportTemplateCore.Decide(reset, new ResetReportTemplate { Id = Guid.NewGuid(), By = Claire }).Events);
    }

    [Fact]
    public void A_change_made_meanwhile_is_not_overwritten()
    {
        var saved = After(ReportTemplateState.Empty, ReportTemplate.Default);
        Assert.Equal("changed-meanwhile", Assert.Single(Decide(saved, ReportTemplate.Default, basedOn: 0).Refusals).Code);
        Assert.Empty(Decide(saved, ReportTemplate.Default, basedOn: 1).Refusals);
    }

    [Fact]
    public void What_every_group_has_at_first_would_be_accepted() => Assert.Empty(ReportTemplateCore.Check(ReportTemplate.Default).Wrong);

    private static Guichet.Journal.Decision<ReportTemplateEvent> Decide(ReportTemplateState state, ReportTemplate template, long basedOn = 0) =>
        ReportTemplateCore.Decide(state, new SaveReportTemplate(template, basedOn) { Id = Guid.NewGuid(), By = Claire });

    private static ReportTemplateState After(ReportTemplateState state, ReportTemplate template)
    {
        var decision = Decide(state, template, state.Revision);
        Assert.Empty(decision.Refusals);
        return decision.Events.Aggregate(state, ReportTemplateCore.Apply);
    }
}

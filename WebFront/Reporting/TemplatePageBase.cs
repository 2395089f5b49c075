using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Guichet.Partners;
using Guichet.Shell;
using Microsoft.AspNetCore.Components;

namespace Guichet.Reporting;

/// <summary>A page that edits one template: a group's, or a partner's own.</summary>
public abstract class TemplatePageBase : ActingPage
{
    [Inject]
    public PartnerQueries Partners { get; set; } = default!;

    protected FormErrors Errors { get; } = [];

    protected ReportTemplateView? Saved { get; private set; }

    protected ReportTemplate Template { get; private set; } = ReportTemplate.Default;

    protected ImmutableArray<ReportColumn> Order { get; private set; } = [];

    protected long BasedOn { get; private set; }

    protected PartnerRow? Example { get; set; }

    protected string TemplateId { get; private set; } = "";

    /// <param name="otherwise">What it is where it was never saved.</param>
    protected async Task Load(string id, ReportTemplate otherwise)
    {
        TemplateId = id;
        Saved = await Grain<IReportTemplateGrain>(id).View();
        Template = Saved.Template ?? otherwise;
        BasedOn = Saved.Revision;
        Order = [.. Template.Columns.Concat(Enum.GetValues<ReportColumn>()).Distinct()];
        Http!.Response.Headers.ContentSecurityPolicy += "; frame-src 'self'";
    }

    protected async Task<ReportTemplate> OfGroup(PartnerGroup group) => (await Grain<IReportTemplateGrain>(ReportTemplateId.Of(group)).View()).Template ?? ReportTemplate.Default;

    protected async Task Submit(string back)
    {
        if (Posted["do"] == "reset")
        {
            await Time.Send(() => Grain<IReportTemplateGrain>(TemplateId).Reset(new ResetReportTemplate { Id = PostedCommand, By = Actor }));
            Flash.Leave(Http!, Tone.Good, T("Le modèle d’avant vaut de nouveau.", "The template before counts again."));
            Navigation.NavigateTo(back);
            return;
        }
        Order = ReportForm.Order(Posted);
        var shown = Posted["columns"];
        Template = ReportForm.Template(Posted) with { Columns = [.. Order.Where(column => shown.Contains(column.ToString()))] };
        if (long.TryParse(Posted["based-on"], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) BasedOn = revision;
        // A button that moves a column: the form comes back with its new order, nothing is saved.
        if (Posted.ContainsKey("move")) return;
        var outcome = await Time.Send(() => Grain<IReportTemplateGrain>(TemplateId).Save(new SaveReportTemplate(Template, BasedOn) { Id = PostedCommand, By = Actor }));
        if (!outcome.IsRefused)
        {
            Flash.Leave(Http!, Tone.Good, T("Modèle enregistré. Il vaut dès le prochain rapport.", "Template saved. It counts from the next report."));
            Navigation.NavigateTo(back);
            return;
        }
        if (outcome.Refusals.Any(refusal => refusal.Code == "changed-meanwhile")) BasedOn = Saved!.Revision;
        Errors.Add(outcome.Refusals, Formats);
        ShowAgain();
    }
}

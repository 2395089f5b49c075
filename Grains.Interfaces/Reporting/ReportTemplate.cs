using System.Collections.Immutable;
using Guichet.Partners;

namespace Guichet.Reporting;

/// <summary>A figure that a report may show of each session.</summary>
public enum ReportColumn
{
    Sold = 0,

    /// <summary>Places sold since the last report that this partner was handed; a dash for a session that it is told of for the first time.</summary>
    SoldSince = 1,

    /// <summary>Under option.</summary>
    Reserved = 2,

    /// <summary>Invitations and other exempt places.</summary>
    Free = 3,

    /// <summary>Places taken (sold and free) of those there are.</summary>
    Fill = 4,

    /// <summary>VAT included.</summary>
    Gross = 5,

    /// <summary>Of the places sold whose revenue is known.</summary>
    AveragePrice = 6,
}

/// <summary>Whether each session's figures are taken apart, and by what.</summary>
public enum ReportBreakdown
{
    None = 0,
    Category = 1,
    Tariff = 2,
    Channel = 3,
}

public enum ReportAttachment
{
    Pdf = 0,
    Xlsx = 1,
    Csv = 2,
}

public enum ReportLanguage
{
    /// <summary>What the partner's own record says.</summary>
    OfPartner = 0,
    French = 1,
    English = 2,
}

/// <summary>What a report says in one language, before its figures. Placeholders (<c>{{partner}}</c>) are those of <see cref="ReportPlaceholders"/>.</summary>
/// <param name="Subject">Of the mail: 1 to 200 characters, on one line.</param>
/// <param name="Intro">At most 4,000 characters; line ends are kept, HTML stays text. May be empty.</param>
[GenerateSerializer, Immutable, Alias("report-text")]
public sealed record ReportText(string Subject, string Intro);

/// <summary>What a partner's reports show, and how.</summary>
/// <param name="Columns">1 or more, each once, in the order in which they are shown.</param>
/// <param name="Curve">Sales over the days, in the PDF.</param>
/// <param name="Attachments">Each once; none is allowed: the mail itself has the figures.</param>
/// <param name="ShowsUnchanged">Sessions without a figure newer than this partner's last report are shown; else left out.</param>
/// <param name="DropsAfterDays">Sessions are left out when they started more days ago than this: 0 to 365.</param>
/// <param name="LinksToPage">Each mail carries a link to the partner's page, which shows the same figures live to whoever has it.</param>
[GenerateSerializer, Immutable, Alias("report-template")]
public sealed record ReportTemplate(
    ImmutableArray<ReportColumn> Columns, ReportBreakdown Breakdown, bool Curve, ReportLanguage Language, ReportText French, ReportText English,
    ImmutableArray<ReportAttachment> Attachments, bool ShowsUnchanged, int DropsAfterDays, bool LinksToPage = false)
{
    /// <summary>What each group has until someone changes it.</summary>
    public static readonly ReportTemplate Default = new(
        [ReportColumn.Sold, ReportColumn.SoldSince, ReportColumn.Fill, ReportColumn.Gross], ReportBreakdown.None, Curve: true, ReportLanguage.OfPartner,
        new ReportText(
            "Ventes au {{date}} – {{organisation}}",
            "Bonjour,\n\nVoici où en sont les ventes de {{sessions}} au {{date}}.\n\nBien cordialement,\n{{organisation}}"),
        new ReportText(
            "Sales as of {{date}} – {{organisation}}",
            "Hello,\n\nHere is where the sales of {{sessions}} stand as of {{date}}.\n\nKind regards,\n{{organisation}}"),
        [ReportAttachment.Pdf, ReportAttachment.Xlsx], ShowsUnchanged: true, DropsAfterDays: 7, LinksToPage: true);
}

/// <summary>The placeholders that a report's subject and intro may hold. Names alone: no expressions, no formats, nothing is looked up.</summary>
public static class ReportPlaceholders
{
    /// <summary>The partner's name.</summary>
    public const string Partner = "partner";

    /// <summary>The house's name.</summary>
    public const string Organisation = "organisation";

    /// <summary>The day of the figures, in the organisation's zone.</summary>
    public const string Date = "date";

    /// <summary>Their time of day.</summary>
    public const string Time = "time";

    /// <summary>How many sessions are shown: « 3 séances ».</summary>
    public const string Sessions = "sessions";

    /// <summary>The shows' titles, each once.</summary>
    public const string Shows = "shows";

    /// <summary>Places sold of all the sessions shown.</summary>
    public const string Sold = "sold";

    public static readonly ImmutableArray<string> Known = [Partner, Organisation, Date, Time, Sessions, Shows, Sold];
}

/// <param name="BasedOn">The revision that the form was filled from (0 where it was never saved): a change made meanwhile by another is refused (<c>changed-meanwhile</c>).</param>
[GenerateSerializer, Immutable, Alias("save-report-template")]
public sealed record SaveReportTemplate(ReportTemplate Template, long BasedOn) : Command;

/// <summary>A partner follows its group's template again; a group, the one it had at first.</summary>
[GenerateSerializer, Immutable, Alias("reset-report-template")]
public sealed record ResetReportTemplate : Command;

/// <param name="Revision">Grows with every change; forms send it back as <c>BasedOn</c>. 0 when nobody ever saved one.</param>
/// <param name="Template">Null where it was never saved, or was reset.</param>
[GenerateSerializer, Immutable, Alias("report-template-view")]
public sealed record ReportTemplateView(string Organisation, string Id, long Revision, ReportTemplate? Template);

/// <summary>Ids of templates: one for each group, and one for each partner that has its own.</summary>
public static class ReportTemplateId
{
    public static string Of(PartnerGroup group) => group switch
    {
        PartnerGroup.Agents => "group-agents",
        PartnerGroup.Venues => "group-venues",
        _ => "group-partners",
    };

    public static string OfPartner(string partnerId) => $"partner-{partnerId}";
}

/// <summary>One group's template, or one partner's own (<see cref="ReportTemplateId"/>).</summary>
[Alias("report-template-grain")]
public interface IReportTemplateGrain : IGrainWithStringKey
{
    /// <summary>Also of one that nobody saved: its template is null then.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<ReportTemplateView> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Save(SaveReportTemplate command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Reset(ResetReportTemplate command);
}

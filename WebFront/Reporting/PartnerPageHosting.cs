using Guichet.Feed;
using Guichet.Journal;
using Guichet.Live;
using Guichet.Organisations;
using Guichet.Partners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guichet.Reporting;

/// <summary>
/// <c>/r/{token}</c>: a partner's figures, live, for whoever has a link, and what the page fetches. Whoever has it isn't signed in to anything: the
/// link says whose figures, and nothing else of the organisation is read. Limited as any look-up, so that guessing goes nowhere.
/// </summary>
internal static class PartnerPageHosting
{
    public static void AddPartnerPage(this IServiceCollection services)
    {
        services.AddScoped<LinkedReports>();
    }

    public static void MapPartnerPage(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup("/r/{token}").AllowAnonymous().RequireRateLimiting(RateLimits.LookUp).ExcludeFromDescription();
        page.AddEndpointFilter((call, next) =>
        {
            var headers = call.HttpContext.Response.Headers;
            headers.CacheControl = "no-store";
            headers["Referrer-Policy"] = "no-referrer";
            headers["X-Robots-Tag"] = "noindex, nofollow";
            return next(call);
        });
        page.MapGet("", async (string token, LinkedReports linked, CancellationToken cancellation) =>
            await linked.Read(token, cancellation) is { } found ? Shown(found.Report, PartnerLinks.PathOf(token)) : Shown(null, ""));
        page.MapGet("/colour.css", async Task<IResult> (string token, LinkedReports linked, CancellationToken cancellation) =>
            await linked.Read(token, cancellation) is { } found ? Results.Text($":root {{ --house: {found.Report.Letterhead.Details.Colour} }}\n", "text/css; charset=utf-8") : Shown(null, ""));
        page.MapGet("/logo", async Task<IResult> (string token, LinkedReports linked, ReportQueries reports, CancellationToken cancellation) =>
            await linked.Read(token, cancellation) is { } found && await reports.LogoOf(found.Organisation, found.Report.Letterhead.Logo, cancellation) is { } logo
                ? Results.Bytes(logo.Bytes, logo.Logo.MediaType)
                : Shown(null, ""));
        page.MapGet("/live", Live);
    }

    private static RazorComponentResult<PartnerPage> Shown(Report? report, string path) => new(new { Report = report, Path = path })
    {
        StatusCode = report is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK,
        PreventStreamingRendering = true,
    };

    private static Task<IResult> Live(string token, HttpContext http, LinkedReports linked, FollowedPages pages, IHostApplicationLifetime node) =>
        pages.Answer(http, async left => await linked.Read(token, left) is { } found ? Followed(found) : null, "", "", node);

    private static FollowedPage Followed(LinkedReport shown)
    {
        var sessions = shown.Report.Rows.Select(row => row.SessionId).ToHashSet(StringComparer.Ordinal);
        return new FollowedPage(shown.Organisation, shown.Report.Formats.Zone.Id, shown.Report.Language, shown.Report.PartnerId, shown.Print, happened => happened switch
        {
            SessionFiguresChanged figures => sessions.Contains(figures.SessionId),
            Feed.PartnerChanged other => other.PartnerId == shown.Report.PartnerId,
            // Made, put on sale, moved to a series: it may be the partner's now.
            SessionChanged => true,
            _ => false,
        });
    }
}

/// <param name="Print">What it shows but for the instant: alike as long as nothing changed.</param>
internal sealed record LinkedReport(string Organisation, Report Report, string Print);

/// <summary>Reads what a link shows, as of now.</summary>
internal sealed class LinkedReports(PartnerLinks links, ReportQueries reports, TimeProvider time)
{
    /// <summary>Null for a link that opens nothing.</summary>
    public async Task<LinkedReport?> Read(string token, CancellationToken cancellation)
    {
        if (await links.Find(token, cancellation) is not { } partner) return null;
        var question = new ReportQuestion(ReportScope.Of(partner.PartnerId), time.GetUtcNow(), ShowsUnchanged: true);
        return await reports.Read(partner.Organisation, question, cancellation) is [var report]
            ? new LinkedReport(partner.Organisation, report, Json.Write(new { report.Partner, report.Organisation, report.Language, report.Template.Columns, report.Letterhead, report.Rows, report.Totals, report.Over }))
            : null;
    }
}

using System.Collections.Concurrent;
using System.Text;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Live;
using Guichet.Organisations;
using Guichet.Partners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
        services.AddSingleton<PartnerStreams>();
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

    private static async Task<IResult> Live(string token, HttpContext http, LinkedReports linked, PartnerStreams streams, IHostApplicationLifetime node)
    {
        var first = await linked.Read(token, http.RequestAborted);
        using var place = first is null ? null : streams.Enter(first.Organisation, first.Report.PartnerId);
        if (first is not null && place is null) return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        var response = http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, node.ApplicationStopping);
        try
        {
            await streams.Follow(token, first, linked, response.Body, leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            if (!http.RequestAborted.IsCancellationRequested) await response.Body.WriteAsync("event: moved\ndata: 0\n\n"u8.ToArray(), http.RequestAborted);
        }
        return Results.Empty;
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

/// <summary>
/// Keeps open pages of partners up to date. They are never told what happens in the organisation, only that their own page is another now: the feed's
/// events are looked at here, and the page is told when what it shows has changed.
/// </summary>
internal sealed class PartnerStreams(LiveHub hub, TimeProvider time)
{
    /// <summary>Pages of one partner that are live at once on this node; the others show their figures and say that they aren't.</summary>
    public const int MostOfOne = 20;

    /// <summary>Several tallies in a row are one reading.</summary>
    private static readonly TimeSpan gathering = TimeSpan.FromMilliseconds(700);

    /// <summary>How long a link that has expired still shows an open page, at most.</summary>
    private static readonly TimeSpan checking = TimeSpan.FromMinutes(1);

    private static readonly byte[] again = "retry: 2000\nevent: resync\ndata: 0\n\n"u8.ToArray();
    private static readonly byte[] changed = "event: named\ndata: [{\"name\":\"figures\",\"detail\":\"\"}]\n\n"u8.ToArray();
    private static readonly byte[] beat = "event: beat\ndata: 0\n\n"u8.ToArray();
    private static readonly byte[] ended = "event: ended\ndata: 0\n\n"u8.ToArray();

    private readonly ConcurrentDictionary<(string, string), int> open = new();

    /// <summary>A place among those of the partner, given back when disposed of; null when there is none.</summary>
    public IDisposable? Enter(string organisation, string partner)
    {
        var key = (organisation, partner);
        if (open.AddOrUpdate(key, 1, (_, count) => count + 1) <= MostOfOne) return new Place(this, key);
        Leave(key);
        return null;
    }

    /// <summary>Until the page leaves, or its link opens nothing any more.</summary>
    /// <param name="shown">What the link shows; null for nothing.</param>
    public async Task Follow(string token, LinkedReport? shown, LinkedReports linked, Stream connection, CancellationToken left)
    {
        if (shown is not null)
        {
            var (organisation, partner) = (shown.Organisation, shown.Report.PartnerId);
            var (feed, page) = await hub.Open(organisation, shown.Report.Formats.Zone.Id, "", "", shown.Report.Language, null, left);
            try
            {
                // What changed while the page was on its way: it fetches itself once.
                shown = await linked.Read(token, left);
                await Write(again);
                var checkedAt = time.GetTimestamp();
                while (shown is not null)
                {
                    var sessions = shown.Report.Rows.Select(row => row.SessionId).ToHashSet(StringComparer.Ordinal);
                    var moment = await page.Next(happened => happened switch
                    {
                        SessionFiguresChanged figures => sessions.Contains(figures.SessionId),
                        Feed.PartnerChanged other => other.PartnerId == partner,
                        // Made, put on sale, moved to a series: it may be the partner's now.
                        SessionChanged => true,
                        _ => false,
                    }, left);
                    if (moment == LiveMoment.Ended) break;
                    if (moment == LiveMoment.Beat && time.GetElapsedTime(checkedAt) < checking)
                    {
                        await Write(beat);
                        continue;
                    }
                    if (moment == LiveMoment.Happened)
                    {
                        await Task.Delay(gathering, time, left);
                        feed.Rejoin(page);
                    }
                    var now = await linked.Read(token, left);
                    checkedAt = time.GetTimestamp();
                    if (now is not null) await Write(now.Print == shown.Print ? beat : changed);
                    shown = now;
                }
            }
            finally
            {
                feed.Close(page);
            }
        }
        await Write(ended);

        async Task Write(byte[] frame)
        {
            await connection.WriteAsync(frame, left);
            await connection.FlushAsync(left);
        }
    }

    private void Leave((string, string) key)
    {
        if (open.AddOrUpdate(key, 0, (_, count) => count - 1) == 0) open.TryRemove(KeyValuePair.Create(key, 0));
    }

    private sealed class Place(PartnerStreams of, (string, string) key) : IDisposable
    {
        public void Dispose() => of.Leave(key);
    }
}

using System.Collections.Immutable;
using System.Net;
using Guichet.Components;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Organisations;
using Guichet.Papers;
using Guichet.Partners;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Language = Guichet.Words.Language;

namespace Guichet.Reporting;

/// <summary>What the screens of reports need beside their pages: previews as they will leave, and acts that are a button.</summary>
internal static class ReportScreens
{
    // A report is shown as foreign as any mail: it runs nothing, fetches nothing.
    private const string Policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

    public static void AddReportScreens(this IServiceCollection services)
    {
        services.AddScoped<Previewer>();
        services.AddPartnerPage();
        services.AddNotificationText("reports-failing", "alert-triangle", Tone.Bad, (reader, told) => reader.T(
            $"Trois rapports de suite n’ont pas atteint {told[0]} : {told[1]}", $"Three reports in a row didn’t reach {told[0]}: {told[1]}"));
    }

    public static void MapReportScreens(this IEndpointRouteBuilder routes)
    {
        routes.MapPartnerPage();
        // Asked for by address: as the template says. Posted: with the texts or the template that are being written.
        routes.MapGet("/partners/{id}/report/{format}", (string id, string format, Previewer preview) => preview.Show(id, format, null)).RequireAuthorization().ExcludeFromDescription();
        routes.MapPost("/partners/{id}/report/{format}", (string id, string format, Previewer preview, IFormCollection form) => preview.Show(id, format, form))
            .RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        routes.MapPost("/reports/selection", (IFormCollection form) => Results.LocalRedirect(
            $"/reports/new?partners={string.Join('.', form["partner"].Where(id => Ids.IsValid(id)).Distinct().Take(ReportForm.MostPartners))}"))
            .RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        routes.MapGet("/reports/letterhead/logo", async (IGrainFactory grains, CurrentActor current, ReportQueries reports, HttpContext http) =>
        {
            var view = await grains.GetGrain<ILetterheadGrain>(LetterheadKey.Of(current.Organisation)).View();
            if (await reports.LogoOf(current.Organisation, view.Logo, http.RequestAborted) is not { } logo) return Results.NoContent();
            http.Response.Headers.CacheControl = "no-store";
            return Results.Bytes(logo.Bytes, logo.Logo.MediaType);
        }).RequireAuthorization().ExcludeFromDescription();
    }

    /// <summary>Shows one partner's report exactly as it would leave, in any of its forms.</summary>
    internal sealed class Previewer(ReportQueries reports, IGrainFactory grains, CurrentActor current, Reader reader, PublicAddress address, TimeProvider time, IHttpContextAccessor accessor)
    {
        public async Task<IResult> Show(string id, string format, IFormCollection? form)
        {
            var http = accessor.HttpContext!;
            if (!Ids.IsValid(id)) return Results.NotFound();
            var (scope, at) = ReportForm.Scope(name => form is null ? http.Request.Query[name] : form[name], [id], time.GetUtcNow());
            var question = new ReportQuestion(scope, at);
            var wrong = ImmutableArray<Refusal>.Empty;
            if (form is not null && form.ContainsKey("columns-form"))
            {
                (var template, wrong) = ReportTemplateCore.Check(ReportForm.Template(form) with { Columns = [.. ReportForm.Order(form).Where(column => form["columns"].Contains(column.ToString()))] });
                question = question with { Template = template };
            }
            else if (form is not null)
            {
                var refusals = ImmutableArray.CreateBuilder<Refusal>();
                ReportText? Checked(string language) => ReportForm.Text(form, language, null) is { } text ? ReportTemplateCore.Check(text, language, refusals) : null;
                question = question with { French = Checked("french"), English = Checked("english") };
                wrong = refusals.ToImmutable();
            }
            if (form is not null && form.ContainsKey("colour"))
            {
                // A colour that isn't one shows as the house's own until it is mended.
                var house = await grains.GetGrain<ILetterheadGrain>(LetterheadKey.Of(current.Organisation)).View();
                var details = new LetterheadDetails(form["colour"].ToString(), form["sender-name"], form["reply-to"], form["footer"]);
                var decision = LetterheadCore.Decide(new LetterheadState(0, house.Details, house.Logo), new ChangeLetterhead(details, 0) { Id = Guid.NewGuid(), By = current.Actor });
                wrong = decision.Refusals;
                question = question with { Letterhead = new LetterheadState(0, decision.Events is [LetterheadChanged changed] ? changed.Details : house.Details, house.Logo) };
            }
            if (await reports.Read(current.Organisation, question, http.RequestAborted) is not [var report])
                return Results.NotFound();
            http.Response.Headers.CacheControl = "no-store";
            if (!wrong.IsEmpty) return Sentences([.. wrong.Select(refusal => RefusalSentences.Of(refusal, reader.Formats))], StatusCodes.Status422UnprocessableEntity);
            var logo = await reports.LogoOf(current.Organisation, report.Letterhead.Logo, http.RequestAborted);
            // Each mail has a link of its own, made when it leaves: here is where it will stand.
            var page = report.LinksToPage ? new Uri(address.Root, PartnerLinks.PathOf("…")) : null;
            return format switch
            {
                "html" when report.IsEmpty => Sentences([Nothing(report)], StatusCodes.Status200OK),
                "html" => Html(ReportLetter.Html(report, logo is { } picture ? $"data:{picture.Logo.MediaType};base64,{Convert.ToBase64String(picture.Bytes)}" : null, page)),
                "text" => Results.Text(report.Subject + "\n\n" + ReportLetter.Text(report, page), "text/plain; charset=utf-8"),
                "pdf" => await File(report, ReportAttachment.Pdf, logo?.Image),
                "xlsx" => await File(report, ReportAttachment.Xlsx, null),
                "csv" => await File(report, ReportAttachment.Csv, null),
                _ => Results.NotFound(),
            };
        }

        private async Task<IResult> File(Report report, ReportAttachment kind, PaperImage? logo)
        {
            // Made whole before it is answered: an error then is a page, not half a file.
            var file = new MemoryStream();
            await report.Write(kind, file, logo, accessor.HttpContext!.RequestAborted);
            file.Position = 0;
            return Results.File(file, kind.MediaType(), report.FileName(kind));
        }

        private string Nothing(Report report) => report.Unchanged > 0
            ? reader.T($"Rien ne partirait à {report.Partner} : rien de nouveau depuis son dernier rapport.", $"Nothing would leave for {report.Partner}: nothing new since its last report.")
            : reader.T($"Rien ne partirait à {report.Partner} : aucune séance à rapporter.", $"Nothing would leave for {report.Partner}: no session to report.");

        private IResult Sentences(IReadOnlyList<string> sentences, int status) => Html(
            "<!DOCTYPE html><html lang=\"" + (reader.Language == Language.English ? "en" : "fr") + "\"><head><meta charset=\"utf-8\"><title>"
            + WebUtility.HtmlEncode(reader.T("Aperçu", "Preview")) + "</title></head><body style=\"margin:24px;font:16px/1.5 system-ui,sans-serif;color:#1a202c;background:#fff\">"
            + string.Concat(sentences.Select(sentence => $"<p>{WebUtility.HtmlEncode(sentence)}</p>")) + "</body></html>", status);

        private IResult Html(string html, int status = StatusCodes.Status200OK)
        {
            accessor.HttpContext!.Response.Headers.ContentSecurityPolicy = Policy;
            return Results.Content(html, "text/html; charset=utf-8", statusCode: status);
        }
    }
}

using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Exports;
using Guichet.Notifications;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Language = Guichet.Words.Language;

namespace Guichet.Links;

internal static class LinksWeb
{
    public static void AddLinkScreens(this IServiceCollection services)
    {
        services.AddDataProtection();
        services.AddSingleton<LinkDrafts>();
        services.AddNotificationText("link-offered", "arrows-exchange", Tone.Info, (reader, told) => reader.T(
            $"{told[0]} propose de vous envoyer les pointages de {told[1]}.", $"{told[0]} offers to send you the tallies of {told[1]}."));
        services.AddNotificationText("link-asked-for", "arrows-exchange", Tone.Info, (reader, told) => reader.T(
            $"{told[0]} demande à recevoir les pointages de {told[1]}.", $"{told[0]} asks to receive the tallies of {told[1]}."));
        services.AddNotificationText("link-accepted", "plug-connected", Tone.Good, (reader, told) => reader.T(
            $"{told[0]} a accepté la liaison pour {told[1]}.", $"{told[0]} accepted the link for {told[1]}."));
        services.AddNotificationText("link-refused", "ban", Tone.Bad, (reader, told) => reader.T(
            $"{told[0]} a refusé la liaison pour {told[1]}{Said(reader, told, 2)}.", $"{told[0]} refused the link for {told[1]}{Said(reader, told, 2)}."));
        services.AddNotificationText("link-withdrawn", "arrow-back-up", Tone.Muted, (reader, told) => reader.T(
            $"{told[0]} a retiré sa demande de liaison pour {told[1]}.", $"{told[0]} withdrew its link request for {told[1]}."));
        services.AddNotificationText("link-expired", "clock", Tone.Muted, (reader, told) => reader.T(
            $"Sans réponse de {told[0]}, la demande de liaison pour {told[1]} a expiré.", $"Without an answer from {told[0]}, the link request for {told[1]} has expired."));
        services.AddNotificationText("link-suspended", "player-pause", Tone.Warn, (reader, told) => reader.T(
            $"{told[0]} a suspendu la liaison pour {told[1]}{Said(reader, told, 2)}.", $"{told[0]} suspended the link for {told[1]}{Said(reader, told, 2)}."));
        services.AddNotificationText("link-resumed", "player-play", Tone.Good, (reader, told) => reader.T(
            $"{told[0]} a levé sa suspension de la liaison pour {told[1]}.", $"{told[0]} lifted its suspension of the link for {told[1]}."));
        services.AddNotificationText("link-cancelled", "plug-connected-x", Tone.Bad, (reader, told) => reader.T(
            $"{told[0]} a mis fin à la liaison pour {told[1]}{Said(reader, told, 2)}.", $"{told[0]} ended the link for {told[1]}{Said(reader, told, 2)}."));
        services.AddNotificationText("link-ended-by-session", "plug-connected-x", Tone.Bad, (reader, told) =>
        {
            var why = LinkWords.Ended(reader, told[3] == "sender-session-refused" ? told[0] : told[1], told[4]);
            return reader.T($"La liaison pour {told[2]} a pris fin. {why}.", $"The link for {told[2]} is over. {why}.");
        });
        services.AddNotificationText("link-delivery-failed", "alert-triangle", Tone.Warn, (reader, told) => reader.T(
            $"Les pointages de {told[1]} n’arrivent plus chez {told[0]}\u00A0; ils sont gardés et renvoyés.", $"The tallies of {told[1]} no longer reach {told[0]}; they are kept and sent again."));
    }

    public static void MapLinkScreens(this IEndpointRouteBuilder routes)
    {
        // Whoever has the address may read it: a spreadsheet can't sign in. It is limited like any look-up, so that guessing goes nowhere.
        routes.MapMethods("/shared/{token}.csv", ["GET", "HEAD"], Shared).AllowAnonymous().RequireRateLimiting(RateLimits.LookUp).ExcludeFromDescription();
        routes.MapGet("/links/export", Export).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Reader)).ExcludeFromDescription();
    }

    /// <summary>The form of this request, if that is what it carries.</summary>
    public static bool HasFormContent(this HttpContext http) => HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType;

    private static async Task<IResult> Shared(string token, string? lang, HttpContext http, LinkAddress address, Reader reader)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers["X-Robots-Tag"] = "noindex";
        headers["Referrer-Policy"] = "no-referrer";
        Organisations.Language? language = Languages.FromTag(lang) switch
        {
            Language.French => Organisations.Language.French,
            Language.English => Organisations.Language.English,
            _ => null,
        };
        if (await address.Read(token, language, http.RequestAborted) is not { } answer)
            return Results.Text(reader.T("Cette adresse ne répond pas, ou plus.", "This address doesn’t answer, or no longer does."), statusCode: StatusCodes.Status404NotFound);
        if (answer.Content is null)
            return Results.Text(
                reader.T($"Ce partage est suspendu depuis {reader.Formats.DateTimeShort(answer.SuspendedSince!.Value)}.", $"This sharing has been suspended since {reader.Formats.DateTimeShort(answer.SuspendedSince!.Value)}."),
                statusCode: StatusCodes.Status403Forbidden);
        return Results.File(answer.Content, Spreadsheet.CsvType, answer.FileName);
    }

    /// <summary>The list as it is filtered and ordered, whole.</summary>
    private static async Task Export(HttpContext http, CurrentActor current, LinkQueries links, Reader reader)
    {
        var list = ListView.Of(http.Request, sort: "attention");
        var french = reader.Language == Language.French;
        ImmutableArray<ExportColumn> columns =
        [
            new(reader.T("Séance", "Session"), ExportKind.Text, 30), new(reader.T("Date", "Date"), ExportKind.DateTime, 18), new(reader.T("Lieu", "Place"), ExportKind.Text, 24),
            new(reader.T("Sens", "Direction"), ExportKind.Text), new(reader.T("Partenaire", "Partner"), ExportKind.Text, 24), new(reader.T("Partagé", "Shared"), ExportKind.Text, 30),
            new(reader.T("État", "State"), ExportKind.Text), new(reader.T("Depuis", "Since"), ExportKind.DateTime, 18),
        ];
        var export = new Export(reader.T("Liaisons", "Links"), columns, Rows(), french ? ExportLanguage.French : ExportLanguage.English);
        await Download.Table(http, export, french ? "liaisons" : "links", "csv");

        async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows()
        {
            var filter = LinkLists.FilterOf(list, list.Filter("tab")) with { Offset = 0, Limit = 500 };
            while (true)
            {
                var page = await links.List(current.Organisation, filter, http.RequestAborted);
                foreach (var (link, _) in page.Rows)
                    yield return
                    [
                        ExportCell.Of(link.Session?.Title ?? link.Description), link.Session is { } session ? ExportCell.Of(session.LocalStart) : ExportCell.Empty,
                        ExportCell.Of(link.Session?.Place), ExportCell.Of(reader.Word(link.Side)), ExportCell.Of(link.Counterpart.Name),
                        ExportCell.Of(reader.Terms(link.Terms, link.Scope)), ExportCell.Of(reader.Word(link.Status)), ExportCell.Of(reader.Formats.Local(link.Since)),
                    ];
                if (page.Rows.Length < filter.Limit) yield break;
                filter = filter with { Offset = filter.Offset + filter.Limit };
            }
        }
    }

    private static string Said(Reader reader, ImmutableArray<string> told, int at) =>
        told.Length > at && told[at].Length > 0 ? $"{reader.T("\u00A0: ", ": ")}{reader.Formats.Quote(told[at])}" : "";
}

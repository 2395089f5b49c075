using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Guichet.Contacts;
using Guichet.Exports;
using Guichet.Live;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guichet.Portals;

/// <summary>What contacts' spaces need beside their pages.</summary>
internal static class SpaceScreens
{
    public static void AddSpaceScreens(this IServiceCollection services)
    {
        services.AddSingleton<SpaceBrowsers>();
        services.AddScoped<ProducedShows>();
        services.AddScoped<SpaceConsents>();
        services.AddScoped<Exporter>();
    }

    public static void MapSpaceScreens(this IEndpointRouteBuilder routes)
    {
        routes.MapAccountActs();
        routes.MapSpacePreferences();
        var space = routes.MapGroup("/space/{house}").ExcludeFromDescription();
        // To what the contact most likely came for.
        space.MapGet("", async (string house, HttpContext http, CurrentActor current, Productions productions, Reader reader) => Results.LocalRedirect(
            http.User.HasClaim(Actors.ContactTypeClaim, nameof(ContactType.Support)) ? $"{SpaceAddress.Of(house)}/support"
            : (await productions.Of(current.Organisation, current.Actor.Id, reader.Formats.Today, http.RequestAborted)).Length > 0 ? $"{SpaceAddress.Of(house)}/shows"
            : $"{SpaceAddress.Of(house)}/details")).RequireAuthorization(InSpaceAttribute.Name);
        // The form is taken so that its token is checked.
        space.MapPost("sign-out", async (string house, HttpContext http, SpaceBrowsers browsers, CurrentActor current, IFormCollection _) =>
        {
            if (current.IfAny is { } who) await browsers.Tell(who.Organisation, who.Id, http.User.FindFirst(SignedIn.SessionClaim)?.Value ?? "");
            await browsers.End(http, house);
            return Results.LocalRedirect($"{SpaceAddress.Of(house)}/sign-in");
        }).AllowAnonymous();
        space.MapPost("consents/choose", (string house, SpaceConsents consents, IFormCollection form) => consents.Choose(house, form)).RequireAuthorization(InSpaceAttribute.Name);
        space.MapGet("export/shows.{format}", (string format, Exporter exporter) => exporter.Write(format)).RequireAuthorization(InSpaceAttribute.Name);
        // An event source can't read a status: who isn't signed in is told in its own words that there is nothing to tell.
        space.MapGet("live", Live).AllowAnonymous();
    }

    /// <summary>Only that the contact's own list of shows changed. Each reading looks up anew who the cookie stands for.</summary>
    private static Task<IResult> Live(
        string house, HttpContext http, FollowedPages pages, ProducedShows shows, RememberedAccess access, CurrentActor current, Reader reader, IHostApplicationLifetime node) => pages.Answer(
        http,
        async left => SpaceBrowsers.CookieOf(house).Read(http.Request) is { } secret && await access.Contact(secret, left) is { } who && who.Organisation == house
            ? await shows.Followed(house, who.ContactId, who.Zone, reader.Language, reader.Formats, left)
            : null,
        current.IfAny?.Id ?? "", http.User.FindFirst(SignedIn.SessionClaim)?.Value ?? "", node);

    internal sealed class Exporter(ProducedShows shows, CurrentActor current, Reader reader, TimeProvider time, IHttpContextAccessor accessor)
    {
        public async Task Write(string format)
        {
            var http = accessor.HttpContext!;
            if (!Download.IsTable(format))
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var all = await shows.Of(current.Organisation, current.Actor.Id, reader.Formats, http.RequestAborted);
            var revenue = all.Any(one => one.Revenue);
            var export = new Export(
                reader.T("Spectacles", "Shows"), [.. Columns, .. revenue ? Revenue : []], all.Select(one => Cells(one, revenue)).ToAsyncEnumerable(),
                reader.Language == Words.Language.French ? ExportLanguage.French : ExportLanguage.English);
            var day = reader.Formats.Local(time.GetUtcNow()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await Download.Table(http, export, $"{reader.T("spectacles", "shows")}-{day}", format);
        }

        private ImmutableArray<ExportColumn> Columns =>
        [
            .. SessionExportColumns.Sales(reader),
            new(reader.T("Écart depuis hier", "Change since yesterday"), ExportKind.Whole, 14),
            new(reader.T("Dernier pointage", "Last tally"), ExportKind.DateTime, 18),
        ];

        private ImmutableArray<ExportColumn> Revenue => [.. SessionExportColumns.Revenue(reader), new(reader.T("Devise", "Currency"), ExportKind.Text, 8)];

        private ImmutableArray<ExportCell> Cells(ProducedShow one, bool revenue)
        {
            var row = one.Row;
            return
            [
                .. SessionExportColumns.Sales(reader, row),
                row.DeltaSinceYesterday is { } delta ? ExportCell.Of(delta) : ExportCell.Empty,
                row.TallyAt is { } at ? ExportCell.Of(reader.Formats.Local(at)) : ExportCell.Empty,
                .. revenue ? [.. SessionExportColumns.Revenue(row), one.Revenue ? ExportCell.Of(row.Currency) : ExportCell.Empty] : ImmutableArray<ExportCell>.Empty,
            ];
        }
    }
}

using System.Collections.Frozen;
using System.Globalization;
using Guichet.Components;
using Guichet.Exports;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Shell;
using Guichet.Tallies;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Takings;

/// <summary>The house's papers as files.</summary>
internal static class TakingsScreens
{
    public static void AddTakingsScreens(this IServiceCollection services)
    {
        services.AddScoped<Files>();
        services.AddSingleton<IQuarterlyFormat, SibilDraft>();
    }

    public static void MapTakingsScreens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sessions/{id}/takings.pdf", (string id, Files files) => files.Statement(id, "pdf", files.Pdf)).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/sessions/{id}/takings.xlsx", (string id, Files files) => files.Statement(id, "xlsx", files.Workbook)).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/takings/quarterly.csv", (Files files) => files.Quarterly()).RequireAuthorization().ExcludeFromDescription();
    }

    internal sealed class Files(
        SessionQueries sessions, TakingsQueries takings, IQuarterlyFormat format, CurrentActor current, IGrainFactory grains, Reader reader, TimeProvider time, IHttpContextAccessor accessor)
    {
        private HttpContext Http => accessor.HttpContext!;

        /// <summary>By the version of the tally that is asked for, else the last, in the language that is asked for, else the reader's.</summary>
        public async Task<IResult> Statement(string id, string kind, Func<StatementPaper, Task> write)
        {
            if (!Ids.IsValid(id) || await grains.GetGrain<ISessionGrain>(GrainKey.Of(current.Organisation, id)).View() is not { } view) return Results.NotFound();
            var asked = Http.Request.Query["version"].ToString();
            var tally = asked.Length == 0 ? view.Current : await Version(id, asked);
            if (tally is null)
            {
                if (asked.Length > 0) return Results.NotFound();
                Flash.Leave(Http, Tone.Bad, reader.T("Le relevé de recettes se fait sur un pointage validé : validez-en un d’abord.", "A takings statement is made of a validated tally: validate one first."));
                return Results.LocalRedirect($"/sessions/{id}");
            }
            var show = await grains.GetGrain<IShowGrain>(GrainKey.Of(current.Organisation, view.Details.ShowId)).View();
            var language = Languages.FromTag(Http.Request.Query["language"]) ?? reader.Language;
            var paper = new StatementPaper(
                new Reader(new Formats(language, reader.Formats.Zone, time)), SignedIn.From(Http.User)!.OrganisationName, view, show?.Details, tally, time.GetUtcNow());
            Download.Begin(Http, kind == "pdf" ? "application/pdf" : Spreadsheet.XlsxType, $"{paper.FileName}.{kind}");
            await write(paper);
            return Results.Empty;
        }

        public Task Pdf(StatementPaper paper) => paper.Write(Http.Response.Body, Http.RequestAborted);

        public Task Workbook(StatementPaper paper)
        {
            return Download.Workbook(Http, paper.Sheet());
        }

        public async Task Quarterly()
        {
            var quarter = QuarterlyForm.QuarterOf(Http.Request.Query, reader.Formats.Today);
            var made = QuarterlyReturn.Of(quarter, await takings.Played(current.Organisation, quarter, Http.RequestAborted), QuarterlyForm.KindsOf(Http.Request.Query));
            Download.Begin(Http, Spreadsheet.CsvType, format.FileName(quarter, reader));
            await Spreadsheet.WriteCsv(Http.Response.Body, format.Write(made, reader), Http.RequestAborted);
        }

        private async Task<Tally?> Version(string id, string asked)
        {
            if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version is 0 or int.MaxValue) return null;
            if (await sessions.Versions(current.Organisation, id, version + 1, 1, Http.RequestAborted) is not [var row] || row.Version != version) return null;
            return new Tally(row.Version, row.Lines, row.Figures, row.Source, row.SourceName, row.Note, row.At, row.By);
        }
    }
}

/// <summary>What the page of the quarterly return is asked for, in its address.</summary>
internal static class QuarterlyForm
{
    private const string Kind = "kind.";

    /// <summary>The quarter that is asked for, else the last that is over: the one to declare.</summary>
    public static Quarter QuarterOf(IQueryCollection query, DateOnly today) =>
        Quarter.TryParse(query["quarter"], out var quarter) ? quarter : Quarter.Of(today).Before;

    public static string FieldOf(ReturnTariff tariff) => Kind + tariff.Key;

    public static FrozenDictionary<string, TariffKind> KindsOf(IQueryCollection query) => query
        .Where(field => field.Key.StartsWith(Kind, StringComparison.Ordinal) && Enum.TryParse<TariffKind>(field.Value, ignoreCase: true, out var kind) && Enum.IsDefined(kind))
        .ToFrozenDictionary(field => field.Key[Kind.Length..], field => Enum.Parse<TariffKind>(field.Value!, ignoreCase: true), StringComparer.Ordinal);
}

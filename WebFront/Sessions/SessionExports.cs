using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Guichet.Components;
using Guichet.Dashboard;
using Guichet.Exports;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Sessions;

/// <summary>Lists of sessions as files: the same filters and order as the address they are asked from, every row and every figure.</summary>
internal static class SessionExports
{
    private const int RowsPerRead = 1_000;

    public static void MapSessionExports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/export/on-sale.{format}", (string format, Exporter exporter) => exporter.Write(format, "-date", DashboardFilter.Of)).RequireAuthorization().ExcludeFromDescription();
        routes.MapGet("/export/sessions.{format}", (string format, Exporter exporter) => exporter.Write(format, "-date", view => SessionListFilter.Of(view, exporter.Formats))).RequireAuthorization().ExcludeFromDescription();
    }

    internal sealed class Exporter(SessionQueries sessions, CurrentActor current, Reader reader, IHttpContextAccessor accessor)
    {
        public Formats Formats => reader.Formats;

        public async Task Write(string format, string sort, Func<ListView, SessionFilter> filterOf)
        {
            var http = accessor.HttpContext!;
            if (!Download.IsTable(format))
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var filter = filterOf(ListView.Of(http.Request, sort));
            var name = reader.T("seances", "sessions") + "-" + Formats.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var export = new Export(
                reader.T("Séances", "Sessions"), Columns, Rows(filter, http.RequestAborted), reader.Language == Words.Language.French ? ExportLanguage.French : ExportLanguage.English);
            await Download.Table(http, export, name, format);
        }

        private ImmutableArray<ExportColumn> Columns =>
        [
            .. SessionExportColumns.Sales(reader),
            new(reader.T("Écart avec le pointage précédent", "Change since the tally before"), ExportKind.Whole, 14),
            new(reader.T("Écart depuis hier", "Change since yesterday"), ExportKind.Whole, 14),
            .. SessionExportColumns.Revenue(reader),
            new(reader.T("Prix moyen", "Average price"), ExportKind.Amount, 12),
            new(reader.T("Devise", "Currency"), ExportKind.Text, 8),
            new(reader.T("Version", "Version"), ExportKind.Whole, 8),
            new(reader.T("Dernier pointage", "Last tally"), ExportKind.DateTime, 18),
            new(reader.T("Par", "By"), ExportKind.Text, 20),
            new(reader.T("Source", "Source"), ExportKind.Text, 24),
            new(reader.T("Reçue de", "Received from"), ExportKind.Text, 20),
        ];

        private async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows(SessionFilter filter, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            var today = Formats.StartOf(Formats.Today);
            for (var offset = 0; ; offset += RowsPerRead)
            {
                var page = await sessions.List(current.Organisation, filter with { Offset = offset, Limit = RowsPerRead }, today, cancellation);
                foreach (var row in page.Rows) yield return Cells(row);
                if (page.Rows.Length < RowsPerRead) yield break;
            }
        }

        private ImmutableArray<ExportCell> Cells(SessionRow row) =>
        [
            .. SessionExportColumns.Sales(reader, row),
            row.Delta is { } delta ? ExportCell.Of(delta) : ExportCell.Empty,
            row.DeltaSinceYesterday is { } day ? ExportCell.Of(day) : ExportCell.Empty,
            .. SessionExportColumns.Revenue(row),
            row.AveragePriceMinor is { } average ? ExportCell.Of(new Money(average, row.Currency)) : ExportCell.Empty,
            ExportCell.Of(row.Currency),
            ExportCell.Of(row.Version),
            row.TallyAt is { } at ? ExportCell.Of(Formats.Local(at)) : ExportCell.Empty,
            ExportCell.Of(row.TallyBy),
            row.TallySource is { } source ? ExportCell.Of(reader.Source(source, row.TallySourceName)) : ExportCell.Empty,
            ExportCell.Of(row.IncomingFrom),
        ];
    }
}

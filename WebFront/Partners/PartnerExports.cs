using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Guichet.Components;
using Guichet.Exports;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Partners;

/// <summary>The list of partners as a file: the same filters and order as the address it is asked from. An import reads it back.</summary>
internal static class PartnerExports
{
    private const int RowsPerRead = 1_000;

    public static void MapPartnerExports(this IEndpointRouteBuilder routes) => routes
        .MapGet("/export/partners.{format}", (string format, Exporter exporter) => exporter.Write(format)).RequireAuthorization().ExcludeFromDescription();

    internal sealed class Exporter(PartnerQueries partners, CurrentActor current, Reader reader, IHttpContextAccessor accessor)
    {
        public async Task Write(string format)
        {
            var http = accessor.HttpContext!;
            if (!Download.IsTable(format))
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var filter = PartnerListFilter.Of(ListView.Of(http.Request, "name"));
            var name = reader.T("partenaires", "partners") + "-" + reader.Formats.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var export = new Export(
                reader.T("Partenaires", "Partners"), Columns, Rows(filter, http.RequestAborted), reader.Language == Words.Language.French ? ExportLanguage.French : ExportLanguage.English);
            await Download.Table(http, export, name, format);
        }

        private ImmutableArray<ExportColumn> Columns =>
        [
            new(reader.T("Nom", "Name"), ExportKind.Text, 30),
            new(reader.T("Groupe", "Group"), ExportKind.Text, 12),
            new(reader.T("E-mail", "E-mail"), ExportKind.Text, 40),
            new(reader.T("Copie", "Cc"), ExportKind.Text, 40),
            new(reader.T("Langue", "Language"), ExportKind.Text, 10),
            new(reader.T("Enveloppe", "Envelope"), ExportKind.Text, 16),
            new(reader.T("Pourquoi", "Why"), ExportKind.Text, 44),
            new(reader.T("Séances en vente", "Sessions on sale"), ExportKind.Whole, 10),
            new(reader.T("Dernier rapport", "Last report"), ExportKind.DateTime, 18),
            new(reader.T("Archivé", "Archived"), ExportKind.Text, 10),
            new(reader.T("Note", "Note"), ExportKind.Text, 40),
        ];

        private async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows(PartnerFilter filter, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            for (var offset = 0; ; offset += RowsPerRead)
            {
                var page = await partners.List(current.Organisation, filter with { Offset = offset, Limit = RowsPerRead }, cancellation);
                foreach (var row in page.Rows) yield return Cells(row);
                if (page.Rows.Length < RowsPerRead) yield break;
            }
        }

        private ImmutableArray<ExportCell> Cells(PartnerRow row) =>
        [
            ExportCell.Of(row.Details.Name),
            ExportCell.Of(reader.Word(row.Details.Group)),
            ExportCell.Of(Addresses(row, RecipientKind.To)),
            ExportCell.Of(Addresses(row, RecipientKind.Cc)),
            ExportCell.Of(reader.Word(row.Details.Language)),
            ExportCell.Of(reader.Word(row.Envelope.State)),
            ExportCell.Of(reader.Reason(row.Envelope)),
            ExportCell.Of(row.Envelope.OnSale),
            row.Envelope.ReportedAt is { } at ? ExportCell.Of(reader.Formats.Local(at)) : ExportCell.Empty,
            ExportCell.Of(row.Archived ? reader.T("oui", "yes") : ""),
            ExportCell.Of(row.Details.Note),
        ];

        /// <summary>As an import takes them: <c>Claire Morin &lt;claire@example.org&gt;, paul@example.org</c>.</summary>
        private static string Addresses(PartnerRow row, RecipientKind kind) => string.Join(", ", row.Details.Addresses
            .Where(address => address.Kind == kind)
            .Select(address => address.Name is null ? address.Email : $"\"{address.Name.Replace('"', '\'')}\" <{address.Email}>"));
    }
}

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
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Contacts;

/// <summary>A contact's histories as files: what their pages show, from the first row to the last. A purchase has a line for each of its own.</summary>
internal static class ContactHistoryExports
{
    private const int RowsPerRead = 500;

    public static void AddContactHistories(this IServiceCollection services) => services.AddScoped<Exporter>();

    public static void MapContactHistories(this IEndpointRouteBuilder routes) => routes
        .MapGet("/export/contacts/{id}/{history}.{format}", (string id, string history, string format, Exporter exporter) => exporter.Write(id, history, format)).RequireAuthorization().ExcludeFromDescription();

    internal sealed class Exporter(ContactHistoryQueries histories, IGrainFactory grains, CurrentActor current, Reader reader, IHttpContextAccessor accessor)
    {
        public async Task Write(string id, string asked, string format)
        {
            var http = accessor.HttpContext!;
            if (!Download.IsTable(format) || ContactHistoryWords.HistoryOf(asked) is not { } history || !Ids.IsValid(id)
                || await grains.GetGrain<IContactGrain>(GrainKey.Of(current.Organisation, id)).View() is not { } contact)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var filter = HistoryAddress.FilterOf(ListView.Of(http.Request, "-date", "after"), reader.Formats.Zone);
            var name = string.Create(CultureInfo.InvariantCulture, $"contact-{contact.Number}-{reader.T(FrenchName(history), asked)}-{reader.Formats.Today:yyyy-MM-dd}");
            var (columns, rows) = history switch
            {
                ContactHistory.Purchases => (PurchaseColumns, Rows(id, filter, histories.Purchases, Lines, http.RequestAborted)),
                ContactHistory.Payments => (PaymentColumns, Rows(id, filter, histories.Payments, row => [Cells(row)], http.RequestAborted)),
                ContactHistory.Cultural => (CulturalColumns, Rows(id, filter, histories.Cultural, row => [Cells(row)], http.RequestAborted)),
                _ => (MessageColumns, Rows(id, filter, histories.Sent, row => [Cells(row)], http.RequestAborted)),
            };
            var export = new Export(reader.Title(history), columns, rows, reader.Language == Words.Language.French ? ExportLanguage.French : ExportLanguage.English);
            await Download.Table(http, export, name, format);
        }

        private static string FrenchName(ContactHistory history) => history switch
        {
            ContactHistory.Purchases => "achats",
            ContactHistory.Payments => "reglements",
            ContactHistory.Cultural => "culturel",
            _ => "envois",
        };

        private async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows<TRow>(
            string id, HistoryFilter filter, Func<string, string, HistoryFilter, HistoryPlace?, int, CancellationToken, Task<HistoryPage<TRow>>> read,
            Func<TRow, IEnumerable<ImmutableArray<ExportCell>>> cells, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            HistoryPlace? after = null;
            do
            {
                var page = await read(current.Organisation, id, filter, after, RowsPerRead, cancellation);
                foreach (var row in page.Rows.SelectMany(cells)) yield return row;
                after = page.Next;
            }
            while (after is not null);
        }

        private ImmutableArray<ExportColumn> PurchaseColumns =>
        [
            Text(reader.T("Commande", "Order"), 16), Date, Text(reader.T("Personne", "Person"), 30), Text(reader.T("Produit", "Product"), 14), Text(reader.T("Titre", "Title"), 36),
            new(reader.T("Séance", "Session"), ExportKind.DateTime, 18), Text(reader.T("Catégorie", "Category"), 14), Text(reader.T("Tarif", "Tariff"), 14),
            new(reader.T("Quantité", "Quantity"), ExportKind.Whole, 10), new(reader.T("Restent", "Left"), ExportKind.Whole, 10), new(reader.T("Montant de la ligne", "Line amount"), ExportKind.Money, 16),
            new(reader.T("Reste de la commande", "Left of the order"), ExportKind.Money, 16), Text(reader.T("Filière", "Channel"), 14), Text(reader.T("Point de vente", "Point of sale"), 18),
            Source, Id,
        ];

        private ImmutableArray<ExportColumn> PaymentColumns =>
            [Date, Text(reader.T("Personne", "Person"), 30), Text(reader.T("Moyen", "Means"), 16), new(reader.T("Montant", "Amount"), ExportKind.Money, 16), Text(reader.T("Achats réglés", "Settles"), 30), Source, Id];

        private ImmutableArray<ExportColumn> CulturalColumns =>
        [
            new(reader.T("Séance", "Session"), ExportKind.DateTime, 18), Text(reader.T("Spectacle", "Show"), 36), Text(reader.T("Lieu", "Place"), 24), Text(reader.T("Personne", "Person"), 30),
            Text(reader.T("État", "State"), 14), new(reader.T("Personnes", "Persons"), ExportKind.Whole, 10), Text(reader.T("Places", "Seats"), 18), Text(reader.T("Catégorie", "Category"), 14),
            Text(reader.T("Tarif", "Tariff"), 14), Source, Id,
        ];

        private ImmutableArray<ExportColumn> MessageColumns =>
        [
            Date, Text(reader.T("Personne", "Person"), 30), Text(reader.T("Voie", "Way"), 10), Text(reader.T("Objet", "Subject"), 44), Text(reader.T("Campagne", "Campaign"), 24),
            Text(reader.T("État", "State"), 14), Text(reader.T("Adresse", "Address"), 30), Source, Id,
        ];

        private ExportColumn Date => new(reader.T("Date", "Date"), ExportKind.DateTime, 18);

        private ExportColumn Source => Text(reader.T("Source", "Source"), 14);

        private ExportColumn Id => Text(reader.T("Identifiant", "Identifier"), 20);

        private static ExportColumn Text(string title, int width) => new(title, ExportKind.Text, width);

        private IEnumerable<ImmutableArray<ExportCell>> Lines(PurchaseRow row) => row.Purchase.Lines.Select((line, i) => (ImmutableArray<ExportCell>)
        [
            ExportCell.Of(row.Purchase.Order), At(row.Told.OccurredAt), ExportCell.Of(row.Whose.Shown), ExportCell.Of(reader.Word(line.Product)), ExportCell.Of(line.Title),
            line.SessionAt is { } session ? At(session) : ExportCell.Empty, ExportCell.Of(line.Category), ExportCell.Of(line.Tariff), ExportCell.Of(line.Quantity), ExportCell.Of(row.Left[i]),
            ExportCell.Of(new Money(line.AmountMinor, row.Purchase.Currency)), i == 0 ? ExportCell.Of(new Money(row.NetMinor, row.Purchase.Currency)) : ExportCell.Empty, ExportCell.Of(row.Purchase.Channel),
            ExportCell.Of(row.Purchase.PointOfSale), ExportCell.Of(row.Told.Source), ExportCell.Of(row.Told.Id),
        ]);

        private ImmutableArray<ExportCell> Cells(PaymentRow row) =>
        [
            At(row.Told.OccurredAt), ExportCell.Of(row.Whose.Shown), ExportCell.Of(row.Payment.Means),
            ExportCell.Of(row.Payment.Amount with { Minor = row.Payment.Refund ? -row.Payment.Amount.Minor : row.Payment.Amount.Minor }), ExportCell.Of(string.Join(", ", row.Payment.Settles)),
            ExportCell.Of(row.Told.Source), ExportCell.Of(row.Told.Id),
        ];

        private ImmutableArray<ExportCell> Cells(OutingRow row) =>
        [
            At(row.SessionAt), ExportCell.Of(row.Title), ExportCell.Of(row.Place), ExportCell.Of(row.Whose.Shown), ExportCell.Of(reader.Word(row.State)), ExportCell.Of(row.Quantity), ExportCell.Of(row.Seats),
            ExportCell.Of(row.Category), ExportCell.Of(row.Tariff), ExportCell.Of(row.Source), ExportCell.Of(row.Id),
        ];

        private ImmutableArray<ExportCell> Cells(MessageRow row) =>
        [
            At(row.At), ExportCell.Of(row.Whose.Shown), ExportCell.Of(reader.Word(row.Message?.Channel ?? MessageChannel.Email)), ExportCell.Of(reader.Subject(row)), ExportCell.Of(row.Message?.Campaign),
            ExportCell.Of(reader.StateOf(row)), ExportCell.Of(row.Message?.Address ?? row.Report?.Email ?? row.Letter?.Email), ExportCell.Of(reader.Source(row.Source)), ExportCell.Of(row.Id),
        ];

        private ExportCell At(DateTimeOffset instant) => ExportCell.Of(reader.Formats.Local(instant));
    }
}

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

namespace Guichet.Contacts;

/// <summary>The list of contacts as a file: those that its address finds, in its order, however many.</summary>
internal static class ContactExports
{
    public static void MapContactExports(this IEndpointRouteBuilder routes) => routes
        .MapGet("/export/contacts.{format}", (string format, Exporter exporter) => exporter.Write(format)).RequireAuthorization().ExcludeFromDescription();

    internal sealed class Exporter(ContactQueries contacts, CurrentActor current, Reader reader, IHttpContextAccessor accessor)
    {
        public async Task Write(string format)
        {
            var http = accessor.HttpContext!;
            var list = ContactList.Of(ListView.Of(http.Request, ContactList.Order));
            if (!Download.IsTable(format) && format != "vcf")
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            // A file of everybody is no answer to a search that wasn't understood.
            if (!list.Wrong.IsEmpty)
            {
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }
            var name = reader.T("contacts", "contacts") + "-" + reader.Formats.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            if (format == "vcf")
            {
                Download.Begin(http, VCard.Type, $"{name}.vcf");
                await VCard.Write(http.Response.Body, contacts.Details(current.Organisation, list.Filter, reader.Formats.Today, http.RequestAborted), http.RequestAborted);
                return;
            }
            var export = new Export(
                reader.T("Contacts", "Contacts"), Columns, Rows(list.Filter, http.RequestAborted), reader.Language == Words.Language.French ? ExportLanguage.French : ExportLanguage.English);
            await Download.Table(http, export, name, format);
        }

        private ImmutableArray<ExportColumn> Columns =>
        [
            new(reader.T("N°", "No."), ExportKind.Whole, 10),
            new(reader.T("Nature", "Kind"), ExportKind.Text, 12),
            new(reader.T("Types", "Types"), ExportKind.Text, 20),
            new(reader.T("Rôle", "Role"), ExportKind.Text, 20),
            new(reader.T("Civilité", "Title"), ExportKind.Text, 12),
            new(reader.T("Nom", "Name"), ExportKind.Text, 28),
            new(reader.T("Prénom", "First name"), ExportKind.Text, 20),
            new(reader.T("Date de naissance", "Birth date"), ExportKind.Date, 12),
            new(reader.T("E-mail", "E-mail"), ExportKind.Text, 32),
            new(reader.T("Téléphone", "Phone"), ExportKind.Text, 18),
            new(reader.T("Contact relais", "Relay contact"), ExportKind.Text, 26),
            new(reader.T("Adresse", "Address"), ExportKind.Text, 36),
            new(reader.T("Code postal", "Postcode"), ExportKind.Text, 10),
            new(reader.T("Ville", "City"), ExportKind.Text, 22),
            new(reader.T("Pays", "Country"), ExportKind.Text, 8),
            new(reader.T("Étiquettes", "Tags"), ExportKind.Text, 30),
            new(reader.T("Compte internet", "Internet account"), ExportKind.Text, 28),
            new(reader.T("Non valide", "Not valid"), ExportKind.Text, 10),
            new(reader.T("Archivé", "Archived"), ExportKind.Text, 10),
        ];

        private async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows(ContactFilter filter, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            await foreach (var row in contacts.All(current.Organisation, filter, reader.Formats.Today, cancellation)) yield return Cells(row);
        }

        private ImmutableArray<ExportCell> Cells(ContactRow row) =>
        [
            ExportCell.Of(row.Number),
            ExportCell.Of(reader.Word(row.Kind)),
            ExportCell.Of(string.Join(", ", row.Types.Select(reader.Word))),
            ExportCell.Of(string.Join(", ", row.Roles.Select(reader.Word))),
            ExportCell.Of(row.Title),
            ExportCell.Of(row.Name),
            ExportCell.Of(row.FirstName),
            row.BirthDate is { } born ? ExportCell.Of(born) : ExportCell.Empty,
            ExportCell.Of(row.Email),
            ExportCell.Of(row.Phone),
            ExportCell.Of(row.Relay),
            ExportCell.Of(row.Address),
            ExportCell.Of(row.Postcode),
            ExportCell.Of(row.City),
            ExportCell.Of(row.Country),
            ExportCell.Of(string.Join(", ", row.Tags)),
            ExportCell.Of(row.Account),
            ExportCell.Of(row.NotValid ? reader.T("oui", "yes") : ""),
            ExportCell.Of(row.Archived ? reader.T("oui", "yes") : ""),
        ];
    }
}

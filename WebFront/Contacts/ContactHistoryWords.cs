using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Reporting;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>The words of the four histories.</summary>
internal static class ContactHistoryWords
{
    public static string Word(this Reader reader, ProductKind product) => product switch
    {
        ProductKind.Ticket => reader.T("Billet", "Ticket"),
        ProductKind.Subscription => reader.T("Abonnement", "Subscription"),
        ProductKind.Membership => reader.T("Adhésion", "Membership"),
        ProductKind.Voucher => reader.T("Bon", "Voucher"),
        ProductKind.Article => reader.T("Article", "Article"),
        ProductKind.Fee => reader.T("Frais", "Fee"),
        _ => reader.T("Autre", "Other"),
    };

    public static string Word(this Reader reader, OutingState state) => state switch
    {
        OutingState.Bought => reader.T("place achetée", "place bought"),
        OutingState.Expected => reader.T("attendu", "expected"),
        OutingState.Attended => reader.T("venu", "came"),
        OutingState.Absent => reader.T("absent", "absent"),
        _ => reader.T("annulé", "cancelled"),
    };

    public static string Meaning(this Reader reader, OutingState state) => state switch
    {
        OutingState.Bought => reader.T("Un achat le dit ; rien ne dit s’il est venu.", "A purchase says so; nothing says whether they came."),
        OutingState.Expected => reader.T("La caisse l’attend à cette séance.", "The till expects them at this session."),
        OutingState.Attended => reader.T("Le contrôle l’a vu entrer.", "The gate saw them come in."),
        OutingState.Absent => reader.T("Il avait une place et n’est pas venu.", "They had a place and didn’t come."),
        _ => reader.T("Il n’a plus de place à cette séance.", "They have no place at this session any more."),
    };

    public static Tone ToneOf(OutingState state) => state switch
    {
        OutingState.Attended => Tone.Good,
        OutingState.Absent => Tone.Warn,
        OutingState.Cancelled => Tone.Muted,
        _ => Tone.Info,
    };

    public static string IconOf(OutingState state) => state switch
    {
        OutingState.Attended => "circle-check",
        OutingState.Absent => "circle-x",
        OutingState.Cancelled => "ban",
        OutingState.Expected => "hourglass",
        _ => "ticket",
    };

    public static string Word(this Reader reader, MessageChannel channel) => channel switch
    {
        MessageChannel.Sms => "SMS",
        MessageChannel.Phone => reader.T("téléphone", "telephone"),
        MessageChannel.Post => reader.T("courrier", "post"),
        _ => reader.T("e-mail", "e-mail"),
    };

    public static string Word(this Reader reader, MessageState state) => state switch
    {
        MessageState.Delivered => reader.T("remis", "delivered"),
        MessageState.Opened => reader.T("ouvert", "opened"),
        MessageState.Bounced => reader.T("revenu", "bounced"),
        MessageState.Failed => reader.T("pas parti", "not sent"),
        _ => reader.T("envoyé", "sent"),
    };

    public static Tone ToneOf(MessageState state) => state switch
    {
        MessageState.Delivered or MessageState.Opened => Tone.Good,
        MessageState.Bounced or MessageState.Failed => Tone.Bad,
        _ => Tone.Info,
    };

    public static string IconOf(MessageState state) => state switch
    {
        MessageState.Delivered or MessageState.Opened => "mail-check",
        MessageState.Bounced or MessageState.Failed => "mail-off",
        _ => "mail-forward",
    };

    public static string StateOf(this Reader reader, MessageRow row) => row switch
    {
        { Message: { } message } => reader.Word(message.State),
        { Report: { } report } => reader.Word(report.State),
        _ => reader.Word(row.Letter!.Refused is null ? MessageState.Sent : MessageState.Failed),
    };

    public static Tone ToneOf(MessageRow row) => row switch
    {
        { Message: { } message } => ToneOf(message.State),
        { Report: { } report } => ReportWords.ToneOf(report.State),
        _ => ToneOf(row.Letter!.Refused is null ? MessageState.Sent : MessageState.Failed),
    };

    public static string IconOf(MessageRow row) => row switch
    {
        { Message: { } message } => IconOf(message.State),
        { Report: { } report } => ReportWords.IconOf(report.State),
        _ => IconOf(row.Letter!.Refused is null ? MessageState.Sent : MessageState.Failed),
    };

    /// <summary>What it says of itself; a report, whose it is and of when.</summary>
    public static string Subject(this Reader reader, MessageRow row) => row switch
    {
        { Message: { } message } => message.Subject,
        { Report: { } report } => reader.T($"Rapport de {report.Partner}, {reader.Formats.DateTimeShort(report.At)}", $"Report of {report.Partner}, {reader.Formats.DateTimeShort(report.At)}"),
        _ => row.Letter!.Subject,
    };

    /// <summary>The till's code, or the part of the product.</summary>
    public static string Source(this Reader reader, string source) => source switch
    {
        ContactHistoryQueries.ReportSource => reader.T("Rapports", "Reports"),
        ContactHistoryQueries.LetterSource => reader.T("Liaisons", "Links"),
        _ => source,
    };

    /// <summary><c>La Nuit de sel (2), Le Voyage</c>: of a purchase, the titles of what is left, or of all where nothing is.</summary>
    public static string What(PurchaseRow row, int most = 2)
    {
        var lines = row.Purchase.Lines.Select((line, i) => (line.Title, Quantity: row.Cancelled ? line.Quantity : row.Left[i])).Where(line => line.Quantity > 0)
            .GroupBy(line => line.Title, (title, same) => (Title: title, Quantity: same.Sum(line => line.Quantity))).ToArray();
        var shown = lines.Take(most).Select(line => line.Quantity == 1 ? line.Title : $"{line.Title} ({line.Quantity})");
        return string.Join(", ", shown) + (lines.Length > most ? $" +{lines.Length - most}" : "");
    }

    public static string Title(this Reader reader, ContactHistory history) => history switch
    {
        ContactHistory.Messages => reader.T("Envois", "Messages"),
        ContactHistory.Purchases => reader.T("Achats", "Purchases"),
        ContactHistory.Cultural => reader.T("Historique culturel", "Cultural history"),
        _ => reader.T("Historique financier", "Financial history"),
    };

    /// <summary>The last part of its address.</summary>
    public static string Key(this ContactHistory history) => history switch
    {
        ContactHistory.Messages => "messages",
        ContactHistory.Purchases => "purchases",
        ContactHistory.Cultural => "cultural",
        _ => "payments",
    };

    public static ContactHistory? HistoryOf(string key) => Enum.GetValues<ContactHistory>().Cast<ContactHistory?>().FirstOrDefault(history => history!.Value.Key() == key);

    /// <summary>Each currency's sum on its own: they don't add up.</summary>
    public static string Sums(this Reader reader, IEnumerable<HistoryPart> parts) => string.Join(" · ", parts.Where(part => part.Currency is not null)
        .GroupBy(part => part.Currency!, StringComparer.Ordinal).OrderBy(currency => currency.Key, StringComparer.Ordinal)
        .Select(currency => reader.Formats.Money(currency.Sum(part => part.AmountMinor), currency.Key)));

    /// <summary>The address of where it is known from.</summary>
    public static string Origin(string contact, MessageRow row) => row switch
    {
        { Report: { } report } => $"/reports/{report.RunId}",
        { Letter: { } letter } => $"/links/{letter.LinkId}",
        _ => Origin(contact, row.Source, row.Id),
    };

    public static string Origin(string contact, string source, string id) => $"/contacts/{contact}/activity?source={Uri.EscapeDataString(source)}&ref={Uri.EscapeDataString(id)}";
}

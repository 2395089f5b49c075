using Guichet.Contacts;
using Guichet.Words;

namespace Guichet.Portals;

internal static class PortalWords
{
    public static string Word(this Reader reader, SpacePage page) => page switch
    {
        SpacePage.Details => reader.T("Coordonnées", "Details"),
        SpacePage.Consents => reader.T("Consentements", "Consents"),
        SpacePage.Purchases => reader.T("Achats", "Purchases"),
        _ => reader.T("début de la visite", "beginning of the visit"),
    };

    /// <summary>What of a purchase was given back; null for nothing.</summary>
    public static string? Fate(this Reader reader, PurchaseRow row) => row.Cancelled ? reader.T("annulé", "cancelled")
        : row.NetMinor != row.Purchase.TotalMinor || row.Left.Sum() != row.Purchase.Lines.Sum(line => line.Quantity) ? reader.T("en partie annulé", "partly cancelled")
        : null;

    /// <summary>What a contact agrees to by a category without a wording of the house's, word for word.</summary>
    public static string Wording(this Reader reader, string category, ConsentChannel channel, string house)
    {
        var by = reader.Word(channel).ToLower(reader.Formats.Culture);
        return reader.T($"J’accepte de recevoir de {house}, par {by}\u00A0: {category}.", $"I agree to receive from {house}, by {by}: {category}.");
    }
}

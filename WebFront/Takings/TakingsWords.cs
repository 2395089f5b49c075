using Guichet.Words;

namespace Guichet.Takings;

/// <summary>The words of takings, in the reader's language.</summary>
internal static class TakingsWords
{
    public static string DraftMention(this Reader reader) =>
        reader.T("Brouillon : à vérifier avec le modèle officiel", "Draft: check against the official template");

    public static string Name(this Reader reader, Quarter quarter) => quarter.Number switch
    {
        1 => reader.T($"1ᵉʳ trimestre {quarter.Year}", $"1st quarter of {quarter.Year}"),
        2 => reader.T($"2ᵉ trimestre {quarter.Year}", $"2nd quarter of {quarter.Year}"),
        3 => reader.T($"3ᵉ trimestre {quarter.Year}", $"3rd quarter of {quarter.Year}"),
        _ => reader.T($"4ᵉ trimestre {quarter.Year}", $"4th quarter of {quarter.Year}"),
    };

    public static string Word(this Reader reader, ReturnGap gap) => gap switch
    {
        ReturnGap.Domain => reader.T("domaine", "domain"),
        ReturnGap.Tally => reader.T("pointage", "tally"),
        ReturnGap.Detail => reader.T("détail par tarif", "detail by tariff"),
        ReturnGap.Revenue => reader.T("recette", "revenue"),
        _ => reader.T("plein tarif", "full price"),
    };

    /// <summary>What to do about it.</summary>
    public static string Mend(this Reader reader, ReturnGap gap) => gap switch
    {
        ReturnGap.Domain => reader.T("Le spectacle n’a pas de genre : donnez-le dans sa fiche.", "The show has no genre: give it on its page."),
        ReturnGap.Tally => reader.T("Aucun pointage n’est validé : saisissez le dernier.", "No tally is validated: enter the last one."),
        ReturnGap.Detail => reader.T("Seuls les totaux sont connus : le pointage n’a pas de lignes.", "Only totals are known: the tally has no lines."),
        ReturnGap.Revenue => reader.T("Des places vendues n’ont pas de recette : complétez le pointage.", "Places sold have no revenue: complete the tally."),
        _ => reader.T("Aucun de ses tarifs ne compte comme plein tarif : dites lequel ci-dessous.", "None of its tariffs counts as full price: say which below."),
    };

    public static string Word(this Reader reader, TariffKind kind) => kind switch
    {
        TariffKind.Full => reader.T("Plein tarif", "Full price"),
        TariffKind.Subscription => reader.T("Abonnement", "Subscription"),
        _ => reader.T("Autre tarif", "Other tariff"),
    };
}

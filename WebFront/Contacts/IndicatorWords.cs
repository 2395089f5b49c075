using System.Collections.Immutable;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>One indicator as it is shown: its value in a word or two, its rule in plain words, how it was reached.</summary>
/// <param name="Known">False where there is nothing to go by: the value says so.</param>
/// <param name="Detail">What the value was worked out of, a sentence each.</param>
internal sealed record ShownIndicator(string Key, string IconName, string Label, string Value, bool Known, string Rule, ImmutableArray<string> Detail);

/// <summary>The indicators in the reader's language. Their rules are those of <see cref="ContactIndicators"/>, word for word.</summary>
internal static class IndicatorWords
{
    public static ImmutableArray<ShownIndicator> Shown(this Reader reader, ContactIndicators indicators, SeasonCalendar seasons, Organisations.Language language) =>
    [
        LanguageOf(reader, language), Lasting(reader, indicators.Subscriptions, subscription: true), SeniorityOf(reader, indicators.Seniority), AssiduityOf(reader, indicators.Assiduity, seasons),
        ChannelOf(reader, indicators.Channel), ValueOf(reader, indicators.Values), Lasting(reader, indicators.Memberships, subscription: false),
    ];

    private static ShownIndicator LanguageOf(Reader reader, Organisations.Language language)
    {
        var english = language == Organisations.Language.English;
        return new ShownIndicator(
            "language", "language", reader.T("Langue de communication", "Language to write in"), english ? "EN" : "FR", true,
            reader.T("La langue de la fiche : celle dans laquelle on lui écrit.", "The language of the record: the one to write in."),
            [english ? reader.T("On lui écrit en anglais.", "It is written to in English.") : reader.T("On lui écrit en français.", "It is written to in French.")]);
    }

    private static ShownIndicator Lasting(Reader reader, ImmutableArray<InForce> inForce, bool subscription) => new(
        subscription ? "subscription" : "membership", subscription ? "star" : "id", subscription ? reader.T("Abonné", "Subscriber") : reader.T("Adhérent", "Member"),
        inForce is [var first, ..] ? reader.T($"jusqu’au {reader.Formats.DateNumeric(first.Until)}", $"until {reader.Formats.DateNumeric(first.Until)}") : reader.T("non", "no"), !inForce.IsEmpty,
        subscription
            ? reader.T(
                "A acheté un abonnement qui court aujourd’hui : de son premier jour (à défaut, celui de l’achat) au dernier (à défaut, la fin de la saison).",
                "Bought a subscription that runs today: from its first day (else that of the purchase) to its last (else the end of the season).")
            : reader.T(
                "A acheté une adhésion qui court aujourd’hui : de son premier jour (à défaut, celui de l’achat) au dernier (à défaut, la fin de la saison).",
                "Bought a membership that runs today: from its first day (else that of the purchase) to its last (else the end of the season)."),
        inForce.IsEmpty
            ? [subscription ? reader.T("Aucun abonnement ne court aujourd’hui.", "No subscription runs today.") : reader.T("Aucune adhésion ne court aujourd’hui.", "No membership runs today.")]
            : [.. inForce.Select(one => reader.T(
                $"{one.Title}, du {reader.Formats.DateNumeric(one.From)} au {reader.Formats.DateNumeric(one.Until)}.", $"{one.Title}, from {reader.Formats.DateNumeric(one.From)} to {reader.Formats.DateNumeric(one.Until)}."))]);

    private static ShownIndicator SeniorityOf(Reader reader, Seniority? seniority) => new(
        "seniority", "history", reader.T("Ancienneté", "Seniority"),
        seniority is null ? reader.T("pas encore client", "no purchase yet")
            : seniority.Years == 0 ? reader.T("moins d’un an", "under a year")
            : reader.Formats.Count(seniority.Years, "an", "ans", "year", "years"),
        seniority is not null,
        reader.T("Années révolues depuis le premier achat qui n’est pas entièrement annulé.", "Whole years since the first purchase that isn’t wholly cancelled."),
        [seniority is null
            ? reader.T("Aucun achat.", "No purchase.")
            : reader.T($"Premier achat le {reader.Formats.DateNumeric(seniority.FirstPurchase)}.", $"First purchase on {reader.Formats.DateNumeric(seniority.FirstPurchase)}.")]);

    private static ShownIndicator AssiduityOf(Reader reader, Assiduity assiduity, SeasonCalendar seasons)
    {
        var detail = ImmutableArray.CreateBuilder<string>();
        detail.Add(assiduity.Of == 0
            ? reader.T("Aucune saison avec un achat ou une séance.", "No season with a purchase or a session.")
            : assiduity.Seasons.IsEmpty
                ? reader.T("Rien dans ces saisons.", "Nothing in these seasons.")
                : reader.T($"Saisons : {reader.Formats.List([.. assiduity.Seasons.Select(seasons.NameOf)])}.", $"Seasons: {reader.Formats.List([.. assiduity.Seasons.Select(seasons.NameOf)])}."));
        detail.Add(reader.T(
            $"Une saison commence le 1ᵉʳ {Month(reader, seasons.FirstMonth)}.", $"A season begins on 1 {Month(reader, seasons.FirstMonth)}."));
        if (assiduity.Came + assiduity.Absent is > 0 and var known)
            detail.Add(reader.T(
                $"Venues relevées sur ces saisons : {reader.Formats.Number(assiduity.Came)} sur {reader.Formats.Number(known)} ({reader.Formats.Percent((decimal)assiduity.Came / known)}).",
                $"Seen to come in these seasons: {reader.Formats.Number(assiduity.Came)} of {reader.Formats.Number(known)} ({reader.Formats.Percent((decimal)assiduity.Came / known)})."));
        return new ShownIndicator(
            "assiduity", "ticket", reader.T("Assiduité", "Assiduity"),
            assiduity.Of == 0 ? reader.T("aucune saison", "no season") : reader.T($"{assiduity.Active} saison{(assiduity.Active > 1 ? "s" : "")} sur {assiduity.Of}", $"{assiduity.Active} of {assiduity.Of} seasons"),
            assiduity.Of > 0,
            reader.T(
                "Saisons où il a acheté ou avait une séance, parmi les cinq dernières commencées (depuis son premier achat s’il est plus récent).",
                "Seasons in which it bought or had a session, of the last five begun (since its first purchase where that is later)."),
            detail.ToImmutable());
    }

    private static ShownIndicator ChannelOf(Reader reader, ChannelUsed? channel) => new(
        "channel", "building-store", reader.T("Filière utilisée", "Channel used"), channel?.Name ?? reader.T("aucune", "none"), channel is not null,
        reader.T(
            "La filière de vente du plus grand nombre de commandes des 24 derniers mois ; à égalité, la dernière utilisée.",
            "The sales channel of most orders in the last 24 months; of two alike, the one used last."),
        [channel is null
            ? reader.T("Aucune commande dont la filière est connue depuis 24 mois.", "No order of a known channel in 24 months.")
            : reader.T(
                $"{reader.Formats.Count(channel.Orders, "commande", "commandes", "", "")} sur {reader.Formats.Number(channel.Of)} en 24 mois.",
                $"{reader.Formats.Number(channel.Orders)} of {reader.Formats.Count(channel.Of, "", "", "order", "orders")} in 24 months.")]);

    private static ShownIndicator ValueOf(Reader reader, ImmutableArray<ClientValue> values) => new(
        "value", "cash", reader.T("Valeur", "Value"),
        values.IsEmpty ? reader.T("aucun achat en 36 mois", "no purchase in 36 months")
            : string.Join(" · ", values.Select(value => reader.Formats.Money(value.NetMinor, value.Currency, wholeUnits: true) + (value.Band is { } band ? $" ({reader.Word(band)})" : ""))),
        !values.IsEmpty,
        reader.T(
            "Achats des 36 derniers mois, moins ce qui en a été annulé, par devise. Gros : parmi le cinquième des clients qui achètent le plus ; petit : parmi la moitié qui achète le moins ; moyen : entre les deux.",
            "Purchases of the last 36 months less what of them was cancelled, by currency. Large: of the fifth of clients who buy most; small: of the half who buy least; medium: between."),
        values.IsEmpty
            ? [reader.T("Aucun achat en 36 mois.", "No purchase in 36 months.")]
            : [.. values.Select(value => Compared(reader, value))]);

    private static string Compared(Reader reader, ClientValue value)
    {
        var (amount, orders) = (reader.Formats.Money(value.NetMinor, value.Currency), value.Orders);
        return value.Band is null
            ? reader.T(
                $"{amount} en {reader.Formats.Count(orders, "commande", "commandes", "", "")} ; trop peu de clients pour comparer.",
                $"{amount} in {reader.Formats.Count(orders, "", "", "order", "orders")}; too few clients to compare with.")
            : reader.T(
                $"{amount} en {reader.Formats.Count(orders, "commande", "commandes", "", "")}, comparés à {reader.Formats.Count(value.ComparedWith, "client", "clients", "", "")} : {reader.Word(value.Band.Value)}.",
                $"{amount} in {reader.Formats.Count(orders, "", "", "order", "orders")}, compared with {reader.Formats.Count(value.ComparedWith, "", "", "client", "clients")}: {reader.Word(value.Band.Value)}.");
    }

    private static string Word(this Reader reader, ValueBand band) => band switch
    {
        ValueBand.Large => reader.T("gros", "large"),
        ValueBand.Medium => reader.T("moyen", "medium"),
        _ => reader.T("petit", "small"),
    };

    private static string Month(Reader reader, int month) => new DateOnly(2026, month, 1).ToString("MMMM", reader.Formats.Culture);
}

using System.Collections.Immutable;
using Guichet.Organisations;
using Guichet.Partners;

namespace Guichet.Demo;

/// <summary>What of a show a partner of the demo is told of.</summary>
internal enum DemoTold
{
    /// <summary>Each session that is to come.</summary>
    ToCome = 0,

    /// <summary>The first one, long over.</summary>
    FirstOnly = 1,

    /// <summary>Its series, present and future sessions.</summary>
    Series = 2,
}

/// <param name="Shows">The titles of those that it is told of, and of what of them.</param>
internal sealed record DemoPartner(
    string Name, PartnerGroup Group, ImmutableArray<PartnerAddress> Addresses, ImmutableArray<(string Show, DemoTold Told)> Shows,
    Language Language = Language.French, string? Note = null, bool Archived = false);

/// <summary>Who receives the demo's figures: some have news to be sent, some nothing on sale.</summary>
internal static class DemoPartners
{
    public static readonly ImmutableArray<DemoPartner> OfTheHouse =
    [
        new("Astérie Productions", PartnerGroup.Partners,
            [To("production@asterie.example", "Nadia Benali"), To("tournees@asterie.example"), Cc("compta@asterie.example", "Comptabilité")],
            [("Les Vagues immobiles", DemoTold.ToCome), ("Nuit de sel", DemoTold.Series)], Note: "Veut aussi les ventes par réseau."),
        new("Compagnie du Ressac", PartnerGroup.Partners, [To("bonjour@ressac.example", "Yann Tanguy")], [("Le Petit Phare", DemoTold.Series)]),
        new("Quatuor Iroise", PartnerGroup.Partners, [To("contact@quatuor-iroise.example")], [("Quatuor Iroise", DemoTold.ToCome)]),
        new("Rire à Part", PartnerGroup.Partners, [To("pro@rire-a-part.example"), Cc("direction@rire-a-part.example", "Samir Haddad")], [("Bêtes de somme", DemoTold.ToCome)]),
        new("Centre chorégraphique du Ponant", PartnerGroup.Partners, [To("diffusion@ponant-danse.example", "Anaïs Le Bras")], [("Corps de ballet", DemoTold.ToCome)]),
        new("Festival Vent d’Ouest", PartnerGroup.Partners, [To("festival@ventdouest.example")], [("Quatuor Iroise", DemoTold.FirstOnly)], Note: "Reprend contact au printemps."),
        new("Grand Large Booking", PartnerGroup.Agents, [To("booking@grandlarge.example", "Louise Kervella")], [("Les Vagues immobiles", DemoTold.ToCome), ("Bêtes de somme", DemoTold.ToCome)]),
        new("North Star Artists", PartnerGroup.Agents, [To("tours@northstar.example", "Emma Clarke"), Cc("office@northstar.example")], [("Corps de ballet", DemoTold.ToCome)], Language.English),
        new("Agence Belle Étoile", PartnerGroup.Agents, [To("agence@belle-etoile.example")], []),
        new("Le Quartz, scène associée", PartnerGroup.Venues, [To("billetterie@quartz.example", "Service billetterie")], [("La Mouette", DemoTold.Series)]),
        new("Maison du Théâtre", PartnerGroup.Venues, [To("accueil@maison-theatre.example")], [("Cabaret des marées", DemoTold.ToCome)]),
        new("Ancien Comité des fêtes", PartnerGroup.Partners, [To("comite@fetes.example")], [], Archived: true),
    ];

    public static readonly ImmutableArray<DemoPartner> OfThePromoter =
    [
        new("Le Liberté", PartnerGroup.Venues, [To("billetterie@liberte-rennes.example", "Paul Guillou")], [("Les Vagues immobiles", DemoTold.Series)]),
        new("Le Quartz", PartnerGroup.Venues, [To("billetterie@quartz-nantes.example"), Cc("direction@quartz-nantes.example")], [("Nuit de sel", DemoTold.Series)]),
        new("La Cité", PartnerGroup.Venues, [To("reservations@lacite-lorient.example")], []),
        new("Grand Large Booking", PartnerGroup.Agents, [To("booking@grandlarge.example", "Louise Kervella")], [("Les Vagues immobiles", DemoTold.Series), ("Trois minutes avant la mer", DemoTold.ToCome)]),
    ];

    private static PartnerAddress To(string email, string? name = null) => new(email, RecipientKind.To, name);

    private static PartnerAddress Cc(string email, string? name = null) => new(email, RecipientKind.Cc, name);
}

using System.Collections.Immutable;
using Guichet.Sessions;

namespace Guichet.Demo;

/// <summary>What is played in the demo.</summary>
internal static class DemoShows
{
    private const string GreatHall = "Théâtre du Port, grande salle";
    private const string Studio = "Théâtre du Port, studio";

    private static readonly ImmutableArray<Category> Hall = [new("carre-or", "Carré or", 180), new("serie-1", "1re série", 320), new("serie-2", "2e série", 240)];
    private static readonly ImmutableArray<Category> Bench = [new("unique", "Placement libre", 140)];
    private static readonly ImmutableArray<Tariff> Usual = [new("plein", "Plein", 3200), new("reduit", "Réduit", 2400), new("abonne", "Abonné", 2100)];
    private static readonly ImmutableArray<Tariff> Small = [new("plein", "Plein", 1800), new("reduit", "Réduit", 1200)];
    private static readonly ImmutableArray<Tariff> Concert = [new("plein", "Plein", 4200), new("reduit", "Réduit", 3600)];
    private static readonly ImmutableArray<Tariff> Family = [new("plein", "Plein", 1600), new("enfant", "Enfant", 900), new("scolaire", "Scolaire", 600)];

    private static readonly ImmutableArray<CategoryPrice> HallPrices =
    [
        new("carre-or", "plein", 3800), new("carre-or", "reduit", 3000), new("carre-or", "abonne", 2600),
        new("serie-2", "plein", 2400), new("serie-2", "reduit", 1800), new("serie-2", "abonne", 1500),
    ];

    private static readonly ImmutableArray<CategoryPrice> ConcertPrices =
        [new("carre-or", "plein", 5200), new("carre-or", "reduit", 4600), new("serie-2", "plein", 3300), new("serie-2", "reduit", 2800)];

    /// <summary>The shows that the promoter produces and the house sells.</summary>
    public static readonly ImmutableArray<string> Touring = ["Les Vagues immobiles", "Nuit de sel"];

    public static readonly ImmutableArray<DemoShow> OfTheHouse =
    [
        new("La Mouette", "d’Anton Tchekhov", "Théâtre du Port", "Théâtre", "La Mouette, création", GreatHall, 20, 30,
            [-24, -23, -21, -20, 9, 10, 12, 13, 16, 17], 0.82, Hall, Usual, HallPrices),
        new("Les Vagues immobiles", "concert", "Astérie Productions", "Chanson", null, GreatHall, 20, 0,
            [-62, 3, 31], 1.0, Hall, Concert, ConcertPrices),
        new("Nuit de sel", "cirque", "Astérie Productions", "Cirque", "Nuit de sel, tournée", GreatHall, 20, 30,
            [-40, -39, 20, 21, 22], 0.9, Hall, Usual, HallPrices),
        new("Le Petit Phare", "dès 5 ans", "Compagnie du Ressac", "Jeune public", "Le Petit Phare, scolaires et famille", Studio, 14, 30,
            [-9, -8, 2, 4, 5, 11], 0.95, Bench, Family, []),
        new("Cabaret des marées", null, "Théâtre du Port", "Cabaret", null, Studio, 21, 0,
            [-30, -16, -2, 6, 27, 48], 0.88, Bench, Small, []),
        new("Quatuor Iroise", "Ravel, Debussy, Connesson", "Quatuor Iroise", "Musique", null, GreatHall, 20, 0,
            [-75, 38], 0.55, Hall, Usual, HallPrices),
        new("Bêtes de somme", "stand-up", "Rire à Part", "Humour", null, GreatHall, 20, 30,
            [-12, 14, 44], 1.06, Hall, Concert, ConcertPrices),
        new("Corps de ballet", "danse", "Centre chorégraphique du Ponant", "Danse", null, GreatHall, 20, 0,
            [-50, -49, 33, 34], 0.7, Hall, Usual, HallPrices),
    ];

    public static readonly ImmutableArray<DemoShow> OfThePromoter =
    [
        new("Les Vagues immobiles", "concert", "Astérie Productions", "Chanson", "Les Vagues immobiles, tournée d’hiver", "Le Liberté, Rennes", 20, 0,
            [-28, 8, 52], 0.93, Hall, Concert, ConcertPrices),
        new("Nuit de sel", "cirque", "Astérie Productions", "Cirque", "Nuit de sel, tournée", "Le Quartz, Nantes", 20, 30,
            [-19, -18, 26, 27], 0.85, Hall, Usual, HallPrices),
        new("Trois minutes avant la mer", "théâtre", "Astérie Productions", "Théâtre", null, "La Cité, Lorient", 20, 30,
            [15, 40], 0.6, Hall, Usual, HallPrices),
    ];
}

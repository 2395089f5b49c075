using System.Text.Json;
using Xunit;

namespace Guichet.Imports;

public class MappingTests
{
    private static readonly KnownNames Known = new(["Carré or", "Balcon"], ["Normal", "Réduit"], ["Guichet", "Fnac"]);

    private static MappingProposal Propose(string text, ImportKind kind) => Mappings.Propose(Import.Read(text), kind, Known, Import.Defaults).Accepted;

    private static string Shown(MappingProposal proposal) => string.Join("\n", proposal.Mapping.Columns.Select(column =>
        $"{column.Header} > {string.Join('/', new[] { column.Field, column.Category, column.Tariff, column.Channel }.OfType<string>())}"))
        + string.Concat(proposal.Mapping.Constants.Select(constant => $"\n{constant.Field} = {constant.Value}"))
        + string.Concat(proposal.Unmapped.Select(field => $"\nlacks {field}"));

    [Theory]
    [InlineData("Spectacle;Date;Heure;Salle;Catégorie;Jauge;Tarif;Prix;Réseau\nLear;24/11/2026;20h30;G;Or;200;Normal;30,00;Web",
        "Spectacle > show|Date > date|Heure > time|Salle > place|Catégorie > category|Jauge > capacity|Tarif > tariff|Prix > price|Réseau > channel")]
    [InlineData("TITLE,Session date,Venue,Category,Capacity,Ticket type,Price,Sales channel\nLear,2026-11-24 20:30,Main,A,200,Full,30.00,Web",
        "TITLE > show|Session date > date|Venue > place|Category > category|Capacity > capacity|Ticket type > tariff|Price > price|Sales channel > channel")]
    [InlineData("Titre;Date;Lieu;Jauge Carré or;Jauge Balcon;Tarif Normal;Prix moins de 26 ans\nLear;24/11/2026 20:30;G;200;100;30;12",
        "Titre > show|Date > date|Lieu > place|Jauge Carré or > capacity/Carré or|Jauge Balcon > capacity/Balcon|Tarif Normal > price/Normal|Prix moins de 26 ans > price/moins de 26 ans|category = Placement libre?|channel = Guichet")]
    [InlineData("Date de la représentation;Nom du spectacle;Lieu de la séance;Nb de places\n24/11/2026;Lear;G;100",
        "Date de la représentation > date|Nom du spectacle > show|Lieu de la séance > place|Nb de places > capacity|category = Placement libre|tariff = Normal|channel = Guichet|lacks price")]
    [InlineData("Séance;Spectacle\n24/11/2026 20:30;Lear\n", "Séance > date|Spectacle > show|category = Placement libre|tariff = Normal|channel = Guichet|lacks place|lacks capacity|lacks price")]
    [InlineData("Séance;Quand\nLear;24/11/2026 20:30\n", "Séance > show|Quand > date|category = Placement libre|tariff = Normal|channel = Guichet|lacks place|lacks capacity|lacks price")]
    public void The_columns_of_a_season_are_found_by_their_headers(string text, string expected) =>
        Assert.Equal(expected.Replace("|category = Placement libre?", "", StringComparison.Ordinal).Replace('|', '\n'), Shown(Propose(text, ImportKind.Season)));

    [Theory]
    [InlineData("Spectacle;Date;Catégorie;Tarif;Réseau;Vendus;Options;Invitations;CA TTC\nLear;24/11/2026;Or;Normal;Web;3;1;0;90,00",
        "Spectacle > show|Date > date|Catégorie > category|Tarif > tariff|Réseau > channel|Vendus > sold|Options > reserved|Invitations > free|CA TTC > gross")]
    [InlineData("Event,Date,Normal,Réduit\nLear,2026-11-24,3,4", "Event > show|Date > date|Normal > sold/Normal|Réduit > sold/Réduit|category = Placement libre|channel = Guichet")]
    [InlineData("Date;Carré or - Tarif normal (vendus);Balcon - Tarif normal (vendus)\n24/11/2026;3;4",
        "Date > date|Carré or - Tarif normal (vendus) > sold/Carré or/Normal|Balcon - Tarif normal (vendus) > sold/Balcon/Normal|channel = Guichet")]
    [InlineData("Date;Vendus Fnac;CA Fnac\n24/11/2026;3;4,00", "Date > date|Vendus Fnac > sold/Fnac|CA Fnac > gross/Fnac|category = Placement libre|tariff = Normal")]
    [InlineData("Export du guichet;;\n\nDate;Nb billets;Recette\n24/11/2026;3;4,00", "Date > date|Nb billets > sold|Recette > gross|category = Placement libre|tariff = Normal|channel = Guichet")]
    [InlineData(";Normal;;Réduit;\nDate;Vendus;CA;Vendus;CA\n24/11/2026;1;2,00;3;4,00",
        "Date > date|Normal Vendus > sold/Normal|Normal CA > gross/Normal|Réduit Vendus > sold/Réduit|Réduit CA > gross/Réduit|category = Placement libre|channel = Guichet")]
    [InlineData("quoi;quand;combien\nLear;24/11/2026;12", "quand > date|category = Placement libre|tariff = Normal|channel = Guichet|lacks sold")]
    public void The_columns_of_tallies_are_found_by_headers_and_known_names(string text, string expected) =>
        Assert.Equal(expected.Replace('|', '\n'), Shown(Propose(text, ImportKind.Tallies)));

    [Theory]
    [InlineData("1 234,56\n12,5", NumberStyle.French, null)]
    [InlineData("1,234.56\n1,234", NumberStyle.English, null)]
    [InlineData("1,234\n12", null, "1,234: 1.234 or 1234")]
    [InlineData("1.234\n1.000", null, "1.234: 1234 or 1.234")]
    [InlineData("1,234\n1 234,5", NumberStyle.French, null)]
    [InlineData("12\n13", null, null)]
    [InlineData("1,5\n1.5\n2,5", NumberStyle.French, null)]
    public void Amounts_in_doubt_are_asked_and_never_guessed(string amounts, NumberStyle? style, string? question)
    {
        var proposal = Propose("Date\tVendus\tCA\n" + string.Concat(amounts.Split('\n').Select(amount => $"24/11/2026\t1\t{amount}\n")), ImportKind.Tallies);
        Assert.Equal(style, proposal.Mapping.Columns.Single(column => column.Field == "gross").Numbers);
        Assert.Equal(question, proposal.Questions.Select(asked => $"{asked.Sample}: {asked.First} or {asked.Second}").SingleOrDefault());
    }

    [Fact]
    public void A_count_that_is_whole_one_way_only_is_in_no_doubt()
    {
        Assert.Equal(NumberStyle.English, Propose("Date\tVendus\n24/11/2026\t1,234\n", ImportKind.Tallies).Mapping.Columns[1].Numbers);
        Assert.Equal(NumberStyle.French, Propose("Date\tVendus\n24/11/2026\t1.234\n", ImportKind.Tallies).Mapping.Columns[1].Numbers);
        Assert.Equal("1.000", Assert.Single(Propose("Date\tVendus\n24/11/2026\t1.000\n", ImportKind.Tallies).Questions).Sample);
    }

    [Theory]
    [InlineData("24/11/2026\n05/06/2026", DateOrder.DayFirst, null)]
    [InlineData("11/24/2026\n05/06/2026", DateOrder.MonthFirst, null)]
    [InlineData("05/06/2026\n07/08/2026", null, "05/06/2026: 2026-06-05 or 2026-05-06")]
    [InlineData("05/05/2026\n2026-11-24", null, null)]
    public void Dates_in_doubt_are_asked_and_never_guessed(string dates, DateOrder? order, string? question)
    {
        var proposal = Propose("Date;Vendus\n" + string.Concat(dates.Split('\n').Select(date => $"{date};1\n")), ImportKind.Tallies);
        Assert.Equal(order, proposal.Mapping.Columns[0].Dates);
        Assert.Equal(question, proposal.Questions.Select(asked => $"{asked.Sample}: {asked.First} or {asked.Second}").SingleOrDefault());
    }

    [Theory]
    [InlineData("1;2\n3;4\n")]
    [InlineData("24/11/2026;3\n")]
    public void A_file_without_headers_is_refused(string text) =>
        Assert.Equal("headers-not-found", Assert.Single(Mappings.Propose(Import.Read(text), ImportKind.Tallies, Known, Import.Defaults).Refusals).Code);

    [Fact]
    public void A_remembered_mapping_fits_the_same_headers_in_any_order_and_writing()
    {
        var mapping = Propose("Date;Vendus;CA\n24/11/2026;1;2,00\n", ImportKind.Tallies).Mapping;
        var again = Mappings.Reuse(mapping, Import.Read("ca;VENDUS;date\n3,00;1;25/11/2026\n")).Accepted;
        Assert.True(again.Changes!.None);
        Assert.True(again.IsReady);
        Assert.Equal(["date", "VENDUS", "ca"], again.Mapping.Columns.Select(column => column.Header));
        Assert.Equal(Mappings.Signature(ImportKind.Tallies, mapping.Headers), Mappings.Signature(ImportKind.Tallies, again.Mapping.Headers));
    }

    [Fact]
    public void A_remembered_mapping_says_which_headers_changed()
    {
        var mapping = Propose("Date;Vendus;CA;Note\n24/11/2026;1;2,00;x\n", ImportKind.Tallies).Mapping;
        var again = Mappings.Reuse(mapping, Import.Read("Date;Vendus;Recette\n24/11/2026;1;2,00\n")).Accepted;
        Assert.Equal("CA", Assert.Single(again.Changes!.Missing));
        Assert.Equal("Recette", Assert.Single(again.Changes.Added));
        Assert.False(again.IsReady);
    }

    [Fact]
    public void A_mapping_survives_storage()
    {
        var mapping = Propose("Date;Vendus Fnac;CA Fnac\n24/11/2026;1;2,00\nTotal;1;2,00\n", ImportKind.Tallies).Mapping;
        Assert.True(mapping.LeavesOutTotals);
        var stored = JsonSerializer.Serialize(mapping);
        Assert.Equal(stored, JsonSerializer.Serialize(JsonSerializer.Deserialize<Mapping>(stored)));
    }

    [Theory]
    [InlineData("Carré  OR", "carre or")]
    [InlineData("L\u2019Œuvre", "l'oeuvre")]
    [InlineData("A\u2013B", "a-b")]
    [InlineData(" A+ ", "a+")]
    public void Names_are_compared_blind_to_case_accents_and_typography(string name, string folded) => Assert.Equal(folded, Words.Fold(name));
}

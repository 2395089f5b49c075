using System.Collections.Immutable;
using System.Text;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Tests.Links;

public sealed class SharedTallyCsvTests
{
    private static readonly SharedTally Detailed = new(
        "link-1", "theatre", "", "", 7, new DateTimeOffset(2026, 11, 22, 9, 30, 0, TimeSpan.Zero), new TallyFigures(12, 1, 2, 54_050), "EUR",
        [new TallyLine("or", "plein", "guichet", 12, 1, 2, 54_050)],
        [new Category("or", "=HYPERLINK(\"http://evil.example\")", 100)], [new Tariff("plein", "Plein; tarif", 4500)], [new Channel("guichet", "@Guichet")], 100);

    private static async Task<string> Text(SharedTally shared, Language language) =>
        Encoding.UTF8.GetString(await SharedTallyCsv.Write(LinkSample.Sent.Card, shared, language));

    [Fact]
    public async Task In_french_it_opens_in_a_french_spreadsheet()
    {
        var text = await Text(Detailed, Language.French);
        Assert.Equal('\uFEFF', text[0]);
        Assert.Equal("Spectacle;Date;Lieu;Version;Validé le;Catégorie;Tarif;Réseau;Vendus;Réservés;Exonérés;Recette;Devise", text[1..].Split("\r\n")[0]);
        Assert.EndsWith(";12;1;2;540,50;EUR\r\n", text);
        Assert.Contains("Le Misanthrope;04/12/2026 20:30;Théâtre du Port;7;22/11/2026 10:30;", text);
    }

    [Fact]
    public async Task In_english_it_opens_in_an_english_one()
    {
        var text = await Text(Detailed, Language.English);
        Assert.StartsWith("\uFEFFShow,Date,Place,Version,Validated at,Category,Tariff,Channel,Sold,Reserved,Free,Gross,Currency\r\n", text);
        Assert.EndsWith(",12,1,2,540.50,EUR\r\n", text);
    }

    [Fact]
    public async Task A_name_that_begins_like_a_formula_is_a_text()
    {
        var text = await Text(Detailed, Language.French);
        Assert.Contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\"", text);
        Assert.Contains(";'@Guichet;", text);
        Assert.Contains("\"Plein; tarif\"", text);
    }

    [Theory]
    [InlineData("+33", "'+33")]
    [InlineData("-1", "'-1")]
    public async Task Whatever_a_spreadsheet_would_compute_is_neutralised(string name, string cell) =>
        Assert.Contains($",{cell},", await Text(Detailed with { Categories = [new Category("or", name, 1)] }, Language.English));

    [Fact]
    public async Task Before_the_first_tally_there_are_headings_only() =>
        Assert.Equal(2, (await Text(Detailed with { SourceVersion = 0, Lines = [] }, Language.English)).Split("\r\n").Length);
}

using Guichet.Sessions;
using Xunit;

namespace Guichet.Imports;

public class SeasonImportTests
{
    private const string Long = "Spectacle;Date;Heure;Lieu;Catégorie;Jauge;Tarif;Prix;Réseau\n";
    private const string Wide = "Titre;Date;Lieu;Jauge Or;Jauge Balcon;Tarif Normal;Tarif Réduit;Réseau\n";

    [Theory]
    [InlineData(Long + "Phèdre;24/11/2026;20h30;G;Or;200;Normal;30,00;Web\nPHEDRE;24/11/2026;20:30;g;or;;Réduit;20,00;Web\nPhèdre;24/11/2026;20h30;G;Balcon;100;Normal;25;Fnac\n",
        "show show-1 Phèdre|create session-2 2026-11-24 20:30 G: Or 200, Balcon 100; Normal 3000 (balcon 2500), Réduit 2000; Web, Fnac")]
    [InlineData(Wide + "Phèdre;24/11/2026 20:30;G;200;100;30;20,50;Web, Fnac\nPhèdre;mercredi 25 novembre 2026 à 15 h;G;200;100;30;20,50;Web\n",
        "show show-1 Phèdre|create session-2 2026-11-24 20:30 G: Or 200, Balcon 100; Normal 3000, Réduit 2050; Web, Fnac|create session-3 2026-11-25 15:00 G: Or 200, Balcon 100; Normal 3000, Réduit 2050; Web")]
    [InlineData("Titre;Sous-titre;Compagnie;Genre;Cycle;Date;Lieu;Jauge;Prix\nPhèdre;de Racine;CF;Théâtre;Classiques;24/11/2026 20:30;G;200;30\nPhèdre;;;;classiques;25/11/2026 20:30;G;200;30\n",
        "show show-1 Phèdre/de Racine/CF/Théâtre|series series-3 Classiques|create session-2 2026-11-24 20:30 G series-3: Placement libre 200; Normal 3000; Guichet|create session-4 2026-11-25 20:30 G series-3: Placement libre 200; Normal 3000; Guichet")]
    [InlineData("Titre;Date;Lieu;Jauge;Prix\nPhèdre;25/10/2026 02:30;G;200;30\nTotal;;;200;30\n",
        "show show-1 Phèdre|create session-2 2026-10-25 02:30 twice G: Placement libre 200; Normal 3000; Guichet|left out 3")]
    public void A_season_is_planned_from_long_and_wide_files(string text, string expected) => Assert.Equal(expected.Replace('|', '\n'), Import.PlanSeason(text));

    [Theory]
    [InlineData(Long + "le roi  LEAR;24/11/2026;20:30;grande SALLE;Carre OR;200;normal;30;guichet\n", "nothing s1")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Grande salle;Carré or;250;Normal;31;Web\n", "change s1: capacity Carré or 200>250, price Normal / Carré or >31.00, channel Web >Web")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Grande salle;Loge;8;Étudiant;12;Fnac\n", "change s1: capacity Loge >8, price Étudiant >12.00")]
    [InlineData("Titre;Date;Lieu;Tarif Normal;Jauge Balcon\nLe Roi Lear;24/11/2026 20:30;Grande salle;35,50;100\n", "change s1: price Normal 30.00>35.50")]
    [InlineData("Identifiant;Date;Lieu\n01abcdefghjkmnpqrstv;26/11/2026;Petite salle\n", "change 01abcdefghjkmnpqrstv: place Grande salle>Petite salle, date 2026-11-24T20:30>2026-11-26T20:30")]
    public void What_exists_is_matched_and_only_added_to(string text, string expected)
    {
        var id = text.StartsWith("Identifiant", StringComparison.Ordinal) ? "01abcdefghjkmnpqrstv" : "s1";
        Assert.Equal(expected, Import.PlanSeason(text, Import.Season(Import.Known(id)), mapping => mapping with
        {
            Constants = text.StartsWith("Identifiant", StringComparison.Ordinal) ? [] : mapping.Constants,
        }));
    }

    [Theory]
    [InlineData(Long + ";24/11/2026;20:30;G;Or;200;Normal;30;Web\n", "field-empty(show) line 2 at 'show': ")]
    [InlineData(Long + "Phèdre;;20:30;G;Or;200;Normal;30;Web\n", "field-empty(date) line 2 at 'date': ")]
    [InlineData(Long + "Phèdre;24/11/2026;;G;Or;200;Normal;30;Web\n", "time-missing() line 2 at 'time': ")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;;Or;200;Normal;30;Web\n", "field-empty(place) line 2 at 'place': ")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;;Normal;30;Web\n", "field-empty(capacity) line 2 at 'capacity': Or")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;;200;Normal;30;Web\n", "field-empty(category) line 2 at 'Jauge': 200")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;;Web\n", "field-empty(price) line 2 at 'price': Normal")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;;30;Web\n", "field-empty(tariff) line 2 at 'Prix': 30")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30;\n", "field-empty(channel) line 2 at 'channel': ")]
    [InlineData(Long + "Phèdre;31/02/2026;20:30;G;Or;200;Normal;30;Web\nPhèdre;29/02/2027;20:30;G;Or;200;Normal;30;Web\n",
        "date-not-in-calendar() line 2 at 'Date': 31/02/2026|date-not-in-calendar() line 3 at 'Date': 29/02/2027")]
    [InlineData(Long + "Phèdre;lundi 24 novembre 2026;20:30;G;Or;200;Normal;30;Web\n", "date-not-that-weekday(2) line 2 at 'Date': lundi 24 novembre 2026")]
    [InlineData(Long + "Phèdre;29/03/2026;02:30;G;Or;200;Normal;30;Web\n", "time-skipped(Europe/Paris,2026-03-29T03:00:00) line 2 at 'date': 2026-03-29T02:30:00")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30;Web\nPhèdre;24/11/2026;soir;G;Or;200;Normal;30;Web\nPhèdre;24/11/2026;20:30;G;Or;200;Réduit;30;Web\n", "time-expected() line 3 at 'Heure': soir")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;2,5;Normal;30;Web\n", "whole-number-expected() line 2 at 'Jauge': 2,5")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;-2;Normal;30;Web\n", "number-negative() line 2 at 'Jauge': -2")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;2000000;Normal;30;Web\n", "number-too-large(1000000) line 2 at 'Jauge': 2000000")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;=1+1;Normal;30;Web\nPhèdre;24/11/2026;20:30;G;Or;5;Réduit;30;Web\n", "number-expected() line 2 at 'Jauge': =1+1")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30,1255;Web\n", "money-too-precise(2,EUR) line 2 at 'Prix': 30,1255")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30 $;Web\n", "currency-other(USD,EUR) line 2 at 'Prix': 30 $")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30 %;Web\n", "percent-unexpected() line 2 at 'Prix': 30 %")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;2000000;Web\n", "number-too-large(1000000.00) line 2 at 'Prix': 2000000")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30;Web\nphedre;24/11/2026;20:30;G;or;200;NORMAL;30;web\n", "line-duplicate(2) line 3 at '': Phèdre")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30;Web\nPhèdre;24/11/2026;20:30;G;Or;201;Réduit;30;Web\n", "lines-disagree(capacity,200,2) line 3 at 'Jauge': 201")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30;Web\nPhèdre;24/11/2026;20:30;G;Or;200;Normal;31;Fnac\n", "lines-disagree(price,30.00,2) line 3 at 'Prix': 31")]
    [InlineData("Titre;Genre;Date;Lieu;Jauge;Prix\nPhèdre;Théâtre;24/11/2026 20:30;G;200;30\nPhèdre;Danse;25/11/2026 20:30;G;200;30\n", "lines-disagree(genre,Théâtre,2) line 3 at 'genre': Danse")]
    [InlineData(Long, "no-lines() line 0 at '': ")]
    [InlineData("Titre;Date\nPhèdre;24/11/2026\n", "field-unmapped(place) line 0 at '': |field-unmapped(capacity) line 0 at '': |field-unmapped(price) line 0 at '': ")]
    public void A_line_that_cannot_be_taken_refuses_the_file_by_name(string text, string expected) =>
        Assert.Equal(expected.Replace('|', '\n'), Import.PlanSeason(text));

    [Fact]
    public void An_unknown_id_is_refused_and_one_of_another_show_too()
    {
        const string Ids = "Identifiant;Spectacle;Date\n";
        var season = Import.Season(Import.Known("01abcdefghjkmnpqrstv"));
        Assert.Equal("session-unknown() line 2 at 'session': 01abcdefghjkmnpqrstw", Import.PlanSeason(Ids + "01abcdefghjkmnpqrstw;Le Roi Lear;26/11/2026\n", season));
        Assert.Equal(
            "session-unknown(Le Roi Lear | 2026-11-24T20:30 | Grande salle) line 2 at 'session': 01abcdefghjkmnpqrstv",
            Import.PlanSeason(Ids + "01abcdefghjkmnpqrstv;Phèdre;26/11/2026\n", season));
    }

    [Fact]
    public void A_cancelled_session_takes_no_import() => Assert.Equal(
        "session-locked(cancelled) line 2 at '': Le Roi Lear | 2026-11-24T20:30 | Grande salle",
        Import.PlanSeason(Long + "Le Roi Lear;24/11/2026;20:30;Grande salle;Carré or;200;Normal;30;Web\n", Import.Season(Import.Known(status: SessionStatus.Cancelled))));

    [Fact]
    public void The_same_show_at_the_same_time_in_a_place_written_otherwise_is_asked() => Assert.Equal(
        "session-ambiguous(Le Roi Lear | 2026-11-24T20:30 | Grande salle) line 2 at '': Gde salle",
        Import.PlanSeason(Long + "Le Roi Lear;24/11/2026;20:30;Gde salle;Or;200;Normal;30;Web\n", Import.Season(Import.Known())));

    [Fact]
    public void Two_shows_of_one_title_are_ambiguous()
    {
        var season = Import.Season() with { Shows = [new KnownShow("a", "Phèdre"), new KnownShow("b", "PHÈDRE")] };
        Assert.Equal("show-ambiguous(a,b) line 2 at 'show': Phèdre", Import.PlanSeason(Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30;Web\n", season));
    }

    [Fact]
    public void Names_whose_codes_would_be_the_same_get_codes_of_their_own()
    {
        var table = Import.Read(Long + "Phèdre;24/11/2026;20:30;G;A;200;Normal;30;Web\nPhèdre;24/11/2026;20:30;G;A+;100;Normal;40;Web\n");
        var season = Import.Season();
        var mapping = Mappings.Propose(table, ImportKind.Season, season.Names, Import.Defaults).Accepted.Mapping;
        var details = SeasonImport.Plan(table, mapping, season).Accepted.Sessions[0].Details;
        Assert.Equal(["a", "a-2"], details.Categories.Select(category => category.Code));
        Assert.Equal(new CategoryPrice("a-2", "normal", 4000), Assert.Single(details.Prices));
    }

    [Fact]
    public void All_bad_lines_are_counted()
    {
        var table = Import.Read(Long + string.Concat(Enumerable.Range(0, 1_000).Select(line => $"Phèdre;31/02/2026;20:30;G;Or;200;Normal;30;C{line}\n")));
        var season = Import.Season();
        var mapping = Mappings.Propose(table, ImportKind.Season, season.Names, Import.Defaults).Accepted.Mapping;
        var plan = SeasonImport.Plan(table, mapping, season);
        Assert.Equal((1_000, 200, 2, 201), (plan.RefusalCount, plan.Refusals.Length, plan.Refusals[0].Line, plan.Refusals[^1].Line));
    }

    [Fact]
    public void Planning_twice_gives_the_same_ids()
    {
        const string Text = Long + "Phèdre;24/11/2026;20:30;G;Or;200;Normal;30;Web\n";
        var season = Import.Season();
        Assert.Equal(Import.PlanSeason(Text, season), Import.PlanSeason(Text, season));
    }
}

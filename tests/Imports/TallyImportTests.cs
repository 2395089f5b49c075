using Guichet.Sessions;
using Guichet.Tallies;
using Xunit;

namespace Guichet.Imports;

public class TallyImportTests
{
    private const string Long = "Spectacle;Date;Heure;Catégorie;Tarif;Réseau;Vendus;Options;Invitations;CA\n";

    [Theory]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Carré or;Normal;Guichet;12;3;1;360,00\nle roi lear;24/11/2026;20h30;BALCON;reduit;fnac;5;;;1 000,00 €\n",
        "s1: or/normal/guichet 12+3+1 36000, balcon/reduit/fnac 5+0+0 100000")]
    [InlineData("Spectacle;Date;Normal;Réduit;Catégorie\nLe Roi Lear;24/11/2026;12;5;Balcon\n", "s1: balcon/normal/guichet 12+0+0 30000, balcon/reduit/guichet 5+0+0 10000")]
    [InlineData("Date;Carré or Normal;Balcon Réduit;Réseau\n24/11/2026;12;0;Fnac\n", "s1: or/normal/fnac 12+0+0 36000")]
    [InlineData(Long + "Le Roi Lear;2026-11-24T19:30:00Z;;Carré or;Normal;Guichet;12;;;360\n", "s1: or/normal/guichet 12+0+0 36000")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;;Carré or;Normal;Guichet;12;;;360\nTotal;;;;;;12;;;360\n", "s1: or/normal/guichet 12+0+0 36000|left out 3")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;;or;normal;guichet;250;;;360\n", "s1: or/normal/guichet 250+0+0 36000 over Carré or 250/200")]
    public void Tallies_are_planned_from_long_and_wide_files(string text, string expected) => Assert.Equal(expected.Replace('|', '\n'), Import.PlanTallies(text));

    [Theory]
    [InlineData(Long + "Le Roi Lear;25/11/2026;20:30;Carré or;Normal;Guichet;12;;;360\n",
        "session-unknown(Le Roi Lear | 2026-11-24T20:30 | Grande salle,Le Roi Lear | 2026-11-27T20:30 | Grande salle,Le Roi Lear | 2026-11-27T20:30 | Petite salle) line 2 at '': Le Roi Lear | 2026-11-25T20:30:00")]
    [InlineData(Long + "Phèdre;24/11/2026;20:30;Carré or;Normal;Guichet;12;;;360\n",
        "session-unknown(Le Roi Lear | 2026-11-24T20:30 | Grande salle) line 2 at '': Phèdre | 2026-11-24T20:30:00")]
    [InlineData(Long + "Le Roi Lear;27/11/2026;20:30;Carré or;Normal;Guichet;12;;;360\n",
        "session-ambiguous(Le Roi Lear | 2026-11-27T20:30 | Grande salle,Le Roi Lear | 2026-11-27T20:30 | Petite salle) line 2 at '': Le Roi Lear | 2026-11-27T20:30:00")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Loge;Normal;Guichet;12;;;360\n", "category-unknown(Carré or,Balcon) line 2 at 'category': Loge")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Balcon;Plein;Guichet;12;;;360\n", "tariff-unknown(Normal,Réduit) line 2 at 'tariff': Plein")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Balcon;Normal;Web;12;;;360\n", "channel-unknown(Guichet,Fnac) line 2 at 'channel': Web")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Balcon;;Fnac;12;;;360\n", "field-empty(tariff) line 2 at 'Vendus': 12")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Balcon;Normal;Fnac;12;;;360\nLe Roi Lear;24/11/2026;20:30;balcon;NORMAL;fnac;1;;;30\n", "line-duplicate(2) line 3 at '': balcon / normal / fnac")]
    [InlineData(Long + "Le Roi Lear;24/11/2026;20:30;Balcon;Normal;Fnac;1,5;;;360\nLe Roi Lear;24/11/2026;20:30;Balcon;Réduit;Fnac;x;;;360\nLe Roi Lear;;;Balcon;Réduit;Fnac;1;;;360\n",
        "whole-number-expected() line 2 at 'Vendus': 1,5¦number-expected() line 3 at 'Vendus': x¦field-empty(date) line 4 at 'date': ")]
    [InlineData(Long + "Le Roi Lear;05/06/2026;20:30;Balcon;Normal;Fnac;1;;;360\n", "date-ambiguous(2026-06-05,2026-05-06) line 2 at 'Date': 05/06/2026")]
    [InlineData("Date\tCatégorie\tVendus\tCA\n24/11/2026\tBalcon\t1\t1,234\n", "number-ambiguous(1.234,1234) line 2 at 'CA': 1,234")]
    [InlineData("Spectacle;Vendus\nLe Roi Lear;12\n", "field-unmapped(date) line 0 at '': ")]
    [InlineData("Date;Réseau;CA\n24/11/2026;Fnac;12,50\n", "field-unmapped(sold) line 0 at '': ")]
    public void A_line_that_cannot_be_taken_refuses_the_file_by_name(string text, string expected)
    {
        var later = Import.Details with { LocalStart = new DateTime(2026, 11, 27, 20, 30, 0) };
        var context = new TallyContext([Import.Tallied(), Import.Tallied("s2", later), Import.Tallied("s3", later with { Place = "Petite salle" })]);
        Assert.Equal(expected.Replace('¦', '\n'), Import.PlanTallies(text, context));
    }

    [Fact]
    public void The_place_tells_two_sessions_apart()
    {
        var context = new TallyContext([Import.Tallied(), Import.Tallied("s2", Import.Details with { Place = "Petite salle" })]);
        Assert.Equal("s2: balcon/normal/fnac 3+0+0 7500", Import.PlanTallies("Titre;Date;Salle;Catégorie;Réseau;Vendus\nLe Roi Lear;24/11/2026;PETITE salle;Balcon;Fnac;3\n", context));
    }

    [Fact]
    public void A_session_that_receives_or_is_cancelled_takes_no_tally()
    {
        const string Line = Long + "Le Roi Lear;24/11/2026;20:30;Balcon;Normal;Fnac;12;;;360\n";
        Assert.Equal("session-receives() line 2 at '': Le Roi Lear | 2026-11-24T20:30 | Grande salle", Import.PlanTallies(Line, new TallyContext([Import.Tallied(receives: true)])));
        Assert.Equal(
            "session-locked(cancelled) line 2 at '': Le Roi Lear | 2026-11-24T20:30 | Grande salle",
            Import.PlanTallies(Line, new TallyContext([Import.Tallied(status: SessionStatus.Cancelled)])));
    }

    [Fact]
    public void A_file_from_a_sessions_page_needs_no_date_and_an_unknown_channel_may_be_added()
    {
        var context = new TallyContext([Import.Tallied(), Import.Tallied("s2")], "s2", MayAddChannels: true);
        Assert.Equal(
            "s2: or/normal/bureau-d-accueil 12+0+0 36000, balcon/normal/fnac 3+0+0 7500 new bureau-d-accueil",
            Import.PlanTallies("Catégorie;Réseau;Vendus\nCarré or;Bureau d'accueil;12\nBalcon;Fnac;3\n", context, mapping => mapping with { Scope = TallyScope.Whole }));
    }

    [Fact]
    public void A_distributors_file_leaves_the_other_channels_as_they_are()
    {
        var current = Import.Version(new TallyLine("or", "normal", "guichet", 50, 0, 0, 150_000), new TallyLine("or", "reduit", "fnac", 20, 0, 0, 40_000));
        var context = new TallyContext([Import.Tallied(current: current)]);
        const string Text = "Date;Catégorie;Vendus\n24/11/2026;Carré or;12\n";
        Mapping OfFnac(Mapping mapping) => mapping with { Constants = [.. mapping.Constants.Where(one => one.Field != "channel"), new FieldConstant("channel", "Fnac")] };
        Assert.Equal("s1: or/normal/guichet 50+0+0 150000, or/normal/fnac 12+0+0 36000 drop", Import.PlanTallies(Text, context, OfFnac));
        Assert.Equal("s1: or/normal/fnac 12+0+0 36000 drop", Import.PlanTallies(Text, context, mapping => OfFnac(mapping) with { Scope = TallyScope.Whole }));
    }

    [Fact]
    public void A_default_means_the_only_one_there_is_whatever_its_name()
    {
        var details = Import.Details with { Categories = [new Category("unique", "Unique", 300)], Prices = [] };
        Assert.Equal("s1: unique/normal/guichet 12+0+0 36000", Import.PlanTallies("Date;Vendus\n24/11/2026;12\n", new TallyContext([Import.Tallied(details: details)])));
    }

    [Fact]
    public void Two_columns_that_count_the_same_are_refused() => Assert.Equal(
        "field-mapped-twice(sold) line 2 at 'Normal': 3",
        Import.PlanTallies("Date;Catégorie;Vendus;Normal\n24/11/2026;Balcon;12;3\n", change: mapping => mapping with { Constants = [.. mapping.Constants, new FieldConstant("tariff", "Normal")] }));

    [Fact]
    public void A_hundred_thousand_lines_are_planned_in_the_time_of_one_page()
    {
        var sessions = Enumerable.Range(0, 2_000).Select(day => Import.Tallied($"s{day}", Import.Details with { LocalStart = Import.Details.LocalStart.AddDays(day) })).ToArray();
        var lines = from session in sessions
                    from category in new[] { "Carré or", "Balcon" }
                    from tariff in new[] { "Normal", "Réduit" }
                    from channel in new[] { "Guichet", "Fnac" }
                    select $"Le Roi Lear;{session.Details.LocalStart:yyyy-MM-dd};20:30;{category};{tariff};{channel};1;0;0;10,00\n";
        var table = Import.Read(Long + string.Concat(lines));
        var context = new TallyContext([.. sessions]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var plan = TallyImport.Plan(table, Mappings.Propose(table, ImportKind.Tallies, context.Names, Import.Defaults).Accepted.Mapping, context).Accepted;
        Assert.Equal((2_000, 16_000L, 16_000), (plan.Tallies.Length, plan.Sold, plan.Lines));
        // What a line costs doesn't grow with the number of sessions.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_000 * 20_000L);
    }
}

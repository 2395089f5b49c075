using Guichet.Contacts;

namespace Guichet.Tests.Contacts;

/// <summary>The search's rules, those of the «Trucs et astuces» in their own words.</summary>
public sealed class ContactSearchTests(ContactFile file) : IClassFixture<ContactFile>
{
    [Fact]
    public async Task Taper_dup_donnera_tous_les_noms_commencant_par_dup() =>
        Assert.Equal("chantal frederic frederic-2 jean julie rougier sadier", await file.Found(new ContactFilter("dup")));

    [Theory]
    [InlineData("celine")]
    [InlineData("Céline")]
    [InlineData("CELINE")]
    [InlineData("CÉLINE")]
    [InlineData("ce\u0301line")]
    public async Task Une_recherche_sur_celine_donnera_aussi_bien_les_Céline_CELINE_celine(string text) =>
        Assert.Equal("celine-3 celine-2 celine", await file.Found(new ContactFilter(text)));

    [Fact]
    public async Task Taper_étoile_pont_pour_rechercher_tous_les_noms_se_terminant_par_pont() =>
        Assert.Equal("chantal frederic frederic-2 jean julie pont", await file.Found(new ContactFilter("*pont")));

    [Fact]
    public async Task Taper_Dupont_virgule_j_pour_limiter_le_nombre_de_résultats() => Assert.Equal("jean julie", await file.Found(new ContactFilter("Dupont, j")));

    [Theory]
    // Star: contains; within; at the end, which is true without it.
    [InlineData("*pont*", "chantal frederic frederic-2 jean julie rougier sadier laponte pont")]
    [InlineData("d*t", "chantal frederic frederic-2 jean julie")]
    [InlineData("dup*rougier", "rougier")]
    [InlineData("dupont-*", "rougier sadier")]
    [InlineData("dupont*", "chantal frederic frederic-2 jean julie rougier sadier")]
    [InlineData("*p*nt*r*", "rougier sadier laponte")]
    [InlineData("*zq*", "")]
    [InlineData("*eline", "celine-3 celine-2 celine")]
    [InlineData("*pont, *ie", "julie")]
    [InlineData("*, j", "jean julie")]
    [InlineData("*@travail.example", "chantal")]
    // Name and first name.
    [InlineData("dup , c", "chantal")]
    [InlineData("dupont,", "chantal frederic frederic-2 jean julie rougier sadier")]
    [InlineData(", j", "jean julie")]
    [InlineData("dupont chan", "chantal")]
    [InlineData("Chantal Dup", "chantal")]
    [InlineData("dupont sad", "sadier")]
    [InlineData("martin, espion", "")]
    // Marks, ligatures, apostrophes, scripts, and what SQL would take for its own.
    [InlineData("l'oeuvre", "oeuvre")]
    [InlineData("L Œuv", "oeuvre")]
    [InlineData("LAETITIA", "oeuvre")]
    [InlineData("strauss", "strauss")]
    [InlineData("lukasz", "strauss")]
    [InlineData("o’neil", "oneill")]
    [InlineData("小", "japan")]
    [InlineData("%", "")]
    [InlineData("_", "")]
    [InlineData("100%", "percent")]
    [InlineData("100%_t", "percent")]
    [InlineData("*%*", "percent")]
    [InlineData("*%_*", "percent")]
    [InlineData("*_*", "percent")]
    [InlineData("*\\*", "")]
    [InlineData("'", "")]
    [InlineData("' OR 1=1 --", "")]
    [InlineData("a\0b", "")]
    [InlineData("\ud83c", "")]
    // E-mail.
    [InlineData("chantal@", "chantal")]
    [InlineData("C.D@TRAVAIL", "chantal")]
    [InlineData("espion@", "")]
    // Phone, in any writing, as it is typed.
    [InlineData("0612", "chantal")]
    [InlineData("06 12 34", "chantal")]
    [InlineData("06.12.34.56.78", "chantal")]
    [InlineData("+33 6 12 34 56 78", "chantal")]
    [InlineData("+33 (0)6 12 34", "chantal")]
    [InlineData("0033612345678", "chantal")]
    [InlineData("025123", "rougier")]
    [InlineData("+32 2 512", "rougier")]
    [InlineData("0612345679", "")]
    public async Task A_text_finds(string text, string found) => Assert.Equal(found, await file.Found(new ContactFilter(text)));

    [Theory]
    [InlineData("*")]
    [InlineData("***")]
    [InlineData(" ")]
    [InlineData("*,*")]
    public async Task Stars_alone_or_nothing_at_all_is_the_whole_file_in_order(string text)
    {
        var all = await file.Queries.Search(ContactFile.Organisation, new ContactFilter(text), ContactFile.Today);
        Assert.Equal(19, all.Rows.Length);
        Assert.Equal(all.Rows.Select(row => SearchKey.Of(row.Name)).Order(StringComparer.Ordinal), all.Rows.Select(row => SearchKey.Of(row.Name)));
        Assert.False(all.More);
    }

    [Fact]
    public async Task A_text_of_any_length_is_searched_for() => Assert.Equal("", await file.Found(new ContactFilter(new string('d', 5_000))));

    [Fact]
    public async Task A_number_comes_first_and_is_completed_too()
    {
        var chantal = (await file.Queries.Search(ContactFile.Organisation, new ContactFilter("chantal"), ContactFile.Today)).Rows[0];
        Assert.Equal("chantal", (await file.Found(new ContactFilter($"{chantal.Number}"))).Split(' ')[0]);
        var ones = (await file.Queries.Search(ContactFile.Organisation, new ContactFilter("1"), ContactFile.Today)).Rows;
        Assert.Equal(1, ones[0].Number);
        Assert.Contains(ones, row => row.Number == 10);
    }

    [Theory]
    [InlineData("chantal", "DUPONT, Chantal | FR-75012")]
    [InlineData("dupont, frederic", "DUPONT, Frédéric | FR-67600")]
    [InlineData("julie", "DUPONT, Julie | ---")]
    [InlineData("dupont-rougier", "DUPONT-ROUGIER, Vincent | BE-1000")]
    [InlineData("college", "COLLÈGE JEAN-MOULIN | FR-93500")]
    public async Task A_result_reads_as_the_seed_shows_it(string text, string line)
    {
        var row = (await file.Queries.Search(ContactFile.Organisation, new ContactFilter(text), ContactFile.Today)).Rows[0];
        Assert.Equal($"{line} [{row.Number}]", row.Line);
    }

    [Fact]
    public async Task A_result_without_a_postcode_keeps_its_place() =>
        Assert.Contains("| FR-- [", (await file.Queries.Search(ContactFile.Organisation, new ContactFilter("dupont, frederic"), ContactFile.Today)).Rows[1].Line, StringComparison.Ordinal);

    public static TheoryData<ContactFilter, string> Narrowed => new()
    {
        { new("dup", WithNotValid: true), "old chantal frederic frederic-2 jean julie rougier sadier" },
        { new("dup", WithArchived: true), "chantal frederic frederic-2 jean julie gone rougier sadier" },
        { new(Kind: ContactKind.Structure), "mother college" },
        { new("c", Kind: ContactKind.Structure), "college" },
        { new(Types: [ContactType.Producer, ContactType.Partner]), "college" },
        { new(Name: "dup", FirstName: "j"), "jean julie" },
        { new(Name: "*pont", FirstName: "*ie"), "julie" },
        { new("j", Name: "dup"), "jean julie" },
        { new(Number: "999999"), "" },
        { new(Nature: "ÉTAB"), "college" },
        { new(Relay: "martin"), "college" },
        { new(Relay: "Martin, cel"), "college" },
        { new(Relay: "pont"), "" },
        { new(Phone: "06 12"), "chantal" },
        { new(Phone: "demain"), "" },
        { new(Email: "c.d@"), "chantal" },
        { new(Email: "*example"), "chantal" },
        { new(Country: "be"), "rougier" },
        { new(Postcode: "75"), "chantal" },
        { new(City: "selestat"), "frederic" },
        { new(City: "*p*"), "college chantal" },
        { new(AdministrativeNumber: "73282932000074"), "mother" },
        { new(AdministrativeNumber: "732-829"), "mother" },
        { new(Criterion: "public"), "sadier" },
        { new(Criterion: "public", CriterionValue: "senior"), "sadier" },
        { new(Criterion: "public", CriterionValue: "jeune"), "" },
        { new(Iban: "FR76 3000 6000 0112 3456 7890 189"), "jean" },
        { new(ReferenceCode: "ref-4"), "jean" },
        { new(AmbassadorsOnly: true), "julie" },
        { new("celine", WithRelays: false), "celine-3 celine-2" },
        { new(ConnectedAs: RelationKind.Relay), "celine pont" },
        { new("*pont*", Country: "BE"), "rougier" },
        { new(Name: "-"), "" },
    };

    [Theory, MemberData(nameof(Narrowed))]
    public async Task Every_field_of_the_advanced_screen_narrows(ContactFilter filter, string found) => Assert.Equal(found, await file.Found(filter));

    [Theory]
    [InlineData(RelationKind.Relay, "college", "celine pont")]
    [InlineData(RelationKind.Subsidiary, "mother", "college")]
    [InlineData(RelationKind.Member, "college", "")]
    [InlineData(null, "college", "mother celine pont")]
    public async Task Those_tied_to_a_contact_are_found_by_the_tie(RelationKind? kind, string with, string found) =>
        Assert.Equal(found, await file.Found(new ContactFilter(ConnectedAs: kind, ConnectedWith: file.IdOf(with))));

    [Fact]
    public async Task Roles_and_the_relay_of_a_structure_are_todays()
    {
        var rows = await file.Queries.Find(ContactFile.Organisation, [file.IdOf("college"), file.IdOf("celine"), file.IdOf("pont"), file.IdOf("mother")], ContactFile.Today);
        Assert.Equal((ContactRole.Subsidiary, "MARTIN, Céline"), (Assert.Single(rows.Single(row => row.Id == file.IdOf("college")).Roles), rows.Single(row => row.Id == file.IdOf("college")).Relay));
        Assert.Equal(ContactRole.Relay, Assert.Single(rows.Single(row => row.Id == file.IdOf("celine")).Roles));
        Assert.Equal(ContactRole.PublicIndividual, Assert.Single(rows.Single(row => row.Id == file.IdOf("pont")).Roles));
        Assert.Equal(ContactRole.PublicStructure, Assert.Single(rows.Single(row => row.Id == file.IdOf("mother")).Roles));
    }

    [Theory]
    [InlineData("dup")]
    [InlineData("*p*")]
    [InlineData("*")]
    public async Task Page_after_page_is_the_whole_in_order(string text)
    {
        var whole = await file.Found(new ContactFilter(text));
        var pages = new List<string>();
        for (var offset = 0; ; offset += 2)
        {
            var page = await file.Queries.Search(ContactFile.Organisation, new ContactFilter(text, Offset: offset, Limit: 2), ContactFile.Today);
            pages.Add(file.Found(page));
            if (!page.More) break;
        }
        Assert.Equal(whole, string.Join(' ', pages));
    }

    [Theory]
    [InlineData("Dupond", "Chantale", null, null, null, "chantal")]
    [InlineData("Chantal", "Dupont", null, null, null, "chantal")]
    [InlineData("Inconnue", "Anne", "CHANTAL@dupont.example", null, null, "chantal")]
    [InlineData("Inconnue", "Anne", null, "+33 6 12 34 56 78", null, "chantal")]
    [InlineData("Dupont", "Chantal", null, null, "1970-05-17", "chantal")]
    [InlineData("Oneill", "Sean", null, null, null, "oneill")]
    [InlineData("小林", "さくら", null, null, null, "japan")]
    [InlineData("College Jean Moulin", null, null, null, null, "college")]
    public async Task Likely_duplicates_are_shown_the_likeliest_first(string name, string? first, string? email, string? phone, string? born, string likeliest)
    {
        var found = await file.Duplicates.Find(ContactFile.Organisation, Probe(name, first, email, phone, born), null, ContactFile.Today);
        Assert.Equal(file.IdOf(likeliest), found[0].Contact.Id);
        Assert.DoesNotContain(found, duplicate => duplicate.Contact.FirstName == "Espion");
    }

    [Theory]
    [InlineData("Lefebvre", "Anne", null, null, null)]
    [InlineData("D", null, null, null, null)]
    [InlineData("", "", "personne@nulle.example", "demain", null)]
    public async Task Nobody_like_it_is_nobody(string name, string? first, string? email, string? phone, string? born) =>
        Assert.Empty(await file.Duplicates.Find(ContactFile.Organisation, Probe(name, first, email, phone, born), null, ContactFile.Today));

    [Fact]
    public async Task A_record_is_no_duplicate_of_itself_and_another_birth_date_weighs_against()
    {
        Assert.DoesNotContain(await file.Duplicates.Find(ContactFile.Organisation, Probe("Dupont", "Chantal", null, null, null), file.IdOf("chantal"), ContactFile.Today), duplicate => duplicate.Contact.Id == file.IdOf("chantal"));
        var other = (await file.Duplicates.Find(ContactFile.Organisation, Probe("Dupont", "Chantal", null, null, "1999-01-01"), null, ContactFile.Today)).Single(duplicate => duplicate.Contact.Id == file.IdOf("chantal"));
        Assert.Equal((1.0, false), (other.Likeness, other.SameBirthDate));
    }

    private static ContactProbe Probe(string name, string? first, string? email, string? phone, string? born) => new(
        name, first, email is null ? [] : [email], phone is null ? [] : [phone], born is null ? null : DateOnly.Parse(born, System.Globalization.CultureInfo.InvariantCulture));
}

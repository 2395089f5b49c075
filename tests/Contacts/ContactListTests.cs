using System.Text;
using Guichet.Contacts;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What a list of contacts is ordered, narrowed and counted by, and how it is taken out whole.</summary>
public sealed class ContactListTests(ContactFile file) : IClassFixture<ContactFile>
{
    public static TheoryData<ContactFilter, string> Asked => new()
    {
        { new("dup") { Sort = ContactSort.Number }, "chantal frederic frederic-2 jean julie sadier rougier" },
        { new("dup") { Sort = ContactSort.Number, Descending = true }, "rougier sadier julie jean frederic-2 frederic chantal" },
        { new("*pont*") { Sort = ContactSort.Name, Descending = true }, "pont laponte sadier rougier julie jean frederic-2 frederic chantal" },
        { new("dup") { Sort = ContactSort.City }, "rougier jean chantal frederic frederic-2 julie sadier" },
        { new("dup") { Sort = ContactSort.Postcode }, "rougier jean frederic chantal frederic-2 julie sadier" },
        { new(Kind: ContactKind.Structure) { Sort = ContactSort.Number }, "college mother" },
        { new(Name: "*pont", FirstName: "j") { Sort = ContactSort.Number, Descending = true }, "julie jean" },
        { new(Name: "dup") { Sort = ContactSort.Number, AfterNumber = 4 }, "julie sadier rougier" },
        { new() { Role = ContactRole.Relay }, "celine" },
        { new() { Role = ContactRole.Subsidiary }, "college" },
        { new() { Role = ContactRole.PublicStructure }, "mother" },
        { new("dup") { Role = ContactRole.PublicIndividual }, "chantal frederic frederic-2 jean julie rougier sadier" },
        { new() { Tags = ["ami du théâtre"] }, "chantal jean" },
        { new() { Tags = ["AMI DU THEATRE", "presse"] }, "jean" },
        { new("chan") { Tags = ["presse"] }, "" },
        { new() { Tags = ["personne"] }, "" },
        { new(Phone: "06 12") { PhoneCountry = "FR" }, "chantal" },
        { new(Phone: "06 12") { PhoneCountry = "BE" }, "" },
        { new(Phone: "02 512") { PhoneCountry = "be" }, "rougier" },
        { new(Phone: "+33 6 12") { PhoneCountry = "BE" }, "chantal" },
        { new("100%_"), "percent" },
        { new("😀"), "" },
        { new(new string('x', 300)), "" },
        { new("小"), "japan" },
    };

    [Theory, MemberData(nameof(Asked))]
    public async Task A_list_is_narrowed_and_put_in_order(ContactFilter filter, string found) => Assert.Equal(found, await file.Found(filter));

    [Theory]
    [InlineData("dup")]
    [InlineData("*pont*")]
    [InlineData("*")]
    [InlineData(null)]
    public async Task All_that_is_found_is_taken_out_in_the_order_that_is_shown(string? text)
    {
        foreach (var sort in Enum.GetValues<ContactSort>())
        {
            var filter = new ContactFilter(text, Limit: 1_000) { Sort = sort };
            var shown = await file.Queries.Search(ContactFile.Organisation, filter, ContactFile.Today);
            Assert.NotEmpty(shown.Rows);
            Assert.Equal(shown.Rows.Select(row => row.Line), await file.Queries.All(ContactFile.Organisation, filter with { Limit = 1 }, ContactFile.Today).Select(row => row.Line).ToListAsync());
            Assert.Equal(shown.Rows.Select(row => row.Number).Order(), await file.Queries.Details(ContactFile.Organisation, filter, ContactFile.Today).Select(row => row.Number).ToListAsync());
        }
    }

    [Fact]
    public async Task Ids_go_on_page_after_page_by_number()
    {
        var seen = new List<long>();
        for (long? after = null; ;)
        {
            var page = await file.Queries.IdsOf(ContactFile.Organisation, new ContactFilter("dup"), ContactFile.Today, after, 3);
            seen.AddRange(page.Select(contact => contact.Number));
            if (page.Length < 3) break;
            after = page[^1].Number;
        }
        Assert.Equal(7, seen.Count);
        Assert.Equal(seen.Distinct().Order(), seen);
    }

    [Fact]
    public async Task Those_found_are_counted_by_what_they_have_in_common()
    {
        var facets = await file.Queries.Facets(ContactFile.Organisation, new ContactFilter(), ContactFile.Today);
        Assert.Equal((19, false), (facets.Total, facets.AtLeast));
        Assert.Equal("individual 17, structure 2", Counts("kind"));
        Assert.Equal("FR 5, BE 1", Counts("country"));
        Assert.Equal("61 1, 67 1, 75 1, 93 1", Counts("postcode"));
        Assert.Equal("publicIndividual 16, publicStructure 1, relay 1, subsidiary 1", Counts("role"));
        Assert.Equal("public:senior 1", Counts("criterion"));
        Assert.Equal("Ami du théâtre 2, Presse 1", Counts("tag"));
        Assert.Equal("partner 1", Counts("type"));

        var some = await file.Queries.Facets(ContactFile.Organisation, new ContactFilter("*pont*", Country: "FR"), ContactFile.Today);
        Assert.Equal(4, some.Total);

        string Counts(string name) => string.Join(", ", facets.Facets.Single(facet => facet.Name == name).Values.Select(value => $"{value.Value} {value.Count}"));
    }

    [Theory]
    [InlineData("q=dupont, j&country=FR&kind=individual", "")]
    [InlineData("criterion=public:senior", "")]
    [InlineData("phone=demain", "search-phone-unreadable@phone")]
    [InlineData("country=France", "country-unknown@country")]
    [InlineData("kind=person", "choice-unknown@kind")]
    [InlineData("kind=individual&kind=structure", "one-choice-expected@kind")]
    [InlineData("type=guide&type=producer&tag=a&tag=b", "")]
    [InlineData("relays=peut-être", "yes-or-no-expected@relays")]
    [InlineData("connectedWith=../..", "related-contact-unknown@connectedWith")]
    [InlineData("criterionValue=senior", "criterion-missing@criterion")]
    [InlineData("criterion=Âge", "criterion-invalid@criterion")]
    [InlineData("tag=-", "tag-missing@tag")]
    [InlineData("solde=12", "search-field-unknown@solde")]
    [InlineData("city=%00", "text-not-one-line@city")]
    [InlineData("name=%", "")]
    public void Conditions_are_understood_or_refused_by_their_field(string address, string refused)
    {
        var conditions = address.Split('&').Select(pair => pair.Split('=')).Select(pair => new SearchCondition(pair[0], pair[1] == "%00" ? "\0" : pair[1]));
        Assert.Equal(refused, string.Join(' ', ContactSearchFields.Read(conditions).Wrong.Select(refusal => $"{refusal.Code}@{refusal.Field}")));
    }

    [Fact]
    public void A_text_of_more_than_300_characters_is_refused_and_one_of_300_is_not()
    {
        Assert.Empty(ContactSearchFields.Read([new("q", new string('x', 300))]).Wrong);
        Assert.Equal("text-too-long", Assert.Single(ContactSearchFields.Read([new("q", new string('x', 301))]).Wrong).Code);
    }

    [Fact]
    public void A_card_has_everything_escaped_and_folded_between_characters()
    {
        var person = Person with
        {
            Name = "Le Gall; dit «L’Œuvre»",
            FirstName = "Anne,\\Marie",
            Emails = ["a@b.example", "c@d.example"],
            Mobile = "+33612345678",
            Fax = "+33112345678",
            Addresses = [At("75012", "Paris") with { Line2 = new string('é', 90) }, At("1000", "Bruxelles", "BE", AddressKind.Billing)],
        };
        var card = VCard.Of(new WholeContact("01abc", 7_611, person, ["Ami, fidèle"], new DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.FromHours(1))));
        var lines = card.Split("\r\n");
        Assert.All(lines, line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 75, line));
        Assert.DoesNotContain('\uFFFD', card);
        var unfolded = card.Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
        [
            "BEGIN:VCARD", "VERSION:4.0", "UID;VALUE=text:01abc", "KIND:individual", @"FN:Anne\,\\Marie Le Gall\; dit «L’Œuvre»", @"N:Le Gall\; dit «L’Œuvre»;Anne\,\\Marie;;Madame;",
            "BDAY:19700517", "EMAIL;PREF=1:a@b.example", "EMAIL:c@d.example", "TEL;VALUE=uri;TYPE=cell:tel:+33612345678", "TEL;VALUE=uri;TYPE=fax:tel:+33112345678",
            $@"ADR;PREF=1:;;12\, rue de la Gaîté,{new string('é', 90)};Paris;;75012;FR", @"ADR;TYPE=x-billing:;;12\, rue de la Gaîté;Bruxelles;;1000;BE", "LANG:fr", @"CATEGORIES:Ami\, fidèle",
            "X-GUICHET-NUMBER:7611", "REV:20261126T070000Z", "END:VCARD",
        ], unfolded);
    }
}

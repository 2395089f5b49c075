using Guichet.Contacts;

namespace Guichet.Tests.Contacts;

public sealed class FrenchPostcodesTests
{
    [Theory]
    [InlineData("75012", "Paris", "Paris", "Île-de-France")]
    [InlineData("13001", "Marseille", "Bouches-du-Rhône", "Provence-Alpes-Côte d'Azur")]
    [InlineData("67 600", "Sélestat", "Bas-Rhin", "Grand Est")]
    [InlineData("20000", "Ajaccio", "Corse-du-Sud", "Corse")]
    [InlineData("20200", "Bastia", "Haute-Corse", "Corse")]
    [InlineData("97400", "Saint-Denis", "La Réunion", "La Réunion")]
    [InlineData("97200", "Fort-de-France", "Martinique", "Martinique")]
    [InlineData("98800", "Nouméa", "Nouvelle-Calédonie", "Nouvelle-Calédonie")]
    public void A_postcode_says_its_largest_city_its_department_and_its_region(string postcode, string city, string department, string region)
    {
        var place = FrenchPostcodes.Find("FR", postcode);
        Assert.Equal((city, department, region), (place.Cities[0].Name, place.Department, place.Region));
        Assert.Equal((department, region), (place.Cities[0].Department, place.Cities[0].Region));
    }

    /// <summary>Those of companies aren't any commune's own.</summary>
    [Theory]
    [InlineData("75370", "Paris")]
    [InlineData("92932", "Hauts-de-Seine")]
    [InlineData("20189", "Corse-du-Sud")]
    [InlineData("20303", "Haute-Corse")]
    [InlineData("97181", "Guadeloupe")]
    public void Of_a_cedex_only_the_department_is_known(string postcode, string department)
    {
        var place = FrenchPostcodes.Find("FR", postcode);
        Assert.Empty(place.Cities);
        Assert.Equal(department, place.Department);
    }

    [Fact]
    public void A_postcode_of_two_departments_says_neither_until_the_city_is_chosen()
    {
        var place = FrenchPostcodes.Find("FR", "01410");
        Assert.Null(place.Department);
        Assert.Contains(place.Cities, city => city.Department == "Ain");
        Assert.Contains(place.Cities, city => city.Department == "Jura");
    }

    [Fact]
    public void A_postcode_of_several_cities_offers_them_all() => Assert.True(FrenchPostcodes.Find(null, "07000").Cities.Length > 3);

    [Fact]
    public void Monaco_is_another_country() => Assert.Equal(("MC", "Monaco"), FrenchPostcodes.Find("FR", "98000") is var place ? (place.Country, place.Cities[0].Name) : default);

    [Theory]
    [InlineData("FR", "7501")]
    [InlineData("FR", "750121")]
    [InlineData("FR", "")]
    [InlineData("FR", null)]
    [InlineData("FR", "00000")]
    [InlineData("BE", "75012")]
    public void What_is_no_french_postcode_says_nothing(string country, string? postcode) => Assert.Equal(PostcodePlace.Unknown, FrenchPostcodes.Find(country, postcode));

    [Fact]
    public void Departments_and_regions_are_those_of_today()
    {
        Assert.Contains("Corse-du-Sud", FrenchPostcodes.Departments);
        Assert.Contains("Mayotte", FrenchPostcodes.Departments);
        Assert.Contains("Bourgogne-Franche-Comté", FrenchPostcodes.Regions);
    }
}

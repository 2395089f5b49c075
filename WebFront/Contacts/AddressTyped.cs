using Guichet.Components;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Contacts;

/// <summary>An address as its fields hold it, filled in from its postcode where they were left empty.</summary>
public sealed class AddressTyped
{
    public string Country { get; set; } = PhoneText.DefaultCountry;

    public string Postcode { get; set; } = "";

    public string City { get; set; } = "";

    public string Line1 { get; private set; } = "";

    public string Line2 { get; private set; } = "";

    public string Line3 { get; private set; } = "";

    public string Department { get; private set; } = "";

    public string Region { get; private set; } = "";

    /// <summary>Cities to choose from, where the postcode serves several and none was given.</summary>
    public IReadOnlyList<string> Choices { get; private set; } = [];

    public bool IsEmpty => string.IsNullOrWhiteSpace(Postcode + City + Line1 + Line2 + Line3);

    public static AddressTyped Of(ContactAddress? address) => address is null ? new() : new()
    {
        Country = address.Country,
        Postcode = address.Postcode ?? "",
        City = address.City ?? "",
        Line1 = address.Line1 ?? "",
        Line2 = address.Line2 ?? "",
        Line3 = address.Line3 ?? "",
        Department = address.Department ?? "",
        Region = address.Region ?? "",
    };

    public static AddressTyped Read(IFormCollection form)
    {
        var typed = new AddressTyped
        {
            Country = form["country"].ToString() is { Length: > 0 } country ? country : PhoneText.DefaultCountry,
            Postcode = form["postcode"].ToString().Trim(),
            City = form["city"].ToString().Trim() is { Length: > 0 } city ? city : form["city-choice"].ToString().Trim(),
            Line1 = form["line1"].ToString(),
            Line2 = form["line2"].ToString(),
            Line3 = form["line3"].ToString(),
            Department = form["department"].ToString().Trim(),
            Region = form["region"].ToString().Trim(),
        };
        typed.FillIn();
        return typed;
    }

    public ContactAddress ToAddress(AddressKind kind, bool notValid) => new(kind, Country, Postcode, City, Line1, Line2, Line3, Department, Region, notValid);

    private void FillIn()
    {
        var place = FrenchPostcodes.Find(Country, Postcode);
        if (place.Country is { } elsewhere) Country = elsewhere;
        if (City.Length == 0 && place.Cities is [var only]) City = only.Name;
        if (City.Length == 0) Choices = [.. place.Cities.Select(city => city.Name)];
        var key = SearchKey.Of(City);
        var known = place.Cities.FirstOrDefault(city => SearchKey.Of(city.Name) == key);
        if (Department.Length == 0) Department = known?.Department ?? place.Department ?? "";
        if (Region.Length == 0) Region = known?.Region ?? place.Region ?? "";
    }
}

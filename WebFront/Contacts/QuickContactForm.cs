using Guichet.Components;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Contacts;

/// <summary>The few indispensable things of a new contact, as they were typed.</summary>
public sealed class QuickContactForm
{
    /// <summary>In the order in which the form asks.</summary>
    public static readonly string[] Order =
        ["kind", "title", "name", "firstName", "mobile", "email", "account", "structure", "newStructure", "useStructureAddress", "country", "postcode", "city", "line1", "line2", "line3", "department", "region"];

    public ContactKind Kind { get; set; }

    public string Title { get; private set; } = "";

    public string Name { get; set; } = "";

    public string FirstName { get; set; } = "";

    public PhoneTyped Mobile { get; set; } = PhoneTyped.None;

    public string Email { get; set; } = "";

    /// <summary>It gets an internet account.</summary>
    public bool Account { get; private set; }

    /// <summary>The id of the one picked.</summary>
    public string Structure { get; set; } = "";

    /// <summary>The name of one to make.</summary>
    public string NewStructure { get; set; } = "";

    public bool UseStructureAddress { get; set; }

    public AddressTyped Address { get; private set; } = new();

    private bool IsStructure => Kind == ContactKind.Structure;

    public static QuickContactForm Read(IFormCollection form) => new()
    {
        Kind = form["kind"] == nameof(ContactKind.Structure) ? ContactKind.Structure : ContactKind.Individual,
        Title = form["title"].ToString(),
        Name = form["name"].ToString(),
        FirstName = form["firstName"].ToString(),
        Mobile = PhoneTyped.Read(form, "mobile"),
        Email = form["email"].ToString(),
        Account = form["account"] == "true",
        Structure = form["structure"].ToString(),
        NewStructure = form["newStructure"].ToString().Trim(),
        UseStructureAddress = form["useStructureAddress"] == "true",
        Address = AddressTyped.Read(form),
    };

    /// <summary>
    /// From the words of a search: <c>Dupont, Marc</c> is a name and a first name, <c>claire@exemple.org</c> an e-mail, a number a phone.
    /// </summary>
    public static QuickContactForm Of(string? words, ContactKind kind)
    {
        var form = new QuickContactForm { Kind = kind };
        var text = (words ?? "").Replace("*", "", StringComparison.Ordinal).Trim();
        if (text.Length is 0 or > ContactRules.LongestName) return form;
        if (text.Contains('@', StringComparison.Ordinal)) form.Email = text;
        else if (PhoneText.Read(text, PhoneText.DefaultCountry) is { } phone) form.Mobile = PhoneTyped.Of(phone);
        else if (kind == ContactKind.Individual && text.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma) (form.Name, form.FirstName) = (text[..comma].Trim(), text[(comma + 1)..].Trim());
        else form.Name = text;
        return form;
    }

    /// <summary>What a field holds, by its name: for the search of likely duplicates.</summary>
    public string Typed(string field) => field switch
    {
        "kind" => Kind.ToString(),
        "name" => Name,
        "firstName" => FirstName,
        "email" => Email,
        "mobile" => Mobile.Written,
        "mobileCountry" => Mobile.Country,
        _ => "",
    };

    /// <summary>The contact that was typed; what the form itself asks for and didn't get is among the errors.</summary>
    /// <param name="shared">The structure's main address, where it is to be used.</param>
    public ContactDetails ToDetails(ContactAddress? shared, FormErrors errors, Reader reader)
    {
        if (!IsStructure && string.IsNullOrWhiteSpace(Title)) errors.Add("title", reader.T("Choisissez une civilité.", "Choose a form of address."));
        if (!IsStructure && string.IsNullOrWhiteSpace(FirstName)) errors.Add("firstName", reader.T("Donnez un prénom.", "Give a first name."));
        if (shared is null) AskForAddress(errors, reader);
        return new ContactDetails(
            Kind, [], Name, IsStructure ? null : Title, IsStructure ? null : FirstName, null, null, reader.Language == Words.Language.English ? Organisations.Language.English : Organisations.Language.French,
            null, null, string.IsNullOrWhiteSpace(Email) ? [] : [Email], Mobile.Number("mobile", errors, reader.Formats), null, null,
            [shared is null ? Address.ToAddress(AddressKind.Main, notValid: false) : shared with { Kind = AddressKind.Main }], null, null, false, false);
    }

    /// <summary>The structure to make with it: its name, and the address that was typed where both have it.</summary>
    public ContactDetails NewStructureDetails => new(
        ContactKind.Structure, [], NewStructure, null, null, null, null, Organisations.Language.French, null, null, [], null, null, null,
        UseStructureAddress ? [Address.ToAddress(AddressKind.Main, notValid: false)] : [], null, null, false, false);

    /// <summary>The form's field of a refusal of <see cref="ToDetails"/>.</summary>
    public static string? FieldOf(Refusal refusal) => refusal.Field switch
    {
        null => null,
        "emails" or "emails[0]" => "email",
        ['a', 'd', 'd', 'r', 'e', 's', 's', 'e', 's', '[', '0', ']', '.', .. var part] => part,
        var field => field,
    };

    private void AskForAddress(FormErrors errors, Reader reader)
    {
        if (Address.Country == PhoneText.DefaultCountry && Address.Postcode.Length == 0) errors.Add("postcode", reader.T("Donnez un code postal.", "Give a postcode."));
        if (Address.City.Length > 0) return;
        errors.Add("city", Address.Choices.Count > 0
            ? reader.T($"Ce code postal est celui de plusieurs communes : {reader.Formats.List([.. Address.Choices.Take(8)])}{(Address.Choices.Count > 8 ? "…" : "")}. Choisissez la sienne.",
                $"Several places have this postcode: {reader.Formats.List([.. Address.Choices.Take(8)])}{(Address.Choices.Count > 8 ? "…" : "")}. Choose the right one.")
            : reader.T("Donnez une ville.", "Give a city."));
    }
}

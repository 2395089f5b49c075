using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Contacts;

/// <summary>All that a contact is but its addresses, as it was typed.</summary>
public sealed class ContactForm
{
    /// <summary>In the order in which the form asks.</summary>
    public static readonly string[] Order =
        ["title", "name", "firstName", "birthDate", "function", "administrativeNumber", "nature", "language", "emails", "mobile", "phone", "fax", "types", "iban", "referenceCode", "ambassador", "notValid"];

    public ContactKind Kind { get; private init; }

    public string Title { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string FirstName { get; private set; } = "";

    public string BirthDate { get; private set; } = "";

    public string Function { get; private set; } = "";

    public Organisations.Language Language { get; private set; } = Organisations.Language.French;

    public string AdministrativeNumber { get; private set; } = "";

    public string Nature { get; private set; } = "";

    public IReadOnlyList<string> Emails { get; private set; } = [];

    public PhoneTyped Mobile { get; private set; } = PhoneTyped.None;

    public PhoneTyped Phone { get; private set; } = PhoneTyped.None;

    public PhoneTyped Fax { get; private set; } = PhoneTyped.None;

    public IReadOnlyList<ContactType> Types { get; private set; } = [];

    public string Iban { get; private set; } = "";

    public string ReferenceCode { get; private set; } = "";

    public bool Ambassador { get; private set; }

    public bool NotValid { get; private set; }

    public static ContactForm Of(ContactDetails details) => new()
    {
        Kind = details.Kind,
        Title = details.Title ?? "",
        Name = details.Name,
        FirstName = details.FirstName ?? "",
        BirthDate = details.BirthDate?.Iso() ?? "",
        Function = details.Function ?? "",
        Language = details.Language,
        AdministrativeNumber = details.AdministrativeNumber ?? "",
        Nature = details.Nature ?? "",
        Emails = details.Emails,
        Mobile = PhoneTyped.Of(details.Mobile),
        Phone = PhoneTyped.Of(details.Phone),
        Fax = PhoneTyped.Of(details.Fax),
        Types = details.Types,
        Iban = details.Iban ?? "",
        ReferenceCode = details.ReferenceCode ?? "",
        Ambassador = details.Ambassador,
        NotValid = details.NotValid,
    };

    /// <param name="kind">What the contact is for good: the form doesn't say it.</param>
    public static ContactForm Read(IFormCollection form, ContactKind kind) => new()
    {
        Kind = kind,
        Title = form["title"].ToString(),
        Name = form["name"].ToString(),
        FirstName = form["firstName"].ToString(),
        BirthDate = form["birthDate"].ToString().Trim(),
        Function = form["function"].ToString(),
        Language = form["language"] == nameof(Organisations.Language.English) ? Organisations.Language.English : Organisations.Language.French,
        AdministrativeNumber = form["administrativeNumber"].ToString(),
        Nature = form["nature"].ToString(),
        Emails = [.. RowsField.Read(form, "emails", ["email"], []).Select(row => row["email"])],
        Mobile = PhoneTyped.Read(form, "mobile"),
        Phone = PhoneTyped.Read(form, "phone"),
        Fax = PhoneTyped.Read(form, "fax"),
        Types = [.. form["types"].Select(type => Enum.TryParse<ContactType>(type, out var given) && Enum.IsDefined(given) ? (ContactType?)given : null).OfType<ContactType>()],
        Iban = form["iban"].ToString(),
        ReferenceCode = form["referenceCode"].ToString(),
        Ambassador = form["ambassador"] == "true",
        NotValid = form["notValid"] == "true",
    };

    /// <summary>With the addresses of what is there; what can't be read is among the errors.</summary>
    public ContactDetails ToDetails(ImmutableArray<ContactAddress> addresses, FormErrors errors, Reader reader) => new(
        Kind, [.. Types], Name, OrNull(Title), OrNull(FirstName), Birth(errors, reader), OrNull(Function), Language, OrNull(AdministrativeNumber), OrNull(Nature), [.. Emails],
        Mobile.Number("mobile", errors, reader.Formats), Phone.Number("phone", errors, reader.Formats), Fax.Number("fax", errors, reader.Formats),
        addresses, OrNull(Iban), OrNull(ReferenceCode), Ambassador, NotValid);

    public IReadOnlyList<IReadOnlyDictionary<string, string>> EmailRows => [.. Emails.Select(email => new Dictionary<string, string> { ["email"] = email })];

    /// <summary>The form's field of a refusal: e-mails are lines of their own.</summary>
    public static string? FieldOf(Refusal refusal) => refusal.Field is ['e', 'm', 'a', 'i', 'l', 's', '[', ..] and [.., ']'] ? $"{refusal.Field}.email" : refusal.Field;

    /// <summary>ISO 8601, as date fields send it; or day, month and year, as people type it where there is none.</summary>
    private DateOnly? Birth(FormErrors errors, Reader reader)
    {
        if (BirthDate.Length == 0) return null;
        if (Days.Read(BirthDate) is { } day) return day;
        errors.Add("birthDate", reader.T(
            $"{reader.Formats.Quote(BirthDate)} n’est pas une date. Écrivez le jour, le mois et l’année, comme 17/05/1970.", $"{reader.Formats.Quote(BirthDate)} isn’t a date. Write the day, the month and the year, such as 17/05/1970."));
        return null;
    }

    private static string? OrNull(string text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>Days as forms take them.</summary>
    internal static class Days
    {
        private static readonly string[] Forms = ["yyyy-MM-dd", "d/M/yyyy", "d.M.yyyy", "d-M-yyyy"];

        /// <summary>Null for what is no day: 30 February, the year 0, letters.</summary>
        public static DateOnly? Read(string? written) =>
            DateOnly.TryParseExact(written?.Trim(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }
}

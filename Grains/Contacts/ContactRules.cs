using System.Collections.Immutable;
using System.Globalization;
using Guichet.Mail;
using Guichet.Organisations;

namespace Guichet.Contacts;

/// <summary>What a contact's texts must be, for its form, imports and the API alike.</summary>
public static class ContactRules
{
    public const int LongestName = 200;
    public const int LongestText = 100;
    public const int LongestCode = 40;
    public const int LongestPostcode = 16;
    public const int LongestNote = 4_000;
    public const int LongestWording = 2_000;
    public const int MostEmails = 5;
    public const int MostAddresses = 10;
    public const int MostNotes = 500;
    public const int MostCriteria = 100;
    public const int MostSeats = 50;
    public const int MostTags = 50;
    public const int LongestTag = 40;
    public const int MostConsents = 1_000;
    public const int MostRelations = 500;

    /// <summary>Of anyone who may still come.</summary>
    public static readonly DateOnly EarliestBirth = new(1850, 1, 1);

    /// <summary>Cleaned; and everything that is wrong, by field: <c>addresses[2].city</c> counts as sent.</summary>
    /// <param name="today">The latest day that it is anywhere.</param>
    public static (ContactDetails Cleaned, ImmutableArray<Refusal> Wrong) Check(ContactDetails details, DateOnly today)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        if (!Enum.IsDefined(details.Kind)) wrong.Add(Refusal.Of("kind-unknown", "kind"));
        ImmutableArray<ContactType> types = details.Types.IsDefault ? [] : [.. details.Types.Distinct().Order()];
        if (types.Any(type => !Enum.IsDefined(type))) wrong.Add(Refusal.Of("type-unknown", "types"));
        var name = Line(details.Name, "name", LongestName, wrong);
        if (SearchKey.Of(name).Length == 0) wrong.Add(Refusal.Of("contact-name-missing", "name"));
        var addresses = Addresses(details.Addresses, wrong);
        var country = addresses.FirstOrDefault(address => address.Kind == AddressKind.Main)?.Country;
        if (country is null || !PhoneText.Countries.Contains(country)) country = PhoneText.DefaultCountry;
        var cleaned = new ContactDetails(
            details.Kind, types, name ?? "", Line(details.Title, "title", LongestCode, wrong), Line(details.FirstName, "firstName", LongestText, wrong),
            details.BirthDate, Line(details.Function, "function", LongestText, wrong),
            details.Language == Language.English ? Language.English : Language.French,
            Line(details.AdministrativeNumber, "administrativeNumber", LongestCode, wrong), Line(details.Nature, "nature", LongestText, wrong),
            Emails(details.Emails, wrong), Phone(details.Mobile, "mobile", country, wrong), Phone(details.Phone, "phone", country, wrong), Phone(details.Fax, "fax", country, wrong),
            addresses, ReadIban(details.Iban, wrong), Line(details.ReferenceCode, "referenceCode", LongestCode, wrong), details.Ambassador, details.NotValid);
        if (cleaned.BirthDate is { } born && (born < EarliestBirth || born > today)) wrong.Add(Refusal.Of("birth-date-impossible", "birthDate", Day(born)));
        OfOneKindOnly(cleaned, wrong);
        return (cleaned, wrong.ToImmutable());
    }

    /// <summary>Whole years; who was born on 29 February is a year older on 1 March where the year has none.</summary>
    public static int AgeOn(DateOnly birth, DateOnly day)
    {
        var years = day.Year - birth.Year;
        return (day.Month, day.Day).CompareTo((birth.Month, birth.Day)) < 0 ? years - 1 : years;
    }

    private static void OfOneKindOnly(ContactDetails details, ImmutableArray<Refusal>.Builder wrong)
    {
        (string Field, bool Given, ContactKind Kind)[] own =
        [
            ("title", details.Title is not null, ContactKind.Individual), ("firstName", details.FirstName is not null, ContactKind.Individual),
            ("birthDate", details.BirthDate is not null, ContactKind.Individual), ("function", details.Function is not null, ContactKind.Individual),
            ("administrativeNumber", details.AdministrativeNumber is not null, ContactKind.Structure), ("nature", details.Nature is not null, ContactKind.Structure),
        ];
        foreach (var (field, given, kind) in own)
            if (given && Enum.IsDefined(details.Kind) && kind != details.Kind)
                wrong.Add(Refusal.Of(kind == ContactKind.Individual ? "individuals-only" : "structures-only", field));
    }

    private static ImmutableArray<string> Emails(ImmutableArray<string> emails, ImmutableArray<Refusal>.Builder wrong)
    {
        if (emails.IsDefaultOrEmpty) return [];
        if (emails.Length > MostEmails)
        {
            wrong.Add(Refusal.Of("too-many", "emails", Number(MostEmails)));
            return [];
        }
        var cleaned = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < emails.Length; i++)
        {
            var email = EmailAddress.Normalized(emails[i]);
            var field = string.Create(CultureInfo.InvariantCulture, $"emails[{i}]");
            if (!EmailAddress.IsValid(email) || !IsWhole(email)) wrong.Add(Refusal.Of("contact-email-invalid", field, Shown(email)));
            else if (cleaned.Contains(email)) wrong.Add(Refusal.Of("email-twice", field, email));
            cleaned.Add(email);
        }
        return cleaned.ToImmutable();
    }

    private static string? Phone(string? written, string field, string country, ImmutableArray<Refusal>.Builder wrong)
    {
        if (string.IsNullOrWhiteSpace(written)) return null;
        if (PhoneText.Read(written.Trim(), country) is { } read) return read;
        wrong.Add(Refusal.Of("phone-unreadable", field, Shown(written.Trim()), country));
        return null;
    }

    private static string? ReadIban(string? written, ImmutableArray<Refusal>.Builder wrong)
    {
        if (string.IsNullOrWhiteSpace(written)) return null;
        var iban = Iban.Normalized(written);
        if (!Iban.IsValid(iban)) wrong.Add(Refusal.Of("iban-wrong", "iban"));
        return iban;
    }

    private static ImmutableArray<ContactAddress> Addresses(ImmutableArray<ContactAddress> addresses, ImmutableArray<Refusal>.Builder wrong)
    {
        if (addresses.IsDefaultOrEmpty) return [];
        if (addresses.Length > MostAddresses)
        {
            wrong.Add(Refusal.Of("too-many", "addresses", Number(MostAddresses)));
            return [];
        }
        var cleaned = ImmutableArray.CreateBuilder<ContactAddress>();
        for (var i = 0; i < addresses.Length; i++) cleaned.Add(Address(addresses[i], string.Create(CultureInfo.InvariantCulture, $"addresses[{i}]"), wrong));
        if (cleaned.Count(address => address.Kind == AddressKind.Main) != 1) wrong.Add(Refusal.Of("main-address-not-one", "addresses"));
        return cleaned.ToImmutable();
    }

    private static ContactAddress Address(ContactAddress address, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (!Enum.IsDefined(address.Kind)) wrong.Add(Refusal.Of("address-kind-unknown", $"{field}.kind"));
        var country = (address.Country ?? "").Trim().ToUpperInvariant();
        if (!PhoneText.Countries.Contains(country)) wrong.Add(Refusal.Of("country-unknown", $"{field}.country", Shown(country)));
        var postcode = Line(address.Postcode, $"{field}.postcode", LongestPostcode, wrong)?.ToUpperInvariant();
        if (country == "FR" && postcode is not null)
        {
            postcode = postcode.Replace(" ", "", StringComparison.Ordinal);
            if (postcode.Length != 5 || postcode.AsSpan().ContainsAnyExceptInRange('0', '9')) wrong.Add(Refusal.Of("postcode-not-french", $"{field}.postcode", Shown(postcode)));
        }
        return new ContactAddress(
            address.Kind, country, postcode, Text("city", address.City), Text("line1", address.Line1), Text("line2", address.Line2), Text("line3", address.Line3),
            Text("department", address.Department), Text("region", address.Region), address.NotValid);

        string? Text(string name, string? text) => Line(text, $"{field}.{name}", LongestText, wrong);
    }

    /// <summary>On one line, without blanks around it; null for nothing but blanks.</summary>
    internal static string? Line(string? text, string field, int longest, ImmutableArray<Refusal>.Builder wrong)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var line = text.Trim();
        if (line.Length > longest) wrong.Add(Refusal.Of("text-too-long", field, Number(longest)));
        else if (line.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029') || !IsWhole(line)) wrong.Add(Refusal.Of("text-not-one-line", field));
        return line;
    }

    /// <summary>Of several lines, which end alike; null for nothing but blanks.</summary>
    internal static string? Lines(string? text, string field, int longest, ImmutableArray<Refusal>.Builder wrong)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var lines = text.ReplaceLineEndings("\n").Trim();
        if (lines.Length > longest) wrong.Add(Refusal.Of("text-too-long", field, Number(longest)));
        else if (lines.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')) || !IsWhole(lines)) wrong.Add(Refusal.Of("text-has-control", field));
        return lines;
    }

    /// <summary>Half a surrogate pair is no text: no database keeps it.</summary>
    internal static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]) || ++i == 0))
                return false;
        return true;
    }

    /// <summary>Short enough to be told, on one line.</summary>
    private static string Shown(string text)
    {
        var shown = string.Concat(text.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter)));
        return shown.Length <= 80 ? shown : string.Concat(shown.AsSpan(0, 79), "…");
    }

    internal static bool IsCode(string? code) => code is { Length: > 0 and <= 64 } && !code.AsSpan().ContainsAnyExcept("0123456789abcdefghijklmnopqrstuvwxyz-");

    internal static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

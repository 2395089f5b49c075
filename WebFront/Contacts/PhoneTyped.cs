using Guichet.Components;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Contacts;

/// <summary>A phone number as its field holds it.</summary>
/// <param name="Country">In which it is dialled, unless it begins with +.</param>
public sealed record PhoneTyped(string Country, string Written)
{
    public static readonly PhoneTyped None = new(PhoneText.DefaultCountry, "");

    public static string CountryField(string name) => $"{name}Country";

    /// <summary>A kept number, taken apart again.</summary>
    public static PhoneTyped Of(string? e164) => e164 is null ? None : PhoneText.Parted(e164) is var (country, national) ? new(country, national) : new(PhoneText.DefaultCountry, e164);

    public static PhoneTyped Read(IFormCollection form, string name) =>
        new(form[CountryField(name)].ToString() is var country && PhoneText.Countries.Contains(country) ? country : PhoneText.DefaultCountry, form[name].ToString().Trim());

    /// <summary>In E.164, null for nothing; what can't be read is among the errors.</summary>
    public string? Number(string name, FormErrors errors, Formats formats)
    {
        if (Written.Length == 0) return null;
        if (PhoneText.Read(Written, Country) is { } read) return read;
        errors.Add(name, RefusalSentences.Of(Refusal.Of("phone-unreadable", name, Written, Country), formats));
        return null;
    }
}

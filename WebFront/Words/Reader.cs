using System.Security.Claims;
using Guichet.Shell;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Guichet.Words;

/// <summary>Who reads this page: their language, and how figures and dates read to them. One per request.</summary>
public sealed class Reader
{
    public const string LanguageCookie = "guichet-language";
    public const string ZoneCookie = "guichet-zone";

    public Reader(Formats formats) => Formats = formats;

    public Formats Formats { get; }

    public Language Language => Formats.Language;

    /// <summary>One of a pair of texts that stand side by side in the page.</summary>
    public string T(string french, string english) => Language == Language.French ? FrenchText.Bound(french) : english;

    /// <summary>The language that someone with this one pinned to their account (a tag; null for none) reads in this browser.</summary>
    public static Language LanguageOf(HttpContext? http, string? pinned) => Languages.FromTag(pinned)
        ?? Languages.FromTag(http?.Request.Cookies[LanguageCookie])
        ?? Languages.FromAcceptLanguage(http?.Request.Headers.AcceptLanguage);

    /// <summary>
    /// The operator's pinned language (a contact's, unless this browser chose), else the choice made in this browser, else what the browser asks for;
    /// the zone is the organisation's.
    /// </summary>
    public static Reader Of(HttpContext? http, TimeProvider time)
    {
        var user = http?.User;
        return new Reader(new Formats(
            LanguageOf(http, user?.FindFirstValue(SignedIn.LanguageClaim)), Zone(user?.FindFirstValue(SignedIn.ZoneClaim)), time, http?.Request.Cookies[ZoneCookie]));
    }

    /// <summary>The zone of that IANA name; Paris for none or one that doesn't exist.</summary>
    public static DateTimeZone Zone(string? id) =>
        (id is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(id)) ?? DateTimeZoneProviders.Tzdb["Europe/Paris"];
}

using System.Collections.Immutable;
using System.Globalization;
using Guichet.Mail;
using NodaTime;

namespace Guichet.Organisations;

/// <summary>What an organisation's details, its operators and its tokens must be, whoever sends them.</summary>
public static class OrganisationRules
{
    public const int LongestName = 200;
    public const int MostOperators = 500;

    /// <summary>Tokens that work at the same time.</summary>
    public const int MostTokens = 50;

    /// <summary>Tokens that are kept for the list, those that no longer work included.</summary>
    public const int MostTokensKept = 100;

    public static readonly TimeSpan InvitationLasts = TimeSpan.FromDays(7);

    /// <summary>How long another address can be confirmed.</summary>
    public static readonly TimeSpan EmailChangeLasts = TimeSpan.FromDays(1);

    public static (OrganisationDetails Details, ImmutableArray<Refusal> Refusals) Check(OrganisationDetails details)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var name = Name(details.Name, refusals);
        var city = (details.City ?? "").Trim();
        CheckLine(city, "city", refusals);
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(details.Zone ?? "") is null) refusals.Add(Refusal.Of("zone-unknown", "zone", details.Zone ?? ""));
        if (details.Currency is not { Length: 3 } currency || !currency.All(char.IsAsciiLetterUpper))
            refusals.Add(Refusal.Of("currency-unknown", "currency", details.Currency ?? ""));
        if (details.SeasonMonth is < 1 or > 12) refusals.Add(Refusal.Of("season-month-unknown", "seasonMonth"));
        return (details with { Name = name, City = city.Length == 0 ? null : city }, refusals.ToImmutable());
    }

    /// <summary>The name without blanks around it; it goes into headers of mails, so it is one line.</summary>
    public static string Name(string? name, ImmutableArray<Refusal>.Builder refusals)
    {
        var cleaned = (name ?? "").Trim();
        if (cleaned.Length == 0) refusals.Add(Refusal.Of("name-missing", "name"));
        CheckLine(cleaned, "name", refusals);
        return cleaned;
    }

    public static string Email(string? email, ImmutableArray<Refusal>.Builder refusals)
    {
        var cleaned = EmailAddress.Normalized(email);
        if (cleaned.Length == 0) refusals.Add(Refusal.Of("email-missing", "email"));
        else if (!EmailAddress.IsValid(cleaned)) refusals.Add(Refusal.Of("email-invalid", "email"));
        return cleaned;
    }

    /// <summary>The language, or the browser's for a number that stands for none.</summary>
    public static Language Known(Language language) => Enum.IsDefined(language) ? language : Language.Browser;

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void CheckLine(string text, string field, ImmutableArray<Refusal>.Builder refusals)
    {
        if (text.Length > LongestName) refusals.Add(Refusal.Of("text-too-long", field, Text(LongestName)));
        if (text.Any(char.IsControl)) refusals.Add(Refusal.Of("text-not-one-line", field));
    }
}

namespace Guichet.Words;

/// <summary>The languages that every screen, mail and export is written in. French is the first and the fallback.</summary>
public enum Language
{
    French,
    English,
}

public static class Languages
{
    /// <summary>The BCP 47 tag, for <c>lang</c> attributes and stored choices.</summary>
    public static string Tag(this Language language) => language == Language.English ? "en" : "fr";

    /// <summary>The language of a tag such as <c>en-GB</c>; null when it is neither of ours.</summary>
    public static Language? FromTag(string? tag)
    {
        if (string.IsNullOrWhiteSpace(tag))
            return null;
        var primary = tag.AsSpan().Trim();
        var dash = primary.IndexOf('-');
        if (dash >= 0)
            primary = primary[..dash];
        if (primary.Equals("fr", StringComparison.OrdinalIgnoreCase))
            return Language.French;
        return primary.Equals("en", StringComparison.OrdinalIgnoreCase) ? Language.English : null;
    }

    /// <summary>
    /// What the browser would rather read, by the weights of its <c>Accept-Language</c> (RFC 9110, 12.5.4).
    /// A browser that knows neither language gets English if it says anything at all, French if it says nothing.
    /// </summary>
    public static Language FromAcceptLanguage(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return Language.French;
        Language? best = null;
        var bestWeight = 0.0;
        foreach (var part in header.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pieces = part.Split(';', StringSplitOptions.TrimEntries);
            if (FromTag(pieces[0]) is not { } language)
                continue;
            var weight = 1.0;
            foreach (var piece in pieces.Skip(1))
                if (piece.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                    && double.TryParse(piece.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture, out var q))
                    weight = q;
            if (weight > bestWeight)
                (best, bestWeight) = (language, weight);
        }
        return best ?? Language.English;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Papers;

using Decision = Guichet.Journal.Decision<Guichet.Reporting.LetterheadEvent>;

namespace Guichet.Reporting;

/// <param name="Revision">Counts changes of the details alone: a form isn't refused because a logo was put.</param>
public sealed record LetterheadState(long Revision, LetterheadDetails Details, Logo? Logo)
{
    public static readonly LetterheadState Empty = new(0, LetterheadDetails.Default, null);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(LetterheadChanged), "letterhead-changed")]
[JsonDerivedType(typeof(LogoPut), "logo-put")]
[JsonDerivedType(typeof(LogoRemoved), "logo-removed")]
public abstract record LetterheadEvent;

public sealed record LetterheadChanged(LetterheadDetails Details) : LetterheadEvent;

public sealed record LogoPut(Logo Logo) : LetterheadEvent
{
    /// <summary>Its bytes, on their way to a row of their own: not in the journal.</summary>
    [JsonIgnore] public ImmutableArray<byte> Image { get; init; } = [];
}

public sealed record LogoRemoved : LetterheadEvent;

/// <summary>What a letterhead decides: pure.</summary>
public static class LetterheadCore
{
    public const int LongestSender = 100;
    public const int LongestFooter = 1_000;

    /// <summary>WCAG 2.1, 1.4.3: letters of a text against their ground.</summary>
    public const double LeastContrast = 4.5;

    public static Decision Decide(LetterheadState state, Command command) => command switch
    {
        ChangeLetterhead change when change.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
        ChangeLetterhead change => Check(change.Details) is var (cleaned, wrong) && wrong.IsEmpty
            ? Decision.Accept(new LetterheadChanged(cleaned))
            : Decision.Refuse(wrong.AsSpan()),
        PutLogo put => Put(state, put.Image),
        RemoveLogo => state.Logo is null ? Decision.Accept() : Decision.Accept(new LogoRemoved()),
        _ => throw new ArgumentException($"A letterhead doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static LetterheadState Apply(LetterheadState state, LetterheadEvent happened) => happened switch
    {
        LetterheadChanged changed => state with { Revision = state.Revision + 1, Details = changed.Details },
        LogoPut put => state with { Logo = put.Logo },
        LogoRemoved => state with { Logo = null },
        _ => throw new ArgumentException($"A letterhead doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    /// <summary>Against white, 1 to 21 (WCAG 2.1, relative luminance): the same for white letters on it.</summary>
    public static double ContrastWithWhite(PaperColour colour)
    {
        static double Linear(byte part) => part / 255.0 is var share && share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        var luminance = 0.2126 * Linear(colour.Red) + 0.7152 * Linear(colour.Green) + 0.0722 * Linear(colour.Blue);
        return 1.05 / (luminance + 0.05);
    }

    private static (LetterheadDetails, ImmutableArray<Refusal>) Check(LetterheadDetails details)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var colour = (details.Colour ?? "").Trim();
        if (!PaperColour.TryParse(colour, out var parsed)) wrong.Add(Refusal.Of("colour-invalid", "colour"));
        else if (ContrastWithWhite(parsed) < LeastContrast)
            wrong.Add(Refusal.Of("colour-too-light", "colour", ContrastWithWhite(parsed).ToString("0.0", CultureInfo.InvariantCulture)));
        else colour = string.Create(CultureInfo.InvariantCulture, $"#{parsed.Red:x2}{parsed.Green:x2}{parsed.Blue:x2}");
        var sender = Cleaned(details.SenderName);
        if (sender?.Length > LongestSender) wrong.Add(Refusal.Of("text-too-long", "sender-name", LongestSender.ToString(CultureInfo.InvariantCulture)));
        else if (sender?.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029') == true) wrong.Add(Refusal.Of("text-not-one-line", "sender-name"));
        var replyTo = string.IsNullOrWhiteSpace(details.ReplyTo) ? null : EmailAddress.Normalized(details.ReplyTo);
        if (replyTo is not null && !EmailAddress.IsValid(replyTo)) wrong.Add(Refusal.Of("address-invalid", "reply-to", Shown(replyTo)));
        var footer = Cleaned(details.Footer)?.ReplaceLineEndings("\n");
        if (footer?.Length > LongestFooter) wrong.Add(Refusal.Of("text-too-long", "footer", LongestFooter.ToString(CultureInfo.InvariantCulture)));
        else if (footer?.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')) == true) wrong.Add(Refusal.Of("text-has-control", "footer"));
        return (new LetterheadDetails(colour, sender, replyTo, footer), wrong.ToImmutable());
    }

    private static Decision Put(LetterheadState state, ImmutableArray<byte> bytes)
    {
        ReadOnlyMemory<byte> file = bytes.IsDefault ? default : bytes.AsMemory();
        if (file.Length > Logo.MostBytes) return Decision.Refuse("logo-too-large", "logo", Text(file.Length), Text(Logo.MostBytes));
        if (!PaperImage.TryRead(file, out var image, out var why))
            return why switch
            {
                ImageRefusal.Damaged => Decision.Refuse("logo-damaged", "logo"),
                ImageRefusal.WrongSize => Decision.Refuse("logo-too-wide", "logo", Text(Logo.LongestSide)),
                ImageRefusal.UnknownKind => Decision.Refuse("logo-unknown-kind", "logo"),
                _ => Decision.Refuse("logo-not-an-image", "logo"),
            };
        if (image.Width > Logo.LongestSide || image.Height > Logo.LongestSide) return Decision.Refuse("logo-too-wide", "logo", Text(Logo.LongestSide));
        var type = file.Span[0] == 0x89 ? "image/png" : "image/jpeg";
        var logo = new Logo(Convert.ToHexStringLower(SHA256.HashData(file.Span).AsSpan(0, 16)), type, image.Width, image.Height, file.Length);
        return logo == state.Logo ? Decision.Accept() : Decision.Accept(new LogoPut(logo) { Image = bytes });
    }

    private static string? Cleaned(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shown(string text)
    {
        var shown = string.Concat(text.Where(letter => !char.IsControl(letter)));
        return shown.Length <= 80 ? shown : string.Concat(shown.AsSpan(0, char.IsHighSurrogate(shown[78]) ? 78 : 79), "…");
    }
}

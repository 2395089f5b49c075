using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Guichet.Architecture;
using Guichet.Support;
using NodaTime;

namespace Guichet.Words;

public sealed partial class RefusalTextsTests
{
    private static readonly ManualTime Time = new();
    private static readonly Formats French = new(Language.French, DateTimeZoneProviders.Tzdb["Europe/Paris"], Time);
    private static readonly Formats English = new(Language.English, DateTimeZoneProviders.Tzdb["Europe/Paris"], Time);

    /// <summary>Made with a name in the code: <c>$"{field}-missing"</c>.</summary>
    private static readonly string[] Composed = ["categories-missing", "tariffs-missing", "channels-missing"];

    /// <summary>A feature that has pages, or says any of its codes, says them all.</summary>
    [Fact]
    public void Every_code_that_is_refused_with_has_a_sentence_in_both_languages()
    {
        var shown = Product.Files("WebFront", ".razor").Concat(Product.Files("WebFront", ".cs").Where(file => file.Path.EndsWith("RefusalTexts.cs", StringComparison.Ordinal)))
            .Select(file => FeatureOf(file.Path)).ToHashSet(StringComparer.Ordinal);
        var said = RefusalSentences.All.SelectMany(feature => feature.Said.Keys).ToHashSet(StringComparer.Ordinal);
        var unsaid = Declared().Where(declared => shown.Contains(declared.Feature) && !said.Contains(declared.Code))
            .Select(declared => $"{declared.Feature}: {declared.Code}").Concat(Composed.Except(said)).Distinct();
        Assert.True(!unsaid.Any(), string.Join("\n", unsaid));
    }

    [Fact]
    public void Shared_codes_are_said_once()
    {
        var twice = RefusalSentences.All.Where(feature => feature.IsShared).SelectMany(feature => feature.Said.Keys)
            .GroupBy(code => code).Where(group => group.Count() > 1).Select(group => group.Key);
        Assert.Empty(twice);
    }

    [Fact]
    public void Sentences_are_sentences_with_the_same_arguments_in_both_languages()
    {
        foreach (var (code, (french, english)) in RefusalSentences.All.SelectMany(feature => feature.Said))
        {
            Assert.True(french.TrimEnd('\u00A0') is [.., '.' or '?' or '!'] && english is [.., '.' or '?' or '!'], code);
            Assert.True(char.IsUpper(french[0]) || french[0] is '{' or '«', code);
            Assert.False(french.Contains('\'', StringComparison.Ordinal) || english.Contains('\'', StringComparison.Ordinal), $"{code}: apostrophes are typographic");
            Assert.Equal((code, Arguments(french)), (code, Arguments(english)));
        }
    }

    [Fact]
    public void Arguments_read_as_the_reader_reads_them()
    {
        var refusal = Refusal.Of("tally-drop-unconfirmed", null, "12480", "9000");
        Assert.Equal("Les ventes passent de 12\u202F480 à 9\u202F000, une baisse de plus de 10 %. Confirmez si c’est voulu.", RefusalSentences.Of(refusal, French));
        Assert.Equal("Sales go from 12,480 down to 9,000, more than 10% less. Confirm if that is meant.", RefusalSentences.Of(refusal, English));
    }

    [Theory]
    [InlineData("{0:q}", "«\u00A0x\u00A0»", "x")]
    [InlineData("{0:n|place|places}", "1\u00A0place", "1")]
    [InlineData("{0:n|place|places}", "1\u202F200\u00A0places", "1200")]
    [InlineData("{0:m1}", "12,50\u00A0CHF", "1250", "CHF")]
    [InlineData("{0:d}", "24/11/2026", "2026-11-24")]
    [InlineData("{0:s}", "20\u00A0Mo", "20000000")]
    [InlineData("{*}", "a, b et c", "a", "b", "c")]
    [InlineData("{0:n}", "pas un nombre", "pas un nombre")]
    [InlineData("{1}", "?", "seul")]
    public void Each_form_of_argument_is_shown(string template, string shown, params string[] arguments) =>
        Assert.Equal(shown, RefusalTexts.Fill(template, [.. arguments], French));

    private static string Arguments(string sentence) =>
        string.Join(' ', Slot().Matches(sentence).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));

    private static string FeatureOf(string path) => path.Split('/')[1];

    private static IEnumerable<(string Feature, string Code)> Declared()
    {
        foreach (var file in new[] { "Grains", "Grains.Interfaces", "WebFront", "Silo" }.SelectMany(project => Product.Files(project, ".cs")))
        {
            foreach (Match match in Refused().Matches(file.Text))
                foreach (Match code in Code().Matches(match.Value))
                    yield return (FeatureOf(file.Path), code.Groups[1].Value);
            if (file.Path.EndsWith("Codes.cs", StringComparison.Ordinal))
                foreach (Match code in Constant().Matches(file.Text))
                    yield return (FeatureOf(file.Path), code.Groups[1].Value);
        }
    }

    [GeneratedRegex(@"\{(\*|\d)[^}]*\}")]
    private static partial Regex Slot();

    [GeneratedRegex(@"(Refusal\.Of|\.Refuse|AddUsed)\([^;\n]*")]
    private static partial Regex Refused();

    // Words with hyphens, or the first argument whatever it is.
    [GeneratedRegex("(?:(?<=(?:Refusal\\.Of|\\.Refuse)\\()|(?<=AddUsed\\([^;\\n]*))\"([a-z]+(?:-[a-z]+)+)\"")]
    private static partial Regex Code();

    [GeneratedRegex("const string \\w+ = \"([a-z]+(?:-[a-z]+)+)\"")]
    private static partial Regex Constant();
}

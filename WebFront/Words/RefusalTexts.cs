using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Guichet.Words;

/// <summary>
/// The sentences of a feature's refusals, in both languages: what happened, and what to do. A feature derives one class, in its folder
/// of WebFront, and says each of its codes in the constructor; a test finds codes that nobody says.
/// </summary>
/// <remarks>
/// Arguments in a sentence: <c>{0}</c> as it is, <c>{0:q}</c> in the language's quotation marks, <c>{0:n}</c> a count,
/// <c>{0:n|place|places}</c> a count with its noun, <c>{0:m1}</c> an amount in minor units of the currency in argument 1,
/// <c>{0:m}</c> the same in euros, <c>{0:d}</c> a date and <c>{0:t}</c> an instant in ISO 8601, <c>{0:s}</c> a size in bytes,
/// <c>{*}</c> all the arguments as a list. An argument that isn't what its form says is shown as it is.
/// </remarks>
public abstract class RefusalTexts
{
    private readonly Dictionary<string, (string French, string English)> said = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, (string French, string English)> Said => said;

    /// <summary>False for a feature whose codes mean something of their own: its pages ask it directly.</summary>
    public virtual bool IsShared => true;

    /// <summary>The sentence of a code; null when this feature doesn't say it.</summary>
    public string? Sentence(string code, ImmutableArray<string> arguments, Formats formats) =>
        said.TryGetValue(code, out var pair) ? Fill(formats.Language == Language.French ? pair.French : pair.English, arguments, formats) : null;

    protected void Say(string code, string french, string english) => said.Add(code, (FrenchText.Bound(french), english));

    internal static string Fill(string template, ImmutableArray<string> arguments, Formats formats)
    {
        var text = new StringBuilder(template.Length + 32);
        for (var i = 0; i < template.Length; i++)
        {
            var end = template[i] == '{' ? template.IndexOf('}', i) : -1;
            if (end < 0)
            {
                text.Append(template[i]);
                continue;
            }
            text.Append(Argument(template.AsSpan(i + 1, end - i - 1), arguments, formats));
            i = end;
        }
        return text.ToString();
    }

    private static string Argument(ReadOnlySpan<char> slot, ImmutableArray<string> arguments, Formats formats)
    {
        if (slot is "*")
            return formats.List(arguments.IsDefault ? [] : arguments);
        var colon = slot.IndexOf(':');
        var position = int.Parse(colon < 0 ? slot : slot[..colon], CultureInfo.InvariantCulture);
        if (arguments.IsDefault || position >= arguments.Length)
            return "?";
        var raw = arguments[position];
        if (colon < 0)
            return raw;
        var form = slot[(colon + 1)..].ToString();
        var isNumber = long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        switch (form[0])
        {
            case 'q':
                return formats.Quote(raw);
            case 'n' when isNumber && form.Split('|') is [_, var one, var many]:
                return formats.Count(number, one, many, one, many);
            case 'n' when isNumber:
                return formats.Number(number);
            case 'm' when isNumber:
                var currency = form.Length > 1 && int.Parse(form.AsSpan(1), CultureInfo.InvariantCulture) is var other && other < arguments.Length ? arguments[other] : "EUR";
                return formats.Money(number, currency);
            case 's' when isNumber:
                return formats.Size(number);
            case 'd' when DateOnly.TryParse(raw, CultureInfo.InvariantCulture, out var date):
                return formats.DateNumeric(date);
            case 't' when DateTimeOffset.TryParse(raw, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant):
                return formats.DateTimeShort(instant);
            default:
                return raw;
        }
    }
}

/// <summary>Every feature's sentences together.</summary>
public static class RefusalSentences
{
    private static readonly ImmutableArray<RefusalTexts> Features =
    [
        .. typeof(RefusalSentences).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(RefusalTexts)) && !type.IsAbstract)
            .Select(type => (RefusalTexts)Activator.CreateInstance(type)!),
    ];

    private static readonly FrozenDictionary<string, RefusalTexts> ByCode = Features
        .Where(feature => feature.IsShared)
        .SelectMany(feature => feature.Said.Keys.Select(code => KeyValuePair.Create(code, feature)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The refusal as a sentence in the reader's language; a code that nobody says is shown as it is, to be found and mended.</summary>
    public static string Of(Refusal refusal, Formats formats) => Of(refusal.Code, refusal.Arguments, formats);

    public static string Of(string code, ImmutableArray<string> arguments, Formats formats) =>
        ByCode.GetValueOrDefault(code)?.Sentence(code, arguments, formats)
        ?? (formats.Language == Language.French ? $"Demande refusée ({code})." : $"Refused ({code}).");

    internal static IReadOnlyList<RefusalTexts> All => Features;
}

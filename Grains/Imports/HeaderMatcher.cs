using System.Collections.Immutable;

namespace Guichet.Imports;

/// <summary>Names that files may hold in their headers: those of the sessions concerned.</summary>
public sealed record KnownNames(ImmutableArray<string> Categories, ImmutableArray<string> Tariffs, ImmutableArray<string> Channels)
{
    /// <summary>Codes and labels of criteria, which columns of contacts are called by.</summary>
    public ImmutableArray<string> Criteria { get; init; } = [];

    public static readonly KnownNames None = new([], [], []);
}

/// <summary>What a header may mean.</summary>
/// <param name="Score">Surer meanings are higher: exact synonym, then known names, then <c>Jauge X</c>, then a synonym among other words.</param>
internal sealed record HeaderMeaning(string Field, string? Category, string? Tariff, string? Channel, int Score);

/// <summary>Finds the fields that headers mean, in French and English, blind to case, accents and punctuation.</summary>
internal sealed class HeaderMatcher
{
    private const int Exact = 1_000;
    private const int KnownName = 900;
    private const int WithRest = 500;
    private const int AmongOthers = 100;

    /// <summary>Words that a header may have around a name without meaning anything by it.</summary>
    private static readonly HashSet<string> Fillers = ["de", "du", "des", "d", "le", "la", "les", "en", "par", "pour", "nb", "nombre", "n", "tarif", "categorie", "cat", "of", "the", "in", "by", "for", "number", "no", "rate"];

    private readonly ImportKind _kind;
    private readonly ImmutableArray<TargetField> _fields;
    private readonly HashSet<string> _criteria;
    private readonly (string Axis, string Folded, string Name)[] _names;

    public HeaderMatcher(ImportKind kind, KnownNames known)
    {
        _kind = kind;
        _fields = ImportFields.Of(kind);
        _criteria = kind == ImportKind.Contacts ? [.. known.Criteria.Select(Words.FoldHeader)] : [];
        // The longest first: carré or premium before carré or.
        _names =
        [
            .. new[] { (ImportFields.Category, known.Categories), (ImportFields.Tariff, known.Tariffs), (ImportFields.Channel, known.Channels) }
                .SelectMany(axis => axis.Item2.Select(name => (axis.Item1, Words.FoldHeader(name), name)))
                .Where(name => name.Item2.Length > 0)
                .OrderByDescending(name => name.Item2.Length),
        ];
    }

    /// <summary>Whether a cell of this text is likely to be a header.</summary>
    public bool IsKnown(string text) => Meanings(text).Any(meaning => meaning.Score > AmongOthers);

    /// <summary>Whether a cell of this text names something that is counted.</summary>
    public bool IsMeasure(string text)
    {
        var folded = Words.FoldHeader(text);
        return _fields.Any(field => field.IsMeasure && field.Synonyms.Contains(folded));
    }

    /// <summary>All that the header may mean, the surest first.</summary>
    public IEnumerable<HeaderMeaning> Meanings(string header)
    {
        var folded = Words.FoldHeader(header);
        if (folded.Length == 0) yield break;
        foreach (var field in _fields)
        {
            if (field.Synonyms.Contains(folded)) yield return new HeaderMeaning(field.Name, null, null, null, Exact);
        }
        if (_criteria.Contains(folded)) yield return new HeaderMeaning(ContactFields.Criteria, null, null, null, KnownName);
        if (ByKnownNames(folded) is { } byName) yield return byName;
        if (ByRest(header) is { } byRest) yield return byRest;
        foreach (var field in _fields)
        {
            var longest = field.Synonyms.Where(synonym => synonym.Length >= 4 && Holds(folded, synonym)).Select(synonym => synonym.Length).DefaultIfEmpty().Max();
            if (longest > 0) yield return new HeaderMeaning(field.Name, null, null, null, AmongOthers + longest);
        }
    }

    private static bool Holds(string folded, string words) => $" {folded} ".Contains($" {words} ", StringComparison.Ordinal);

    /// <summary>Names of categories, tariffs and channels, at most one of each, and a measure or nothing beside them.</summary>
    private HeaderMeaning? ByKnownNames(string folded)
    {
        if (_kind is ImportKind.Partners or ImportKind.Contacts) return null;
        var rest = $" {folded} ";
        string? category = null, tariff = null, channel = null;
        foreach (var (axis, words, name) in _names)
        {
            ref var found = ref axis == ImportFields.Category ? ref category : ref axis == ImportFields.Tariff ? ref tariff : ref channel;
            if (found is not null || !rest.Contains($" {words} ", StringComparison.Ordinal)) continue;
            found = name;
            rest = rest.Replace($" {words} ", "  ", StringComparison.Ordinal);
        }
        if (category is null && tariff is null && channel is null) return null;
        var words2 = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var measure = Measure(string.Join(' ', words2)) ?? Measure(string.Join(' ', words2.Where(word => !Fillers.Contains(word))));
        if (measure is null && words2.All(Fillers.Contains)) measure = ImportFields.DefaultMeasure(_kind, tariff is not null);
        if (measure is null || (_kind == ImportKind.Season && measure == ImportFields.Capacity && category is null)) return null;
        return new HeaderMeaning(measure, category, tariff, channel, KnownName);
    }

    private string? Measure(string words) => words.Length == 0 ? null : _fields.FirstOrDefault(field => field.IsMeasure && field.Synonyms.Contains(words))?.Name;

    /// <summary>In a season, <c>Jauge Balcon</c> or <c>Tarif réduit</c>: a measure, and the name of what has it, which may be new.</summary>
    private HeaderMeaning? ByRest(string header)
    {
        if (_kind != ImportKind.Season) return null;
        var words = header.Split([' ', '\u00A0', '\u202F', '_', ':', '/', '(', ')', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(word => Words.FoldHeader(word).Length > 0).ToArray();
        for (var taken = Math.Min(4, words.Length - 1); taken > 0; taken--)
        {
            var start = Words.FoldHeader(string.Join(' ', words[..taken]));
            var field = _fields.FirstOrDefault(field => (field.IsMeasure || field.Name == ImportFields.Tariff) && field.Synonyms.Contains(start));
            if (field is null || ImportFields.AxisOf(field.Name) is not { } axis) continue;
            var name = string.Join(' ', words[taken..]);
            if (Fillers.Contains(Words.FoldHeader(name))) continue;
            return axis == ImportFields.Category
                ? new HeaderMeaning(ImportFields.Capacity, name, null, null, WithRest)
                : new HeaderMeaning(ImportFields.Price, null, name, null, WithRest);
        }
        return null;
    }
}

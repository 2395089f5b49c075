using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Guichet.Imports;

/// <summary>Names for what a file says nothing of, in the reader's language; shown on the mapping's page like any other constant.</summary>
public sealed record ImportDefaults(string Category, string Tariff, string Channel, string Group);

/// <summary>A column as a person sees it; without values when its first lines are empty.</summary>
public sealed record ColumnSample(string Header, ImmutableArray<string> Values);

/// <summary>Proposes mappings for tables, and uses remembered ones again.</summary>
public static class Mappings
{
    /// <summary>So many lines tell what a column holds.</summary>
    private const int SampledLines = 200;

    private static readonly ImmutableArray<string> TotalWords = ["total", "totaux", "totals", "subtotal", "grand total", "total general", "sous total"];

    /// <summary>
    /// What the headers and the first values of a table say. Refused only when the table has no headers: what is missing or in doubt
    /// otherwise is part of the proposal.
    /// </summary>
    /// <param name="oneSession">The file is about one session that is known already (imported from its page).</param>
    public static Taken<MappingProposal> Propose(Table table, ImportKind kind, KnownNames known, ImportDefaults defaults, bool oneSession = false)
    {
        var matcher = new HeaderMatcher(kind, known);
        if (HeaderBlock.Find(table, matcher.IsKnown, matcher.IsMeasure) is not { } block) return ImportRefusal.Of(ImportCodes.HeadersNotFound);
        var chosen = Choose(table, block, kind, matcher);
        var columns = chosen.Select(one => new ColumnMapping(block.Headers[one.Column], one.Meaning.Field, one.Meaning.Category, one.Meaning.Tariff, one.Meaning.Channel));
        var mapping = new Mapping(kind, block.Headers, [.. columns], [], kind != ImportKind.Contacts && HasTotals(table, block));
        return Settled(table, block, WithDefaults(mapping, defaults), null, oneSession);
    }

    /// <summary>
    /// A remembered mapping for a table whose headers may have changed since: says which. Refused when the table has no headers.
    /// </summary>
    public static Taken<MappingProposal> Reuse(Mapping remembered, Table table, bool oneSession = false)
    {
        var before = remembered.Headers.Select(Words.FoldHeader).ToHashSet();
        var matcher = new HeaderMatcher(remembered.Kind, KnownNames.None);
        if (HeaderBlock.Find(table, text => before.Contains(Words.FoldHeader(text)) || matcher.IsKnown(text), matcher.IsMeasure) is not { } block)
            return ImportRefusal.Of(ImportCodes.HeadersNotFound);
        var now = block.Headers.ToDictionary(Words.FoldHeader, header => header, StringComparer.Ordinal);
        var columns = remembered.Columns.Select(column => now.TryGetValue(Words.FoldHeader(column.Header), out var header) ? column with { Header = header } : column);
        var changes = new HeaderChanges(
            [.. remembered.Columns.Select(column => column.Header).Where(header => !now.ContainsKey(Words.FoldHeader(header)))],
            [.. block.Headers.Where(header => !before.Contains(Words.FoldHeader(header)))]);
        var mapping = remembered with { Headers = block.Headers, Columns = [.. columns.Where(column => now.ContainsKey(Words.FoldHeader(column.Header)))] };
        return Settled(table, block, mapping, changes, oneSession);
    }

    /// <summary>The same for the same headers in any order; what mappings are remembered by beside their source's name.</summary>
    public static string Signature(ImportKind kind, IEnumerable<string> headers)
    {
        var words = string.Join('\n', headers.Select(Words.FoldHeader).Where(header => header.Length > 0).Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{words}")))[..32];
    }

    /// <summary>The headers of a table, as a mapping names its columns; empty when none are found.</summary>
    public static ImmutableArray<string> HeadersOf(Table table, ImportKind kind, KnownNames known)
    {
        var matcher = new HeaderMatcher(kind, known);
        return HeaderBlock.Find(table, matcher.IsKnown, matcher.IsMeasure)?.Headers ?? [];
    }

    /// <summary>Looks at the columns again once a person has changed the mapping.</summary>
    public static Taken<MappingProposal> Check(Mapping mapping, Table table, bool oneSession = false)
    {
        var checkedAgain = Reuse(mapping, table, oneSession);
        return checkedAgain.IsRefused || checkedAgain.Accepted.Changes is not { None: true } ? checkedAgain : checkedAgain.Accepted with { Changes = null };
    }

    /// <summary>Each column with its first values, in the file's order: what a person tells it by.</summary>
    /// <param name="most">How many different values of each.</param>
    public static ImmutableArray<ColumnSample> Samples(Table table, Mapping mapping, int most)
    {
        var expected = mapping.Headers.Select(Words.FoldHeader).ToHashSet();
        var matcher = new HeaderMatcher(mapping.Kind, KnownNames.None);
        if (HeaderBlock.Find(table, text => expected.Contains(Words.FoldHeader(text)) || matcher.IsKnown(text), matcher.IsMeasure) is not { } block) return [];
        return
        [
            .. block.Headers.Select((header, column) => new ColumnSample(
                header, [.. Samples(table, block, column).Select(cell => cell.Text).Distinct().Take(most)])),
        ];
    }

    internal static bool IsTotal(TableRow row, int dateColumn)
    {
        var first = row.Cells.FirstOrDefault(cell => !cell.IsEmpty);
        if (first.Kind != CellKind.Text) return false;
        var words = Words.FoldHeader(first.Text);
        return TotalWords.Contains(words)
            || (dateColumn >= 0 && row[dateColumn].IsEmpty && TotalWords.Any(total => words.StartsWith(total + " ", StringComparison.Ordinal)));
    }

    /// <summary>The fields of the columns, each column at most one and each field once: the surest meanings first, and only where the values fit.</summary>
    private static List<(int Column, HeaderMeaning Meaning)> Choose(Table table, HeaderBlock block, ImportKind kind, HeaderMatcher matcher)
    {
        var meanings =
            from column in Enumerable.Range(0, block.Headers.Length)
            from meaning in matcher.Meanings(block.Headers[column])
            orderby meaning.Score descending, column
            select (Column: column, Meaning: meaning);
        bool repeats(string field) => ImportFields.Find(kind, field) is { Repeats: true };
        var chosen = new List<(int Column, HeaderMeaning Meaning)>();
        foreach (var one in meanings)
        {
            if (chosen.Any(other => other.Column == one.Column || (!repeats(one.Meaning.Field) && SameTarget(other.Meaning, one.Meaning)))) continue;
            if (!Fits(Samples(table, block, one.Column), one.Meaning.Field)) continue;
            chosen.Add(one);
        }
        if (ImportFields.Find(kind, ImportFields.Date) is not null && chosen.All(one => one.Meaning.Field != ImportFields.Date) && DateByItsValues(table, block, chosen) is { } date)
            chosen.Add((date, new HeaderMeaning(ImportFields.Date, null, null, null, 0)));
        return [.. chosen.OrderBy(one => one.Column)];
    }

    private static bool SameTarget(HeaderMeaning one, HeaderMeaning other) =>
        (one.Field, one.Category, one.Tariff, one.Channel) == (other.Field, other.Category, other.Tariff, other.Channel);

    private static int? DateByItsValues(Table table, HeaderBlock block, List<(int Column, HeaderMeaning Meaning)> chosen)
    {
        for (var column = 0; column < block.Headers.Length; column++)
        {
            if (chosen.Any(one => one.Column == column)) continue;
            var samples = Samples(table, block, column);
            if (samples.Count > 0 && samples.TrueForAll(cell => cell.Kind == CellKind.Date || (cell.Kind == CellKind.Text && IsDate(cell.Text)))) return column;
        }
        return null;
    }

    private static List<Cell> Samples(Table table, HeaderBlock block, int column) =>
        [.. table.Rows.Skip(block.FirstDataRow).Take(SampledLines).Select(row => row[column]).Where(cell => !cell.IsEmpty)];

    /// <summary>Most of the values can be what the field is. Nothing to see fits anything.</summary>
    private static bool Fits(List<Cell> samples, string field)
    {
        if (samples.Count == 0) return true;
        var fitting = samples.Count(cell => field switch
        {
            ImportFields.Session => Ids.IsValid(cell.Text),
            ImportFields.Email or ImportFields.Cc => cell.Text.Contains('@', StringComparison.Ordinal),
            // What fits no text is a date where one is meant.
            ContactFields.ConsentAt => true,
            // A name may be made of digits; what has an at sign is its address.
            ImportFields.Partner or ImportFields.Contact => !cell.Text.Contains('@', StringComparison.Ordinal),
            _ => Fits(cell, ImportFields.KindOf(field)),
        });
        return 2 * fitting >= samples.Count;
    }

    private static bool Fits(Cell cell, FieldKind kind) => kind switch
    {
        FieldKind.Date => cell.Kind is CellKind.Date or CellKind.Number || IsDate(cell.Text),
        FieldKind.Time => cell.Kind is CellKind.Time or CellKind.Date or CellKind.Number || Dates.TryReadTime(cell.Text, out _),
        FieldKind.Count or FieldKind.Money => cell.Kind == CellKind.Number || IsNumber(cell.Text),
        _ => cell.Kind is not (CellKind.Date or CellKind.Time) && !IsDate(cell.Text),
    };

    private static bool IsNumber(string text) =>
        Numbers.TryRead(text, NumberStyle.French, out _) || Numbers.TryRead(text, NumberStyle.English, out _);

    private static bool IsDate(string text) =>
        Dates.Read(text, DateOrder.DayFirst).Code is not ImportCodes.DateExpected || Dates.Read(text, DateOrder.MonthFirst).Code is not ImportCodes.DateExpected;

    private static bool HasTotals(Table table, HeaderBlock block) => table.Rows.Skip(block.FirstDataRow).Any(row => IsTotal(row, -1));

    /// <summary>A single category, tariff, channel or group where no column tells them apart, and the revenue from the prices where no column has it.</summary>
    private static Mapping WithDefaults(Mapping mapping, ImportDefaults defaults)
    {
        var constants = ImmutableArray.CreateBuilder<FieldConstant>();
        ReadOnlySpan<(string Field, string Name)> all =
            [(ImportFields.Category, defaults.Category), (ImportFields.Tariff, defaults.Tariff), (ImportFields.Channel, defaults.Channel), (ImportFields.Group, defaults.Group)];
        foreach (var (field, name) in all)
        {
            if (ImportFields.Find(mapping.Kind, field) is not null && !IsFed(mapping, field)) constants.Add(new FieldConstant(field, name));
        }
        return mapping with
        {
            Constants = constants.DrainToImmutable(),
            GrossFromPrices = mapping.Kind == ImportKind.Tallies && mapping.Columns.All(column => column.Field != ImportFields.Gross),
            Scope = mapping.Kind == ImportKind.Tallies && !IsFed(mapping, ImportFields.Channel) ? TallyScope.ItsChannels : TallyScope.Whole,
        };
    }

    /// <summary>A column has it, or every measure's column is about one of it.</summary>
    private static bool IsFed(Mapping mapping, string field)
    {
        if (mapping.Constant(field) is not null || mapping.Columns.Any(column => column.Field == field)) return true;
        var measures = mapping.Columns.Where(column => ImportFields.Find(mapping.Kind, column.Field) is { IsMeasure: true } && Concerns(column.Field, field)).ToArray();
        return measures.Length > 0 && measures.All(column => FixedName(column, field) is not null);
    }

    /// <summary>Whether a measure is counted by an axis: capacity is by category, a price by tariff (and category if need be).</summary>
    public static bool Concerns(string measure, string axis) => measure switch
    {
        ImportFields.Capacity => axis == ImportFields.Category,
        ImportFields.Price => axis == ImportFields.Tariff,
        _ => ImportFields.Axes.Contains(axis),
    };

    internal static string? FixedName(ColumnMapping column, string axis) => axis switch
    {
        ImportFields.Category => column.Category,
        ImportFields.Tariff => column.Tariff,
        ImportFields.Channel => column.Channel,
        _ => null,
    };

    /// <summary>Decides the styles that the mapping leaves open, and says what it still lacks.</summary>
    private static MappingProposal Settled(Table table, HeaderBlock block, Mapping mapping, HeaderChanges? changes, bool oneSession)
    {
        var questions = ImmutableArray.CreateBuilder<MappingQuestion>();
        var columns = mapping.Columns.Select(column => WithStyle(table, block, column, questions)).ToImmutableArray();
        mapping = mapping with { Columns = columns };
        return new MappingProposal(mapping, Unmapped(mapping, oneSession), questions.ToImmutable(), changes);
    }

    /// <summary>
    /// Required fields that nothing feeds, in the fields' order. A session named by its id needs nothing else in a season, and a
    /// tally needs its session's date only where nothing else says which session it is of.
    /// </summary>
    internal static ImmutableArray<string> Unmapped(Mapping mapping, bool oneSession)
    {
        var byId = IsFed(mapping, ImportFields.Session);
        if (byId && mapping.Kind == ImportKind.Season) return [];
        var needsDate = mapping.Kind == ImportKind.Tallies && !byId && !oneSession;
        return
        [
            .. ImportFields.Of(mapping.Kind)
                .Where(field => (field.IsRequired || (needsDate && field.Name == ImportFields.Date)) && !IsFed(mapping, field.Name))
                .Select(field => field.Name),
        ];
    }

    private static ColumnMapping WithStyle(Table table, HeaderBlock block, ColumnMapping column, ImmutableArray<MappingQuestion>.Builder questions)
    {
        var index = block.Headers.IndexOf(column.Header);
        if (index < 0) return column;
        var cells = table.Rows.Skip(block.FirstDataRow).Select(row => (row.Line, row[index]));
        switch (ImportFields.KindOf(column.Field))
        {
            case FieldKind.Date when column.Dates is null:
                var order = ColumnStyles.OfDates(cells);
                if (order.Doubt is { } date) questions.Add(new MappingQuestion(MappingQuestionKind.DateOrder, column.Header, date.Line, date.Text, date.First, date.Second));
                return column with { Dates = order.Style };
            case var kind and (FieldKind.Count or FieldKind.Money) when column.Numbers is null:
                var style = ColumnStyles.OfNumbers(cells, kind);
                if (style.Doubt is { } number) questions.Add(new MappingQuestion(MappingQuestionKind.NumberStyle, column.Header, number.Line, number.Text, number.First, number.Second));
                return column with { Numbers = style.Style };
            default:
                return column;
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet.Imports;

public enum ImportKind
{
    /// <summary>Shows, series, sessions with their categories, tariffs and channels.</summary>
    Season = 0,

    /// <summary>Tallies of one session or several.</summary>
    Tallies = 1,

    /// <summary>Partners, agents and venues with their addresses.</summary>
    Partners = 2,

    /// <summary>The contact file: people and structures.</summary>
    Contacts = 3,
}

/// <summary>How numbers are written in a column.</summary>
public enum NumberStyle
{
    /// <summary><c>1 234,56</c> (any kind of space), also <c>1.234,56</c>.</summary>
    French = 0,

    /// <summary><c>1,234.56</c></summary>
    English = 1,
}

/// <summary>Which of <c>05/06/2026</c>'s numbers is the day.</summary>
public enum DateOrder
{
    DayFirst = 0,
    MonthFirst = 1,
}

/// <summary>What a file of tallies says nothing of.</summary>
public enum TallyScope
{
    /// <summary>The file is the whole picture: what it lacks is zero.</summary>
    Whole = 0,

    /// <summary>The file speaks for the channels it names (a distributor's own list): those of the tally that it doesn't name stay as they are.</summary>
    ItsChannels = 1,
}

/// <summary>
/// What one column feeds. A column of a wide file stands for a category, tariff or channel by itself, in every line.
/// </summary>
/// <param name="Header">As in <see cref="Mapping.Headers"/>.</param>
/// <param name="Field">One of <c>ImportFields</c>'s names.</param>
/// <param name="Category">The category that the column is about; null where the line says it.</param>
/// <param name="Tariff">Likewise.</param>
/// <param name="Channel">Likewise.</param>
/// <param name="Numbers">Null where nothing in the column depends on it.</param>
/// <param name="Dates">Null where nothing in the column depends on it.</param>
[GenerateSerializer, Immutable, Alias("column-mapping")]
public sealed record ColumnMapping(
    string Header, string Field, string? Category = null, string? Tariff = null, string? Channel = null, NumberStyle? Numbers = null, DateOrder? Dates = null);

/// <summary>The same value in every line, for a field that no column has (or where the column's cell is empty).</summary>
[GenerateSerializer, Immutable, Alias("field-constant")]
public sealed record FieldConstant(string Field, string Value);

/// <summary>
/// How the columns of one source's files become fields. Remembered by source, and used again when a file with its headers comes back.
/// </summary>
/// <param name="Headers">All headers of the file that it was made for, in their order, each once.</param>
/// <param name="Columns">Those that feed a field.</param>
/// <param name="LeavesOutTotals">Lines of totals are passed over, and listed as such.</param>
/// <param name="GrossFromPrices">No column has the revenue: it is sold × the session's price.</param>
[GenerateSerializer, Immutable, Alias("mapping")]
public sealed record Mapping(
    ImportKind Kind,
    ImmutableArray<string> Headers,
    ImmutableArray<ColumnMapping> Columns,
    ImmutableArray<FieldConstant> Constants,
    bool LeavesOutTotals = false,
    TallyScope Scope = TallyScope.Whole,
    bool GrossFromPrices = false)
{
    public string? Constant(string field) => Constants.FirstOrDefault(constant => constant.Field == field)?.Value;
}

public enum MappingQuestionKind
{
    NumberStyle = 0,
    DateOrder = 1,
}

/// <summary>Something that the file itself doesn't settle and that is never guessed.</summary>
/// <param name="Sample">A cell that shows the doubt.</param>
/// <param name="First">What it is the French way, or with the day first; digits and point, or an ISO date.</param>
/// <param name="Second">What it is the English way, or with the month first.</param>
[GenerateSerializer, Immutable, Alias("mapping-question")]
public sealed record MappingQuestion(MappingQuestionKind Kind, string Header, int Line, string Sample, string First, string Second);

/// <summary>How a file's headers differ from those of a remembered mapping.</summary>
/// <param name="Missing">Headers that fed a field and are no longer there.</param>
/// <param name="Added">Headers that weren't there; they feed nothing yet.</param>
[GenerateSerializer, Immutable, Alias("header-changes")]
public sealed record HeaderChanges(ImmutableArray<string> Missing, ImmutableArray<string> Added)
{
    [JsonIgnore] public bool None => Missing.IsEmpty && Added.IsEmpty;
}

/// <summary>A mapping to be looked at before it is used.</summary>
/// <param name="Unmapped">Fields that are needed and that nothing feeds.</param>
/// <param name="Changes">Null when the mapping wasn't remembered.</param>
[GenerateSerializer, Immutable, Alias("mapping-proposal")]
public sealed record MappingProposal(
    Mapping Mapping, ImmutableArray<string> Unmapped, ImmutableArray<MappingQuestion> Questions, HeaderChanges? Changes)
{
    /// <summary>Nothing is left to ask.</summary>
    [JsonIgnore] public bool IsReady => Unmapped.IsEmpty && Questions.IsEmpty && (Changes?.Missing.IsEmpty ?? true);
}

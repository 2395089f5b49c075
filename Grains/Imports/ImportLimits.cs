namespace Guichet.Imports;

/// <summary>
/// How much of a file is read before it is refused. Memory and time of a reading are bounded by these,
/// whatever the file says of itself.
/// </summary>
public sealed record ImportLimits
{
    public static readonly ImportLimits Default = new();

    /// <summary>Bytes as uploaded.</summary>
    public long FileBytes { get; init; } = 20_000_000;

    /// <summary>Bytes that come out of a workbook's parts, counted while they are read.</summary>
    public long UnpackedBytes { get; init; } = 200 * 1024 * 1024;

    /// <summary>Unpacked over packed bytes of one part, once it is past <see cref="RatioFreeBytes"/>. Workbooks of one repeated line reach 60.</summary>
    public int UnpackedRatio { get; init; } = 150;

    public long RatioFreeBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Entries of a workbook's archive.</summary>
    public int ArchiveEntries { get; init; } = 1_000;

    public int Columns { get; init; } = 200;

    public int Rows { get; init; } = 100_000;

    /// <summary>Cells of all rows, each row counted up to its last cell that holds something.</summary>
    public int Cells { get; init; } = 3_000_000;

    /// <summary>Characters of one cell.</summary>
    public int CellLength { get; init; } = 10_000;

    /// <summary>Characters of one physical line of a text file.</summary>
    public int LineLength { get; init; } = 1_000_000;

    /// <summary>Characters of all cells and shared strings together.</summary>
    public int TextLength { get; init; } = 32 * 1024 * 1024;
}

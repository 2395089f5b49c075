using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guichet.Simulation;

/// <summary>What happened in a world, line by line: two runs of one seed are one history when these are the same bytes.</summary>
public sealed class History(SimulatedTime time, bool kept)
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> lines = [];

    /// <summary>Empty unless it is kept.</summary>
    public IReadOnlyList<string> Lines => lines;

    public void Add(string who, string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{time.Passed:d\\ hh\\:mm\\:ss\\.fff}  {who,-18} {what}");
        hash.AppendData(Encoding.UTF8.GetBytes(line));
        hash.AppendData("\n"u8);
        if (kept) lines.Add(line);
    }

    public string Digest() => Convert.ToHexStringLower(hash.GetCurrentHash());
}

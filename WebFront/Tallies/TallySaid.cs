using Guichet.Words;

namespace Guichet.Tallies;

internal static class TallySaid
{
    /// <summary>What validating did, in one sentence.</summary>
    public static string Of(TallyReceipt receipt, Reader reader) => reader.T(
        $"Version {receipt.Version} validée : {reader.Formats.Count(receipt.Figures.Sold, "place vendue", "places vendues", "", "")}.",
        $"Version {receipt.Version} validated: {reader.Formats.Count(receipt.Figures.Sold, "", "", "seat sold", "seats sold")}.");
}

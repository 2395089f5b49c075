using Guichet.Words;

namespace Guichet.Tallies;

internal static class TallySaid
{
    /// <summary>What validating did, in one sentence.</summary>
    public static string Of(TallyReceipt receipt, Reader reader) => receipt.Unchanged
        ? reader.T($"Rien n’a changé : la version {receipt.Version} reste la dernière.", $"Nothing changed: version {receipt.Version} stays the last.")
        : reader.T(
            $"Version {receipt.Version} validée : {reader.Formats.Count(receipt.Figures.Sold, "place vendue", "places vendues", "", "")}.",
            $"Version {receipt.Version} validated: {reader.Formats.Count(receipt.Figures.Sold, "", "", "seat sold", "seats sold")}.");
}

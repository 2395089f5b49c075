namespace Guichet.Sessions;

/// <summary>
/// Value added tax in prices that include it, at a rate in basis points (550 is 5.5 %). In France live shows have 2.1 % for the first 140
/// performances of a new one, else 5.5 %, and 20 % where one is served to eat or drink while it plays (code général des impôts, 278-0 bis,
/// 281 quater): the operator says which.
/// </summary>
public static class Vat
{
    /// <summary>5.5 %.</summary>
    public const int Usual = 550;

    /// <summary>100 %.</summary>
    public const int Highest = 10_000;

    /// <summary>The tax within an amount that includes it, in the same minor units; halves are rounded away from zero.</summary>
    /// <param name="basisPoints">0 to <see cref="Highest"/>.</param>
    public static long Within(long grossMinor, int basisPoints)
    {
        var whole = (Int128)Highest + basisPoints;
        var twice = 2 * Int128.Abs(grossMinor) * basisPoints;
        return Math.Sign(grossMinor) * (long)((twice + whole) / (2 * whole));
    }
}

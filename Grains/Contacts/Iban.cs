namespace Guichet.Contacts;

/// <summary>International bank account numbers (ISO 13616).</summary>
public static class Iban
{
    /// <summary>As it is kept: capitals and digits, without blanks.</summary>
    public static string Normalized(string written) => string.Concat(written.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant();

    /// <summary>Whether it has an IBAN's form, and its key is right: the whole, its first four characters last and letters as 10 to 35, is 1 modulo 97.</summary>
    public static bool IsValid(string iban)
    {
        if (iban.Length is < 15 or > 34 || !char.IsAsciiLetterUpper(iban[0]) || !char.IsAsciiLetterUpper(iban[1]) || !char.IsAsciiDigit(iban[2]) || !char.IsAsciiDigit(iban[3])) return false;
        var remainder = 0;
        for (var i = 0; i < iban.Length; i++)
        {
            var letter = iban[(i + 4) % iban.Length];
            if (char.IsAsciiDigit(letter)) remainder = (remainder * 10 + (letter - '0')) % 97;
            else if (char.IsAsciiLetterUpper(letter)) remainder = (remainder * 100 + (letter - 'A' + 10)) % 97;
            else return false;
        }
        return remainder == 1;
    }
}

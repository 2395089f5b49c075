using System.Collections.Immutable;
using System.Text;

namespace Guichet.Contacts;

/// <summary>What tells who a contact is: the names, e-mails, phones and codes that it has or had. Built of one or several writings of its details.</summary>
public sealed class NamingWords
{
    /// <summary>Shorter ones are looked for with the first name beside them only: a surname of two letters stands in too many texts.</summary>
    private const int ShortestName = 3;
    private const int ShortestNumber = 6;

    private readonly ImmutableArray<string> names;
    private readonly ImmutableArray<string> emails;
    private readonly ImmutableArray<string> numbers;

    public NamingWords(params IEnumerable<ContactDetails> written)
    {
        ImmutableArray<ContactDetails> all = [.. written];
        Names = [.. all.Select(details => SearchKey.Of(details.Name)).Where(key => key.Length > 0).Distinct(StringComparer.Ordinal)];
        FirstNames = [.. all.Select(details => SearchKey.Of(details.FirstName)).Where(key => key.Length > 0).Distinct(StringComparer.Ordinal)];
        Emails = [.. all.SelectMany(details => details.Emails).Distinct(StringComparer.Ordinal)];
        Phones = [.. all.SelectMany(details => new[] { details.Mobile, details.Phone, details.Fax }).OfType<string>().Distinct(StringComparer.Ordinal)];
        emails = [.. Emails.Select(SearchKey.Of).Distinct(StringComparer.Ordinal)];
        numbers =
        [
            .. Phones.SelectMany(phone => PhoneText.Keys(phone)).Concat(all.SelectMany(details => new[] { details.Iban, details.AdministrativeNumber }).Select(Signs))
                .Where(number => number.Length >= ShortestNumber).Distinct(StringComparer.Ordinal),
        ];
        names =
        [
            .. all.SelectMany(details => Spaced(details.Name) is not { Length: > 0 } name ? []
                : name.Length >= ShortestName ? [name]
                : Spaced(details.FirstName) is { Length: > 0 } first ? new[] { $"{name} {first}", $"{first} {name}" } : [])
                .Select(name => $" {name} ").Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>As searches have them (<see cref="SearchKey"/>); likewise the first names.</summary>
    public ImmutableArray<string> Names { get; }

    public ImmutableArray<string> FirstNames { get; }

    /// <summary>As they are kept; likewise the phones.</summary>
    public ImmutableArray<string> Emails { get; }

    public ImmutableArray<string> Phones { get; }

    /// <summary>Whether a text says one of them: a name as a word of its own, an e-mail, a telephone number in any writing.</summary>
    public bool StandIn(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return false;
        var words = $" {Spaced(text)} ";
        if (names.Any(name => words.Contains(name, StringComparison.Ordinal))) return true;
        var folded = Folded(text);
        if (emails.Any(email => folded.Contains(email, StringComparison.Ordinal))) return true;
        var signs = Signs(text);
        return numbers.Any(number => signs.Contains(number, StringComparison.Ordinal));
    }

    /// <summary>Whether the cells of a file's line say an e-mail or a number, or a name together with a first name: another may be called the same by one of them.</summary>
    public bool StandInLine(ImmutableArray<string> cells)
    {
        var said = cells.Select(SearchKey.Of).ToHashSet(StringComparer.Ordinal);
        var signs = cells.Select(Signs).ToHashSet(StringComparer.Ordinal);
        return emails.Any(said.Contains) || numbers.Any(signs.Contains)
            || (Names.Any(said.Contains) && (FirstNames.IsEmpty || FirstNames.Any(said.Contains)))
            || Names.Any(name => FirstNames.Any(first => said.Contains($"{name} {first}") || said.Contains($"{first} {name}")));
    }

    /// <summary>Words one space apart, without the marks between them.</summary>
    private static string Spaced(string? text)
    {
        var spaced = new StringBuilder();
        foreach (var sign in Folded(text))
            if (char.IsLetterOrDigit(sign) || char.IsSurrogate(sign)) spaced.Append(sign);
            else if (spaced.Length > 0 && spaced[^1] != ' ') spaced.Append(' ');
        return spaced.ToString().TrimEnd(' ');
    }

    private static string Signs(string? text) => string.Concat(Folded(text).Where(char.IsLetterOrDigit));

    /// <summary>A key is cut where an index row would be too long for it: a longer text is folded line by line and part by part.</summary>
    private static string Folded(string? text) => text is null ? ""
        : text.Length <= SearchKey.Longest / 2 ? SearchKey.Of(text)
        : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(SearchKey.Of));
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;

namespace Guichet.Contacts;

/// <summary>What a postcode says of an address.</summary>
/// <param name="Cities">Those that it serves, the largest first; none for one that isn't a place's own (CEDEX).</param>
/// <param name="Department">Of all of them; null where they differ, or it isn't known.</param>
/// <param name="Country">Where the postcode is another country's: Monaco's begin with 980.</param>
internal sealed record PostcodePlace(ImmutableArray<PostcodeCity> Cities, string? Department, string? Region, string? Country = null)
{
    public static readonly PostcodePlace Unknown = new([], null, null);
}

internal sealed record PostcodeCity(string Name, string? Department, string? Region);

/// <summary>
/// The communes, departments and regions of French postcodes, from <c>@etalab/decoupage-administratif</c> (INSEE's geographic code and La
/// Poste's postcodes), as Assets/build.mjs writes them down.
/// </summary>
internal static class FrenchPostcodes
{
    private static readonly Lazy<Book> Known = new(Read);

    /// <summary>Names of departments, in the order of their codes.</summary>
    public static IReadOnlyList<string> Departments => Known.Value.DepartmentNames;

    public static IReadOnlyList<string> Regions => Known.Value.RegionNames;

    /// <param name="country">ISO 3166-1 alpha-2; only France's are known.</param>
    /// <param name="postcode">In any writing; what hasn't five digits says nothing.</param>
    public static PostcodePlace Find(string? country, string? postcode)
    {
        var digits = string.Concat((postcode ?? "").Where(char.IsAsciiDigit));
        if (digits.Length != 5 || country is not (null or "" or PhoneText.DefaultCountry)) return PostcodePlace.Unknown;
        if (digits.StartsWith("980", StringComparison.Ordinal)) return new([new("Monaco", null, null)], null, null, "MC");
        var book = Known.Value;
        if (!book.Postcodes.TryGetValue(digits, out var line))
            return book.Departments.TryGetValue(DepartmentOf(digits), out var named) ? new([], named.Name, named.Region) : PostcodePlace.Unknown;
        ImmutableArray<PostcodeCity> cities = [.. line.Split(';').Select(city =>
        {
            var colon = city.IndexOf(':', StringComparison.Ordinal);
            var (name, region) = book.Departments[city[..colon]];
            return new PostcodeCity(city[(colon + 1)..], name, region);
        })];
        return new PostcodePlace(
            cities, cities.All(city => city.Department == cities[0].Department) ? cities[0].Department : null, cities.All(city => city.Region == cities[0].Region) ? cities[0].Region : null);
    }

    /// <summary>By its first digits: two, three overseas; in Corsica the third tells the two apart.</summary>
    private static string DepartmentOf(string postcode) => postcode[..2] switch
    {
        "20" => postcode[2] is '0' or '1' ? "2A" : "2B",
        "97" or "98" => postcode[..3],
        var two => two,
    };

    /// <summary>Three parts: <c>code, name, region</c> a department; the regions' names; <c>postcode, department:city;department:city…</c>.</summary>
    private static Book Read()
    {
        using var packed = typeof(FrenchPostcodes).Assembly.GetManifestResourceStream("assets/postcodes.txt.gz")
            ?? throw new InvalidOperationException("The assembly was built without its postcodes: build WebFront with Node.js at hand.");
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
        var parts = reader.ReadToEnd().Split("\n\n");
        var departments = parts[0].Split('\n').Select(line => line.Split('\t')).ToList();
        return new Book(
            departments.ToFrozenDictionary(line => line[0], line => (line[1], line[2]), StringComparer.Ordinal),
            parts[2].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToFrozenDictionary(line => line[0], line => line[1], StringComparer.Ordinal),
            [.. departments.Select(line => line[1])], [.. parts[1].Split('\n')]);
    }

    private sealed record Book(
        FrozenDictionary<string, (string Name, string Region)> Departments, FrozenDictionary<string, string> Postcodes, IReadOnlyList<string> DepartmentNames, IReadOnlyList<string> RegionNames);
}

using Microsoft.AspNetCore.Http;

namespace Guichet.Portals;

/// <summary>Requests of contacts' spaces: <c>/space/{organisation}/…</c>. The organisation stands in the address, and a session of one opens nothing of another.</summary>
internal static class SpaceRequest
{
    private const string Prefix = "/space/";
    private const int LongestHouse = 64;

    public static bool Is(HttpRequest request) => request.Path.StartsWithSegments("/space");

    public static string? HouseOf(HttpRequest request) => HouseOf(request.Path.Value ?? "");

    /// <summary>Null where the address names none.</summary>
    public static string? HouseOf(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var house = path[Prefix.Length..].Split('/', 2)[0];
        return house.Length is > 0 and <= LongestHouse && house.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? house : null;
    }

    /// <summary>A page of this house's space to go back to; its first page for anything else.</summary>
    public static string Back(string house, string? asked)
    {
        var path = Organisations.LocalPath.OrHome(asked);
        return path.StartsWith($"{SpaceAddress.Of(house)}/", StringComparison.Ordinal) ? path : SpaceAddress.Of(house);
    }
}

using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Guichet.Api;

/// <summary>
/// Opaque positions in lists. They hold the last row's place in the list's order and nothing that opens anything: a made-up one only
/// starts elsewhere in one's own rows.
/// </summary>
internal static class Cursors
{
    public static string Write(string list, params ReadOnlySpan<string> position) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<string[]>([list, .. position]));

    /// <summary>Null when it isn't one of this list.</summary>
    public static ImmutableArray<string>? Read(string cursor, string list, int words)
    {
        try
        {
            var position = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(cursor));
            return position?.Length == words + 1 && position[0] == list && position.All(word => word is { Length: <= 100 } && RequestShape.IsClean(word))
                ? [.. position.Skip(1)!]
                : null;
        }
        catch (Exception broken) when (broken is FormatException or JsonException or DecoderFallbackException)
        {
            return null;
        }
    }
}

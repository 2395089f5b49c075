using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guichet.Feed;
using Guichet.Words;

namespace Guichet.Live;

/// <summary>
/// One thing that an organisation's open pages are told, as it goes over the wire in each language.
/// Made once per language however many pages are open: what differs between readers is only how figures read.
/// </summary>
internal sealed class LiveEvent
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly FeedEvent source;
    private readonly Func<Language, Formats> formatsOf;
    private readonly string id;
    private byte[]? french, english;

    public LiveEvent(string id, FeedEvent source, Func<Language, Formats> formatsOf)
    {
        this.id = id;
        this.source = source;
        this.formatsOf = formatsOf;
    }

    /// <summary>For pages that aren't the organisation's own: they are told of it in another way, or not at all.</summary>
    public FeedEvent Source => source;

    /// <summary>The frames of the event stream, UTF-8.</summary>
    public byte[] Frames(Language language) => language == Language.English
        ? english ??= Write(language)
        : french ??= Write(language);

    private byte[] Write(Language language)
    {
        var (values, named) = LiveTexts.Of(source, formatsOf(language));
        var text = new StringBuilder();
        if (values.Count > 0)
            text.Append("event: values\ndata: ").Append(JsonSerializer.Serialize(values, Plain)).Append('\n').Append('\n');
        // The number comes with the last frame of the event, so that one cut in between is told again whole.
        text.Append("event: named\nid: ").Append(id).Append("\ndata: ").Append(JsonSerializer.Serialize(named, Plain)).Append('\n').Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

/// <summary>An event of the page that regions may be refreshed on: <c>live:links</c>.</summary>
internal sealed record NamedEvent(
    [property: System.Text.Json.Serialization.JsonPropertyName("name")] string Name,
    [property: System.Text.Json.Serialization.JsonPropertyName("detail")] string Detail);

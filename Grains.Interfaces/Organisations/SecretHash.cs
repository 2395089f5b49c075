using System.Text.Json;
using System.Text.Json.Serialization;

namespace Guichet.Organisations;

/// <summary>
/// A hash on its way to the table of its own that keeps it. It prints as dots, and refuses to be written as JSON: a command or event that
/// forgot to leave it out fails, rather than having it in the journal for ever.
/// </summary>
[GenerateSerializer, Immutable, Alias("secret-hash"), JsonConverter(typeof(NeverWritten))]
public sealed record SecretHash(string Value)
{
    public override string ToString() => "…";

    private sealed class NeverWritten : JsonConverter<SecretHash>
    {
        public override SecretHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A secret's hash is not kept as JSON.");

        public override void Write(Utf8JsonWriter writer, SecretHash value, JsonSerializerOptions options) =>
            throw new NotSupportedException("A secret's hash is not kept as JSON.");
    }
}

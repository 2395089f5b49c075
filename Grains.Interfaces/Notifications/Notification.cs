using System.Collections.Immutable;

namespace Guichet.Notifications;

/// <summary>Something that an organisation's operators should know; the sentence is made from the code in the reader's language.</summary>
/// <param name="Arguments">What the sentence needs, in the order that the code's sentence says.</param>
/// <param name="Path">The page it leads to.</param>
[GenerateSerializer, Immutable, Alias("notification")]
public sealed record Notification(
    string Id, string Organisation, DateTimeOffset At, string Code, ImmutableArray<string> Arguments, string Path, DateTimeOffset? ReadAt);

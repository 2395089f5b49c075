using System.Collections.Frozen;
using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Words;

namespace Guichet.Notifications;

/// <summary>What a notification says, and with what shape.</summary>
public sealed record NotificationText(string Code, Func<Reader, ImmutableArray<string>, string> Sentence, string IconName, Tone Tone);

/// <summary>
/// The sentences of notifications, by code. A feature that notifies registers its own where the host is put together:
/// <c>services.AddNotificationText("link-requested", "arrows-exchange", Tone.Info, (reader, told) => reader.T($"{told[0]} vous propose…", $"{told[0]} offers you…"))</c>.
/// </summary>
public sealed class NotificationTexts(IEnumerable<NotificationText> texts)
{
    private readonly FrozenDictionary<string, NotificationText> byCode = texts.ToFrozenDictionary(text => text.Code, StringComparer.Ordinal);

    /// <summary>One that another version wrote, with a code or arguments that this one doesn't know, is shown as it is rather than not at all.</summary>
    public string Sentence(Reader reader, Notification notification)
    {
        if (byCode.TryGetValue(notification.Code, out var text))
            try
            {
                return text.Sentence(reader, notification.Arguments);
            }
            catch (IndexOutOfRangeException)
            {
                // Fewer arguments than its sentence needs.
            }
        return string.Join(" – ", notification.Arguments.Prepend(notification.Code));
    }

    public (string IconName, Tone Tone) Shape(Notification notification) =>
        byCode.TryGetValue(notification.Code, out var text) ? (text.IconName, text.Tone) : ("bell", Tone.Info);
}

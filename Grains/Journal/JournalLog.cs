using Microsoft.Extensions.Logging;

namespace Guichet.Journal;

internal static partial class JournalLog
{
    [LoggerMessage(LogLevel.Warning, "{Kind} {Organisation}/{Id}: what follows a commit failed; the sweep will find what must arrive")]
    public static partial void HintFailed(ILogger logger, Exception failure, string kind, string organisation, string id);

    [LoggerMessage(LogLevel.Warning, "{Kind} {Organisation}/{Id}: commit failed, the grain starts again from what is stored")]
    public static partial void CommitFailed(ILogger logger, Exception failure, string kind, string organisation, string id);

    [LoggerMessage(LogLevel.Warning, "Effect {Kind} {Id} of {Organisation} failed at attempt {Attempt}, next at {Next}")]
    public static partial void EffectFailed(ILogger logger, Exception failure, string kind, Guid id, string organisation, int attempt, DateTimeOffset next);

    [LoggerMessage(LogLevel.Error, "Effect {Kind} {Id} of {Organisation} was given up at attempt {Attempt}")]
    public static partial void EffectGivenUp(ILogger logger, Exception failure, string kind, Guid id, string organisation, int attempt);

    [LoggerMessage(LogLevel.Warning, "The outbox can't be read; trying again")]
    public static partial void OutboxUnreadable(ILogger logger, Exception failure);
}

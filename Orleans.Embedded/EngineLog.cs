namespace Orleans.Embedded;

internal sealed partial class EngineLog(ILogger log)
{
    private readonly ILogger _log = log;

    [LoggerMessage(1, LogLevel.Error, "Activation of {grain} failed")]
    public partial void ActivationFailed(Exception exception, GrainId grain);

    [LoggerMessage(2, LogLevel.Error, "Deactivation of {grain} failed; it ends all the same")]
    public partial void DeactivationFailed(Exception exception, GrainId grain);

    [LoggerMessage(3, LogLevel.Warning, "A timer of {grain} threw; it goes on")]
    public partial void TimerFailed(Exception exception, GrainId grain);

    [LoggerMessage(4, LogLevel.Warning, "The one-way call {call} failed")]
    public partial void OneWayFailed(Exception exception, object call);

    [LoggerMessage(5, LogLevel.Warning, "Stopped with {count} activations that had not ended in time")]
    public partial void StoppedLate(int count);

    [LoggerMessage(6, LogLevel.Warning, "The reminder {name} of {grain} failed; it comes again at its next time")]
    public partial void ReminderFailed(Exception exception, string name, GrainId grain);

    [LoggerMessage(7, LogLevel.Warning, "An event of stream {stream} failed on {subscriber} and is tried again (attempt {attempt})")]
    public partial void DeliveryFailed(Exception exception, StreamId stream, string subscriber, int attempt);

    [LoggerMessage(8, LogLevel.Error, "An event of stream {stream} was dropped for {subscriber} after {attempts} attempts")]
    public partial void DeliveryDropped(Exception exception, StreamId stream, string subscriber, int attempts);

    [LoggerMessage(9, LogLevel.Warning, "{subscriber} got an event of stream {stream} but has not subscribed: dropped")]
    public partial void NotSubscribed(StreamId stream, string subscriber);

    [LoggerMessage(10, LogLevel.Warning, "Reminders could not be read")]
    public partial void RemindersUnread(Exception exception);
}

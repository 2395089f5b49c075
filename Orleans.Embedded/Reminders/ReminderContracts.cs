namespace Orleans
{
    /// <summary>A grain that can be woken by reminders.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>May come late, twice or not at all around failures: decide from what is due, not from the tick.</summary>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }

    public static class GrainReminderExtensions
    {
        /// <param name="grain">The grain to wake, which must be <see cref="IRemindable"/>.</param>
        /// <param name="reminderName">Unique within the grain.</param>
        /// <param name="dueTime">Until the first tick; not negative.</param>
        /// <param name="period">One minute or more.</param>
        public static Task<IGrainReminder> RegisterOrUpdateReminder(
            this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
            Activation.Of(grain).Engine.Reminders.RegisterAsync(grain, reminderName, dueTime, period);

        /// <exception cref="ReminderException">The reminder was changed since, or is gone.</exception>
        public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
            Activation.Of(grain).Engine.Reminders.UnregisterAsync(grain, reminder);

        public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
            Activation.Of(grain).Engine.Reminders.GetAsync(grain, reminderName);

        public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) =>
            Activation.Of(grain).Engine.Reminders.GetAllAsync(grain);
    }
}

namespace Orleans.Runtime
{
    public interface IGrainReminder
    {
        string ReminderName { get; }
    }

    /// <summary>When a reminder was first due, how often it comes, and when this tick was made (UTC).</summary>
    [GenerateSerializer, Immutable]
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        [Id(0)]
        public DateTime FirstTickTime { get; } = firstTickTime;

        [Id(1)]
        public TimeSpan Period { get; } = period;

        [Id(2)]
        public DateTime CurrentTickTime { get; } = timeStamp;

        public override string ToString() => $"<{FirstTickTime:O}, {Period}, {CurrentTickTime:O}>";
    }
}

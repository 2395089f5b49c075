namespace Orleans.Configuration
{
    /// <summary>The service's name in shared tables (reminders).</summary>
    public class ClusterOptions
    {
        public const string DefaultClusterId = "default";
        public const string DefaultServiceId = "default";

        public string ClusterId { get; set; } = DefaultClusterId;
        public string ServiceId { get; set; } = DefaultServiceId;
    }

    public class SiloMessagingOptions
    {
        /// <summary>How long a caller waits, unless the method says otherwise.</summary>
        public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    public class GrainCollectionOptions
    {
        /// <summary>How often idle activations are looked for.</summary>
        public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How long an activation may be idle.</summary>
        public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

        /// <summary>Ages that differ, by the full name of the grain class.</summary>
        public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

        /// <summary>After this, the token given to OnActivateAsync is cancelled and the activation fails.</summary>
        public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>After this, the token given to OnDeactivateAsync is cancelled and its end is not waited for.</summary>
        public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }
}

namespace Orleans.Hosting
{
    public sealed class ReminderOptions
    {
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
    }
}

namespace Orleans.Embedded
{
    /// <summary>What only this engine has: its scheduler, and the sizes of its own parts. The clock is the
    /// <see cref="TimeProvider"/> of the services.</summary>
    public sealed class EmbeddedOptions
    {
        /// <summary>Runs every turn of every grain, and every delivery to a client's stream observer, each as one task
        /// of its own: a seeded single-threaded scheduler makes whole histories repeat. Null: the thread pool.</summary>
        public TaskScheduler? Scheduler { get; set; }

        /// <summary>Events of one stream that may wait for a subscriber; the next OnNextAsync throws.</summary>
        public int StreamCapacity { get; set; } = 16_384;

        /// <summary>How often an event is tried on a failing subscriber before it is dropped.</summary>
        public int StreamDeliveryAttempts { get; set; } = 5;

        /// <summary>Before the second try; doubles with each.</summary>
        public TimeSpan StreamRetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);
    }
}

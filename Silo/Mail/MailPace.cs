using System.Globalization;

namespace Guichet.Mail;

/// <summary>No more than so many mails a minute, evenly spread; without a number, as many as there are.</summary>
internal sealed class MailPace(int? perMinute, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private TimeSpan next;

    /// <summary>Returns when it is this mail's turn. One that gives up while it waits leaves its turn unused.</summary>
    /// <exception cref="MailDeferredException">Its turn is further away than <paramref name="longest"/>.</exception>
    public async Task Turn(TimeSpan longest, CancellationToken cancellation)
    {
        if (perMinute is not { } most) return;
        TimeSpan wait;
        lock (gate)
        {
            var now = time.GetElapsedTime(start);
            var turn = next > now ? next : now;
            wait = turn - now;
            if (wait > longest)
                throw new MailDeferredException(string.Create(CultureInfo.InvariantCulture, $"{most} mails have left in the last minute: this one waits."));
            next = turn + TimeSpan.FromMinutes(1) / most;
        }
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
    }
}

namespace Guichet;

/// <summary>Sending a command until its outcome is known.</summary>
public static class Retrying
{
    private const int Attempts = 6;

    /// <summary>
    /// Sends again, with the same command id, when the grain says that it doesn't know the outcome: a commit failed, or another activation
    /// was ahead. Waits 20 ms, then twice as long each time; after the sixth attempt the last <see cref="TryAgainException"/> is thrown.
    /// </summary>
    public static async Task<T> Send<T>(this TimeProvider time, Func<Task<T>> send)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send();
            }
            catch (TryAgainException) when (attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10 << attempt), time);
            }
        }
    }
}

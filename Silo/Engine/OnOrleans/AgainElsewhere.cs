using Guichet.Sessions;
using Orleans.Runtime;

namespace Guichet.Hosting;

/// <summary>
/// A call that met a node which is dead or leaving is made again, until its grain has been woken elsewhere: some hundred milliseconds
/// after an orderly stop, up to three seconds after a node was killed. Whether the first call was carried out isn't known; every call of
/// ours may be made twice, because commands carry ids and the rest only reads or says again what is so.
/// </summary>
internal sealed class AgainElsewhere(TimeProvider time) : IOutgoingGrainCallFilter
{
    /// <summary>Longer than the cluster takes to give a silent node up; what lasts longer is no single node's fault.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan firstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan longestPause = TimeSpan.FromMilliseconds(200);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var since = time.GetTimestamp();
        for (var pause = firstPause; ; pause = pause * 2 < longestPause ? pause * 2 : longestPause)
        {
            try
            {
                await context.Invoke();
                // An answer that is an exception is thrown by looking at it.
                _ = context.Result;
                return;
            }
            catch (OrleansMessageRejectionException) when (IsOurs(context) && time.GetElapsedTime(since) < patience)
            {
                await Task.Delay(pause, time);
            }
        }
    }

    /// <summary>The engine's own grains (streams, reminders) have their own ways.</summary>
    private static bool IsOurs(IOutgoingGrainCallContext context) => context.InterfaceMethod.DeclaringType?.Assembly == typeof(ISessionGrain).Assembly;
}

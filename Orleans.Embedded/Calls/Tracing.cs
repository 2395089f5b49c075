using System.Diagnostics;

namespace Orleans.Embedded;

/// <summary>Spans of grain calls, under the name real Orleans gives its source. Costs a look at a flag when nobody
/// listens.</summary>
internal static class Tracing
{
    private static readonly ActivitySource Source = new("Microsoft.Orleans.Application");

    public static void Outgoing(GrainCall call)
    {
        if (Source.HasListeners() && Activity.Current is { } current)
            call.Trace = current.Context;
    }

    public static Activity? Incoming(GrainCall call)
    {
        if (!Source.HasListeners())
            return null;
        var span = Source.StartActivity(call.Method.ActivityName, ActivityKind.Server, call.Trace);
        span?.SetTag("rpc.system", "orleans").SetTag("rpc.service", call.Method.InterfaceName)
            .SetTag("rpc.method", call.Method.InterfaceMethod.Name).SetTag("rpc.orleans.target_id", call.Target.ToString());
        return span;
    }

    public static void Failed(Activity? span, Exception? failure)
    {
        if (span is not null && failure is not null)
            span.SetStatus(ActivityStatusCode.Error, failure.GetType().FullName);
    }
}

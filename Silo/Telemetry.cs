using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Guichet.Hosting;

/// <summary>
/// Metrics and traces over OTLP, where a collector is named in the standard way (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its
/// like); otherwise nobody listens and nothing is measured. What is sent names grains, routes and statements, never people:
/// statements carry parameters, not their values.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    private static readonly string[] sources = ["Guichet", "Guichet.*", "Microsoft.Orleans.*", "Microsoft.AspNetCore", "Npgsql"];
    private static readonly string[] meters = ["Guichet", "Guichet.*", "Microsoft.Orleans", "Microsoft.AspNetCore.*", "Npgsql", "System.Runtime"];

    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    private Telemetry()
    {
        var version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var resource = ResourceBuilder.CreateDefault().AddService("guichet", serviceVersion: version).AddEnvironmentVariableDetector();
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(sources).AddOtlpExporter().Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(meters).AddOtlpExporter().Build();
    }

    /// <summary>Null where no collector is named.</summary>
    public static Telemetry? Start(IConfiguration configuration)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
            return null;
        // Requests say their method, route and status only when asked to. They never say the query, where links carry secrets.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        return new Telemetry();
    }

    /// <summary>Sends what has not been sent yet.</summary>
    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }
}

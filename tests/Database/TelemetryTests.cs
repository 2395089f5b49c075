using System.Collections.Concurrent;
using System.Text;
using Guichet.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guichet.Hosting;

public sealed class TelemetryTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly string folder = TestFolder.Create();

    [Fact]
    public async Task A_collector_that_is_named_gets_traces_and_metrics_of_the_node()
    {
        var received = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.MapPost("/v1/{kind}", async (string kind, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.AddOrUpdate(kind, _ => Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();

        await using (var node = await NodeProcess.StartAsync(
            folder, ("Guichet:Database", database.ConnectionString), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            await node.Http.GetAsync("/readyz?link=s3cret");
            await node.StopAsync();
        }

        Assert.Contains("guichet", received["traces"], StringComparison.Ordinal);
        Assert.Contains("readyz", received["traces"], StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", received["traces"], StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", received["metrics"], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

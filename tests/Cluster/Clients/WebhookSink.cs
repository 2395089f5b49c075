using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guichet.Tests.Cluster;

/// <summary>The server of counterparts that don't use Guichet: takes every post and keeps it.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebhookSink(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public static async Task<WebhookSink> Start(Evidence evidence)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/in/{number}", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync();
            evidence.Postings.Enqueue(new Posting(
                TimeProvider.System.GetUtcNow(), request.Path, body, int.Parse(request.Headers["Guichet-Version"].ToString(), CultureInfo.InvariantCulture)));
            return Results.NoContent();
        });
        await app.StartAsync();
        return new WebhookSink(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

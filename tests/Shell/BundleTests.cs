using System.IO.Compression;
using System.Net;
using Guichet.Architecture;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guichet.Shell;

public sealed class BundleTests : IAsyncLifetime
{
    private WebApplication app = default!;
    private HttpClient http = default!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapBundle();
        await app.StartAsync();
        http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("app.js", "text/javascript")]
    [InlineData("guichet.css", "text/css")]
    [InlineData("icons.svg", "image/svg+xml")]
    public async Task A_file_is_served_small_and_kept_for_ever(string name, string type)
    {
        var plain = await Get(name, null);
        Assert.Equal(type, plain.Type);
        Assert.Contains("immutable", plain.Cache, StringComparison.Ordinal);
        var brotli = await Get(name, "gzip, deflate, br");
        Assert.Equal("br", brotli.Encoding);
        using var unpacked = new MemoryStream();
        await using (var stream = new BrotliStream(new MemoryStream(brotli.Body), CompressionMode.Decompress))
            await stream.CopyToAsync(unpacked);
        Assert.Equal(plain.Body, unpacked.ToArray());
        Assert.Equal("gzip", (await Get(name, "gzip")).Encoding);
    }

    /// <summary>What a page waits for on a slow line: script, styles, icons, one font. Grows by decision, not by accident.</summary>
    [Fact]
    public async Task A_first_visit_stays_small()
    {
        long bytes = 0;
        foreach (var name in new[] { "app.js", "guichet.css", "icons.svg" })
            bytes += (await Get(name, "br")).Body.Length;
        Assert.InRange(bytes, 20_000, 75_000);
    }

    [Theory]
    [InlineData("/assets/manifest.json")]
    [InlineData("/assets/app.js")]
    [InlineData("/assets/..%2Fmanifest.json")]
    public async Task Nothing_else_is_served(string path) => Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(path)).StatusCode);

    [Fact]
    public void The_lock_file_names_no_registry() =>
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Path.Combine(Product.Root, "WebFront", "package-lock.json")), StringComparison.Ordinal);

    [Fact]
    public void Every_icon_that_a_page_names_is_in_the_sprite()
    {
        var sprite = File.ReadAllText(Path.Combine(Product.Root, "WebFront", "Assets", "icons.txt")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        var named = Product.Files("WebFront", ".razor").Concat(Product.Files("WebFront", ".cs"))
            .SelectMany(file => IconName().Matches(file.Text).Select(match => (file.Path, Name: match.Groups[1].Value)));
        Assert.Equal([], named.Where(icon => !sprite.Contains(icon.Name)).Select(icon => $"{icon.Path}: {icon.Name}"));
    }

    private async Task<(string? Type, string? Encoding, string Cache, byte[] Body)> Get(string name, string? accepts)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Bundle.Url(name));
        if (accepts is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentEncoding.SingleOrDefault(), response.Headers.CacheControl?.ToString() ?? "", await response.Content.ReadAsByteArrayAsync());
    }

    private static System.Text.RegularExpressions.Regex IconName() => new("(?:<Icon Name|IconName|[^a-z]Icon) ?=>? ?\"([a-z0-9-]+)\"");
}

using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Guichet.Shell;

/// <summary>
/// The scripts, styles, fonts and icons that esbuild made (<c>Assets/build.mjs</c>), embedded in this assembly.
/// Names carry a hash of the content, so browsers may keep them for ever; brotli and gzip copies were made at build.
/// </summary>
public static class Bundle
{
    private const string Folder = "assets/";
    private static readonly Assembly Here = typeof(Bundle).Assembly;
    private static readonly FrozenDictionary<string, string> Names = ReadManifest();
    private static readonly FrozenDictionary<string, Lazy<byte[]>> Files = Here.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], name => new Lazy<byte[]>(() => Read(name)));

    /// <summary>The address of a file by the name it has in the sources: <c>app.js</c>, <c>guichet.css</c>, <c>icons.svg</c>.</summary>
    public static string Url(string name) => "/assets/" + Names[name];

    internal static IEnumerable<string> FileNames => Names.Values;

    public static void MapBundle(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{file}", Serve).AllowAnonymous().ExcludeFromDescription();

    private static Task Serve(HttpContext http, string file)
    {
        var type = Path.GetExtension(file) switch
        {
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".woff2" => "font/woff2",
            _ => null,
        };
        if (type is null || !Files.TryGetValue(file, out var content))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.ContentType = type;
        var accepts = http.Request.Headers.AcceptEncoding.ToString();
        foreach (var (encoding, suffix) in new[] { ("br", ".br"), ("gzip", ".gz") })
        {
            if (!Files.TryGetValue(file + suffix, out var compressed))
                continue;
            headers.Vary = HeaderNames.AcceptEncoding;
            if (!accepts.Contains(encoding, StringComparison.OrdinalIgnoreCase))
                continue;
            headers.ContentEncoding = encoding;
            content = compressed;
            break;
        }
        headers.ContentLength = content.Value.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(content.Value, http.RequestAborted).AsTask();
    }

    private static FrozenDictionary<string, string> ReadManifest() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(Read(Folder + "manifest.json"))!.ToFrozenDictionary();

    private static byte[] Read(string name)
    {
        using var stream = Here.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without {name}: build WebFront with Node.js at hand.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}

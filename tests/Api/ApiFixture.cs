using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Guichet.Support;

namespace Guichet.Tests.Api;

/// <summary>A node with two organisations, for tests that speak to it as programs do.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private readonly TestDatabase database = new();

    public TestNode Node { get; private set; } = null!;

    public Tenant House { get; private set; } = null!;

    public Tenant Promoter { get; private set; } = null!;

    public TestDatabase Database => database;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        Node = await TestNode.Start(database.Product);
        House = await Tenant.Found(Node, "house", "Théâtre du Port");
        Promoter = await Tenant.Found(Node, "promoter", "Astérie");
    }

    /// <summary>The node ends and another starts on the same database.</summary>
    public async Task Restart()
    {
        await Node.DisposeAsync();
        Node = await TestNode.Start(database.Product);
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await database.DisposeAsync();
        // Whatever the tests sent, nothing of it was an unexpected failure.
        Assert.True(Node.Failures.ToString().Length == 0, Node.Failures.ToString());
    }
}

internal static class Speaking
{
    public static async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Answer)> Send(
        this HttpClient http, string method, string path, object? body = null, string? key = null, string? ifMatch = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body as string ?? System.Text.Json.JsonSerializer.Serialize(body, System.Text.Json.JsonSerializerOptions.Web), Encoding.UTF8, type);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), answer);
    }

    /// <summary><c>422 member-unknown@lines[0].solde</c>: what a refusal comes down to.</summary>
    public static async Task<string> Refusal(
        this HttpClient http, string method, string path, object? body = null, string? key = null, string? ifMatch = null, string type = "application/json")
    {
        var (status, said, answer) = await http.Send(method, path, body, key, ifMatch, type);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, (int)said!["status"]!);
        return $"{(int)status} {string.Join(' ', said["refusals"]!.AsArray().Select(one => one!["field"] is { } field ? $"{one["code"]}@{field}" : $"{one["code"]}"))}";
    }

    public static async Task<string> Made(this HttpClient http, string collection, object body, string? key = null)
    {
        var (status, said, answer) = await http.Send("POST", $"/api/v1/{collection}", body, key);
        Assert.True(status == HttpStatusCode.Created, said?.ToJsonString());
        Assert.Equal($"/api/v1/{collection}/{said!["id"]}", answer.Headers.Location?.ToString());
        return (string)said["id"]!;
    }
}

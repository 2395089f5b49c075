using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Guichet.Tests.Cluster;

/// <param name="Location">Where a redirect leads.</param>
internal sealed record Reply(HttpStatusCode Status, string Text, string? Location, string? ETag)
{
    public bool IsDone => (int)Status is >= 200 and < 400;

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The first refusal's code of problem details; null for anything else.</summary>
    public string? Code => !IsDone && Text.StartsWith('{') && Json.TryGetProperty("code", out var code) ? code.GetString() : null;
}

/// <summary>
/// A program or a browser that does what docs/api.md says: the same request with the same key until it is answered. What isn't answered in
/// time is tried on another connection.
/// </summary>
internal sealed class Client : IDisposable
{
    /// <summary>An attempt that takes longer is given up.</summary>
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(8);

    /// <summary>A request that isn't answered in this time, whatever was done to the installation meanwhile, is a broken promise.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient http;
    private readonly Ledger ledger;
    private readonly Evidence evidence;

    /// <param name="cookies">A browser's; null for a program.</param>
    public Client(Uri address, Ledger ledger, Evidence evidence, CookieContainer? cookies = null)
    {
        (this.ledger, this.evidence) = (ledger, evidence);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = cookies is not null,
            CookieContainer = cookies ?? new CookieContainer(),
            ConnectTimeout = TimeSpan.FromSeconds(3),
            // Through a balancer of connections, requests go where the connections do: now and then to another node.
            PooledConnectionLifetime = TimeSpan.FromSeconds(5),
        })
        { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0");
        if (cookies is not null) http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public HttpClient Http => http;

    public Task<Reply?> Get(string path, string? token = null) => Ask(() => Request(HttpMethod.Get, path, token));

    public Task<Reply?> Send(HttpMethod method, string path, string? token, object? body, string? key, string? ifMatch = null) => Ask(() =>
    {
        var request = Request(method, path, token);
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return request;
    });

    public Task<Reply?> Post(string path, IEnumerable<KeyValuePair<string, string>> form) => Ask(() =>
    {
        var request = Request(HttpMethod.Post, path, null);
        request.Content = new FormUrlEncodedContent(form);
        return request;
    });

    /// <summary>Null when nothing was answered for as long as anybody would wait; it is noted.</summary>
    private async Task<Reply?> Ask(Func<HttpRequestMessage> make)
    {
        var number = ledger.NewRequest();
        var began = ledger.Now;
        for (var attempt = 0; ledger.Now - began < Patience; attempt++)
        {
            using var request = make();
            var pause = TimeSpan.FromMilliseconds(Math.Min(1_000, 50 << Math.Min(attempt, 5)));
            try
            {
                using var limit = new CancellationTokenSource(LongestAttempt);
                using var response = await http.SendAsync(request, limit.Token);
                var text = await response.Content.ReadAsStringAsync(limit.Token);
                if (response.StatusCode == HttpStatusCode.TooManyRequests) pause = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
                else if ((int)response.StatusCode is 502 or 503 or 504) ledger.Failed(number, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
                else
                {
                    ledger.Answered(ledger.Now - began);
                    if (response.StatusCode == HttpStatusCode.InternalServerError) evidence.Broken($"{request.Method} {Shape(request)} is answered 500");
                    return new Reply(response.StatusCode, text, response.Headers.Location?.OriginalString, response.Headers.ETag?.ToString());
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
            {
                ledger.Failed(number, failure is OperationCanceledException ? "no answer in time" : Reason(failure));
            }
            await Task.Delay(pause, TimeProvider.System);
        }
        using var asked = make();
        evidence.Broken($"{asked.Method} {Shape(asked)} was not answered within {Patience.TotalSeconds:0} s");
        return null;
    }

    public void Dispose() => http.Dispose();

    private static string Reason(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } told => told.HttpRequestError.ToString(),
        { InnerException: { } inner } => Reason(inner),
        SocketException cut => cut.SocketErrorCode.ToString(),
        _ => failure.GetType().Name,
    };

    /// <summary>Without what is one request's own.</summary>
    private static string Shape(HttpRequestMessage request) =>
        string.Join('/', request.RequestUri!.OriginalString.Split('?')[0].Split('/').Select(word => Ids.IsValid(word) ? "…" : word));

    private static HttpRequestMessage Request(HttpMethod method, string path, string? token)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }
}

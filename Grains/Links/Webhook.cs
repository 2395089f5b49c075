using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Guichet.Links;

/// <summary>Hands one version over to a counterpart's webhook.</summary>
public interface IWebhookTransport
{
    /// <summary>Null when the counterpart took it; else why it didn't, or may not have.</summary>
    Task<Refusal?> Post(string url, string secret, string body, int version, CancellationToken cancellation);
}

/// <summary>
/// Posts one version to a webhook: signed, to the address that was checked, without following redirects, within ten seconds, reading no
/// more of the answer than its head.
/// </summary>
/// <remarks>
/// <c>Guichet-Signature: t=1795510800,v1=…</c>: the hexadecimal HMAC-SHA256, under the link's secret, of the number after <c>t=</c> (seconds since
/// 1970), a full stop, and the body as sent. The counterpart refuses what is signed otherwise or long ago; it takes a version that isn't
/// higher than its last for what it is, a repetition.
/// </remarks>
public sealed class Webhook(WebhookAddresses addresses, TimeProvider time) : IWebhookTransport
{
    public const string SignatureHeader = "Guichet-Signature";
    public const string VersionHeader = "Guichet-Version";
    private const int LargestHeadKilobytes = 16;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    public async Task<Refusal?> Post(string url, string secret, string body, int version, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), limit, Within, Timeout.InfiniteTimeSpan);
        try
        {
            var target = await addresses.Resolve(url, limit.Token);
            if (target.Refusal is { } refusal) return refusal;
            using var client = new HttpClient(HandlerFor(target.Address!));
            using var request = RequestFor(target.Uri!, secret, body, version);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return answer.IsSuccessStatusCode ? null : Refusal.Of("webhook-status", "webhook", ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Refusal.Of("webhook-timeout", "webhook", Within.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException failure)
        {
            return Refusal.Of(failure.HttpRequestError == HttpRequestError.SecureConnectionError ? "webhook-insecure" : "webhook-unreachable", "webhook");
        }
    }

    /// <summary>What the header says of this body at this moment.</summary>
    public static string Sign(string secret, DateTimeOffset at, string body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}"));
        return $"t={seconds},v1={Convert.ToHexStringLower(hash)}";
    }

    private HttpRequestMessage RequestFor(Uri uri, string secret, string body, int version)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add(SignatureHeader, Sign(secret, time.GetUtcNow(), body));
        request.Headers.Add(VersionHeader, version.ToString(CultureInfo.InvariantCulture));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Guichet", "1"));
        return request;
    }

    private static SocketsHttpHandler HandlerFor(IPAddress address) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = LargestHeadKilobytes,
        MaxResponseDrainSize = 0,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}

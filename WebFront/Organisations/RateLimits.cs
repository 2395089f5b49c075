using System.Globalization;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Guichet.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Organisations;

/// <summary>
/// How often one address may try what can be guessed or asked for in bulk: <c>[EnableRateLimiting(RateLimits.SignIn)]</c> on a page or endpoint.
/// Generous for an office behind one address, hopeless for a guesser.
/// </summary>
public static class RateLimits
{
    /// <summary>What checks a password or a code: POSTs only, the form itself is free.</summary>
    public const string SignIn = "sign-in";

    /// <summary>What has mail sent to whatever address is given: POSTs only.</summary>
    public const string Mailing = "mailing";

    /// <summary>What finds something by what is typed: links from mails, other organisations by name.</summary>
    public const string LookUp = "look-up";

    /// <summary>What a program asks with one token: a season's tallies in one go, then twenty a second.</summary>
    public const string Api = "api";

    internal const int ApiAtOnce = 400;

    internal static void AddRateLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddSingleton<AccountLimits>();
        services.AddOptions<RateLimiterOptions>().Configure<TimeProvider>((options, time) =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = (rejected, _) =>
            {
                RetryAfter(rejected.HttpContext.Response, rejected.Lease);
                return rejected.HttpContext.Request.Path.StartsWithSegments("/api")
                    ? new ValueTask(ApiProblems.Write(rejected.HttpContext, StatusCodes.Status429TooManyRequests, Refusal.Of("too-many-requests")))
                    : ValueTask.CompletedTask;
            };
            options.AddPolicy(SignIn, http => OnPost(http, time, 20, TimeSpan.FromSeconds(3)));
            options.AddPolicy(Mailing, http => OnPost(http, time, 5, TimeSpan.FromMinutes(1)));
            options.AddPolicy(Api, http => Bucket(Asker(http), time, ApiAtOnce, TimeSpan.FromSeconds(0.05)));
            options.AddPolicy(LookUp, http => Bucket(Asker(http), time, 60, TimeSpan.FromSeconds(0.5)));
        });
    }

    internal static void RetryAfter(HttpResponse response, RateLimitLease lease)
    {
        if (lease.TryGetMetadata(MetadataName.RetryAfter, out var after))
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    private static RateLimitPartition<string> OnPost(HttpContext http, TimeProvider time, int atOnce, TimeSpan oneEvery) =>
        HttpMethods.IsPost(http.Request.Method) ? Bucket(Network(http), time, atOnce, oneEvery) : RateLimitPartition.GetNoLimiter("");

    private static RateLimitPartition<string> Bucket(string partition, TimeProvider time, int atOnce, TimeSpan oneEvery) =>
        RateLimitPartition.Get(partition, _ => new TimedBucket(time, atOnce, oneEvery));

    private static string Asker(HttpContext http) => Actors.From(http.User) is { } actor ? $"{actor.Organisation}/{actor.Id}" : Network(http);

    /// <summary>The address; of IPv6 the 64 bits that one customer has.</summary>
    private static string Network(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } six => Convert.ToHexString(six.GetAddressBytes().AsSpan(0, 8)),
        var address => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(),
    };
}

/// <summary>How often one e-mail address may be tried, from wherever: whether anybody has it makes no difference.</summary>
internal sealed class AccountLimits(TimeProvider time) : IDisposable
{
    private readonly PartitionedRateLimiter<string> signIns = PartitionedRateLimiter.Create<string, string>(
        email => RateLimitPartition.Get(email, _ => new TimedBucket(time, 10, TimeSpan.FromSeconds(30))));

    private readonly PartitionedRateLimiter<string> mailings = PartitionedRateLimiter.Create<string, string>(
        email => RateLimitPartition.Get(email, _ => new TimedBucket(time, 3, TimeSpan.FromMinutes(5))));

    public RateLimitLease SignIn(string email) => signIns.AttemptAcquire(email);

    public RateLimitLease Mailing(string email) => mailings.AttemptAcquire(email);

    public void Dispose()
    {
        signIns.Dispose();
        mailings.Dispose();
    }
}

/// <summary>So many at once, then one more each interval. The framework's own limiters read the machine's clock; this reads the one it is given.</summary>
internal sealed class TimedBucket(TimeProvider time, int atOnce, TimeSpan oneEvery) : RateLimiter
{
    private readonly Lock gate = new();
    private double left = atOnce;
    private long counted = time.GetTimestamp();
    private long succeeded;
    private long failed;

    /// <summary>Since when nothing has been taken that isn't there again: a bucket that is full can be forgotten.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (gate)
            {
                var idle = time.GetElapsedTime(counted) - (atOnce - left) * oneEvery;
                return idle >= TimeSpan.Zero ? idle : null;
            }
        }
    }

    public override RateLimiterStatistics GetStatistics()
    {
        lock (gate)
        {
            Refill();
            return new RateLimiterStatistics { CurrentAvailablePermits = (long)left, TotalSuccessfulLeases = succeeded, TotalFailedLeases = failed };
        }
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (gate)
        {
            Refill();
            if (left < permitCount)
            {
                failed++;
                return new Lease((permitCount - left) * oneEvery);
            }
            left -= permitCount;
            succeeded++;
            return new Lease(null);
        }
    }

    /// <summary>Nobody waits in line: who is refused tries again.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(AttemptAcquireCore(permitCount));

    private void Refill()
    {
        var now = time.GetTimestamp();
        left = Math.Min(atOnce, left + time.GetElapsedTime(counted, now) / oneEvery);
        counted = now;
    }

    private sealed class Lease(TimeSpan? retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => retryAfter is null;

        public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = retryAfter;
            return metadataName == MetadataName.RetryAfter.Name && retryAfter is not null;
        }
    }
}

using System.Collections.Concurrent;
using Guichet.Feed;
using Guichet.Portals;
using Microsoft.Extensions.Hosting;
using Orleans.Streams;

namespace Guichet.Organisations;

/// <summary>
/// What this node remembers for a moment of who a cookie or token stands for, so that a page with its pictures and live figures costs one
/// look-up, not one each. A revocation is effective at once here, and in <see cref="For"/> at the latest on a node that didn't hear of it.
/// </summary>
internal sealed class RememberedAccess(WebSessions sessions, AccountSessions accounts, ApiTokens tokens, TimeProvider time)
{
    public static readonly TimeSpan For = TimeSpan.FromSeconds(5);

    /// <summary>Of each kind: beyond it everything is forgotten, which costs a look-up each.</summary>
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<string, Remembered<SignedInOperator>> operators = new();
    private readonly ConcurrentDictionary<string, Remembered<SignedInContact>> contacts = new();
    private readonly ConcurrentDictionary<string, Remembered<TokenBearer>> bearers = new();
    private long forgotten;

    public Task<SignedInOperator?> Operator(string secret, CancellationToken cancellation) =>
        Find(operators, secret, hash => sessions.Find(hash, cancellation));

    public Task<SignedInContact?> Contact(string secret, CancellationToken cancellation) =>
        Find(contacts, secret, hash => accounts.Find(hash, cancellation));

    public Task<TokenBearer?> Bearer(string secret, CancellationToken cancellation) =>
        Find(bearers, secret, hash => tokens.Find(hash, cancellation));

    /// <summary>One session was ended from this node.</summary>
    public void Forget(string secret)
    {
        Interlocked.Increment(ref forgotten);
        var key = Key(Secrets.Hash(secret));
        operators.TryRemove(key, out _);
        contacts.TryRemove(key, out _);
    }

    public void Forget(AccessChanged changed)
    {
        Interlocked.Increment(ref forgotten);
        Forget(operators, who => changed.Concerns(who.Organisation, who.Operator.Id));
        Forget(contacts, who => changed.Concerns(who.Organisation, who.ContactId));
        Forget(bearers, who => changed.Concerns(who.Organisation, who.Token.Id));
    }

    private static void Forget<T>(ConcurrentDictionary<string, Remembered<T>> remembered, Func<T, bool> concerned)
    {
        foreach (var (key, one) in remembered)
            if (concerned(one.Value))
                remembered.TryRemove(key, out _);
    }

    private async Task<T?> Find<T>(ConcurrentDictionary<string, Remembered<T>> remembered, string secret, Func<byte[], Task<T?>> look) where T : class
    {
        var hash = Secrets.Hash(secret);
        var key = Key(hash);
        var now = time.GetTimestamp();
        if (remembered.TryGetValue(key, out var known) && time.GetElapsedTime(known.At, now) < For) return known.Value;
        var before = Interlocked.Read(ref forgotten);
        if (await look(hash) is not { } found)
        {
            remembered.TryRemove(key, out _);
            return null;
        }
        if (remembered.Count >= Most) remembered.Clear();
        // What was read before something was to be forgotten may be that very thing.
        if (Interlocked.Read(ref forgotten) == before) remembered[key] = new Remembered<T>(found, now);
        return found;
    }

    private static string Key(byte[] hash) => Convert.ToBase64String(hash);

    private readonly record struct Remembered<T>(T Value, long At);
}

/// <summary>Hears from every node's organisations whose access changed.</summary>
internal sealed class AccessListener(IClusterClient cluster, RememberedAccess remembered) : IHostedLifecycleService
{
    private StreamSubscriptionHandle<AccessChanged>? subscription;

    public async Task StartedAsync(CancellationToken cancellationToken) =>
        subscription = await cluster.GetStreamProvider(LiveStreams.Provider).AccessChanges().SubscribeAsync((changed, _) =>
        {
            remembered.Forget(changed);
            return Task.CompletedTask;
        });

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (subscription is not null) await subscription.UnsubscribeAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

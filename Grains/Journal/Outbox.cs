using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Timeout;

namespace Guichet.Journal;

/// <summary>Wakes this node's dispatcher when a commit wrote effects, so that they leave at once instead of at the next poll.</summary>
public sealed class OutboxSignal
{
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => wake.Writer.TryWrite(true);

    internal async Task Wait(TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(longest, time);
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await wake.Reader.ReadAsync(pause.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The pause is over: poll, for what a crash or another node left.
        }
    }
}

/// <param name="Id">The effect's own: the same at every attempt. What is done with it must be harmless the second time.</param>
/// <param name="Attempt">1, 2, 3…</param>
public sealed record EffectContext(Guid Id, string Organisation, int Attempt, DateTimeOffset FirstDue);

/// <summary>Does one kind of effect. Throwing means "not done, try again later"; <see cref="EffectImpossibleException"/> "never".</summary>
public interface IEffectHandler<in TEffect> where TEffect : Effect
{
    Task Do(TEffect effect, EffectContext context, CancellationToken cancellation);
}

/// <summary>It will never succeed: recorded as failed with this reason, not tried again.</summary>
public sealed class EffectImpossibleException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>Says whether this installation may act on the outside world: a restored copy may not until it is told that it is the live one.</summary>
public interface ISendingPermission
{
    bool MaySend { get; }
}

/// <summary>The kinds of effects there are, by alias, and how each is read back and handed to its handler.</summary>
public sealed class EffectKinds
{
    private readonly Dictionary<string, Func<IServiceProvider, string, EffectContext, CancellationToken, Task>> kinds = [];

    internal IReadOnlyCollection<string> Names => kinds.Keys;

    public void Add<TEffect>() where TEffect : Effect => kinds.Add(
        Aliases.Of(typeof(TEffect)),
        (services, payload, context, cancellation) =>
            services.GetRequiredService<IEffectHandler<TEffect>>().Do(Json.Read<TEffect>(payload), context, cancellation));

    internal Task Do(string kind, string payload, EffectContext context, IServiceProvider services, CancellationToken cancellation) =>
        kinds.TryGetValue(kind, out var act)
            ? act(services, payload, context, cancellation)
            : throw new EffectImpossibleException($"No handler for '{kind}' in this version.");
}

public static class EffectRegistration
{
    public static IServiceCollection AddEffect<TEffect, THandler>(this IServiceCollection services)
        where TEffect : Effect
        where THandler : class, IEffectHandler<TEffect>
    {
        services.AddScoped<IEffectHandler<TEffect>, THandler>();
        services.AddSingleton<Action<EffectKinds>>(kinds => kinds.Add<TEffect>());
        return services;
    }
}

/// <summary>
/// Does what committed decisions asked for: claims due rows (another node's are skipped), does each within a time limit, records the
/// outcome. A claim that its node didn't finish (it died) is free again after <see cref="ClaimFor"/>.
/// </summary>
public sealed class OutboxDispatcher(
    IOutbox outbox, EffectKinds kinds, OutboxSignal signal, ISendingPermission permission, IServiceScopeFactory scopes,
    TimeProvider time, ILogger<OutboxDispatcher> logger) : BackgroundService
{
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ClaimFor = TimeSpan.FromSeconds(90);

    /// <summary>Effects under way at once; those of one organisation, so that its hanging webhooks hold up nobody else's mails.</summary>
    private const int Slots = 32;
    private const int SlotsOfOne = 8;

    /// <summary>Waits between attempts; the last one repeats until <see cref="GiveUpAfter"/>.</summary>
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private readonly ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromSeconds(60) })
        .Build();

    /// <summary>Something may be waiting for a slot: whoever leaves one says so.</summary>
    private volatile bool crowded;

    /// <summary>When the dispatcher last read the outbox, for readiness; null before the first time.</summary>
    public DateTimeOffset? LastRead { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<(Task Done, string Organisation)>();
        try
        {
            while (true)
            {
                running.RemoveAll(slot => slot.Done.IsCompleted);
                var more = false;
                try
                {
                    more = await StartDue(running, stoppingToken);
                    LastRead = time.GetUtcNow();
                }
                catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
                {
                    JournalLog.OutboxUnreadable(logger, failure);
                }
                if (!more) await signal.Wait(PollEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(running.Select(slot => slot.Done));
        }
    }

    /// <summary>Starts what is due in the free slots; true when there may be more for them.</summary>
    private async Task<bool> StartDue(List<(Task Done, string Organisation)> running, CancellationToken cancellation)
    {
        string[] busy = [.. running.CountBy(slot => slot.Organisation).Where(one => one.Value >= SlotsOfOne).Select(one => one.Key)];
        var free = Math.Min(Slots - running.Count, SlotsOfOne);
        crowded = free == 0 || busy.Length > 0;
        if (free == 0) return false;
        var claimed = await ClaimDue(free, busy, cancellation);
        running.AddRange(claimed.Select(effect => (InSlot(effect, cancellation), effect.Organisation)));
        return claimed.Count == free;
    }

    private async Task InSlot(ClaimedEffect effect, CancellationToken cancellation)
    {
        try
        {
            await DoOne(effect, cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            // Done or not, it couldn't be written down: its claim runs out, and it is done again.
            JournalLog.OutboxUnreadable(logger, failure);
        }
        if (crowded) signal.Wake();
    }

    /// <summary>Claims what is due, up to sixteen effects, does them, and says how many there were. None where nothing may be sent.</summary>
    public async Task<int> Turn(CancellationToken cancellation)
    {
        var claimed = await ClaimDue(Slots / 2, [], cancellation);
        await Task.WhenAll(claimed.Select(effect => DoOne(effect, cancellation)));
        return claimed.Count;
    }

    private async Task<IReadOnlyList<ClaimedEffect>> ClaimDue(int limit, string[] busy, CancellationToken cancellation)
    {
        if (!permission.MaySend) return [];
        var now = time.GetUtcNow();
        return await outbox.Claim(now, now + ClaimFor, limit, busy, cancellation);
    }

    private async Task DoOne(ClaimedEffect claimed, CancellationToken cancellation)
    {
        var context = new EffectContext(claimed.Id, claimed.Organisation, claimed.Attempts, claimed.FirstDue);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            using var caller = Caller.As(Actor.System("outbox"));
            await InTime(token => kinds.Do(claimed.Kind, claimed.Payload, context, scope.ServiceProvider, token), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await outbox.Release(claimed.Id, time.GetUtcNow());
            return;
        }
        catch (Exception failure)
        {
            var now = time.GetUtcNow();
            var reason = failure is TargetInvocationException { InnerException: { } inner } ? inner : failure;
            if (reason is EffectImpossibleException || now - claimed.FirstDue > GiveUpAfter)
            {
                JournalLog.EffectGivenUp(logger, reason, claimed.Kind, claimed.Id, claimed.Organisation, claimed.Attempts);
                await outbox.GiveUp(claimed.Id, reason.Message, now);
            }
            else
            {
                var next = now + Waits[Math.Min(claimed.Attempts, Waits.Length) - 1];
                JournalLog.EffectFailed(logger, reason, claimed.Kind, claimed.Id, claimed.Organisation, claimed.Attempts, next);
                await outbox.Postpone(claimed.Id, reason.Message, next);
            }
            return;
        }
        await outbox.Finish(claimed.Id, time.GetUtcNow());
    }

    /// <summary>What follows stays on the caller's scheduler: the pool, or the one that a simulator brings.</summary>
    private async Task InTime(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellation);
        try
        {
            await pipeline.ExecuteAsync(static async (context, work) => await work(context.CancellationToken), context, work);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}

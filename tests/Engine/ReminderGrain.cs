using System.Collections.Immutable;

namespace Guichet.Tests.Engine;

public interface IReminderGrain : IGrainWithStringKey
{
    Task Register(string name, TimeSpan due, TimeSpan period);
    Task RegisterTwiceAndUnregisterTheFirst(string name);
    Task Unregister(string name);
    Task<ImmutableArray<string>> Names();
    Task<bool> Has(string name);
    Task<ImmutableArray<TickStatus>> Ticks();
    Task Fail(int times);
    Task Leave();
    Task<Guid> Activation();
}

public interface IForgetfulGrain : IGrainWithStringKey
{
    Task Register();
}

public class ReminderGrain : Grain, IReminderGrain, IRemindable
{
    private readonly Guid _activation = Guid.NewGuid();
    private ImmutableArray<TickStatus> _ticks = [];
    private int _failures;

    public Task Register(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task RegisterTwiceAndUnregisterTheFirst(string name)
    {
        var first = await this.RegisterOrUpdateReminder(name, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await this.RegisterOrUpdateReminder(name, TimeSpan.Zero, TimeSpan.FromMinutes(2));
        await this.UnregisterReminder(first);
    }

    public async Task Unregister(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<ImmutableArray<string>> Names() => [.. (await this.GetReminders()).Select(one => one.ReminderName).Order()];

    public async Task<bool> Has(string name) => await this.GetReminder(name) is not null;

    public Task<ImmutableArray<TickStatus>> Ticks() => Task.FromResult(_ticks);

    public Task Fail(int times)
    {
        _failures = times;
        return Task.CompletedTask;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _ticks = _ticks.Add(status);
        Gate.Of(this.GetPrimaryKeyString()).Arrive();
        return _failures-- > 0 ? throw new InvalidDataException() : Task.CompletedTask;
    }
}

/// <summary>Asks for a reminder but could not be woken.</summary>
public class ForgetfulGrain : Grain, IForgetfulGrain
{
    public Task Register() => this.RegisterOrUpdateReminder("never", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
}

using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Engine;

public interface IFilteredGrain : IGrainWithStringKey
{
    Task<int> Double(int number);
    Task<int> DoubleThrough(IFilteredGrain other, int number);
}

public class FilteredGrain : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    public Task<int> Double(int number) => Task.FromResult(2 * number);

    public Task<int> DoubleThrough(IFilteredGrain other, int number) => other.Double(number);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        FilterTests.Note(context, "own");
        return context.Invoke();
    }
}

public class FilterTests
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Notes = new();

    private readonly string _key = TestSilo.NewKey();

    internal static void Note(IGrainCallContext context, string note) =>
        Notes.GetOrAdd(context.TargetId.Key.ToString()!, _ => new()).Enqueue($"{note} {context.MethodName}");

    [Fact]
    public async Task Incoming_filters_run_in_order_around_the_method_and_the_grains_own_last()
    {
        await using var silo = await TestSilo.StartAsync(silo => silo
            .AddIncomingGrainCallFilter(async context =>
            {
                Note(context, "first");
                await context.Invoke();
                Note(context, $"first after {context.Result}");
            })
            .AddIncomingGrainCallFilter<SecondFilter>());

        Assert.Equal(8, await silo.Grain<IFilteredGrain>(_key).Double(4));

        Assert.Equal(["first Double", "second Double", "own Double", "first after 8 Double"], Notes[_key]);
    }

    [Fact]
    public async Task A_filter_sees_and_changes_arguments_and_results()
    {
        await using var silo = await TestSilo.StartAsync(silo => silo.AddIncomingGrainCallFilter(async context =>
        {
            if (context.InterfaceMethod.DeclaringType != typeof(IFilteredGrain))
                await context.Invoke();
            else
            {
                Assert.Equal(1, context.Request.GetArgumentCount());
                Assert.Equal(nameof(FilteredGrain.Double), context.ImplementationMethod.Name);
                Assert.Equal(typeof(FilteredGrain), context.ImplementationMethod.DeclaringType);
                Assert.IsType<FilteredGrain>(context.Grain);
                context.Request.SetArgument(0, (int)context.Request.GetArgument(0)! + 1);
                await context.Invoke();
                context.Result = (int)context.Result! * 10;
            }
        }));

        Assert.Equal(100, await silo.Grain<IFilteredGrain>(_key).Double(4));
    }

    [Fact]
    public async Task A_filter_that_throws_keeps_the_method_from_running()
    {
        await using var silo = await TestSilo.StartAsync(silo => silo.AddIncomingGrainCallFilter(
            context => context.Grain is FilteredGrain ? throw new UnauthorizedAccessException("not yours") : context.Invoke()));

        var thrown = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => silo.Grain<IFilteredGrain>(_key).Double(4));

        Assert.Equal("not yours", thrown.Message);
        Assert.False(Notes.ContainsKey(_key));
    }

    [Fact]
    public async Task A_filter_may_answer_itself()
    {
        await using var silo = await TestSilo.StartAsync(silo => silo.AddIncomingGrainCallFilter(context =>
        {
            if (context.Grain is not FilteredGrain)
                return context.Invoke();
            context.Result = 42;
            return Task.CompletedTask;
        }));

        Assert.Equal(42, await silo.Grain<IFilteredGrain>(_key).Double(4));
    }

    [Fact]
    public async Task A_filter_that_neither_goes_on_nor_answers_fails_the_call()
    {
        await using var silo = await TestSilo.StartAsync(silo => silo.AddIncomingGrainCallFilter(
            context => context.Grain is FilteredGrain ? Task.CompletedTask : context.Invoke()));

        await Assert.ThrowsAsync<InvalidOperationException>(() => silo.Grain<IFilteredGrain>(_key).Double(4));
    }

    [Fact]
    public async Task An_incoming_filter_sees_the_callers_context_and_identity()
    {
        var seen = new ConcurrentQueue<string>();
        await using var silo = await TestSilo.StartAsync(silo => silo.AddIncomingGrainCallFilter(context =>
        {
            if (context.MethodName == nameof(IFilteredGrain.Double))
                seen.Enqueue($"{RequestContext.Get("who")} from {context.SourceId?.Key} to {context.TargetContext.GrainId}");
            return context.Invoke();
        }));
        RequestContext.Set("who", "Chantal");
        var other = TestSilo.NewKey();

        await silo.Grain<IFilteredGrain>(_key).DoubleThrough(silo.Grain<IFilteredGrain>(other), 1);
        RequestContext.Clear();

        Assert.Equal([$"Chantal from {_key} to filtered/{other}"], seen);
    }

    [Fact]
    public async Task Outgoing_filters_run_around_calls_of_clients_and_of_grains()
    {
        var seen = new ConcurrentQueue<string>();
        await using var silo = await TestSilo.StartAsync(silo => silo.AddOutgoingGrainCallFilter(async context =>
        {
            if (context.InterfaceMethod.DeclaringType == typeof(IFilteredGrain))
                RequestContext.Set("stamp", "set on the way out");
            await context.Invoke();
            if (context.InterfaceMethod.DeclaringType == typeof(IFilteredGrain))
                seen.Enqueue($"{context.MethodName} of {context.TargetId.Key} gave {context.Result}");
        }));
        var other = TestSilo.NewKey();

        Assert.Equal(6, await silo.Grain<IFilteredGrain>(_key).DoubleThrough(silo.Grain<IFilteredGrain>(other), 3));

        Assert.Equal([$"Double of {other} gave 6", $"DoubleThrough of {_key} gave 6"], seen);
    }

    [Fact]
    public async Task Filters_are_made_from_the_services()
    {
        await using var silo = await TestSilo.StartAsync(silo =>
        {
            silo.Services.AddSingleton(new SecondFilter.Mark("from services"));
            silo.AddIncomingGrainCallFilter<SecondFilter>();
        });

        await silo.Grain<IFilteredGrain>(_key).Double(1);

        Assert.Equal(["from services Double", "own Double"], Notes[_key]);
    }

    public sealed class SecondFilter(IServiceProvider services) : IIncomingGrainCallFilter
    {
        public sealed record Mark(string Text);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.Grain is FilteredGrain)
                Note(context, services.GetService<Mark>()?.Text ?? "second");
            return context.Invoke();
        }
    }
}

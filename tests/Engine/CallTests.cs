namespace Guichet.Tests.Engine;

public class CallTests
{
    private readonly string _key = TestSilo.NewKey();

    [Fact]
    public async Task Arguments_and_answers_of_every_shape_arrive()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ICallGrain>(_key);

        Assert.Equal([1, 2], (await grain.Add(new("a", [1]), 2)).Lines.AsEnumerable());
        Assert.Equal(3, await grain.Length("abc"));
        await grain.Touch();
        Assert.Equal(["7", "seven", "none", "example.org"], await grain.Tuple((7, "seven"), null, new("https://example.org/")));
        Assert.True(await grain.IsAncestor());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_keeps_its_type_and_message(bool afterAwait)
    {
        await using var silo = await TestSilo.StartAsync();
        var thrown = await Assert.ThrowsAsync<BasketRefusedException>(() => silo.Grain<ICallGrain>(_key).Throw(afterAwait));
        Assert.Equal("too many lines", thrown.Message);
    }

    [Fact]
    public async Task An_exception_before_any_task_reaches_the_caller_too()
    {
        await using var silo = await TestSilo.StartAsync();
        await Assert.ThrowsAsync<BasketRefusedException>(silo.Grain<ICallGrain>(_key).ThrowFromSynchronousCode);
    }

    [Fact]
    public async Task A_grain_may_catch_what_another_threw()
    {
        await using var silo = await TestSilo.StartAsync();
        Assert.Equal("too many lines",
            await silo.Grain<ICallGrain>(_key).ThrowThrough(silo.Grain<ICallGrain>(TestSilo.NewKey())));
    }

    [Fact]
    public async Task A_caller_gives_up_when_its_patience_ends()
    {
        await using var silo = await TestSilo.StartAsync();
        var call = silo.Grain<ICallGrain>(_key).Slow(_key);
        await Gate.Of(_key).ArrivalAsync();
        silo.Clock.Advance(TestSilo.Limit - TimeSpan.FromSeconds(1));
        Assert.False(call.IsCompleted);

        await silo.AdvanceUntilAsync(TimeSpan.FromSeconds(1), call);

        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task A_method_may_have_its_own_patience()
    {
        await using var silo = await TestSilo.StartAsync();
        var slow = silo.Grain<ICallGrain>(_key).Slow(_key + 1);
        var hasty = silo.Grain<ICallGrain>(TestSilo.NewKey()).Hasty(_key + 2);
        await Gate.Of(_key + 1).ArrivalAsync();
        await Gate.Of(_key + 2).ArrivalAsync();

        silo.Clock.Advance(TimeSpan.FromSeconds(7));

        await Assert.ThrowsAsync<TimeoutException>(() => hasty.WaitAsync(Gate.Patience));
        Assert.False(slow.IsCompleted);
        Gate.Of(_key + 1).Open();
        await slow;
    }

    [Fact]
    public async Task A_request_whose_caller_gave_up_before_it_started_is_not_run()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ICallGrain>(_key);
        var slow = grain.Slow(_key + 1);
        await Gate.Of(_key + 1).ArrivalAsync();
        var hasty = grain.Hasty(_key + 2);
        await silo.LetRequestsAgeAsync(TimeSpan.FromSeconds(7));
        await Assert.ThrowsAsync<TimeoutException>(() => hasty.WaitAsync(Gate.Patience));

        Gate.Of(_key + 1).Open();
        await slow;
        await grain.Touch();

        Assert.Equal(0, Gate.Of(_key + 2).Arrived);
    }

    [Fact]
    public async Task A_one_way_call_is_not_waited_for_and_its_failure_not_heard()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ICallGrain>(_key);

        await grain.ForgetAndFail(_key + 1);
        await Gate.Of(_key + 1).ArrivalAsync();
        await grain.Forget(_key + 2).WaitAsync(Gate.Patience);
        await Gate.Of(_key + 2).ArrivalAsync();
        Gate.Of(_key + 2).Open();
        await grain.Touch();
    }

    [Fact]
    public async Task Cancelling_reaches_the_callee_and_the_caller()
    {
        await using var silo = await TestSilo.StartAsync();
        using var source = new CancellationTokenSource();
        var call = silo.Grain<ICallGrain>(_key).Cancellable(_key, source.Token);
        await Gate.Of(_key).ArrivalAsync();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Gate.Patience));
        await Gate.Of(_key + "cancelled").ArrivalAsync();
    }

    [Fact]
    public async Task A_call_that_is_cancelled_already_is_not_made()
    {
        await using var silo = await TestSilo.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => silo.Grain<ICallGrain>(_key).Cancellable(_key, new(canceled: true)));
        Assert.Equal(0, Gate.Of(_key).Arrived);
    }

    [Fact]
    public async Task A_cancelled_call_that_still_waits_ends_at_once_and_is_not_run()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ICallGrain>(_key);
        var slow = grain.Slow(_key + 1);
        await Gate.Of(_key + 1).ArrivalAsync();
        using var source = new CancellationTokenSource();
        var waiting = grain.Cancellable(_key + 2, source.Token);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Gate.Patience));
        Gate.Of(_key + 1).Open();
        await slow;
        await grain.Touch();

        Assert.Equal(0, Gate.Of(_key + 2).Arrived);
    }

    [Fact]
    public async Task Request_context_goes_along_and_on()
    {
        await using var silo = await TestSilo.StartAsync();
        RequestContext.Set("who", "Chantal");

        Assert.Equal("Chantal", await silo.Grain<ICallGrain>(_key).Context("who"));
        Assert.Equal("Chantal", await silo.Grain<ICallGrain>(_key).ContextThrough(silo.Grain<ICallGrain>(TestSilo.NewKey()), "who"));
        RequestContext.Clear();
    }

    [Fact]
    public async Task What_the_callee_changes_in_the_context_is_seen_by_nobody_else()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ICallGrain>(_key);
        RequestContext.Set("who", "Chantal");

        await grain.ChangeContext("who", "someone else");
        Assert.Equal("Chantal", RequestContext.Get("who"));
        RequestContext.Clear();

        Assert.Null(await grain.Context("who"));
    }

    [Fact]
    public async Task References_are_passed_and_equal_by_identity()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ICallGrain>(_key);

        var self = await grain.Self();

        Assert.Equal(grain, self);
        Assert.NotEqual(grain, silo.Grain<ICallGrain>(_key + 1));
        Assert.Equal(_key, await silo.Grain<ICallGrain>(TestSilo.NewKey()).KeyOf(self));
        Assert.Equal(_key, self.GetPrimaryKeyString());
        Assert.Equal($"call/{_key}", self.GetGrainId().ToString());
        Assert.Equal(self.GetGrainId(), GrainId.Parse($"call/{_key}"));
    }

    /// <summary>Kept beside each reminder, and read by whichever engine the database is used with next.</summary>
    [Fact]
    public void A_grains_hash_is_the_same_on_either_engine() =>
        Assert.Equal(474085219u, GrainId.Create("calendar", "house/2026-11-24").GetUniformHashCode());

    [Fact]
    public async Task One_class_may_have_several_faces()
    {
        await using var silo = await TestSilo.StartAsync();
        Assert.Equal("other", await silo.Grain<ICallGrain>(_key).AsReference<IOtherFaceGrain>().Face());
        Assert.Equal("other", await silo.Grain<IOtherFaceGrain>(_key).Face());
    }

    [Fact]
    public async Task A_key_may_be_long_and_of_any_letters()
    {
        await using var silo = await TestSilo.StartAsync();
        var key = _key + "/é€😀 " + new string('x', 1000);
        Assert.Equal(key, (await silo.Grain<ICallGrain>(key).Self()).GetPrimaryKeyString());
    }

    [Fact]
    public async Task An_interface_without_an_implementation_is_refused()
    {
        await using var silo = await TestSilo.StartAsync();
        var refused = Assert.Throws<ArgumentException>(() => silo.Grain<IOrphanGrain>(_key));
        Assert.Contains(nameof(IOrphanGrain), refused.Message);
    }

    [Fact]
    public async Task An_interface_with_two_equal_implementations_is_refused()
    {
        await using var silo = await TestSilo.StartAsync();
        var refused = Assert.Throws<ArgumentException>(() => silo.Grain<ITwiceGrain>(_key));
        Assert.Contains("firsttwice", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secondtwice", refused.Message, StringComparison.OrdinalIgnoreCase);
    }
}

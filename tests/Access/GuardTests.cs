using System.Reflection;
using System.Runtime.CompilerServices;
using Guichet.Organisations;
using Guichet.Support;

namespace Guichet.Tests.Access;

/// <summary>Every method of every grain's interface × who calls: a method that is added is in the table by itself.</summary>
public sealed class GuardTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private TestSilo silo = null!;

    public async Task InitializeAsync() => silo = await TestSilo.Start(database.Product, TimeProvider.System);

    public async Task DisposeAsync() => await silo.DisposeAsync();

    public static TheoryData<string> Methods => new(Contracts().Select(Name));

    [Fact]
    public void There_are_methods_to_guard() => Assert.True(Methods.Count > 30);

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Anothers_grain_is_refused_and_ones_own_is_not(string name)
    {
        var method = Contracts().Single(method => Name(method) == name);
        var requires = method.GetCustomAttribute<RequiresAttribute>();
        Assert.True(requires is not null ^ method.GetCustomAttribute<SystemOnlyAttribute>() is not null, $"{name} says who may call it, once.");

        var stranger = Someone("stranger", Role.Administrator);
        var thrown = await Call(method, stranger, "owner");
        if (requires is not { OpenToCounterpart: true }) Assert.IsType<CallRefusedException>(thrown);
        Assert.Equal(0, await silo.Database.QueryFirst<int>("*", "SELECT count(*)::integer FROM journal WHERE actor_organisation = 'stranger' AND events <> '[]'"));
        Assert.IsType<CallRefusedException>(await Call(method, null, "owner"));

        var owner = Someone("owner", requires?.Role ?? Role.Administrator);
        if (requires is null) Assert.IsType<CallRefusedException>(await Call(method, owner, "owner"));
        else Assert.IsNotType<CallRefusedException>(await Call(method, owner, "owner"));
        Assert.IsNotType<CallRefusedException>(await Call(method, Actor.System("tests"), "owner"));

        if (requires is { Role: > Role.Reader })
            Assert.IsType<CallRefusedException>(await Call(method, Someone("owner", requires.Role - 1), "owner"));
        if (requires is not null && method.GetParameters().Any(IsCommand))
            Assert.IsType<CallRefusedException>(await Call(method, owner, "owner", by: owner with { Id = "someone-else" }));
    }

    /// <summary>A contact calls what is open to it, and where only its own record is, no other's.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_contact_calls_nothing_but_what_is_open_to_it(string name)
    {
        var method = Contracts().Single(method => Name(method) == name);
        var open = method.GetCustomAttribute<RequiresAttribute>()?.Contacts ?? ContactAccess.None;
        var id = Ids.New(TimeProvider.System);
        var contact = new Actor("owner", id, ActorKind.Contact, "Chantal", Role.Administrator);
        var (own, anothers) = (await Call(method, contact, "owner", id: id), await Call(method, contact, "owner"));
        Assert.Equal(open == ContactAccess.None, own is CallRefusedException);
        Assert.Equal(open != ContactAccess.Any, anothers is CallRefusedException);
        Assert.IsType<CallRefusedException>(await Call(method, contact with { Organisation = "stranger" }, "owner", id: id));
    }

    [Fact]
    public void There_are_methods_of_each_access() =>
        Assert.Equal(Enum.GetValues<ContactAccess>(), Contracts().Select(method => method.GetCustomAttribute<RequiresAttribute>()?.Contacts ?? ContactAccess.None).Distinct().Order());

    /// <summary>What the call throws; null when it answers. An empty command may well be a bug to its core: only the guard's refusal counts.</summary>
    private async Task<Exception?> Call(MethodInfo method, Actor? caller, string organisation, Actor? by = null, string? id = null)
    {
        var key = GrainKey.Of(organisation, id ?? (method.DeclaringType == typeof(IOrganisationGrain) ? OrganisationKey.Id : Ids.New(TimeProvider.System)));
        var grain = silo.Grains.GetGrain(method.DeclaringType!, key);
        var arguments = method.GetParameters().Select(parameter => ArgumentOf(parameter, by ?? caller ?? Someone("nobody", Role.Reader))).ToArray();
        try
        {
            using var _ = caller is null ? default(IDisposable) : Caller.As(caller);
            await (dynamic)method.Invoke(grain, arguments)!;
            return null;
        }
        catch (TargetInvocationException wrapped)
        {
            return wrapped.InnerException!;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    private static object? ArgumentOf(ParameterInfo parameter, Actor by)
    {
        if (!IsCommand(parameter)) return parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : parameter.ParameterType == typeof(string) ? "x" : null;
        var command = RuntimeHelpers.GetUninitializedObject(parameter.ParameterType);
        typeof(Command).GetProperty(nameof(Command.Id))!.SetValue(command, Guid.NewGuid());
        typeof(Command).GetProperty(nameof(Command.By))!.SetValue(command, by);
        return command;
    }

    private static bool IsCommand(ParameterInfo parameter) => parameter.ParameterType.IsAssignableTo(typeof(Command)) && !parameter.ParameterType.IsAbstract;

    private static Actor Someone(string organisation, Role role) => new(organisation, "someone", ActorKind.Operator, "Someone", role);

    private static IEnumerable<MethodInfo> Contracts() =>
        from contract in typeof(Command).Assembly.GetTypes()
        where contract.IsInterface && contract.IsAssignableTo(typeof(IGrainWithStringKey)) && contract.Namespace!.StartsWith("Guichet", StringComparison.Ordinal)
        from method in contract.GetMethods()
        orderby contract.Name, method.Name
        select method;

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}

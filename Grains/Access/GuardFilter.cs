using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;

namespace Guichet.Access;

/// <summary>
/// Stands before every grain method of the product: the caller is known, belongs to the organisation of the grain's key (or the method is
/// open to counterparts and the grain checks by itself), has the role that the method requires (or is a contact, and the method open to it),
/// and sends commands in its own name only.
/// </summary>
public sealed class GuardFilter : IIncomingGrainCallFilter
{
    private static readonly ConcurrentDictionary<MethodInfo, Rule> Rules = new();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod is { } method && method.DeclaringType?.Namespace?.StartsWith("Guichet", StringComparison.Ordinal) == true)
            Check(Rules.GetOrAdd(method, Rule.Of), context);
        return context.Invoke();
    }

    private static void Check(Rule rule, IIncomingGrainCallContext context)
    {
        var caller = Caller.Current ?? throw new CallRefusedException($"{rule.Name} was called in nobody's name.");
        if (caller.Kind == ActorKind.System) return;
        if (rule.SystemOnly) throw new CallRefusedException($"{rule.Name} is for the product itself.");
        var (organisation, id) = GrainKey.Parse(context.TargetId.Key.ToString()!);
        if (!rule.OpenToCounterpart && organisation != caller.Organisation)
            throw new CallRefusedException($"{rule.Name} was called for another organisation.");
        if (caller.Kind == ActorKind.Contact)
        {
            if (rule.Contacts == ContactAccess.None || (rule.Contacts == ContactAccess.Own && id != caller.Id)) throw new CallRefusedException($"{rule.Name} is not for contacts.");
        }
        else if (caller.Role < rule.Role) throw new CallRefusedException($"{rule.Name} needs the role {rule.Role}.");
        for (var i = 0; i < rule.Arguments; i++)
            if (context.Request.GetArgument(i) is Command command && command.By != caller)
                throw new CallRefusedException($"{rule.Name} was sent a command in another's name.");
    }

    private sealed record Rule(string Name, Role Role, bool SystemOnly, bool OpenToCounterpart, ContactAccess Contacts, int Arguments)
    {
        public static Rule Of(MethodInfo method)
        {
            var requires = method.GetCustomAttribute<RequiresAttribute>();
            var systemOnly = method.GetCustomAttribute<SystemOnlyAttribute>() is not null;
            var name = $"{method.DeclaringType!.Name}.{method.Name}";
            if (requires is null && !systemOnly) throw new CallRefusedException($"{name} doesn't say who may call it.");
            return new Rule(name, requires?.Role ?? Role.Administrator, systemOnly, requires?.OpenToCounterpart ?? false, requires?.Contacts ?? ContactAccess.None, method.GetParameters().Length);
        }
    }
}

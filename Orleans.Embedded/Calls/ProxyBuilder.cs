using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Embedded;

/// <summary>Makes, once per interface, a class that implements it by sending calls, and per method a class that holds
/// the arguments and runs the method. No reflection is left in a call.</summary>
internal static class ProxyBuilder
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<Type, Lazy<Func<EmbeddedEngine, GrainClass, GrainId, GrainReference>>> Makers = new();
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Opened = [];
    private static readonly AssemblyBuilder Assembly =
        AssemblyBuilder.DefineDynamicAssembly(new("Orleans.Embedded.Proxies"), AssemblyBuilderAccess.Run);
    private static readonly ModuleBuilder Module = Assembly.DefineDynamicModule("Proxies");
    private static readonly ConstructorInfo IgnoresAccess = DefineAccessAttribute();
    private static int _count;

    /// <exception cref="ArgumentException">The interface has something that can't be called from afar.</exception>
    public static Func<EmbeddedEngine, GrainClass, GrainId, GrainReference> MakerFor(Type interfaceType) =>
        Makers.GetOrAdd(interfaceType, static type => new(() => Build(type))).Value;

    private static Func<EmbeddedEngine, GrainClass, GrainId, GrainReference> Build(Type interfaceType)
    {
        var methods = interfaceType.GetInterfaces().Prepend(interfaceType).SelectMany(one => one.GetMethods(Any)).ToArray();
        foreach (var method in methods)
            Refuse(method);

        lock (Gate)
        {
            OpenAccess(typeof(ProxyBuilder).Assembly);
            foreach (var one in interfaceType.GetInterfaces().Prepend(interfaceType).SelectMany(WithArguments))
                OpenAccess(one.Assembly);

            var proxy = Module.DefineType($"{interfaceType.Name}Reference{_count++}", TypeAttributes.Sealed, typeof(GrainReference));
            proxy.AddInterfaceImplementation(interfaceType);
            var constructor = DefineConstructor(proxy);
            var shapes = new List<(Type Call, GrainMethod Shape)>();
            foreach (var method in methods.Where(one => one is { IsAbstract: true, IsStatic: false }))
            {
                var call = DefineCall(method);
                foreach (var parameter in method.GetParameters())
                    foreach (var type in WithArguments(parameter.ParameterType))
                        OpenAccess(type.Assembly);
                DefineMethod(proxy, method, call.Constructor);
                shapes.Add((call.Type, new(method, method.DeclaringType)));
            }

            foreach (var (call, shape) in shapes)
                call.GetField("Shape", Any)!.SetValue(null, shape);
            return DefineMaker(proxy.CreateType());
        }
    }

    private static IEnumerable<Type> WithArguments(Type type) => type.GetGenericArguments().SelectMany(WithArguments).Prepend(type);

    private static void Refuse(MethodInfo method)
    {
        if (method.IsStatic || !method.IsAbstract)
            return;
        var kind = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericTypeDefinition() : method.ReturnType;
        var name = $"{method.DeclaringType!.FullName}.{method.Name}";
        if (method.IsSpecialName)
            throw new ArgumentException($"{name}: a grain interface has no properties or events");
        if (method.IsGenericMethodDefinition)
            throw new ArgumentException($"{name}: a grain method has no type parameters in this engine");
        if (kind != typeof(Task) && kind != typeof(Task<>) && kind != typeof(ValueTask) && kind != typeof(ValueTask<>))
            throw new ArgumentException($"{name}: a grain method returns Task, Task<T>, ValueTask or ValueTask<T>, not {method.ReturnType}");
        if (method.GetParameters().Any(one => one.ParameterType.IsByRef))
            throw new ArgumentException($"{name}: a grain method has no ref, in or out parameters");
        if (method.IsDefined(typeof(Concurrency.OneWayAttribute)) && method.ReturnType.IsGenericType)
            throw new ArgumentException($"{name}: a one-way method returns Task or ValueTask");
    }

    private static ConstructorBuilder DefineConstructor(TypeBuilder proxy)
    {
        Type[] parameters = [typeof(EmbeddedEngine), typeof(GrainClass), typeof(GrainId)];
        var constructor = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Ldarg_3);
        code.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(Any, parameters)!);
        code.Emit(OpCodes.Ret);
        return constructor;
    }

    private static Func<EmbeddedEngine, GrainClass, GrainId, GrainReference> DefineMaker(Type proxy)
    {
        Type[] parameters = [typeof(EmbeddedEngine), typeof(GrainClass), typeof(GrainId)];
        var maker = new DynamicMethod("Make", typeof(GrainReference), parameters, typeof(ProxyBuilder).Module, skipVisibility: true);
        var code = maker.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Newobj, proxy.GetConstructor(parameters)!);
        code.Emit(OpCodes.Ret);
        return maker.CreateDelegate<Func<EmbeddedEngine, GrainClass, GrainId, GrainReference>>();
    }

    private static (Type Type, ConstructorInfo Constructor) DefineCall(MethodInfo method)
    {
        var parameters = method.GetParameters().Select(one => one.ParameterType).ToArray();
        var parent = CallTypeFor(method.ReturnType);
        var call = Module.DefineType($"{method.DeclaringType!.Name}_{method.Name}{_count++}", TypeAttributes.Sealed, parent);
        var shape = call.DefineField("Shape", typeof(GrainMethod), FieldAttributes.Static | FieldAttributes.Public);
        var arguments = parameters.Select((type, i) => call.DefineField($"a{i}", type, FieldAttributes.Public)).ToArray();

        var constructor = call.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldsfld, shape);
        code.Emit(OpCodes.Call, parent.GetConstructor(Any, [typeof(GrainMethod)])!);
        for (var i = 0; i < arguments.Length; i++)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldarg, checked((short)(i + 1)));
            code.Emit(OpCodes.Stfld, arguments[i]);
        }
        code.Emit(OpCodes.Ret);

        code = Override(call, parent.GetMethod("Call", Any)!);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var argument in arguments)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldfld, argument);
        }
        code.Emit(OpCodes.Callvirt, method);
        code.Emit(OpCodes.Ret);

        if (arguments.Length > 0)
            DefineArguments(call, arguments);
        var type = call.CreateType();
        return (type, type.GetConstructor(parameters)!);
    }

    private static void DefineArguments(TypeBuilder call, FieldBuilder[] arguments)
    {
        var code = Override(call, typeof(GrainCall).GetMethod(nameof(GrainCall.GetArgumentCount))!);
        code.Emit(OpCodes.Ldc_I4, arguments.Length);
        code.Emit(OpCodes.Ret);

        code = Override(call, typeof(GrainCall).GetMethod(nameof(GrainCall.GetArgument))!);
        Switch(code, arguments, (field, i) =>
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldfld, field);
            if (field.FieldType.IsValueType)
                code.Emit(OpCodes.Box, field.FieldType);
        }, typeof(GrainCall).GetMethod(nameof(GrainCall.GetArgument))!);

        code = Override(call, typeof(GrainCall).GetMethod(nameof(GrainCall.SetArgument))!);
        Switch(code, arguments, (field, i) =>
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldarg_2);
            code.Emit(OpCodes.Unbox_Any, field.FieldType);
            code.Emit(OpCodes.Stfld, field);
        }, typeof(GrainCall).GetMethod(nameof(GrainCall.SetArgument))!);

        if (arguments.FirstOrDefault(one => one.FieldType == typeof(CancellationToken)) is { } token)
        {
            code = Override(call, typeof(GrainCall).GetMethod(nameof(GrainCall.GetCancellationToken))!);
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldfld, token);
            code.Emit(OpCodes.Ret);
        }
    }

    /// <summary>One branch per argument; any other index goes to the base, which throws.</summary>
    private static void Switch(ILGenerator code, FieldBuilder[] arguments, Action<FieldBuilder, int> branch, MethodInfo otherwise)
    {
        var labels = arguments.Select(_ => code.DefineLabel()).ToArray();
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Switch, labels);
        for (var i = 0; i <= otherwise.GetParameters().Length; i++)
            code.Emit(OpCodes.Ldarg, (short)i);
        code.Emit(OpCodes.Call, otherwise);
        code.Emit(OpCodes.Ret);
        for (var i = 0; i < arguments.Length; i++)
        {
            code.MarkLabel(labels[i]);
            branch(arguments[i], i);
            code.Emit(OpCodes.Ret);
        }
    }

    private static ILGenerator Override(TypeBuilder type, MethodInfo inherited)
    {
        var access = inherited.Attributes & MethodAttributes.MemberAccessMask;
        var method = type.DefineMethod(inherited.Name, access | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.ReuseSlot,
            inherited.ReturnType, [.. inherited.GetParameters().Select(one => one.ParameterType)]);
        return method.GetILGenerator();
    }

    private static void DefineMethod(TypeBuilder proxy, MethodInfo method, ConstructorInfo call)
    {
        var parameters = method.GetParameters().Select(one => one.ParameterType).ToArray();
        var implementation = proxy.DefineMethod($"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot | MethodAttributes.HideBySig,
            method.ReturnType, parameters);
        var code = implementation.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        for (var i = 0; i < parameters.Length; i++)
            code.Emit(OpCodes.Ldarg, checked((short)(i + 1)));
        code.Emit(OpCodes.Newobj, call);
        code.Emit(OpCodes.Call, SenderFor(method.ReturnType));
        code.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(implementation, method);
    }

    private static Type CallTypeFor(Type returned) => returned switch
    {
        { IsGenericType: false } => returned == typeof(Task) ? typeof(TaskCall) : typeof(ValueTaskCall),
        _ when returned.GetGenericTypeDefinition() == typeof(Task<>) => typeof(TaskCall<>).MakeGenericType(returned.GenericTypeArguments),
        _ => typeof(ValueTaskCall<>).MakeGenericType(returned.GenericTypeArguments),
    };

    private static MethodInfo SenderFor(Type returned)
    {
        var name = returned == typeof(Task) || (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>))
            ? returned.IsGenericType ? nameof(GrainReference.SendForTaskOf) : nameof(GrainReference.SendForTask)
            : returned.IsGenericType ? nameof(GrainReference.SendForValueTaskOf) : nameof(GrainReference.SendForValueTask);
        var sender = typeof(GrainReference).GetMethod(name, Any)!;
        return returned.IsGenericType ? sender.MakeGenericMethod(returned.GenericTypeArguments) : sender;
    }

    /// <summary>Lets the made classes see internal interfaces and types, as code in their own assembly would.</summary>
    private static void OpenAccess(Assembly assembly)
    {
        if (Opened.Add(assembly.GetName().Name!))
            Assembly.SetCustomAttribute(new(IgnoresAccess, [assembly.GetName().Name!]));
    }

    private static ConstructorInfo DefineAccessAttribute()
    {
        var attribute = Module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute",
            TypeAttributes.Public | TypeAttributes.Sealed, typeof(Attribute));
        attribute.SetCustomAttribute(new(typeof(AttributeUsageAttribute).GetConstructor([typeof(AttributeTargets)])!,
            [AttributeTargets.Assembly], [typeof(AttributeUsageAttribute).GetProperty("AllowMultiple")!], [true]));
        var constructor = attribute.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(Any, [])!);
        code.Emit(OpCodes.Ret);
        return attribute.CreateType().GetConstructor([typeof(string)])!;
    }
}

using System.Reflection;
using Orleans.Streams;

namespace Guichet.Architecture;

/// <summary>The types of events that an assembly's code asks streams of, found in its metadata.</summary>
internal static class StreamedTypes
{
    private const int MethodSpecifications = 0x2B000001;

    public static IEnumerable<Type> In(Assembly assembly)
    {
        for (var token = MethodSpecifications; ; token++)
        {
            MethodBase? method;
            try
            {
                method = assembly.ManifestModule.ResolveMethod(token);
            }
            catch (ArgumentOutOfRangeException)
            {
                yield break;
            }
            catch (Exception exception) when (exception is ArgumentException or BadImageFormatException)
            {
                // Of a generic method or type that is open here: the closed use has an entry of its own.
                continue;
            }
            if (method?.Name == nameof(IStreamProvider.GetStream) && method.IsGenericMethod)
                foreach (var type in method.GetGenericArguments())
                    yield return type;
        }
    }
}

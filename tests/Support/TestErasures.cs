using Guichet.Contacts;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Support;

/// <summary>A test node's register of erasures: a file of its own that goes with it, unless the test brings one.</summary>
internal static class TestErasures
{
    private static readonly string Beginning = Path.Combine(Path.GetTempPath(), "guichet-test-erasures-");

    public static ErasureRegisterOptions Own() => new($"{Beginning}{Guid.NewGuid():N}");

    public static void Forget(IServiceProvider services)
    {
        if (services.GetRequiredService<ErasureRegisterOptions>().Path is { } path && path.StartsWith(Beginning, StringComparison.Ordinal)) File.Delete(path);
    }
}

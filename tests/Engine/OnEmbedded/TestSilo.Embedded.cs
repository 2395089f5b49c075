using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded;

namespace Guichet.Tests.Engine;

public sealed partial class TestSilo
{
    /// <summary>How long a caller waits, and how long an activation may take, unless told otherwise.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal EmbeddedEngine Engine => Services.GetRequiredService<EmbeddedEngine>();

    /// <summary>Lets time pass for callers and for the requests that wait.</summary>
    public Task LetRequestsAgeAsync(TimeSpan by)
    {
        Clock.Advance(by);
        return Task.CompletedTask;
    }

    private static void UseEngine(ISiloBuilder silo, ManualTime clock)
    {
        silo.Services.AddSingleton<TimeProvider>(clock);
        silo.UseInMemoryReminderService().AddMemoryStreams(Streams);
    }
}

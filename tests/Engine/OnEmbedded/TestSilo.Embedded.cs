using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded;

namespace Guichet.Tests.Engine;

public sealed partial class TestSilo
{
    internal EmbeddedEngine Engine => Services.GetRequiredService<EmbeddedEngine>();

    private static void UseEngine(ISiloBuilder silo) => silo.UseInMemoryReminderService().AddMemoryStreams(Streams);
}

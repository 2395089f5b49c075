using System.Net;
using Guichet.Support;

namespace Guichet.Hosting;

/// <summary>A real node on a PostgreSQL of its own, through what happens to processes.</summary>
public sealed class NodeProcessTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"guichet-node-{Guid.NewGuid():N}");

    [Fact]
    public async Task A_stopped_node_takes_its_server_with_it()
    {
        await using var node = await NodeProcess.StartAsync(folder);
        Assert.Equal(HttpStatusCode.OK, (await node.Http.GetAsync("/readyz")).StatusCode);
        var server = ServerProcess();

        Assert.Equal(0, await node.StopAsync());

        Assert.False(Processes.IsAlive(server));
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task A_node_told_to_stop_is_not_ready_any_more_but_answers_until_it_has_drained()
    {
        await using var node = await NodeProcess.StartAsync(folder, ("GUICHET_DRAIN", "300"));
        Assert.NotEqual(true, (await node.Http.GetAsync("/readyz")).Headers.ConnectionClose);

        await node.TellToStopAsync();
        await node.WrittenAsync("not ready any more");

        var ready = await node.Http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("the node is stopping", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var page = await node.Http.GetAsync("/sign-in");
        Assert.Equal((HttpStatusCode.OK, true), (page.StatusCode, page.Headers.ConnectionClose));
        // Told again, it waits no longer.
        Assert.Equal(0, await node.StopAsync());
    }

    [Fact]
    public async Task A_second_node_on_the_folder_is_told_so()
    {
        await using var node = await NodeProcess.StartAsync(folder);

        var (exitCode, output) = await NodeProcess.RunAsync(folder);

        Assert.Equal(1, exitCode);
        Assert.Contains("Another node is running", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_nodes_server_is_stopped_and_the_next_node_starts()
    {
        await using var killed = await NodeProcess.StartAsync(folder);
        var server = ServerProcess();
        await killed.KillAsync();

        await using var next = await NodeProcess.StartAsync(folder);

        Assert.Equal(HttpStatusCode.OK, (await next.Http.GetAsync("/readyz")).StatusCode);
        Assert.NotEqual(server, ServerProcess());
        Assert.False(Processes.IsAlive(server));
    }

    /// <summary>Everything of a node may be killed at once, the guard of its server with it.</summary>
    [Fact]
    public async Task A_server_left_running_is_taken_over()
    {
        await using var killed = await NodeProcess.StartAsync(folder);
        var server = ServerProcess();
        Processes.GuardOf(killed.Data)!.Kill();
        await killed.KillAsync();
        Assert.True(Processes.IsAlive(server));

        await using var next = await NodeProcess.StartAsync(folder);

        Assert.Equal(HttpStatusCode.OK, (await next.Http.GetAsync("/readyz")).StatusCode);
        await next.WrittenAsync("Taking over PostgreSQL");
    }

    /// <summary>A server that was killed leaves its process file behind: nothing may wait for that to go.</summary>
    [LinuxFact]
    public async Task The_guard_of_a_server_that_was_killed_with_its_node_ends_too()
    {
        await using var node = await NodeProcess.StartAsync(folder);
        using var guard = Processes.GuardOf(node.Data)!;
        // Halted, the node doesn't start another.
        await Processes.Signal(node.ProcessId, "STOP");
        await Processes.Signal(ServerProcess(), "KILL");
        await node.KillAsync().WaitAsync(TimeSpan.FromMinutes(1));

        await guard.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(File.Exists(PidFile));
    }

    [Fact]
    public async Task A_copied_folder_starts_as_a_copy_until_told_that_it_is_live()
    {
        await using (var original = await NodeProcess.StartAsync(folder))
            await original.StopAsync();
        Directory.Move(folder, $"{folder}-copy");

        await using var copy = await NodeProcess.StartAsync($"{folder}-copy");
        await copy.WrittenAsync("This database is a copy");
        var (exitCode, _) = await NodeProcess.RunAsync($"{folder}-copy", "live");
        Assert.Equal(0, exitCode);
        await copy.StopAsync();

        await using var live = await NodeProcess.StartAsync($"{folder}-copy");
        Assert.DoesNotContain("This database is a copy", live.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (var made in new[] { folder, $"{folder}-copy" })
            if (Directory.Exists(made))
                Directory.Delete(made, recursive: true);
    }

    private string PidFile => Path.Combine(folder, "postgres", "postmaster.pid");

    private int ServerProcess() => Processes.ServerOf(Path.Combine(folder, "postgres"));
}

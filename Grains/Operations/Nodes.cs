using System.Collections.Immutable;
using System.Reflection;
using Guichet.Mail;

namespace Guichet.Operations;

public enum NodePhase
{
    Starting = 0,
    Active = 1,

    /// <summary>Active, but another node had no answer from it.</summary>
    Suspected = 2,
    Stopping = 3,

    /// <summary>Stopped, or given up by the others.</summary>
    Ended = 4,
}

/// <param name="Address">Where other nodes reach it; of a single node, where people do.</param>
/// <param name="Since">When it started.</param>
/// <param name="SeenAt">When it last said that it was alive.</param>
/// <param name="Program">The program's version; null when it didn't say.</param>
/// <param name="IsThis">It is the one that answers.</param>
public sealed record NodeView(string Name, string Address, NodePhase Phase, DateTimeOffset Since, DateTimeOffset SeenAt, string? Program, bool IsThis);

/// <summary>The installation's nodes, as the engine knows them: living ones first, by age; then the few that ended last, within a day.</summary>
public interface INodes
{
    Task<ImmutableArray<NodeView>> Read(CancellationToken cancellation);
}

/// <summary>On an engine of one process.</summary>
public sealed class SingleNode(NodeFigures figures, PublicAddress address, TimeProvider time) : INodes
{
    public Task<ImmutableArray<NodeView>> Read(CancellationToken cancellation) => Task.FromResult<ImmutableArray<NodeView>>(
        [new(Environment.MachineName, address.Root.GetLeftPart(UriPartial.Authority), NodePhase.Active, figures.Since, time.GetUtcNow(), ProgramVersion.Text, IsThis: true)]);
}

public static class ProgramVersion
{
    /// <summary><c>0.1.0</c>, or with the first seven digits of the commit that it was built from: <c>0.1.0+8f430c4</c>.</summary>
    public static string Text { get; } = Short(typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    private static string Short(string version) => version.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus ? version[..Math.Min(version.Length, plus + 8)] : version;
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guichet.Journal;

/// <summary>How a decided command becomes a journal line and its effects become outbox rows: one way, for grains and for histories that are written at once.</summary>
public static class JournalLines
{
    /// <summary>What makes two commands "the same": name, sender and content.</summary>
    public static ImmutableArray<byte> ContentHash(Command command) => ImmutableArray.Create(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Aliases.Of(command.GetType())}\n{command.By.Organisation}/{command.By.Id}\n{Json.WriteAs(command)}")));

    /// <param name="answer">What the command is answered with: an <see cref="Outcome{T}"/>.</param>
    public static JournalLine Next<TEvent>(
        AggregateId aggregate, long sequence, ImmutableArray<byte> previous, DateTimeOffset at, Command command, ImmutableArray<byte> content,
        Decision<TEvent> decision, object answer)
    {
        var line = new JournalLine(
            sequence, at, command.By, command.Id, Aliases.Of(command.GetType()), content, Json.Write(decision.Events), Json.WriteAs(answer), []);
        return line with { Hash = HashChain.Next(previous, aggregate, line) };
    }

    public static IEnumerable<OutboxEffect> Effects<TEvent>(AggregateId aggregate, Command command, Decision<TEvent> decision, DateTimeOffset at) =>
        decision.Effects.Select((effect, i) => new OutboxEffect(
            CommandIds.From("effect", aggregate.ToString(), command.Id.ToString("N"), i.ToString(CultureInfo.InvariantCulture)),
            aggregate.Organisation, Aliases.Of(effect.GetType()), Json.WriteAs(effect), effect.NotBefore ?? at));

    /// <summary>To microseconds, as PostgreSQL keeps instants: what is hashed is what is read again.</summary>
    public static DateTimeOffset Truncated(DateTimeOffset instant) => new(instant.UtcTicks / 10 * 10, TimeSpan.Zero);
}

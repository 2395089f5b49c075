using System.Collections.Concurrent;
using Guichet.Journal;
using Npgsql;

namespace Guichet.Contacts;

/// <summary>
/// Contact numbers: one count for each organisation, from 1. A node takes a block at a time and gives it out in order, so that making many
/// contacts at once isn't one queue at one row. Never the same twice; what a node had left when it ended is never given.
/// </summary>
public sealed class ContactNumbers(Database database)
{
    public const int Block = 20;

    private readonly ConcurrentDictionary<string, Taken> organisations = new(StringComparer.Ordinal);

    /// <exception cref="TryAgainException">The database doesn't answer.</exception>
    public async Task<long> Next(string organisation)
    {
        var taken = organisations.GetOrAdd(organisation, _ => new Taken());
        await taken.Turn.WaitAsync();
        try
        {
            if (taken.Left == 0) (taken.Next, taken.Left) = (await First(organisation, Block), Block);
            taken.Left--;
            return taken.Next++;
        }
        finally
        {
            taken.Turn.Release();
        }
    }

    /// <summary>The first of so many that follow one another, for who needs many at once.</summary>
    /// <exception cref="TryAgainException">The database doesn't answer.</exception>
    public async Task<long> First(string organisation, int count)
    {
        const string sql = """
            INSERT INTO contact_numbers AS n (organisation, last) VALUES (@organisation, @count)
            ON CONFLICT (organisation) DO UPDATE SET last = n.last + @count RETURNING last - @count + 1
            """;
        try
        {
            return await database.QueryFirst<long>(organisation, sql, new { organisation, count = (long)count });
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw new TryAgainException($"No contact number can be taken: {failure.Message}");
        }
    }

    private sealed class Taken
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);
        public long Next { get; set; }
        public int Left { get; set; }
    }
}

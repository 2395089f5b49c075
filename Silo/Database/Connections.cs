using Npgsql;

namespace Guichet.Hosting;

/// <summary>The two ways in which the node connects, from the one connection string it was given.</summary>
public static class Connections
{
    /// <summary>As the owner, past row-level security: migrations, backup, verification, the watch.</summary>
    public static NpgsqlDataSource AsOwner(string connectionString) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "guichet owner",
        MaxPoolSize = 4,
    });

    /// <summary>As the product, in the role <c>guichet_app</c>, which row-level security binds and which owns nothing.</summary>
    /// <remarks>
    /// Few connections that prepare what they repeat carry more than many that don't: with these figures one node went
    /// from 1,900 to 3,600 single-row commits a second on two cores, and the tail halved.
    /// </remarks>
    /// <param name="connectionString">The owner's.</param>
    /// <param name="name">What the server lists these connections as.</param>
    /// <param name="atMost">So many of them.</param>
    public static NpgsqlDataSource AsProduct(string connectionString, string name = "guichet", int atMost = 16)
    {
        var product = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = name,
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = atMost,
            // Nothing is ever set for longer than a transaction, so there is nothing to reset between two users of a connection.
            NoResetOnClose = true,
        };
        product.Options = $"{product.Options} -c role=guichet_app".TrimStart();
        return NpgsqlDataSource.Create(product);
    }
}

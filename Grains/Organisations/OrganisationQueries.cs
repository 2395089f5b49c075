using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>An organisation as any other may find it.</summary>
public sealed record ListedOrganisation(string Id, string Name, string? City);

/// <summary>An organisation as the installation's administrators see it.</summary>
public sealed record InstalledOrganisation(string Id, string Name, string? City, bool Listed, int Operators);

public sealed class OrganisationQueries(Database database)
{
    /// <summary>Those that want to be found, by words of their name or city, without the one that asks.</summary>
    public Task<IReadOnlyList<ListedOrganisation>> Listed(string asking, string? words, int limit, CancellationToken cancellation = default) =>
        database.Query<ListedOrganisation>(asking, SelectListed, new { asking, words = Like(words), limit }, cancellation);

    /// <summary>One of them; null when it doesn't want to be found.</summary>
    public Task<ListedOrganisation?> Listed(string asking, string id, CancellationToken cancellation = default) =>
        database.QueryFirst<ListedOrganisation>(asking, "SELECT id, name, city FROM listed_organisations WHERE id = @id", new { id }, cancellation);

    /// <summary>Every organisation, for the administrators of the installation.</summary>
    public Task<IReadOnlyList<InstalledOrganisation>> All(CancellationToken cancellation) =>
        database.Query<InstalledOrganisation>(Database.Everyone, SelectAll, null, cancellation);

    /// <summary>Whether anybody could sign in: as long as not, the first-run wizard is open. One whose founding was refused has no name.</summary>
    public Task<bool> AnyExists(CancellationToken cancellation) =>
        database.QueryFirst<bool>(Database.Everyone, "SELECT EXISTS (SELECT FROM organisations WHERE name IS NOT NULL)", null, cancellation);

    /// <summary>The id of the organisation that the first-run wizard founds: always the same, so that there is one whoever is quicker.</summary>
    public async Task<string> FirstId(CancellationToken cancellation)
    {
        var installation = await database.QueryFirst<Installation>(Database.Everyone, "SELECT id, made_at FROM installation", null, cancellation)
            ?? throw new InvalidOperationException("The table 'installation' has lost its row.");
        return Ids.From(new DateTimeOffset(DateTime.SpecifyKind(installation.MadeAt, DateTimeKind.Utc)), "first-organisation", installation.Id.ToString("N"));
    }

    /// <summary>The words between per cent signs, with the signs that LIKE reads made harmless.</summary>
    private static string Like(string? words) =>
        $"%{(words ?? "").Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    private sealed record Installation(Guid Id, DateTime MadeAt);

    private const string SelectListed = $"""
        SELECT id, name, city FROM listed_organisations
        WHERE id <> @asking AND search LIKE folded(@words)
        ORDER BY name {Alphabetical.Order}, id LIMIT @limit
        """;

    private const string SelectAll = $"""
        SELECT organisation AS id, name, city, listed, cardinality(emails) AS operators FROM organisations
        WHERE name IS NOT NULL ORDER BY name {Alphabetical.Order}, organisation
        """;
}

using Guichet.Contacts;
using Guichet.Journal;

namespace Guichet.Portals;

/// <summary>What a contact's grain reads before it decides about its space.</summary>
public sealed class SpaceLookups(Database database, AccountSignIns accounts)
{
    /// <summary>Who else has the identifier.</summary>
    internal Task<ContactFacts> HolderOf(string organisation, string id, string? identifier) =>
        Read(organisation, id, async () => SpaceFacts.None with { Holder = await accounts.HolderOf(organisation, id, identifier) });

    /// <summary>Whether who asks is of the support, and what it said when it opened the visit.</summary>
    internal Task<ContactFacts> VisitOf(string organisation, string id, Actor by, string? visit) => Read(organisation, id, async () =>
    {
        const string sql = $"""
            SELECT EXISTS (SELECT FROM contacts c WHERE c.organisation = @organisation AND c.id = @by AND 'support' = ANY (c.types) AND {AccountSessions.MaySignIn}) AS is_support,
                   opened.at, opened.reason
            FROM (SELECT) AS one LEFT JOIN LATERAL (
              SELECT v.at, v.reason FROM support_views v
              WHERE v.organisation = @organisation AND v.visit_id = @visit AND v.page = 'visit' AND v.contact_id = @id AND v.support_id = @by LIMIT 1) AS opened ON true
            """;
        if (by?.Kind != ActorKind.Contact) return SpaceFacts.None;
        var found = (await database.QueryFirst<VisitRecord>(organisation, sql, new { organisation, id, by = by.Id, visit = Ids.IsValid(visit) ? visit : "" }))!;
        return SpaceFacts.None with
        {
            IsSupport = found.IsSupport,
            Visit = found.At is { } at ? new OpenedVisit(new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)), found.Reason!) : null,
        };
    });

    /// <summary>Whether there is such a session or series, and how the contact is associated with it.</summary>
    internal Task<ContactFacts> ProductionOf(string organisation, string id, ProductionKind kind, string of) => Read(organisation, id, async () =>
    {
        const string sql = """
            SELECT CASE @kind WHEN 'session' THEN EXISTS (SELECT FROM sessions WHERE organisation = @organisation AND id = @of AND show_id IS NOT NULL)
                              ELSE EXISTS (SELECT FROM series WHERE organisation = @organisation AND id = @of) END AS exists_there,
                   (SELECT bool_or(revenue) FROM contact_productions
                    WHERE organisation = @organisation AND contact_id IN (SELECT contact_ids(@organisation, @id)) AND kind = @kind AND of_id = @of) AS revenue
            """;
        if (!Enum.IsDefined(kind) || !Ids.IsValid(of)) return SpaceFacts.None;
        var found = (await database.QueryFirst<ProductionRecord>(organisation, sql, new { organisation, id, kind = ContactQueries.Name(kind), of }))!;
        return SpaceFacts.None with { Exists = found.ExistsThere, Production = found.Revenue is { } revenue ? new KnownProduction(revenue) : null };
    });

    private static async Task<ContactFacts> Read(string organisation, string id, Func<Task<SpaceFacts>> read)
    {
        try
        {
            return ContactFacts.None with { Space = await read() };
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException or TimeoutException)
        {
            throw new TryAgainException($"contacts/{organisation}/{id}: what its space needs can't be read: {failure.Message}");
        }
    }

    private sealed record VisitRecord(bool IsSupport, DateTime? At, string? Reason);

    private sealed record ProductionRecord(bool ExistsThere, bool? Revenue);
}

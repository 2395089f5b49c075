using Guichet.Journal;
using Guichet.Organisations;

namespace Guichet.Contacts;

/// <summary>What a contact's account writes beside its state: its identifier, the password's hash, and the end of what no longer lets it in.</summary>
public static class ContactAccountRows
{
    /// <summary>
    /// Everything of a contact's space that isn't state: account, password, sessions, links, shows of its own, who looked. For a contact that
    /// is erased; its state loses the account by <see cref="ContactAccountCore.Ended"/>.
    /// </summary>
    public static IEnumerable<Row> Forgotten(string organisation, string id) =>
        [.. Closed(organisation, id), new Deleted("contact_productions", organisation, id), new Deleted("support_views", organisation, id)];

    internal static IEnumerable<Row> Of(string organisation, string id, SpaceEvent happened) => happened switch
    {
        AccountOpened opened => [new Claimed(organisation, id, ContactAccountCore.KeyOf(opened.Identifier))],
        AccountIdentifierChanged changed => [new Claimed(organisation, id, ContactAccountCore.KeyOf(changed.Identifier)), SignInRows.ForgetLinks(organisation, id)],
        AccountSuspended { Suspended: true } => SignedOut(organisation, id),
        AccountClosed => Closed(organisation, id),
        AccountPasswordSet set => [SignInRows.Password(SignInTables.Contacts, organisation, id, set.Password), .. SignedOut(organisation, id)],
        SupportViewed viewed => [new ViewRow(organisation, id, viewed)],
        ProducerAssociated associated => [new Produced(organisation, id, associated)],
        ProducerDissociated gone => [new ProducedNoMore(organisation, id, gone)],
        _ => [],
    };

    internal static IEnumerable<Row> SignedOut(string organisation, string id) =>
        [SignInRows.EndSessions(SignInTables.Contacts, organisation, id), SignInRows.ForgetLinks(organisation, id)];

    private static IEnumerable<Row> Closed(string organisation, string id) =>
        [new Deleted("contact_accounts", organisation, id), SignInRows.ForgetPassword(SignInTables.Contacts, organisation, id), .. SignedOut(organisation, id)];

    private sealed record Claimed(string Organisation, string Id, string Key) : Row
    {
        public override Statement ToStatement() => new("SELECT claim_account_identifier($1, $2, $3)", Organisation, Id, Key);
    }

    private sealed record Deleted(string Table, string Organisation, string Id) : Row
    {
        public override Statement ToStatement() => new($"DELETE FROM {Table} WHERE organisation = $1 AND contact_id = $2", Organisation, Id);
    }

    private sealed record ViewRow(string Organisation, string Id, SupportViewed Viewed) : Row
    {
        public override Statement ToStatement() => new(
            """
            INSERT INTO support_views (organisation, contact_id, visit_id, page, at, support_id, support_name, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            Organisation, Id, Viewed.VisitId, ContactQueries.Name(Viewed.Page), Viewed.At.UtcDateTime, Viewed.SupportId, Viewed.By, Viewed.Reason);
    }

    private sealed record Produced(string Organisation, string Id, ProducerAssociated Associated) : Row
    {
        public override Statement ToStatement() => new(
            """
            INSERT INTO contact_productions (organisation, contact_id, kind, of_id, revenue, since) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (organisation, contact_id, kind, of_id) DO UPDATE SET revenue = excluded.revenue
            """,
            Organisation, Id, ContactQueries.Name(Associated.Kind), Associated.Of, Associated.Revenue, Associated.At.UtcDateTime);
    }

    /// <summary>Also what contacts that it took over were associated with: they count as its own.</summary>
    private sealed record ProducedNoMore(string Organisation, string Id, ProducerDissociated Gone) : Row
    {
        public override Statement ToStatement() => new(
            "DELETE FROM contact_productions WHERE organisation = $1 AND contact_id IN (SELECT contact_ids($1, $2)) AND kind = $3 AND of_id = $4",
            Organisation, Id, ContactQueries.Name(Gone.Kind), Gone.Of);
    }
}

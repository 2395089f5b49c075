using Guichet.Journal;

namespace Guichet.Organisations;

public enum LinkPurpose
{
    Invitation = 0,
    PasswordReset = 1,
    EmailChange = 2,

    /// <summary>Of a contact's account.</summary>
    AccountPassword = 3,
}

/// <param name="OperatorId">Or the contact's id, of a link of its account.</param>
/// <param name="Number">The invitation, the count of passwords, the request for another address or the number of the account that it was made for; the organisation or the contact decides whether it still holds.</param>
public sealed record MailedLink(string Organisation, string OperatorId, int Number);

/// <summary>Links sent by mail that show who their bearer is. Each is made when its mail is sent, so that no store ever holds it.</summary>
public sealed class MailedLinks(Database database, TimeProvider time)
{
    public static readonly TimeSpan ResetLasts = TimeSpan.FromHours(2);

    /// <returns>The secret to put into the link.</returns>
    public async Task<string> Make(LinkPurpose purpose, MailedLink link, DateTimeOffset expires, CancellationToken cancellation)
    {
        var secret = Secrets.New();
        await database.Execute(link.Organisation, Insert, new
        {
            now = time.GetUtcNow(),
            hash = Secrets.Hash(secret),
            organisation = link.Organisation,
            operatorId = link.OperatorId,
            purpose = purpose.ToString(),
            number = link.Number,
            expires,
        }, cancellation);
        return secret;
    }

    /// <summary>Null for one that never was, has been used, or is too old: which of these is nobody's business.</summary>
    public async Task<MailedLink?> Find(LinkPurpose purpose, string? secret, CancellationToken cancellation) => Secrets.IsFormed(secret)
        ? await database.QueryFirst<MailedLink>(
            Database.Everyone, Select, new { hash = Secrets.Hash(secret!), purpose = purpose.ToString(), now = time.GetUtcNow() }, cancellation)
        : null;

    private const string Insert = """
        DELETE FROM mailed_links WHERE organisation = @organisation AND expires_at < @now;
        INSERT INTO mailed_links (hash, organisation, operator_id, purpose, number, expires_at)
        VALUES (@hash, @organisation, @operatorId, @purpose, @number, @expires)
        """;

    private const string Select = """
        SELECT organisation, operator_id, number FROM mailed_links
        WHERE hash = @hash AND purpose = @purpose AND expires_at > @now
        """;
}

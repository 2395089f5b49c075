using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>What events of an organisation write beside its state: the secrets' hashes, and the end of what no longer lets anyone in.</summary>
internal static class OrganisationRows
{
    public static IEnumerable<Row> Of(string organisation, OrganisationEvent happened) => happened switch
    {
        OrganisationFounded founded => Of(organisation, founded),
        InvitationAccepted accepted => [new PasswordRow(organisation, accepted.OperatorId, accepted.Password), new ForgetLinks(organisation, accepted.OperatorId)],
        PasswordSet set =>
        [
            new PasswordRow(organisation, set.OperatorId, set.Password),
            new EndSessions(organisation, set.OperatorId),
            new ForgetLinks(organisation, set.OperatorId),
        ],
        // Links mailed to the address before, and the one that was just used.
        EmailChanged changed => [new ForgetLinks(organisation, changed.OperatorId)],
        OperatorDisabled disabled => [new EndSessions(organisation, disabled.OperatorId), new ForgetLinks(organisation, disabled.OperatorId)],
        SignedOutEverywhere left => [new EndSessions(organisation, left.OperatorId)],
        TokenCreated created => [new TokenRow(organisation, created.Token.Id, created.Hash)],
        TokenRevoked revoked => [new ForgetToken(organisation, revoked.TokenId)],
        _ => [],
    };

    private static IEnumerable<Row> Of(string organisation, OrganisationFounded founded)
    {
        if (founded.Password is { } password) yield return new PasswordRow(organisation, founded.Administrator.Id, password);
        if (founded.AdministersInstallation) yield return new InstallationAdministratorRow(organisation, founded.Administrator.Id);
    }

    private sealed record PasswordRow(string Organisation, string OperatorId, SecretHash Password) : Row
    {
        public override Statement ToStatement() => new(
            """
            INSERT INTO operator_passwords (organisation, operator_id, hash) VALUES ($1, $2, $3)
            ON CONFLICT (organisation, operator_id) DO UPDATE SET hash = excluded.hash
            """,
            [Organisation, OperatorId, Password.Value]);
    }

    private sealed record EndSessions(string Organisation, string OperatorId) : Row
    {
        public override Statement ToStatement() => new("DELETE FROM web_sessions WHERE organisation = $1 AND operator_id = $2", [Organisation, OperatorId]);
    }

    private sealed record ForgetLinks(string Organisation, string OperatorId) : Row
    {
        public override Statement ToStatement() => new("DELETE FROM mailed_links WHERE organisation = $1 AND operator_id = $2", [Organisation, OperatorId]);
    }

    private sealed record TokenRow(string Organisation, string TokenId, SecretHash Hash) : Row
    {
        public override Statement ToStatement() => new(
            "INSERT INTO api_token_hashes (hash, organisation, token_id) VALUES (decode($1, 'hex'), $2, $3)", [Hash.Value, Organisation, TokenId]);
    }

    private sealed record ForgetToken(string Organisation, string TokenId) : Row
    {
        public override Statement ToStatement() => new("DELETE FROM api_token_hashes WHERE organisation = $1 AND token_id = $2", [Organisation, TokenId]);
    }

    private sealed record InstallationAdministratorRow(string Organisation, string OperatorId) : Row
    {
        public override Statement ToStatement() => new(
            "INSERT INTO installation_administrators (organisation, operator_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", [Organisation, OperatorId]);
    }
}

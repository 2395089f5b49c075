using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>What events of an organisation write beside its state: the secrets' hashes, and the end of what no longer lets anyone in.</summary>
internal static class OrganisationRows
{
    public static IEnumerable<Row> Of(string organisation, OrganisationEvent happened) => happened switch
    {
        OrganisationFounded founded => Of(organisation, founded),
        InvitationAccepted accepted => [Password(organisation, accepted.OperatorId, accepted.Password), SignInRows.ForgetLinks(organisation, accepted.OperatorId)],
        PasswordSet set =>
        [
            Password(organisation, set.OperatorId, set.Password),
            EndSessions(organisation, set.OperatorId),
            SignInRows.ForgetLinks(organisation, set.OperatorId),
        ],
        // Links mailed to the address before, and the one that was just used.
        EmailChanged changed => [SignInRows.ForgetLinks(organisation, changed.OperatorId)],
        OperatorDisabled disabled => [EndSessions(organisation, disabled.OperatorId), SignInRows.ForgetLinks(organisation, disabled.OperatorId)],
        SignedOutEverywhere left => [EndSessions(organisation, left.OperatorId)],
        TokenCreated created => [new TokenRow(organisation, created.Token.Id, created.Hash)],
        TokenRevoked revoked => [new ForgetToken(organisation, revoked.TokenId)],
        _ => [],
    };

    private static IEnumerable<Row> Of(string organisation, OrganisationFounded founded)
    {
        if (founded.Password is { } password) yield return Password(organisation, founded.Administrator.Id, password);
        if (founded.AdministersInstallation) yield return new InstallationAdministratorRow(organisation, founded.Administrator.Id);
    }

    private static Row Password(string organisation, string operatorId, SecretHash password) => SignInRows.Password(SignInTables.Operators, organisation, operatorId, password);

    private static Row EndSessions(string organisation, string operatorId) => SignInRows.EndSessions(SignInTables.Operators, organisation, operatorId);

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

using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>Where what lets one kind of people in is kept: hashes of their passwords, and the browsers that they are signed in with. Apart for each kind, so that no secret of one opens what is another's.</summary>
/// <param name="Holder">The column that says whose.</param>
public sealed record SignInTables(string Passwords, string Sessions, string Holder)
{
    public static readonly SignInTables Operators = new("operator_passwords", "web_sessions", "operator_id");

    /// <summary>Contacts that have an account.</summary>
    public static readonly SignInTables Contacts = new("contact_passwords", "contact_sessions", "contact_id");
}

/// <summary>The rows by which events give people their secrets, and end them.</summary>
internal static class SignInRows
{
    public static Row Password(SignInTables of, string organisation, string holder, SecretHash password) => new PasswordRow(of, organisation, holder, password);

    public static Row ForgetPassword(SignInTables of, string organisation, string holder) => new Deleted(of.Passwords, of.Holder, organisation, holder);

    public static Row EndSessions(SignInTables of, string organisation, string holder) => new Deleted(of.Sessions, of.Holder, organisation, holder);

    public static Row ForgetLinks(string organisation, string holder) => new Deleted("mailed_links", "operator_id", organisation, holder);

    private sealed record PasswordRow(SignInTables Of, string Organisation, string Holder, SecretHash Password) : Row
    {
        public override Statement ToStatement() => new(
            $"""
            INSERT INTO {Of.Passwords} (organisation, {Of.Holder}, hash) VALUES ($1, $2, $3)
            ON CONFLICT (organisation, {Of.Holder}) DO UPDATE SET hash = excluded.hash
            """,
            Organisation, Holder, Password.Value);
    }

    private sealed record Deleted(string Table, string Column, string Organisation, string Holder) : Row
    {
        public override Statement ToStatement() => new($"DELETE FROM {Table} WHERE organisation = $1 AND {Column} = $2", Organisation, Holder);
    }
}

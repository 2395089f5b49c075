using System.Text.Json.Serialization;
using Guichet.Organisations;

namespace Guichet.Contacts;

/// <summary>
/// A contact's own way in to its space. The password is chosen by the contact alone, through a mailed link; of it a hash is kept, elsewhere,
/// and nobody is ever shown it.
/// </summary>
/// <param name="Identifier">What it signs in with: 3 to 254 characters without blanks, unique in the organisation whatever the case.</param>
/// <param name="Suspended">Nobody can sign in with it until it is resumed.</param>
/// <param name="HasPassword">The contact has chosen one.</param>
/// <param name="ChangedBy">Who changed the account last.</param>
/// <param name="LinkSentAt">When an operator last had a link mailed; null for never.</param>
[GenerateSerializer, Immutable, Alias("contact-account")]
public sealed record ContactAccount(
    string Identifier, bool Suspended, bool HasPassword, DateTimeOffset OpenedAt, string ChangedBy, DateTimeOffset ChangedAt, DateTimeOffset? LinkSentAt);

/// <summary>Opens an account and mails the link that lets its contact choose a password.</summary>
/// <param name="Identifier">Null for the main e-mail.</param>
[GenerateSerializer, Immutable, Alias("open-contact-account")]
public sealed record OpenContactAccount(string? Identifier) : Command;

[GenerateSerializer, Immutable, Alias("change-account-identifier")]
public sealed record ChangeAccountIdentifier(string Identifier) : Command;

/// <summary>Suspends it, which ends its sessions and links, or resumes it with the password that it had.</summary>
[GenerateSerializer, Immutable, Alias("suspend-contact-account")]
public sealed record SuspendContactAccount(bool Suspended) : Command;

/// <summary>Ends it for good, with its password, sessions and links. Opened again, it is another.</summary>
[GenerateSerializer, Immutable, Alias("close-contact-account")]
public sealed record CloseContactAccount : Command;

/// <summary>Mails a link to choose a password. The one that there is stays until the link is used.</summary>
[GenerateSerializer, Immutable, Alias("send-password-link")]
public sealed record SendPasswordLink : Command;

/// <summary>By whom a mailed link has shown to be the contact.</summary>
/// <param name="Number">Of the account when the link was made: it works once.</param>
[GenerateSerializer, Immutable, Alias("set-account-password")]
public sealed record SetAccountPassword(int Number) : Command
{
    [Id(0), JsonIgnore] public required SecretHash Password { get; init; }
}

/// <summary>By the contact, who has just given the present one.</summary>
[GenerateSerializer, Immutable, Alias("change-account-password")]
public sealed record ChangeAccountPassword : Command
{
    [Id(0), JsonIgnore] public required SecretHash Password { get; init; }
}

/// <summary>What a contact may change of its own record by itself; the rest stays as it is.</summary>
/// <param name="Mobile">As in <see cref="ContactDetails"/>, like the next two.</param>
/// <param name="Main">The main address; null to leave it as it is.</param>
/// <param name="BasedOn">The contact's revision.</param>
[GenerateSerializer, Immutable, Alias("change-own-details")]
public sealed record ChangeOwnDetails(string? Mobile, string? Phone, ContactAddress? Main, Language Language, long BasedOn) : Command;

/// <summary>What of a contact's space a page shows.</summary>
public enum SpacePage
{
    /// <summary>Nothing yet: the visit begins.</summary>
    Visit = 0,
    Details = 1,
    Consents = 2,
    Purchases = 3,
}

/// <summary>
/// A support contact asks for a client's space, and says why. On the client's journal, before anything is shown.
/// </summary>
/// <param name="Reason">5 to 500 characters.</param>
[GenerateSerializer, Immutable, Alias("open-support-visit")]
public sealed record OpenSupportVisit(string Reason) : Command;

/// <param name="Id">In the address of the pages that the visit shows.</param>
[GenerateSerializer, Immutable, Alias("support-visit")]
public sealed record SupportVisit(string Id);

/// <summary>One look at one page during a visit; refused when the visit is over or somebody else's.</summary>
[GenerateSerializer, Immutable, Alias("record-support-view")]
public sealed record RecordSupportView(string VisitId, SpacePage Page) : Command;

/// <summary>What a producer produces.</summary>
public enum ProductionKind
{
    Session = 0,

    /// <summary>All sessions of the series, those to come too.</summary>
    Series = 1,
}

/// <summary>Lets a contact of type producer see the tallies of a session or a series, live, in its space; said again, with or without revenue.</summary>
/// <param name="Of">The id of the session or series.</param>
/// <param name="Revenue">The revenue too.</param>
[GenerateSerializer, Immutable, Alias("associate-producer")]
public sealed record AssociateProducer(ProductionKind Kind, string Of, bool Revenue) : Command;

[GenerateSerializer, Immutable, Alias("dissociate-producer")]
public sealed record DissociateProducer(ProductionKind Kind, string Of) : Command;

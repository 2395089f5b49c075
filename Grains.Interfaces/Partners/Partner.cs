using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Organisations;

namespace Guichet.Partners;

/// <summary>The three groups of those who receive reports: each has rules of its own for what it is sent, and when.</summary>
public enum PartnerGroup
{
    Partners = 0,
    Agents = 1,
    Venues = 2,
}

public enum RecipientKind
{
    To = 0,
    Cc = 1,
}

/// <param name="Email">As <c>EmailAddress</c> takes it; kept in lower case, once in a partner.</param>
/// <param name="Name">Who reads there; null where it isn't said. At most 200 characters, on one line.</param>
[GenerateSerializer, Immutable, Alias("partner-address")]
public sealed record PartnerAddress(string Email, RecipientKind Kind, string? Name);

/// <summary>What a partner is, as its form sends it whole.</summary>
/// <param name="Name">1 to 200 characters, on one line. Several partners may have the same.</param>
/// <param name="Addresses">1 to 20, at least one of them <see cref="RecipientKind.To"/>; those come first.</param>
/// <param name="Language">Of its reports; <see cref="Language.Browser"/> is taken for French.</param>
/// <param name="Note">For colleagues, never sent. At most 2,000 characters.</param>
[GenerateSerializer, Immutable, Alias("partner-details")]
public sealed record PartnerDetails(string Name, PartnerGroup Group, ImmutableArray<PartnerAddress> Addresses, Language Language, string? Note);

[GenerateSerializer, Immutable, Alias("create-partner")]
public sealed record CreatePartner(PartnerDetails Details) : Command;

/// <param name="BasedOn">The revision that the form was filled from: a change made meanwhile by another is refused (<c>changed-meanwhile</c>).</param>
[GenerateSerializer, Immutable, Alias("change-partner")]
public sealed record ChangePartner(PartnerDetails Details, long BasedOn) : Command;

/// <summary>An archived partner receives nothing and is left out of lists; what it was associated with is kept.</summary>
[GenerateSerializer, Immutable, Alias("archive-partner")]
public sealed record ArchivePartner(bool Archived) : Command;

/// <summary>Adds to what the partner is told of. What it is associated with already changes nothing.</summary>
/// <param name="Sessions">Ids, at most 2,000 in all with those it has.</param>
/// <param name="Series">Ids, at most 2,000 in all: a series takes in its sessions, those that are added to it later too.</param>
[GenerateSerializer, Immutable, Alias("associate-partner")]
public sealed record AssociatePartner(ImmutableArray<string> Sessions, ImmutableArray<string> Series) : Command;

/// <summary>Takes away from what the partner is told of. A session of an associated series stays, by its series.</summary>
[GenerateSerializer, Immutable, Alias("dissociate-partner")]
public sealed record DissociatePartner(ImmutableArray<string> Sessions, ImmutableArray<string> Series) : Command;

/// <summary>Nothing is sent to it by itself until that day begins in the organisation's zone, or until it is resumed; by hand it still may be.</summary>
/// <param name="Until">ISO date after today; null for until it is resumed.</param>
[GenerateSerializer, Immutable, Alias("pause-partner")]
public sealed record PausePartner(DateOnly? Until) : Command;

[GenerateSerializer, Immutable, Alias("resume-partner")]
public sealed record ResumePartner : Command;

/// <param name="Since">When it was paused.</param>
/// <param name="Until">The day on which it goes on by itself; null for never.</param>
[GenerateSerializer, Immutable, Alias("partner-pause")]
public sealed record PartnerPause(DateTimeOffset Since, DateOnly? Until)
{
    /// <summary>Whether it still lasts on that day of the organisation's zone.</summary>
    public bool LastsOn(DateOnly day) => Until is not { } until || day < until;
}

/// <summary>The page that shows a partner its figures, live, to whoever has a link to it: each mail of a report carries one of its own.</summary>
/// <param name="Number">Of the links that open it: one more each time that it is issued anew. Those of a smaller number open nothing any more.</param>
/// <param name="Days">For how long a link opens it after it was made: 1 to 1,095.</param>
/// <param name="Revoked">Since when no link opens it; null while they do.</param>
[GenerateSerializer, Immutable, Alias("partner-page-access")]
public sealed record PartnerPageAccess(int Number, int Days, DateTimeOffset? Revoked)
{
    public const int LongestDays = 1_095;

    /// <summary>What each partner has at first: a year.</summary>
    public static readonly PartnerPageAccess Default = new(0, 365, null);
}

/// <summary>A new link to the partner's page; those before open nothing any more. Ends a revocation.</summary>
[GenerateSerializer, Immutable, Alias("issue-partner-link")]
public sealed record IssuePartnerLink : Command
{
    /// <summary>SHA-256 of the link's secret, in hexadecimal.</summary>
    [Id(0), JsonIgnore] public required SecretHash Hash { get; init; }
}

/// <summary>No link opens the partner's page any more, and mails carry none, until one is issued.</summary>
[GenerateSerializer, Immutable, Alias("revoke-partner-links")]
public sealed record RevokePartnerLinks : Command;

/// <param name="Days">1 to 1,095; also for links that were made before.</param>
[GenerateSerializer, Immutable, Alias("change-partner-link-days")]
public sealed record ChangePartnerLinkDays(int Days) : Command;

/// <param name="Revision">Grows with every change of the details; forms send it back as <c>BasedOn</c>.</param>
/// <param name="Sessions">Associated one by one, in the order in which they were.</param>
/// <param name="Series">Likewise.</param>
[GenerateSerializer, Immutable, Alias("partner-view")]
public sealed record PartnerView(
    string Organisation, string Id, long Revision, PartnerDetails Details, bool Archived, ImmutableArray<string> Sessions, ImmutableArray<string> Series,
    PartnerPause? Pause, PartnerPageAccess Page);

/// <summary>Who receives reports of sessions: a partner, an agent or a venue.</summary>
[Alias("partner-grain")]
public interface IPartnerGrain : IGrainWithStringKey
{
    /// <summary>Null when there is no such partner.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<PartnerView?> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Create(CreatePartner command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Change(ChangePartner command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Archive(ArchivePartner command);

    /// <summary>Refused for an archived partner, and whole when any session or series doesn't exist in the organisation.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Associate(AssociatePartner command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Dissociate(DissociatePartner command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Pause(PausePartner command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Resume(ResumePartner command);

    /// <summary>Refused for an archived partner: nobody is shown its page.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> IssueLink(IssuePartnerLink command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> RevokeLinks(RevokePartnerLinks command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> ChangeLinkDays(ChangePartnerLinkDays command);
}

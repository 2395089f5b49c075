using System.Collections.Immutable;

namespace Guichet.Contacts;

/// <summary>What a merge brings together of contacts, and an undone one takes apart again.</summary>
[GenerateSerializer, Immutable, Alias("contact-content")]
public sealed record ContactContent(
    ContactDetails Details, ImmutableArray<ContactNote> Notes, ImmutableArray<ContactCriterion> Criteria, ImmutableArray<PreferredSeat> Seats,
    ImmutableArray<ContactConsent> Consents, ImmutableArray<ContactRelation> Relations, ImmutableArray<string> Tags);

/// <param name="BasedOn">The revision that was compared.</param>
[GenerateSerializer, Immutable, Alias("contact-to-merge")]
public sealed record ContactToMerge(string Id, long BasedOn);

/// <summary>
/// Takes others over into this contact. Of what a contact has several of (notes, tags, criteria, seats, consents, relations) it then has
/// theirs too; where two say something else of the same criterion it keeps its own, and of a consent the last word said counts. Their
/// histories are shown with it. They themselves are kept aside, whole, and come back when it is undone.
/// </summary>
/// <param name="Others">1 to 20.</param>
/// <param name="Details">What was chosen of all of them, as the contact's form would send it.</param>
/// <param name="BasedOn">This contact's revision.</param>
[GenerateSerializer, Immutable, Alias("merge-contacts")]
public sealed record MergeContacts(ImmutableArray<ContactToMerge> Others, ContactDetails Details, long BasedOn) : Command
{
    public const int Most = 20;
}

/// <summary>
/// Takes a merge back: the others are as they were, and this contact too, but for what was changed since. Merges are undone from the last.
/// </summary>
[GenerateSerializer, Immutable, Alias("undo-contact-merge")]
public sealed record UndoContactMerge(string MergeId) : Command;

/// <summary>The contact is another's from now on.</summary>
[GenerateSerializer, Immutable, Alias("absorb-contact")]
public sealed record AbsorbContact(string Into, long IntoNumber, string MergeId) : Command;

/// <summary>It is its own again.</summary>
[GenerateSerializer, Immutable, Alias("release-contact")]
public sealed record ReleaseContact(string MergeId) : Command;

/// <summary>What led to a contact that was taken over leads to the one that took it.</summary>
[GenerateSerializer, Immutable, Alias("retarget-relations")]
public sealed record RetargetRelations(string From, string To, string MergeId) : Command;

/// <summary>It leads where it led before.</summary>
[GenerateSerializer, Immutable, Alias("restore-relations")]
public sealed record RestoreRelations(string MergeId) : Command;

/// <summary>Says that two contacts that look alike are two, or takes that back.</summary>
[GenerateSerializer, Immutable, Alias("tell-contacts-apart")]
public sealed record TellContactsApart(string Other, bool Apart) : Command;

[GenerateSerializer, Immutable, Alias("merged-contact")]
public sealed record MergedContact(string Id, long Number, string Name);

/// <summary>A merge that can be undone.</summary>
[GenerateSerializer, Immutable, Alias("contact-merge")]
public sealed record RecordedMerge(string Id, ImmutableArray<MergedContact> Others, string By, DateTimeOffset At);

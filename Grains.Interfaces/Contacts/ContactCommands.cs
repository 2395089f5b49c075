using System.Collections.Immutable;

namespace Guichet.Contacts;

[GenerateSerializer, Immutable, Alias("create-contact")]
public sealed record CreateContact(ContactDetails Details) : Command;

/// <param name="Number">That the contact was given.</param>
[GenerateSerializer, Immutable, Alias("new-contact")]
public sealed record NewContact(long Number);

/// <param name="BasedOn">The revision that the form was filled from: a change made meanwhile by another is refused (<c>changed-meanwhile</c>).</param>
[GenerateSerializer, Immutable, Alias("change-contact")]
public sealed record ChangeContact(ContactDetails Details, long BasedOn) : Command;

/// <summary>An archived contact is left out of searches; everything of it is kept.</summary>
[GenerateSerializer, Immutable, Alias("archive-contact")]
public sealed record ArchiveContact(bool Archived) : Command;

/// <param name="Text">1 to 4,000 characters.</param>
[GenerateSerializer, Immutable, Alias("add-contact-note")]
public sealed record AddContactNote(string Text) : Command;

/// <param name="BasedOn">The note's revision.</param>
[GenerateSerializer, Immutable, Alias("change-contact-note")]
public sealed record ChangeContactNote(string NoteId, string Text, int BasedOn) : Command;

/// <param name="BasedOn">The note's revision: one that was written anew meanwhile isn't thrown away unread.</param>
[GenerateSerializer, Immutable, Alias("remove-contact-note")]
public sealed record RemoveContactNote(string NoteId, int BasedOn) : Command;

/// <summary>Gives the contact these values of one criterion, in place of those it had; none takes the criterion from it. Refused for
/// what the organisation doesn't define for its kind, or has retired; what the contact has already it keeps.</summary>
[GenerateSerializer, Immutable, Alias("classify-contact")]
public sealed record ClassifyContact(string Criterion, ImmutableArray<string> Values) : Command;

/// <summary>Puts free labels on the contact and takes others off; what is there already, or isn't, stays so. A label in both is taken off.</summary>
/// <param name="Add">Each 1 to 40 characters on one line. Two that differ by case, accents or hyphens are the same, and the one that is there keeps its writing. At most 50 on a contact.</param>
/// <param name="Remove">Likewise.</param>
[GenerateSerializer, Immutable, Alias("tag-contact")]
public sealed record TagContact(ImmutableArray<string> Add, ImmutableArray<string> Remove) : Command;

/// <param name="Seats">0 to 50, the dearest first.</param>
/// <param name="BasedOn">The contact's revision.</param>
[GenerateSerializer, Immutable, Alias("prefer-seats")]
public sealed record PreferSeats(ImmutableArray<PreferredSeat> Seats, long BasedOn) : Command;

/// <summary>Records a consent. One that holds already stays as it is, with its first proof.</summary>
[GenerateSerializer, Immutable, Alias("give-consent")]
public sealed record GiveConsent(ConsentChannel Channel, string Category, ConsentProof Proof) : Command;

/// <summary>Ends a consent. Where none holds, nothing changes.</summary>
[GenerateSerializer, Immutable, Alias("withdraw-consent")]
public sealed record WithdrawConsent(ConsentChannel Channel, string Category, ConsentProof Proof) : Command;

/// <summary>Ties the contact to another, or gives the tie they have other dates.</summary>
[GenerateSerializer, Immutable, Alias("relate-contact")]
public sealed record RelateContact(ContactRelation Relation) : Command;

/// <summary>Takes a tie away as if it never was; one that came to its end gets a last day instead.</summary>
[GenerateSerializer, Immutable, Alias("unrelate-contact")]
public sealed record UnrelateContact(RelationKind Kind, string To) : Command;

/// <summary>All that is kept of the contact is made into a file and handed out: what was, and by whom, stands in its journal.</summary>
[GenerateSerializer, Immutable, Alias("disclose-contact")]
public sealed record DiscloseContact : Command;

/// <summary>Has the record kept whatever anybody asks or retention rules say, or no longer.</summary>
/// <param name="Reason">Why, 1 to 200 characters on one line; null when it is no longer held.</param>
[GenerateSerializer, Immutable, Alias("hold-contact")]
public sealed record HoldContact(string? Reason) : Command;

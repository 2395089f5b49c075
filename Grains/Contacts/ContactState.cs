using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet.Contacts;

public sealed record ContactState(
    long Number, long Revision, ContactDetails? Details, bool Archived, ImmutableArray<ContactNote> Notes, ImmutableArray<ContactCriterion> Criteria,
    ImmutableArray<PreferredSeat> Seats, ImmutableArray<ContactConsent> Consents, ImmutableArray<ContactRelation> Relations,
    string CreatedBy, DateTimeOffset CreatedAt, string ChangedBy, DateTimeOffset ChangedAt)
{
    /// <summary>In the order of their keys, each key once.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    public static readonly ContactState Empty = new(0, 0, null, false, [], [], [], [], [], "", default, "", default);

    /// <summary>Its purchases that aren't wholly cancelled. The activities themselves are rows: a contact may have a hundred thousand.</summary>
    public int LivePurchases { get; init; }

    /// <summary>The contact that took it over, by which merge; null while it is its own.</summary>
    public string? MergedInto { get; init; }

    public string? MergeId { get; init; }

    /// <summary>The merge that it was given back from last.</summary>
    public string? LastReleased { get; init; }

    /// <summary>The last at the end.</summary>
    public ImmutableArray<KeptMerge> Merges { get; init; } = [];

    /// <summary>Its relations that merges of others led elsewhere.</summary>
    public ImmutableArray<MovedRelation> Moved { get; init; } = [];

    /// <summary>Null while it isn't erased.</summary>
    public RecordedErasure? Erasure { get; init; }

    /// <summary>When somebody last dealt with the person; null where only <see cref="ChangedAt"/> is known.</summary>
    public DateTimeOffset? TouchedAt { get; init; }

    /// <summary>When a till last told of something that it did.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>Null unless it is to be kept.</summary>
    public ContactHold? Hold { get; init; }

    [JsonIgnore] public DateTimeOffset LastTouched => TouchedAt ?? ChangedAt;

    /// <summary>Its way in to its space; null while it has none. Secrets are elsewhere.</summary>
    public ContactAccount? Account { get; init; }

    /// <summary>Counts what ended links to choose a password: one that was made before opens nothing. Goes on when an account is closed and opened again.</summary>
    public int AccountNumber { get; init; }

    /// <summary>It has bought.</summary>
    [JsonIgnore] public bool IsClient => LivePurchases > 0;
}

/// <summary>What happened to a contact.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ContactCreated), "contact-created")]
[JsonDerivedType(typeof(ContactChanged), "contact-changed")]
[JsonDerivedType(typeof(ContactArchived), "contact-archived")]
[JsonDerivedType(typeof(ContactNoteAdded), "contact-note-added")]
[JsonDerivedType(typeof(ContactNoteChanged), "contact-note-changed")]
[JsonDerivedType(typeof(ContactNoteRemoved), "contact-note-removed")]
[JsonDerivedType(typeof(ContactClassified), "contact-classified")]
[JsonDerivedType(typeof(ContactTagged), "contact-tagged")]
[JsonDerivedType(typeof(SeatsPreferred), "seats-preferred")]
[JsonDerivedType(typeof(ConsentGiven), "consent-given")]
[JsonDerivedType(typeof(ConsentWithdrawn), "consent-withdrawn")]
[JsonDerivedType(typeof(ContactRelated), "contact-related")]
[JsonDerivedType(typeof(ContactUnrelated), "contact-unrelated")]
[JsonDerivedType(typeof(ActivitiesRecorded), "activities-recorded")]
[JsonDerivedType(typeof(ContactsMerged), "contacts-merged")]
[JsonDerivedType(typeof(ContactMergeUndone), "contact-merge-undone")]
[JsonDerivedType(typeof(ContactAbsorbed), "contact-absorbed")]
[JsonDerivedType(typeof(ContactReleased), "contact-released")]
[JsonDerivedType(typeof(RelationsRetargeted), "contact-relations-retargeted")]
[JsonDerivedType(typeof(RelationsRestored), "contact-relations-restored")]
[JsonDerivedType(typeof(ContactsToldApart), "contacts-told-apart")]
[JsonDerivedType(typeof(PersonalDataDisclosed), "personal-data-disclosed")]
[JsonDerivedType(typeof(ContactHeld), "contact-held")]
[JsonDerivedType(typeof(ContactErased), "contact-erased")]
[JsonDerivedType(typeof(WordsErased), "words-erased")]
[JsonDerivedType(typeof(AccountOpened), "contact-account-opened")]
[JsonDerivedType(typeof(AccountIdentifierChanged), "contact-account-identifier-changed")]
[JsonDerivedType(typeof(AccountSuspended), "contact-account-suspended")]
[JsonDerivedType(typeof(AccountClosed), "contact-account-closed")]
[JsonDerivedType(typeof(PasswordLinkSent), "contact-password-link-sent")]
[JsonDerivedType(typeof(AccountPasswordSet), "contact-password-set")]
[JsonDerivedType(typeof(SupportViewed), "support-viewed")]
[JsonDerivedType(typeof(ProducerAssociated), "producer-associated")]
[JsonDerivedType(typeof(ProducerDissociated), "producer-dissociated")]
public abstract record ContactEvent
{
    /// <summary>Who did it, by name.</summary>
    public string By { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

public sealed record ContactCreated(long Number, ContactDetails Details) : ContactEvent;

public sealed record ContactChanged(ContactDetails Details) : ContactEvent;

public sealed record ContactArchived(bool Archived) : ContactEvent;

public sealed record ContactNoteAdded(ContactNote Note) : ContactEvent;

public sealed record ContactNoteChanged(ContactNote Note) : ContactEvent;

public sealed record ContactNoteRemoved(string NoteId) : ContactEvent;

/// <summary>Without values, the criterion was taken away.</summary>
public sealed record ContactClassified(ContactCriterion Criterion) : ContactEvent;

/// <summary>Only what changed.</summary>
public sealed record ContactTagged(ImmutableArray<string> Added, ImmutableArray<string> Removed) : ContactEvent;

public sealed record SeatsPreferred(ImmutableArray<PreferredSeat> Seats) : ContactEvent;

public sealed record ConsentGiven(ConsentChannel Channel, string Category, ConsentProof Proof) : ContactEvent;

public sealed record ConsentWithdrawn(ConsentChannel Channel, string Category, ConsentProof Proof) : ContactEvent;

/// <summary>New, or with other dates.</summary>
public sealed record ContactRelated(ContactRelation Relation) : ContactEvent;

public sealed record ContactUnrelated(RelationKind Kind, string To) : ContactEvent;

/// <summary>All that was kept of it was handed out as a file.</summary>
public sealed record PersonalDataDisclosed : ContactEvent;

/// <param name="Reason">Null where it is no longer held.</param>
public sealed record ContactHeld(string? Reason) : ContactEvent;

/// <summary>What the grain read for a command.</summary>
/// <param name="Number">Taken for the contact that is to be made.</param>
/// <param name="Itself">A relation leads to the contact itself.</param>
/// <param name="Other">What the contact that a relation leads to is; null when there is none.</param>
/// <param name="Circular">That contact is already under this one.</param>
public sealed record ContactFacts(long Number, bool Itself, ContactKind? Other, bool Circular)
{
    public static readonly ContactFacts None = new(0, false, null, false);

    public ActivityFacts Activities { get; init; } = ActivityFacts.None;

    public MergeFacts Merge { get; init; } = MergeFacts.None;

    public ErasureFacts Erasure { get; init; } = ErasureFacts.None;

    public SpaceFacts Space { get; init; } = SpaceFacts.None;

    /// <summary>The contact's own.</summary>
    public string Id { get; init; } = "";

    /// <summary>The criterion that the contact is classified by, as the organisation defines it; null when it doesn't.</summary>
    public CriterionDefinition? Criterion { get; init; }
}

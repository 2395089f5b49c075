using Guichet.Organisations;

namespace Guichet.Contacts;

/// <summary>One record of the contact file: a person or a structure.</summary>
[Alias("contact-grain")]
public interface IContactGrain : IGrainWithStringKey
{
    /// <summary>Null when there is no such contact.</summary>
    [Requires(Role.Reader, Contacts = ContactAccess.Own), Orleans.Concurrency.ReadOnly]
    Task<ContactView?> View();

    /// <summary>Answers with the contact's number; sent again, with the same one.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<NewContact>> Create(CreateContact command);

    /// <summary>Also refused when it would turn an individual into a structure or back.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Change(ChangeContact command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Archive(ArchiveContact command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<ContactNote>> AddNote(AddContactNote command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<ContactNote>> ChangeNote(ChangeContactNote command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> RemoveNote(RemoveContactNote command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Classify(ClassifyContact command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Tag(TagContact command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> PreferSeats(PreferSeats command);

    [Requires(Role.BoxOffice, Contacts = ContactAccess.Own)]
    Task<Outcome<Done>> GiveConsent(GiveConsent command);

    [Requires(Role.BoxOffice, Contacts = ContactAccess.Own)]
    Task<Outcome<Done>> WithdrawConsent(WithdrawConsent command);

    /// <summary>Refused to itself, to what doesn't exist, between the wrong kinds, and where parents or mothers would go round in a circle.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Relate(RelateContact command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Unrelate(UnrelateContact command);

    /// <summary>
    /// Refused as a whole where one of the activities is wrong, is another contact's, changes what was told without a higher revision, or
    /// takes back more than was bought; each refusal names its place (<c>activities[3].purchase.lines[0].quantity</c>).
    /// </summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<ActivitiesTaken>> RecordActivities(RecordActivities command);

    /// <summary>What <see cref="RecordActivities"/> would answer now. Records nothing.</summary>
    [Requires(Role.BoxOffice), Orleans.Concurrency.ReadOnly]
    Task<Outcome<ActivitiesTaken>> CheckActivities(RecordActivities command);

    /// <summary>
    /// Answers with the merge. Refused with itself, with what doesn't exist or was merged before, between a person and a structure, where one
    /// of them changed since, and where parents or mothers would then go round in a circle.
    /// </summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<RecordedMerge>> Merge(MergeContacts command);

    /// <summary>Refused for any but the last merge.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> UndoMerge(UndoContactMerge command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> TellApart(TellContactsApart command);

    /// <summary>
    /// Answered once it is on the register of erasures and written; what names the contact elsewhere goes after it, whatever happens to the node.
    /// Where the register can't be written (<c>erasure-register-unavailable</c>) nothing is done.
    /// </summary>
    [Requires(Role.Administrator)]
    Task<Outcome<RecordedErasure>> Erase(EraseContact command);

    /// <summary>Writes down that all that is kept of the contact is handed out; the file itself is made by whoever asks.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Disclose(DiscloseContact command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> Hold(HoldContact command);

    [SystemOnly]
    Task<Outcome<RecordedErasure>> CarryOut(CarryOutErasure command);

    /// <summary>Refused without an e-mail, and where another contact of the organisation has the identifier: it says which.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> OpenAccount(OpenContactAccount command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> ChangeIdentifier(ChangeAccountIdentifier command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> SuspendAccount(SuspendContactAccount command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> CloseAccount(CloseContactAccount command);

    /// <summary>Refused without an e-mail, and while the account is suspended or its contact archived.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> SendPasswordLink(SendPasswordLink command);

    /// <summary>By the contact alone, whatever the role of who else calls.</summary>
    [Requires(Role.Administrator, Contacts = ContactAccess.Own)]
    Task<Outcome<Done>> SetPassword(SetAccountPassword command);

    /// <summary>Likewise.</summary>
    [Requires(Role.Administrator, Contacts = ContactAccess.Own)]
    Task<Outcome<Done>> ChangePassword(ChangeAccountPassword command);

    /// <summary>Likewise.</summary>
    [Requires(Role.Administrator, Contacts = ContactAccess.Own)]
    Task<Outcome<Done>> ChangeOwn(ChangeOwnDetails command);

    /// <summary>By a contact of type support, of a client with an account; its own is not a client's.</summary>
    [Requires(Role.Administrator, Contacts = ContactAccess.Any)]
    Task<Outcome<SupportVisit>> OpenVisit(OpenSupportVisit command);

    /// <summary>By the one who opened the visit.</summary>
    [Requires(Role.Administrator, Contacts = ContactAccess.Any)]
    Task<Outcome<Done>> RecordView(RecordSupportView command);

    /// <summary>Refused where the contact isn't a producer, and for what doesn't exist.</summary>
    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> AssociateProducer(AssociateProducer command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> DissociateProducer(DissociateProducer command);

    [SystemOnly]
    Task<Outcome<Done>> Absorb(AbsorbContact command);

    [SystemOnly]
    Task<Outcome<Done>> Release(ReleaseContact command);

    [SystemOnly]
    Task<Outcome<Done>> Retarget(RetargetRelations command);

    [SystemOnly]
    Task<Outcome<Done>> Restore(RestoreRelations command);
}

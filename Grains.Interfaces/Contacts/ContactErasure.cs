using System.Collections.Immutable;

namespace Guichet.Contacts;

/// <summary>Why a contact is erased (GDPR, article 17, and what isn't in it: a record that never was of anybody).</summary>
public enum ErasureGround
{
    /// <summary>The person asked for it.</summary>
    Request = 0,

    /// <summary>A retention rule says so: it was kept for as long as it was needed.</summary>
    Retention = 1,

    /// <summary>The record was made by mistake.</summary>
    Mistake = 2,

    /// <summary>What it says was never to be collected.</summary>
    Unlawful = 3,

    /// <summary>A law or an authority obliges to it.</summary>
    Obligation = 4,
}

/// <summary>
/// Takes everything that names a person, or a structure, out of the file for good: its record, those that were merged into it, its lines of
/// the journal. What remains is a number with its amounts, dates and counts, so that every sum stays what it was.
/// Refused while it is merged into another (erase that one), while a merge or an import has it in hand, and where it is erased already.
/// </summary>
/// <param name="Note">On one line, at most 200 characters; kept, so it may name nobody: what quotes the contact's names, e-mails or phones is refused.</param>
/// <param name="BasedOn">The contact's revision that was looked at.</param>
[GenerateSerializer, Immutable, Alias("erase-contact")]
public sealed record EraseContact(ErasureGround Ground, string? Note, long BasedOn) : Command
{
    /// <summary>Refused (<c>contact-active</c>) where anything was done with the contact or told of it from this instant on; null to ask nothing.</summary>
    [Id(0)] public DateTimeOffset? IdleSince { get; init; }
}

/// <summary>The product's own: a contact that was merged into the erased one, or that a restored backup brought back. Erased already, nothing changes.</summary>
/// <param name="ErasedAt">When it was erased first.</param>
/// <param name="Again">A restored backup had brought it back.</param>
[GenerateSerializer, Immutable, Alias("carry-out-erasure")]
public sealed record CarryOutErasure(ErasureGround Ground, DateTimeOffset ErasedAt, bool Again) : Command;

/// <summary>That a contact was erased, when and why.</summary>
/// <param name="By">Who asked for it; the product's name where a restored backup had brought it back.</param>
[GenerateSerializer, Immutable, Alias("recorded-erasure")]
public sealed record RecordedErasure(ErasureGround Ground, string? Note, string By, DateTimeOffset At);

/// <summary>What erasing a contact would take away and leave, in numbers.</summary>
/// <param name="Contacts">Records: itself and those merged into it.</param>
/// <param name="JournalLines">Lines of the journal whose words go; their hashes stay.</param>
/// <param name="OtherLines">Those among them in the journals of contacts that it was merged with for a while.</param>
/// <param name="Files">Uploaded files of contacts that it stands in: their content goes, for all who are in them.</param>
/// <param name="Mails">Reports and letters whose address goes; those whose address is a partner's stay.</param>
/// <param name="Purchases">These stay, with their amounts and dates, under the contact's number; likewise what follows.</param>
/// <param name="Relations">Ties as relay or member, which stay: the structure's sums are made of them.</param>
/// <param name="PartnerAddresses">Of its e-mails, those that are a partner's of the organisation too: the partner keeps them.</param>
[GenerateSerializer, Immutable, Alias("erasure-preview")]
public sealed record ErasurePreview(
    int Contacts, int Emails, int Phones, int Addresses, int Notes, int Tags, int Criteria, int Seats, int Consents, int JournalLines, int OtherLines, int Files,
    int Mails, int Purchases, int Payments, int Attendances, int Messages, int Relations, ImmutableArray<string> PartnerAddresses);

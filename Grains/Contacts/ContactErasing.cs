using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Organisations;

using Decision = Guichet.Journal.Decision<Guichet.Contacts.ContactEvent>;

namespace Guichet.Contacts;

/// <param name="ErasedAt">When it was erased first.</param>
/// <param name="Again">A restored backup had brought it back since.</param>
/// <param name="CarriedOut">Somebody's decision of before, or one on the contact that took it over: nothing speaks against it any more.</param>
public sealed record ContactErased(long Number, ErasureGround Ground, string? Note, DateTimeOffset ErasedAt, bool Again = false, bool CarriedOut = false) : ContactEvent;

/// <summary>Stands in the journal instead of what it said before its contact was erased. Nothing decides on it, and nothing writes it but the redaction.</summary>
public sealed record WordsErased : ContactEvent;

/// <summary>Takes what names an erased contact out of everything but its record.</summary>
[Alias("erase-contact-traces")]
public sealed record EraseContactTraces(string ContactId) : Effect;

/// <summary>What was read before a contact is erased.</summary>
/// <param name="Merged">Those that it took over.</param>
/// <param name="Merging">A merge that concerns it isn't carried out yet, or not wholly undone.</param>
/// <param name="Import">The file of an import that isn't done with it; null for none.</param>
public sealed record ErasureFacts(ImmutableArray<MergedContact> Merged, bool Merging, string? Import)
{
    public static readonly ErasureFacts None = new([], false, null);
}

/// <summary>What an erased contact is: pure.</summary>
public static class ContactErasing
{
    private const int LongestNote = 200;

    /// <summary>Instead of a text that has to say something.</summary>
    internal const string Struck = "…";

    internal static Decision Erase(string id, ContactState state, EraseContact command, ErasureFacts facts, DateTimeOffset now)
    {
        if (!Enum.IsDefined(command.Ground)) return Decision.Refuse("erasure-ground-unknown", "ground");
        if (command.BasedOn != state.Revision) return Decision.Refuse("changed-meanwhile");
        if (facts.Merging) return Decision.Refuse("contact-merging");
        if (facts.Import is { } file) return Decision.Refuse("contact-being-imported", null, file);
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var note = ContactRules.Line(command.Note, "note", LongestNote, wrong);
        if (new NamingWords(Written(state)).StandIn(note)) wrong.Add(Refusal.Of("erasure-note-names", "note"));
        return wrong.Count == 0
            ? Decision.Accept(new RecordedErasure(command.Ground, note, command.By.Name, now), [new ContactErased(state.Number, command.Ground, note, now), .. ContactAccountCore.Ended(state)]).With(new EraseContactTraces(id))
            : Decision.Refuse(wrong.ToImmutable().AsSpan());
    }

    internal static Decision CarryOut(string id, ContactState state, CarryOutErasure command) => state.Erasure is { } erasure
        ? Decision.Accept(erasure)
        : Decision.Accept(
            new RecordedErasure(command.Ground, null, command.By.Name, command.ErasedAt), [new ContactErased(state.Number, command.Ground, null, command.ErasedAt, command.Again, CarriedOut: true), .. ContactAccountCore.Ended(state)])
            .With(new EraseContactTraces(id));

    /// <summary>
    /// Ties to structures stay: the sums of a structure are made of its relays' and members'. Of a consent stay its kind and dates: that what
    /// was sent had one, and until when. Who consented, where and to which words can prove nothing of nobody.
    /// </summary>
    internal static ContactState Apply(ContactState state, ContactErased erased) => state with
    {
        Revision = state.Revision + 1,
        Details = Nameless(state.Details!.Kind, state.Number),
        Notes = [],
        Criteria = [],
        Seats = [],
        Tags = [],
        Consents =
        [
            .. state.Consents.Select(consent => new ContactConsent(
                consent.Channel, consent.Category, Bare(consent.Given), "", consent.Withdrawn is { } withdrawn ? Bare(withdrawn) : null, null)),
        ],
        Relations = [.. state.Relations.Where(Stays)],
        Merges = [],
        Hold = null,
        Erasure = new RecordedErasure(erased.Ground, erased.Note, erased.By, erased.ErasedAt),
    };

    internal static bool Stays(ContactRelation relation) => relation.Kind is RelationKind.Relay or RelationKind.Member;

    /// <summary>What an erased contact is called wherever names stand.</summary>
    public static string NameOf(long number) => $"n° {ContactRules.Number(number)}";

    /// <summary>What a till tells of an erased contact is kept for its amounts, dates and counts; of the words, those of the house's own products.</summary>
    internal static Decision WithoutWords(Decision decision) => decision with
    {
        Events = [.. decision.Events.Select(happened => happened is ActivitiesRecorded recorded
            ? recorded with
            {
                Activities =
                [
                    .. recorded.Activities.Select(one => one with
                    {
                        Activity = one.Activity with { Content = WithoutWords(one.Activity.Content, null) },
                        Told = ContactActivityRules.HashOf(one.Activity),
                    }),
                ],
            }
            : happened)],
    };

    /// <param name="words">The contact's: texts that say them are struck out. Null where they aren't known any more.</param>
    internal static ActivityContent WithoutWords(ActivityContent content, NamingWords? words)
    {
        return content switch
        {
            Purchase purchase => purchase with
            {
                Order = Required(purchase.Order),
                Lines = [.. purchase.Lines.Select(line => line with { Title = Required(line.Title), Place = Optional(line.Place), Category = Optional(line.Category), Tariff = Optional(line.Tariff) })],
                Channel = Optional(purchase.Channel),
                PointOfSale = Optional(purchase.PointOfSale),
            },
            Cancellation cancellation => cancellation with { Reason = null },
            Attendance attendance => attendance with
            {
                Title = Required(attendance.Title),
                Place = Optional(attendance.Place),
                Category = Optional(attendance.Category),
                Tariff = Optional(attendance.Tariff),
                Seats = [],
            },
            Payment payment => payment with { Means = Required(payment.Means) },
            SentMessage message => message with { Subject = Struck, Campaign = Optional(message.Campaign), Address = null },
            _ => content,
        };

        string Required(string text) => Optional(text) ?? Struck;

        string? Optional(string? text) => words is not null && words.StandIn(text) ? null : text;
    }

    private static ConsentProof Bare(ConsentProof proof) => new(proof.At, "", null);

    private static IEnumerable<ContactDetails> Written(ContactState state) => [state.Details!, .. state.Merges.Select(merge => merge.Before.Details)];

    internal static ContactDetails Nameless(ContactKind kind, long number) =>
        new(kind, [], NameOf(number), null, null, null, null, Language.French, null, null, [], null, null, null, [], null, null, false, false);
}

using System.Collections.Immutable;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Contacts.ContactEvent>;

namespace Guichet.Contacts;

/// <summary>What a contact decides: pure, without clock, storage or engine.</summary>
public static class ContactCore
{
    public static Decision Decide(ContactState state, Command command, ContactFacts facts, DateTimeOffset now)
    {
        var decision = command switch
        {
            CreateContact when state.Details is not null => Decision.Refuse("contact-exists"),
            CreateContact create => Create(create, facts, now),
            _ when state.Details is null => Decision.Refuse("contact-unknown"),
            CarryOutErasure again => ContactErasing.CarryOut(facts.Id, state, again),
            // What tills tell later is kept without words; what a merge of others leads elsewhere still follows.
            EraseContact or AbsorbContact when state.Erasure is not null => Decision.Refuse("contact-erased", null, ContactRules.Number(state.Number)),
            RecordActivities record when state is { Erasure: not null, MergedInto: null } => ContactErasing.WithoutWords(ContactActivityCore.Decide(record, facts.Activities, now)),
            AbsorbContact absorb => state.MergeId == absorb.MergeId || state.LastReleased == absorb.MergeId ? Decision.Accept()
                : state.MergedInto is not null ? Decision.Refuse("contact-merged", null, ContactRules.Number(state.Number), state.MergedInto)
                : Decision.Accept([new ContactAbsorbed(absorb.Into, absorb.IntoNumber, absorb.MergeId), .. ContactAccountCore.Ended(state)]),
            ReleaseContact release => state.LastReleased == release.MergeId
                ? Decision.Accept()
                : Decision.Accept(new ContactReleased(release.MergeId, state.Details, state.Relations, facts.Merge.LivePurchases)),
            RetargetRelations retarget => ContactMerging.Retarget(facts.Id, state, retarget),
            RestoreRelations restore => state.Moved.Any(moved => moved.MergeId == restore.MergeId)
                ? Decision.Accept(new RelationsRestored(restore.MergeId, [.. state.Moved.Where(moved => moved.MergeId == restore.MergeId)]))
                : Decision.Accept(),
            _ when state is { Erasure: not null, MergedInto: null } => Decision.Refuse("contact-erased", null, ContactRules.Number(state.Number)),
            // Whoever has its page still open is led to the one that took it over.
            _ when state.MergedInto is { } into => Decision.Refuse("contact-merged", null, ContactRules.Number(state.Number), into),
            EraseContact when state.Hold is { } hold => Decision.Refuse("contact-held", null, hold.Reason, hold.By),
            EraseContact { IdleSince: { } since } when state.LastTouched >= since || state.ToldAt >= since => Decision.Refuse("contact-active"),
            EraseContact erase => ContactErasing.Erase(facts.Id, state, erase, facts.Erasure, now),
            MergeContacts merge => ContactMerging.Merge(facts.Id, state, merge, facts.Merge, now, LatestDay(now)),
            UndoContactMerge undo => ContactMerging.Undo(facts.Id, state, undo, facts.Merge),
            TellContactsApart tell => tell.Other == facts.Id || !Ids.IsValid(tell.Other) ? Decision.Refuse("merged-contact-unknown", "other") : Decision.Accept(new ContactsToldApart(tell.Other, tell.Apart)),
            ChangeContact change when change.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
            ChangeContact change when change.Details.Kind != state.Details.Kind => Decision.Refuse("kind-fixed", "kind"),
            ChangeContact change => Change(change, now),
            ArchiveContact archive => state.Archived == archive.Archived ? Decision.Accept() : Decision.Accept(new ContactArchived(archive.Archived)),
            AddContactNote add => AddNote(state, add, now),
            ChangeContactNote change => ChangeNote(state, change, now),
            RemoveContactNote remove => RemoveNote(state, remove),
            ClassifyContact classify => Classify(state, classify, facts.Criterion),
            TagContact tag => Tag(state, tag),
            PreferSeats prefer when prefer.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
            PreferSeats prefer => Prefer(prefer),
            GiveConsent give => Give(state, give, now),
            WithdrawConsent withdraw => Withdraw(state, withdraw, now),
            RelateContact relate => Relate(state, relate.Relation, facts),
            UnrelateContact unrelate => state.Relations.Any(relation => Is(relation, unrelate.Kind, unrelate.To))
                ? Decision.Accept(new ContactUnrelated(unrelate.Kind, unrelate.To))
                : Decision.Accept(),
            DiscloseContact => Decision.Accept(new PersonalDataDisclosed()),
            HoldContact hold => Hold(state, hold),
            RecordActivities record => ContactActivityCore.Decide(record, facts.Activities, now),
            _ => ContactAccountCore.Decide(state, command, facts, now, LatestDay(now)) ?? throw new ArgumentException($"A contact doesn't know {command.GetType().Name}.", nameof(command)),
        };
        return decision with { Events = [.. decision.Events.Select(happened => happened with { By = command.By.Name, At = now })] };
    }

    public static ContactState Apply(ContactState state, ContactEvent happened)
    {
        // What it did elsewhere is no change to its record.
        if (happened is ActivitiesRecorded recorded) return state with { LivePurchases = state.LivePurchases + recorded.LivePurchases, ToldAt = recorded.At };
        if (happened is PersonalDataDisclosed) return state with { TouchedAt = happened.At };
        if (happened is SpaceEvent inSpace) return ContactAccountCore.Apply(state, inSpace);
        var after = happened switch
        {
            ContactCreated created => ContactState.Empty with
            {
                Number = created.Number,
                Revision = 1,
                Details = created.Details,
                CreatedBy = created.By,
                CreatedAt = created.At,
            },
            ContactChanged changed => state with { Revision = state.Revision + 1, Details = changed.Details },
            ContactArchived archived => state with { Revision = state.Revision + 1, Archived = archived.Archived },
            ContactNoteAdded added => state with { Notes = state.Notes.Add(added.Note) },
            ContactNoteChanged changed => state with { Notes = [.. state.Notes.Select(note => note.Id == changed.Note.Id ? changed.Note : note)] },
            ContactNoteRemoved removed => state with { Notes = [.. state.Notes.Where(note => note.Id != removed.NoteId)] },
            ContactClassified classified => state with { Criteria = With(state.Criteria, classified.Criterion) },
            ContactTagged tagged => state with { Tags = ContactTags.With(state.Tags, tagged.Added, tagged.Removed) },
            SeatsPreferred preferred => state with { Revision = state.Revision + 1, Seats = preferred.Seats },
            ConsentGiven given => state with { Consents = state.Consents.Add(new ContactConsent(given.Channel, given.Category, given.Proof, given.By, null, null)) },
            ConsentWithdrawn withdrawn => state with
            {
                Consents = [.. state.Consents.Select(consent => Holds(consent, withdrawn.Channel, withdrawn.Category)
                    ? consent with { Withdrawn = withdrawn.Proof, WithdrawnBy = withdrawn.By }
                    : consent)],
            },
            ContactRelated related => state with
            {
                Relations = state.Relations.Any(relation => Is(relation, related.Relation.Kind, related.Relation.To))
                    ? [.. state.Relations.Select(relation => Is(relation, related.Relation.Kind, related.Relation.To) ? related.Relation : relation)]
                    : state.Relations.Add(related.Relation),
            },
            ContactUnrelated gone => state with { Relations = [.. state.Relations.Where(relation => !Is(relation, gone.Kind, gone.To))] },
            ContactsMerged or ContactMergeUndone or ContactAbsorbed or ContactReleased or RelationsRetargeted or RelationsRestored => ContactMerging.Apply(state, happened),
            ContactsToldApart or WordsErased => state,
            ContactHeld held => state with { Hold = held.Reason is { } reason ? new ContactHold(reason, held.By, held.At) : null },
            ContactErased erased => ContactErasing.Apply(state, erased),
            _ => throw new ArgumentException($"A contact doesn't know {happened.GetType().Name}.", nameof(happened)),
        };
        return ContactAccountCore.Following(state, after) with { ChangedBy = happened.By, ChangedAt = happened.At, TouchedAt = Touches(happened) ? happened.At : state.LastTouched };
    }

    /// <summary>What shows that somebody dealt with the person: not how the house files the record, nor what the product does by itself.</summary>
    private static bool Touches(ContactEvent happened) => happened is
        ContactCreated or ContactChanged or ContactNoteAdded or ContactNoteChanged or SeatsPreferred or ConsentGiven or ConsentWithdrawn or ContactRelated or ContactUnrelated
        or ContactsMerged or ContactMergeUndone or ContactReleased;

    private static Decision Hold(ContactState state, HoldContact command)
    {
        if (command.Reason is null) return state.Hold is null ? Decision.Accept() : Decision.Accept(new ContactHeld((string?)null));
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var reason = ContactRules.Line(command.Reason, "reason", ContactRules.LongestName, wrong);
        if (reason is null) wrong.Add(Refusal.Of("hold-reason-missing", "reason"));
        if (wrong.Count > 0) return Decision.Refuse(wrong.ToImmutable().AsSpan());
        return state.Hold?.Reason == reason ? Decision.Accept() : Decision.Accept(new ContactHeld(reason));
    }

    private static Decision Create(CreateContact command, ContactFacts facts, DateTimeOffset now)
    {
        var (cleaned, wrong) = ContactRules.Check(command.Details, LatestDay(now));
        return wrong.IsEmpty ? Decision.Accept(new NewContact(facts.Number), new ContactCreated(facts.Number, cleaned)) : Decision.Refuse(wrong.AsSpan());
    }

    private static Decision Change(ChangeContact command, DateTimeOffset now)
    {
        var (cleaned, wrong) = ContactRules.Check(command.Details, LatestDay(now));
        return wrong.IsEmpty ? Decision.Accept(new ContactChanged(cleaned)) : Decision.Refuse(wrong.AsSpan());
    }

    /// <summary>The day that it is where it is latest: a child born today is taken everywhere.</summary>
    private static DateOnly LatestDay(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime.AddHours(14));

    private static Decision AddNote(ContactState state, AddContactNote command, DateTimeOffset now)
    {
        if (state.Notes.Length >= ContactRules.MostNotes) return Decision.Refuse("too-many", "notes", ContactRules.Number(ContactRules.MostNotes));
        if (Note(command.Text, out var text) is { IsEmpty: false } wrong) return Decision.Refuse(wrong.AsSpan());
        var note = new ContactNote(Ids.From(now, "contact-note", command.Id.ToString()), 1, text, command.By.Name, now);
        return Decision.Accept(note, new ContactNoteAdded(note));
    }

    private static Decision ChangeNote(ContactState state, ChangeContactNote command, DateTimeOffset now)
    {
        if (state.Notes.FirstOrDefault(note => note.Id == command.NoteId) is not { } was) return Decision.Refuse("note-unknown");
        if (was.Revision != command.BasedOn) return Decision.Refuse("changed-meanwhile");
        if (Note(command.Text, out var text) is { IsEmpty: false } wrong) return Decision.Refuse(wrong.AsSpan());
        var note = was with { Revision = was.Revision + 1, Text = text, By = command.By.Name, At = now };
        return Decision.Accept(note, new ContactNoteChanged(note));
    }

    private static Decision RemoveNote(ContactState state, RemoveContactNote command)
    {
        if (state.Notes.FirstOrDefault(note => note.Id == command.NoteId) is not { } was) return Decision.Accept();
        return was.Revision == command.BasedOn ? Decision.Accept(new ContactNoteRemoved(was.Id)) : Decision.Refuse("changed-meanwhile");
    }

    private static ImmutableArray<Refusal> Note(string written, out string text)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        text = ContactRules.Lines(written, "text", ContactRules.LongestNote, wrong) ?? "";
        if (text.Length == 0) wrong.Add(Refusal.Of("note-missing", "text"));
        return wrong.ToImmutable();
    }

    private static Decision Classify(ContactState state, ClassifyContact command, CriterionDefinition? definition)
    {
        if (!ContactRules.IsCode(command.Criterion)) return Decision.Refuse("criterion-invalid", "criterion");
        ImmutableArray<string> values = command.Values.IsDefault ? [] : [.. command.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (values.Any(value => !ContactRules.IsCode(value))) return Decision.Refuse("criterion-invalid", "values");
        if (values.Length > ContactRules.MostCriteria) return Decision.Refuse("too-many", "values", ContactRules.Number(ContactRules.MostCriteria));
        var was = state.Criteria.FirstOrDefault(criterion => criterion.Criterion == command.Criterion);
        if (values.SequenceEqual(was?.Values ?? [], StringComparer.Ordinal)) return Decision.Accept();
        if (Unfit(state.Details!.Kind, command.Criterion, values.Except(was?.Values ?? [], StringComparer.Ordinal), values.Length, definition) is { } wrong) return Decision.Refuse(wrong);
        return was is null && state.Criteria.Length >= ContactRules.MostCriteria
            ? Decision.Refuse("too-many", "criterion", ContactRules.Number(ContactRules.MostCriteria))
            : Decision.Accept(new ContactClassified(new ContactCriterion(command.Criterion, values)));
    }

    /// <summary>Why values can't be given; null when they can. What a contact has already it may keep, and lose.</summary>
    private static Refusal? Unfit(ContactKind kind, string criterion, IEnumerable<string> added, int count, CriterionDefinition? definition)
    {
        var given = added.ToList();
        if (given.Count == 0) return null;
        if (definition is null) return Refusal.Of("criterion-unknown", "criterion", criterion);
        if (definition.Kind != kind) return Refusal.Of(definition.Kind == ContactKind.Individual ? "individuals-only" : "structures-only", "criterion");
        if (definition.Retired) return Refusal.Of("criterion-retired", "criterion", definition.French);
        if (!definition.Multiple && count > 1) return Refusal.Of("criterion-single", "values", definition.French);
        foreach (var code in given)
        {
            if (definition.Values.FirstOrDefault(value => value.Code == code) is not { } value) return Refusal.Of("criterion-value-unknown", "values", code, definition.French);
            if (value.Retired) return Refusal.Of("criterion-value-retired", "values", value.French);
        }
        return null;
    }

    private static ImmutableArray<ContactCriterion> With(ImmutableArray<ContactCriterion> criteria, ContactCriterion changed)
    {
        var others = criteria.Where(criterion => criterion.Criterion != changed.Criterion);
        return changed.Values.IsEmpty ? [.. others] : [.. others.Append(changed).OrderBy(criterion => criterion.Criterion, StringComparer.Ordinal)];
    }

    private static Decision Tag(ContactState state, TagContact command)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var remove = ContactTags.Cleaned(command.Remove, "remove", wrong);
        var add = ContactTags.Cleaned(command.Add, "add", wrong);
        if (wrong.Count > 0) return Decision.Refuse(wrong.ToImmutable().AsSpan());
        var (gone, had) = (remove.Select(ContactTags.KeyOf).ToHashSet(StringComparer.Ordinal), state.Tags.Select(ContactTags.KeyOf).ToHashSet(StringComparer.Ordinal));
        ImmutableArray<string> added = [.. add.Where(tag => !gone.Contains(ContactTags.KeyOf(tag)) && !had.Contains(ContactTags.KeyOf(tag)))];
        ImmutableArray<string> removed = [.. state.Tags.Where(tag => gone.Contains(ContactTags.KeyOf(tag)))];
        if (added.IsEmpty && removed.IsEmpty) return Decision.Accept();
        return state.Tags.Length - removed.Length + added.Length > ContactRules.MostTags
            ? Decision.Refuse("too-many", "add", ContactRules.Number(ContactRules.MostTags))
            : Decision.Accept(new ContactTagged(added, removed));
    }

    private static Decision Prefer(PreferSeats command)
    {
        ImmutableArray<PreferredSeat> seats = command.Seats.IsDefault ? [] : command.Seats;
        if (seats.Length > ContactRules.MostSeats) return Decision.Refuse("too-many", "seats", ContactRules.Number(ContactRules.MostSeats));
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var cleaned = ImmutableArray.CreateBuilder<PreferredSeat>();
        for (var i = 0; i < seats.Length; i++)
        {
            var (seat, field) = (seats[i], $"seats[{ContactRules.Number(i)}]");
            var place = Text(seat.Place, "place");
            if (place is null) wrong.Add(Refusal.Of("seat-place-missing", $"{field}.place"));
            cleaned.Add(new PreferredSeat(place ?? "", Text(seat.Block, "block"), Text(seat.Row, "row"), Text(seat.Seat, "seat"), Text(seat.Note, "note")));

            string? Text(string? text, string name) => ContactRules.Line(text, $"{field}.{name}", ContactRules.LongestText, wrong);
        }
        return wrong.Count == 0 ? Decision.Accept(new SeatsPreferred(cleaned.ToImmutable())) : Decision.Refuse(wrong.ToImmutable().AsSpan());
    }

    private static Decision Give(ContactState state, GiveConsent command, DateTimeOffset now)
    {
        var (category, proof, wrong) = Consent(command.Channel, command.Category, command.Proof, now);
        if (proof.Wording is null) wrong.Add(Refusal.Of("wording-missing", "proof.wording"));
        if (wrong.Count > 0) return Decision.Refuse(wrong.ToImmutable().AsSpan());
        if (state.Consents.Any(consent => Holds(consent, command.Channel, category))) return Decision.Accept();
        return state.Consents.Length >= ContactRules.MostConsents
            ? Decision.Refuse("too-many", "category", ContactRules.Number(ContactRules.MostConsents))
            : Decision.Accept(new ConsentGiven(command.Channel, category, proof));
    }

    private static Decision Withdraw(ContactState state, WithdrawConsent command, DateTimeOffset now)
    {
        var (category, proof, wrong) = Consent(command.Channel, command.Category, command.Proof, now);
        if (wrong.Count > 0) return Decision.Refuse(wrong.ToImmutable().AsSpan());
        return state.Consents.FirstOrDefault(consent => Holds(consent, command.Channel, category)) switch
        {
            null => Decision.Accept(),
            var given when proof.At < given.Given.At => Decision.Refuse("withdrawn-before-given", "proof.at", given.Given.At.ToString("O")),
            _ => Decision.Accept(new ConsentWithdrawn(command.Channel, category, proof)),
        };
    }

    private static (string Category, ConsentProof Proof, ImmutableArray<Refusal>.Builder Wrong) Consent(ConsentChannel channel, string category, ConsentProof proof, DateTimeOffset now)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        if (!Enum.IsDefined(channel)) wrong.Add(Refusal.Of("consent-channel-unknown", "channel"));
        var named = ContactRules.Line(category, "category", 64, wrong);
        if (named is null) wrong.Add(Refusal.Of("category-missing", "category"));
        if (proof.At > now) wrong.Add(Refusal.Of("proof-to-come", "proof.at"));
        var where = ContactRules.Line(proof.Where, "proof.where", ContactRules.LongestName, wrong);
        if (where is null) wrong.Add(Refusal.Of("proof-missing", "proof.where"));
        return (named ?? "", new ConsentProof(proof.At, where ?? "", ContactRules.Lines(proof.Wording, "proof.wording", ContactRules.LongestWording, wrong)), wrong);
    }

    private static bool Holds(ContactConsent consent, ConsentChannel channel, string category) =>
        consent.Withdrawn is null && consent.Channel == channel && consent.Category == category;

    private static Decision Relate(ContactState state, ContactRelation relation, ContactFacts facts)
    {
        if (!Enum.IsDefined(relation.Kind)) return Decision.Refuse("relation-kind-unknown", "kind");
        if (facts.Itself) return Decision.Refuse("relation-to-itself", "to");
        if (facts.Other is not { } other) return Decision.Refuse("related-contact-unknown", "to");
        var (own, wanted) = Kinds(relation.Kind);
        if (state.Details!.Kind != own || other != wanted) return Decision.Refuse("relation-between-wrong-kinds", "kind", Json.Write(relation.Kind).Trim('"'));
        if (facts.Circular) return Decision.Refuse("relation-circular", "to");
        if (relation is { From: { } from, Until: { } until } && until < from) return Decision.Refuse("relation-ends-before", "until", ContactRules.Day(from));
        if (state.Relations.Contains(relation)) return Decision.Accept();
        return state.Relations.Length >= ContactRules.MostRelations && !state.Relations.Any(known => Is(known, relation.Kind, relation.To))
            ? Decision.Refuse("too-many", "to", ContactRules.Number(ContactRules.MostRelations))
            : Decision.Accept(new ContactRelated(relation));
    }

    /// <summary>What each of the two must be.</summary>
    private static (ContactKind Own, ContactKind Other) Kinds(RelationKind kind) => kind switch
    {
        RelationKind.Child => (ContactKind.Individual, ContactKind.Individual),
        RelationKind.Subsidiary => (ContactKind.Structure, ContactKind.Structure),
        _ => (ContactKind.Individual, ContactKind.Structure),
    };

    private static bool Is(ContactRelation relation, RelationKind kind, string to) => relation.Kind == kind && relation.To == to;
}

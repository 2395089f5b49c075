using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Portals;
using Orleans.Concurrency;
using Orleans.Streams;

namespace Guichet.Contacts;

[Reentrant]
public sealed class ContactGrain(
    ContactQueries queries, ContactNumbers numbers, ContactActivityLookups activities, ContactMergeQueries merges, ContactErasureQueries erasures, ErasureRegister register, SpaceLookups space) : AggregateGrain<ContactState, ContactEvent>, IContactGrain
{
    public async Task<Outcome<RecordedMerge>> Merge(MergeContacts command) => State.Details is null
        ? await Execute<RecordedMerge>(command)
        : await Informed<RecordedMerge>(command, async () => ContactFacts.None with { Merge = await merges.FactsOf(Aggregate.Organisation, Aggregate.Id, command.Others) });

    public async Task<Outcome<Done>> UndoMerge(UndoContactMerge command) => await Informed<Done>(command, async () => ContactFacts.None with
    {
        Merge = MergeFacts.None with
        {
            LivePurchases = await merges.LivePurchases(
                Aggregate.Organisation, Aggregate.Id, [.. State.Merges.Where(merge => merge.Id == command.MergeId).SelectMany(merge => merge.Others).Select(other => other.Id)]),
        },
    });

    public Task<Outcome<Done>> TellApart(TellContactsApart command) => Execute<Done>(command);

    public Task<Outcome<Done>> Absorb(AbsorbContact command) => Execute<Done>(command);

    public async Task<Outcome<Done>> Release(ReleaseContact command) => await Informed<Done>(command, async () => ContactFacts.None with
    {
        Merge = MergeFacts.None with { LivePurchases = await merges.LivePurchases(Aggregate.Organisation, Aggregate.Id, []) },
    });

    public Task<Outcome<Done>> Retarget(RetargetRelations command) => Execute<Done>(command);

    public Task<Outcome<Done>> Restore(RestoreRelations command) => Execute<Done>(command);

    public Task<Outcome<Done>> OpenAccount(OpenContactAccount command) => State.Details is not { } details
        ? Execute<Done>(command)
        : Informed<Done>(command, () => space.HolderOf(Aggregate.Organisation, Aggregate.Id, command.Identifier ?? (details.Emails is [var main, ..] ? main : null)));

    public Task<Outcome<Done>> ChangeIdentifier(ChangeAccountIdentifier command) =>
        Informed<Done>(command, () => space.HolderOf(Aggregate.Organisation, Aggregate.Id, command.Identifier));

    public Task<Outcome<Done>> SuspendAccount(SuspendContactAccount command) => Execute<Done>(command);

    public Task<Outcome<Done>> CloseAccount(CloseContactAccount command) => Execute<Done>(command);

    public Task<Outcome<Done>> SendPasswordLink(SendPasswordLink command) => Execute<Done>(command);

    public Task<Outcome<Done>> SetPassword(SetAccountPassword command) => Execute<Done>(command);

    public Task<Outcome<Done>> ChangePassword(ChangeAccountPassword command) => Execute<Done>(command);

    public Task<Outcome<Done>> ChangeOwn(ChangeOwnDetails command) => Execute<Done>(command);

    public Task<Outcome<SupportVisit>> OpenVisit(OpenSupportVisit command) =>
        Informed<SupportVisit>(command, () => space.VisitOf(Aggregate.Organisation, Aggregate.Id, command.By, null));

    public Task<Outcome<Done>> RecordView(RecordSupportView command) =>
        Informed<Done>(command, () => space.VisitOf(Aggregate.Organisation, Aggregate.Id, command.By, command.VisitId));

    public Task<Outcome<Done>> AssociateProducer(AssociateProducer command) =>
        Informed<Done>(command, () => space.ProductionOf(Aggregate.Organisation, Aggregate.Id, command.Kind, command.Of));

    public Task<Outcome<Done>> DissociateProducer(DissociateProducer command) =>
        Informed<Done>(command, () => space.ProductionOf(Aggregate.Organisation, Aggregate.Id, command.Kind, command.Of));

    /// <summary>What was read for commands that are being decided, by their id.</summary>
    private readonly Dictionary<Guid, ContactFacts> facts = [];
    private IStreamProvider streams = null!;

    /// <summary>What tills tell is decided one after the other: each must find the rows of the one before.</summary>
    private readonly SemaphoreSlim telling = new(1, 1);

    protected override string Kind => "contacts";

    protected override ContactState Empty => ContactState.Empty;

    protected override Decision<ContactEvent> Decide(ContactState state, Command command, DateTimeOffset now) =>
        ContactCore.Decide(state, command, facts.GetValueOrDefault(command.Id, ContactFacts.None) with { Id = Aggregate.Id }, now);

    protected override ContactState Apply(ContactState state, ContactEvent happened) => ContactCore.Apply(state, happened);

    protected override IEnumerable<Row> RowsOf(ContactEvent happened, ContactState after) => ContactRows.Of(Aggregate.Organisation, Aggregate.Id, happened);

    protected override object SummaryOf(ContactState state) => ContactRows.SummaryOf(state);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        streams = this.GetStreamProvider(LiveStreams.Provider);
    }

    public Task<ContactView?> View() => Task.FromResult(State.Details is null ? null : new ContactView(
        Aggregate.Organisation, Aggregate.Id, State.Number, State.Revision, State.Details, State.Archived, State.Notes, State.Criteria, State.Seats,
        State.Consents, State.Relations, State.CreatedBy, State.CreatedAt, State.ChangedBy, State.ChangedAt, State.Tags)
    {
        Client = State.IsClient,
        MergedInto = State.MergedInto,
        Merges = [.. State.Merges.Select(merge => new RecordedMerge(merge.Id, merge.Others, merge.By, merge.At))],
        Erasure = State.Erasure,
        Hold = State.Hold,
        Account = State.Account,
    });

    /// <summary>A contact that is there already needs no number: it refuses, or answers as the first time.</summary>
    public async Task<Outcome<NewContact>> Create(CreateContact command) => State.Details is not null
        ? await Execute<NewContact>(command)
        : await Informed<NewContact>(command, async () => ContactFacts.None with { Number = await numbers.Next(Aggregate.Organisation) });

    /// <summary>
    /// On the register first: a crash right after leaves an erasure that the next start carries out. Only what nothing speaks against comes
    /// onto it; what was refused all the same, because something was quicker, is taken back there.
    /// </summary>
    public async Task<Outcome<RecordedErasure>> Erase(EraseContact command)
    {
        if (State.Details is null) return await Execute<RecordedErasure>(command);
        await telling.WaitAsync();
        try
        {
            var known = ContactFacts.None with { Id = Aggregate.Id, Erasure = await erasures.FactsOf(Aggregate.Organisation, Aggregate.Id) };
            var now = Time.GetUtcNow();
            if (await WasAnother(command)) return await Informed<RecordedErasure>(command, () => Task.FromResult(known));
            ImmutableArray<RegisteredErasure> erased =
            [
                new(Aggregate.Organisation, Aggregate.Id, State.Number, now, command.Ground),
                .. known.Erasure.Merged.Select(other => new RegisteredErasure(Aggregate.Organisation, other.Id, other.Number, now, command.Ground)),
            ];
            if (ContactCore.Decide(State, command, known, now).IsRefused)
            {
                // Sent again because it wasn't written the first time: what it is refused for has come since.
                if (State.Erasure is null) await register.TakeBackLatest(erased, now);
                return await Informed<RecordedErasure>(command, () => Task.FromResult(known));
            }
            try
            {
                await register.Add(erased);
            }
            catch (ErasureRegisterException)
            {
                // Why, the operations page says: where the node keeps its files is no tenant's to know.
                return Refusal.Of("erasure-register-unavailable");
            }
            var outcome = await Informed<RecordedErasure>(command, () => Task.FromResult(known));
            if (outcome.IsRefused && State.Erasure is null) await register.TakeBack(erased);
            return outcome;
        }
        finally
        {
            telling.Release();
        }
    }

    public Task<Outcome<Done>> Disclose(DiscloseContact command) => Execute<Done>(command);

    public Task<Outcome<Done>> Hold(HoldContact command) => Execute<Done>(command);

    public Task<Outcome<RecordedErasure>> CarryOut(CarryOutErasure command) => Execute<RecordedErasure>(command);

    public Task<Outcome<Done>> Change(ChangeContact command) => Execute<Done>(command);

    public Task<Outcome<Done>> Archive(ArchiveContact command) => Execute<Done>(command);

    public Task<Outcome<ContactNote>> AddNote(AddContactNote command) => Execute<ContactNote>(command);

    public Task<Outcome<ContactNote>> ChangeNote(ChangeContactNote command) => Execute<ContactNote>(command);

    public Task<Outcome<Done>> RemoveNote(RemoveContactNote command) => Execute<Done>(command);

    public async Task<Outcome<Done>> Classify(ClassifyContact command) => State.Details is null
        ? await Execute<Done>(command)
        : await Informed<Done>(command, async () => ContactFacts.None with
        {
            Criterion = (await GrainFactory.GetGrain<IContactSettingsGrain>(GrainKey.Of(Aggregate.Organisation, ContactSettingsKey.Id)).View()).Criterion(command.Criterion),
        });

    public Task<Outcome<Done>> Tag(TagContact command) => Execute<Done>(command);

    public Task<Outcome<Done>> PreferSeats(PreferSeats command) => Execute<Done>(command);

    public Task<Outcome<Done>> GiveConsent(GiveConsent command) => Execute<Done>(command);

    public Task<Outcome<Done>> WithdrawConsent(WithdrawConsent command) => Execute<Done>(command);

    public async Task<Outcome<Done>> Relate(RelateContact command) => State.Details is null
        ? await Execute<Done>(command)
        : await Informed<Done>(command, () => queries.FactsOf(Aggregate.Organisation, Aggregate.Id, command.Relation));

    public Task<Outcome<Done>> Unrelate(UnrelateContact command) => Execute<Done>(command);

    public async Task<Outcome<ActivitiesTaken>> RecordActivities(RecordActivities command)
    {
        if (State.Details is null) return await Execute<ActivitiesTaken>(command);
        await telling.WaitAsync();
        try
        {
            return await Informed<ActivitiesTaken>(command, () => Known(command));
        }
        finally
        {
            telling.Release();
        }
    }

    public async Task<Outcome<ActivitiesTaken>> CheckActivities(RecordActivities command)
    {
        if (await WasAnother(command)) return Refusal.Of("command-reused");
        var known = State.Details is null ? ContactFacts.None : await Known(command);
        return ContactCore.Decide(State, command, known with { Id = Aggregate.Id }, Time.GetUtcNow()).Answered<ActivitiesTaken>();
    }

    private async Task<ContactFacts> Known(RecordActivities command) =>
        ContactFacts.None with { Activities = await activities.FactsOf(Aggregate.Organisation, Aggregate.Id, command) };

    /// <summary>
    /// A relation also changes the page of the other; what a till told, those of the structures that show the contact's histories. Of that
    /// alone the record is as it was, unless the contact becomes a client by it.
    /// </summary>
    protected override async Task Committed(ContactState before, ContactState after, ImmutableArray<ContactEvent> events)
    {
        // The answers that it remembers say what was: whoever asks next loads it anew.
        if (events.Any(happened => happened is ContactErased)) DeactivateOnIdle();
        if (before.Account is not null) await TellAccess(events);
        var told = events.Count(happened => happened is ActivitiesRecorded);
        if (told < events.Length || before.IsClient != after.IsClient)
        {
            var others = events.Select(happened => happened switch { ContactRelated related => related.Relation.To, ContactUnrelated gone => gone.To, _ => null });
            foreach (var changed in others.OfType<string>().Prepend(Aggregate.Id).Distinct(StringComparer.Ordinal))
                await streams.Feed(Aggregate.Organisation).OnNextAsync(new Feed.ContactChanged(Aggregate.Organisation, Time.GetUtcNow(), changed));
        }
        if (told == 0) return;
        ImmutableArray<string> shownWith =
            [Aggregate.Id, .. after.Relations.Where(relation => relation.Kind is RelationKind.Relay or RelationKind.Member).Select(relation => relation.To).Distinct(StringComparer.Ordinal)];
        await streams.Feed(Aggregate.Organisation).OnNextAsync(new ContactActivityTold(Aggregate.Organisation, Time.GetUtcNow(), shownWith));
    }

    /// <summary>First the nodes forget who it was, so that a page that was told that it is signed out finds it so.</summary>
    private async Task TellAccess(ImmutableArray<ContactEvent> events)
    {
        if (events.All(happened => happened is ActivitiesRecorded or SupportViewed)) return;
        await streams.AccessChanges().OnNextAsync(new AccessChanged(Aggregate.Organisation, Aggregate.Id));
        if (events.Any(ContactAccountCore.EndsSessions))
            await streams.Feed(Aggregate.Organisation).OnNextAsync(new SignedOut(Aggregate.Organisation, Time.GetUtcNow(), Aggregate.Id));
    }

    /// <summary>Decides with what was read for it. A command that was answered before gets that answer, whatever is read now.</summary>
    private async Task<Outcome<T>> Informed<T>(Command command, Func<Task<ContactFacts>> read)
    {
        var known = await read();
        // Sent twice at once, it is decided with what was read first.
        var first = facts.TryAdd(command.Id, known);
        try
        {
            return await Execute<T>(command);
        }
        finally
        {
            if (first) facts.Remove(command.Id);
        }
    }
}

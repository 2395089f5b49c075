using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Guichet.Contacts;
using Guichet.Feed;
using Guichet.Jobs;
using Guichet.Journal;

namespace Guichet.Imports;

/// <summary>What a job of an import is told.</summary>
public sealed record ContactImportArgument(string ImportId, Actor By);

/// <summary>Starts the work of an accepted import of contacts.</summary>
[Alias("start-contact-import")]
public sealed record StartContactImport(string ImportId, int Lines, Actor By) : Effect;

/// <summary>The job has the import's own id.</summary>
public sealed class StartContactImportHandler(IGrainFactory grains) : IEffectHandler<StartContactImport>
{
    public async Task Do(StartContactImport effect, EffectContext context, CancellationToken cancellation)
    {
        var started = await grains.GetGrain<IJobGrain>(GrainKey.Of(context.Organisation, effect.ImportId)).Start(
            new StartJob(JobKind.ContactImport, Json.Write(new ContactImportArgument(effect.ImportId, effect.By)), effect.Lines) { Id = context.Id, By = effect.By });
        if (started.IsRefused) throw new EffectImpossibleException(started.Refusals[0].Code);
    }
}

/// <summary>
/// Carries out an import of contacts, a slice of lines in each step. What a slice does is written down before it is done, with commands whose
/// ids come from the import and the line: done again after a crash, the same is done, and once.
/// </summary>
public sealed class ContactImportWork(ContactImports imports, ContactQueries contacts, ContactNumbers numbers, IJournalStore store, Database database, IClusterClient cluster, TimeProvider time) : IJobWork
{
    public const string Created = "created";
    public const string Changed = "changed";
    public const string Unchanged = "unchanged";
    public const string Refused = "refused";

    /// <summary>Taken by the dry run, and refused when it was done: the contact had changed in between.</summary>
    public const string Failed = "failed";

    /// <summary>As many commits as fill the journal's transactions; more would only wait.</summary>
    private const int AtOnce = 192;

    private readonly ContactImportRows rows = new(database);

    public JobKind Kind => JobKind.ContactImport;

    public async Task<JobStep> Do(JobView job, CancellationToken cancellation)
    {
        var (import, by) = Json.Read<ContactImportArgument>(job.Argument!);
        var from = job.Cursor is { } cursor ? int.Parse(cursor, CultureInfo.InvariantCulture) : 0;
        if (await imports.Open(job.Organisation, import, cancellation) is not { } session || from >= session.Count) return await End(job, import, from, job.Counts);
        var last = Math.Min(session.Count, from + ContactImports.Slice) - 1;
        var (planned, read) = await session.Plan(from, ContactImports.Slice, cancellation);
        var refused = read - planned.Count;
        var written = await rows.Of(job.Organisation, import, session.Row(from).Line, session.Row(last).Line, cancellation);
        var again = written.Count > 0;
        if (!again)
        {
            written = RowsOf(planned);
            await rows.Add(job.Organisation, import, written, cancellation);
            await Found(job.Organisation, import, by, written, cancellation);
        }
        await Apply(job.Organisation, import, by, written, cancellation);
        await rows.Record(job.Organisation, import, [.. written.Where(row => again || row.Refusal is not null || row.Commands != row.Acts)], cancellation);
        // What isn't written and isn't refused was so already; a slice done again counts as the first time.
        var lines = written.Where(row => row.Part == 0).ToArray();
        var counts = Plus(job.Counts, [
            (Created, written.Count(row => row is { Created: true, Refusal: null })), (Changed, lines.Count(row => row is { Created: false, Refusal: null })),
            (Unchanged, read - refused - lines.Length), (Refused, refused), (Failed, written.Count(row => row.Refusal is not null))]);
        var done = from + read;
        if (BitOperations.IsPow2((done + ContactImports.Slice - 1) / ContactImports.Slice)) await rows.Grown(job.Organisation, counts.GetValueOrDefault(Created), cancellation);
        return done >= session.Count ? await End(job, import, done, counts) : new JobStep(done.ToString(CultureInfo.InvariantCulture), done, counts, false);
    }

    internal static ImmutableSortedDictionary<string, long> Plus(ImmutableSortedDictionary<string, long> counts, ReadOnlySpan<(string Name, int Count)> more)
    {
        foreach (var (name, count) in more) counts = counts.SetItem(name, counts.GetValueOrDefault(name) + Math.Max(0, count));
        return counts;
    }

    private async Task<JobStep> End(JobView job, string import, int done, ImmutableSortedDictionary<string, long> counts)
    {
        await cluster.GetGrain<IImportGrain>(GrainKey.Of(job.Organisation, import)).RecordPart(new RecordImportedPart("contacts", [])
        {
            Id = CommandIds.From("import-part", job.Organisation, import),
            By = Actor.System("imports", job.Organisation),
        });
        return new JobStep(done.ToString(CultureInfo.InvariantCulture), done, counts, true);
    }

    private static List<ImportedLine> RowsOf(List<PlannedContact> planned)
    {
        var written = new List<ImportedLine>(planned.Count);
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var contact in planned.Where(contact => contact.Action != PlannedAction.Nothing))
        {
            if (contact.Relation is { MakesName: { } name } relation && made.Add(relation.To))
            {
                var structure = new PlannedContact(
                    contact.Line, relation.To, PlannedAction.Create, ContactRow.NameOf(name, null),
                    new ContactDetails(ContactKind.Structure, [], name, null, null, null, null, Organisations.Language.French, null, null, [], null, null, null, [], null, null, false, false),
                    null, 0, [], [], null, null, []);
                written.Add(new ImportedLine(contact.Line, 1, relation.To, true, structure));
            }
            written.Add(new ImportedLine(contact.Line, 0, contact.ContactId, contact.Action == PlannedAction.Create, contact with { Alike = [] }));
        }
        return written;
    }

    /// <summary>Those to be made begin at once, structures before the people who are tied to them. Those that didn't are left to their grains.</summary>
    private async Task Found(string organisation, string import, Actor by, List<ImportedLine> written, CancellationToken cancellation)
    {
        ImportedLine[] all = [.. written.Where(row => row.Created)];
        if (all.Length == 0) return;
        var number = await numbers.First(organisation, all.Length);
        var settings = await cluster.GetGrain<IContactSettingsGrain>(GrainKey.Of(organisation, ContactSettingsKey.Id)).View();
        var numbered = all.Select((row, index) => (Row: row, Number: number + index)).ToLookup(one => one.Row.Plan.Details!.Kind);
        foreach (var kind in new[] { ContactKind.Structure, ContactKind.Individual })
        {
            var others = await contacts.KindsOf(organisation, [.. numbered[kind].Select(one => one.Row.Plan.Relation?.To).OfType<string>().Distinct()], cancellation);
            await Parallel.ForEachAsync(numbered[kind], Options(AtOnce, cancellation), async (one, _) =>
            {
                var (row, plan) = (one.Row, one.Row.Plan);
                var founding = new ContactFounding(organisation, row.ContactId, one.Number, time.GetUtcNow());
                var taken = new List<Action>();
                Take(founding.Take<NewContact>(new CreateContact(plan.Details!) { Id = IdOf("create"), By = by }));
                if (!plan.Tags.IsEmpty) Take(founding.Take<Done>(new TagContact(plan.Tags, []) { Id = IdOf("tag"), By = by }));
                foreach (var criterion in plan.Criteria)
                    Take(founding.Take<Done>(
                        new ClassifyContact(criterion.Criterion, criterion.Values) { Id = IdOf($"classify {criterion.Criterion}"), By = by }, ContactFacts.None with { Criterion = settings.Criterion(criterion.Criterion) }));
                // Whether mothers go round in a circle only the grain reads.
                var ties = plan.Relation is { Kind: RelationKind.Relay or RelationKind.Member };
                if (ties)
                    Take(founding.Take<Done>(
                        new RelateContact(new ContactRelation(plan.Relation!.Kind, plan.Relation.To, null, null)) { Id = IdOf("relate"), By = by },
                        others.TryGetValue(plan.Relation.To, out var kindOfOther) ? ContactFacts.None with { Other = kindOfOther } : null));
                if (plan.Note is { } note) Take(founding.Take<ContactNote>(new AddContactNote(note) { Id = IdOf("note"), By = by }));
                foreach (var consent in plan.Consents) Take(founding.Take<Done>(new GiveConsent(consent.Channel, consent.Category, consent.Proof) { Id = IdOf($"consent {consent.Channel} {consent.Category}"), By = by }));
                if (!await founding.Write(store, cancellation)) return;
                foreach (var took in taken) took();
                row.Founded = ties || plan.Relation is null ? Founded.Whole : Founded.Untied;

                Guid IdOf(string act) => CommandOf(organisation, import, row, act);

                void Take<T>(Outcome<T> outcome) => taken.Add(() => row.Took(outcome));
            });
        }
        // The pages of those that they are tied to look again.
        var feed = cluster.GetStreamProvider(LiveStreams.Provider).Feed(organisation);
        foreach (var other in all.Where(row => row.Founded == Founded.Whole).Select(row => row.Plan.Relation?.To).OfType<string>().Distinct(StringComparer.Ordinal))
            await feed.OnNextAsync(new Feed.ContactChanged(organisation, time.GetUtcNow(), other));
    }

    /// <summary>First everyone is there and is called so, then what ties them together.</summary>
    private async Task Apply(string organisation, string import, Actor by, List<ImportedLine> written, CancellationToken cancellation)
    {
        await Parallel.ForEachAsync(written.Where(row => row.Founded == Founded.Not), Options(AtOnce, cancellation), async (row, _) =>
        {
            var contact = cluster.GetGrain<IContactGrain>(GrainKey.Of(organisation, row.ContactId));
            if (row.Created) row.Took(await time.Send(() => contact.Create(new CreateContact(row.Plan.Details!) { Id = IdOf(row, "create"), By = by })));
            else if (row.Plan.Details is { } details) row.Took(await time.Send(() => contact.Change(new ChangeContact(details, row.Plan.BasedOn) { Id = IdOf(row, "change"), By = by })));
        });
        await Parallel.ForEachAsync(written.Where(HasMore), Options(AtOnce, cancellation), async (row, _) =>
        {
            var (contact, plan) = (cluster.GetGrain<IContactGrain>(GrainKey.Of(organisation, row.ContactId)), row.Plan);
            if (plan.Relation is { } relation) row.Took(await time.Send(() => contact.Relate(new RelateContact(new ContactRelation(relation.Kind, relation.To, null, null)) { Id = IdOf(row, "relate"), By = by })));
            if (row.Founded == Founded.Untied) return;
            if (!plan.Tags.IsEmpty) row.Took(await time.Send(() => contact.Tag(new TagContact(plan.Tags, []) { Id = IdOf(row, "tag"), By = by })));
            foreach (var criterion in plan.Criteria)
                row.Took(await time.Send(() => contact.Classify(new ClassifyContact(criterion.Criterion, criterion.Values) { Id = IdOf(row, $"classify {criterion.Criterion}"), By = by })));
            if (plan.Note is { } note) row.Took(await time.Send(() => contact.AddNote(new AddContactNote(note) { Id = IdOf(row, "note"), By = by })));
            foreach (var consent in plan.Consents)
                row.Took(await time.Send(() => contact.GiveConsent(new GiveConsent(consent.Channel, consent.Category, consent.Proof) { Id = IdOf(row, $"consent {consent.Channel} {consent.Category}"), By = by })));
        });

        Guid IdOf(ImportedLine row, string act) => CommandOf(organisation, import, row, act);

        static bool HasMore(ImportedLine row) => row.Founded != Founded.Whole && row.Refusal is null && row.Plan is not { Tags.IsEmpty: true, Criteria.IsEmpty: true, Relation: null, Note: null, Consents.IsEmpty: true };
    }

    private static ParallelOptions Options(int atOnce, CancellationToken cancellation) => new() { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation };

    private static Guid CommandOf(string organisation, string import, ImportedLine row, string act) =>
        CommandIds.From(organisation, "contact-import", import, ContactRules.Number(row.Line), ContactRules.Number(row.Part), act);
}

/// <summary>
/// Undoes an import of contacts: those it made and nobody touched since are archived, those it changed get back what it changed where it still
/// stands. The last lines first, and structures after the people that the import tied to them.
/// </summary>
public sealed class ContactImportUndo(Database database, IGrainFactory grains, TimeProvider time) : IJobWork
{
    public const string Undone = "undone";

    /// <summary>Changed by others since, wholly or in part: that stays.</summary>
    public const string Kept = "kept";
    private const int AtOnce = 64;

    private readonly ContactImportRows rows = new(database);

    public JobKind Kind => JobKind.ContactImportUndo;

    public async Task<JobStep> Do(JobView job, CancellationToken cancellation)
    {
        var (import, by) = Json.Read<ContactImportArgument>(job.Argument!);
        var slice = await rows.ToUndo(job.Organisation, import, job.Cursor, ContactImports.Slice, cancellation);
        await Parallel.ForEachAsync(slice, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (row, _) =>
            row.Became = row.Created ? await Archive(job.Organisation, import, by, row) : await GiveBack(job.Organisation, import, by, row));
        await rows.RecordUndone(job.Organisation, import, slice, cancellation);
        var counts = ContactImportWork.Plus(job.Counts, [(Undone, slice.Count(row => row.Became == ContactImportRows.Undone)), (Kept, slice.Count(row => row.Became != ContactImportRows.Undone))]);
        var finished = slice.Count == 0 || (slice.Count < ContactImports.Slice && slice[^1].Phase == ContactImportRows.LastPhase);
        return new JobStep(slice.Count == 0 ? job.Cursor : ContactImportRows.CursorOf(slice[^1]), job.Done + slice.Count, counts, finished);
    }

    private async Task<string> Archive(string organisation, string import, Actor by, LineToUndo row)
    {
        if (row.Used) return ContactImportRows.Used;
        if (row.Version == row.Commands + 1 && row.Archived) return ContactImportRows.Undone;
        if (row.Version != row.Commands) return ContactImportRows.Changed;
        var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, row.ContactId));
        var archived = await time.Send(() => contact.Archive(new ArchiveContact(true) { Id = IdOf(organisation, import, row, "archive"), By = by }));
        return archived.IsRefused ? ContactImportRows.Changed : ContactImportRows.Undone;
    }

    private async Task<string> GiveBack(string organisation, string import, Actor by, LineToUndo row)
    {
        // What this import made goes as a whole.
        if (row.MadeHere) return ContactImportRows.Undone;
        var (contact, plan) = (grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, row.ContactId)), row.Plan);
        if (await contact.View() is not { MergedInto: null, Erasure: null } view) return ContactImportRows.Changed;
        var whole = true;
        if (plan is { Details: { } after, Before: { } before })
        {
            var back = ContactMerging.Apart(view.Details, before, after);
            if (!ContactPlanning.Same(back, view.Details)) Took(await time.Send(() => contact.Change(new ChangeContact(back, view.Revision) { Id = Act("change"), By = by })));
            whole &= ContactPlanning.Same(back, before);
        }
        if (!plan.Tags.IsEmpty) Took(await time.Send(() => contact.Tag(new TagContact([], plan.Tags) { Id = Act("tag"), By = by })));
        foreach (var criterion in plan.Criteria)
        {
            if ((view.Criteria.FirstOrDefault(one => one.Criterion == criterion.Criterion)?.Values ?? []).SequenceEqual(criterion.Values, StringComparer.Ordinal))
                Took(await time.Send(() => contact.Classify(new ClassifyContact(criterion.Criterion, criterion.Before) { Id = Act($"classify {criterion.Criterion}"), By = by })));
            else whole = false;
        }
        if (plan.Relation is { } relation && view.Relations.Any(one => one.Kind == relation.Kind && one.To == relation.To))
            Took(await time.Send(() => contact.Unrelate(new UnrelateContact(relation.Kind, relation.To) { Id = Act("relate"), By = by })));
        if (plan.Note is { } text && view.Notes.FirstOrDefault(note => note.Revision == 1 && note.Text == text.ReplaceLineEndings("\n").Trim()) is { } written)
            Took(await time.Send(() => contact.RemoveNote(new RemoveContactNote(written.Id, 1) { Id = Act("note"), By = by })));
        // A consent that was recorded stays on record, as withdrawn.
        foreach (var consent in plan.Consents.Where(consent => view.Consents.Any(held => held.Withdrawn is null && held.Channel == consent.Channel && held.Category == consent.Category && held.Given == consent.Proof)))
            Took(await time.Send(() => contact.WithdrawConsent(new WithdrawConsent(consent.Channel, consent.Category, new ConsentProof(consent.Proof.At, view.Details.Language == Organisations.Language.French ? "Import annulé" : "Import undone", null)) { Id = Act($"consent {consent.Channel} {consent.Category}"), By = by })));
        return whole ? ContactImportRows.Undone : ContactImportRows.Changed;

        Guid Act(string act) => IdOf(organisation, import, row, act);

        void Took(Outcome<Done> outcome) => whole &= !outcome.IsRefused;
    }

    private static Guid IdOf(string organisation, string import, LineToUndo row, string act) =>
        CommandIds.From(organisation, "contact-import-undo", import, ContactRules.Number(row.Line), ContactRules.Number(row.Part), act);
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Guichet.Contacts;

namespace Guichet.Imports;

/// <summary>What a file of contacts would do now.</summary>
/// <param name="Refused">Lines, each with one refusal or more.</param>
/// <param name="Structures">Structures that aren't there yet and are made with the people who name them.</param>
/// <param name="Alike">Of those to be made, how many look like a contact that is there.</param>
/// <param name="Shown">The first of those made and changed, as a sample.</param>
/// <param name="ShownAlike">The first that look like others.</param>
/// <param name="Refusals">In the file's order, at most 200.</param>
public sealed record ContactsDryRun(
    int Lines, int Created, int Changed, int Unchanged, int Refused, int Structures, int Alike, ImmutableArray<PlannedContact> Shown, ImmutableArray<PlannedContact> ShownAlike,
    ImmutableArray<ImportRefusal> Refusals, int RefusalCount)
{
    public ContactsPlan Plan => new(Created, Changed, Unchanged, Refused, Lines);
}

/// <param name="Refusals">What is wrong with it; at least one.</param>
public sealed record RefusedLine(TableRow Row, ImmutableArray<ImportRefusal> Refusals);

/// <summary>Files of contacts: what they would do, and slice by slice what is to be done.</summary>
public sealed class ContactImports(ImportDesk desk, Journal.Database database, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Lines in a step.</summary>
    public const int Slice = 2_000;
    private const int Sampled = 50;

    private readonly ContactMatches matches = new(database);
    private readonly SemaphoreSlim turn = new(1, 1);
    private OpenedContacts? kept;

    /// <summary>The job that undoes an import.</summary>
    public static string UndoOf(string organisation, string importId) => Ids.From(ImportDesk.UploadedAt(importId), "undo-import", organisation, importId);

    /// <summary>Refused as a whole where the mapping doesn't fit the file.</summary>
    public async Task<Taken<ContactsDryRun>> DryRun(string organisation, ImportSheet sheet, CancellationToken cancellation = default)
    {
        var refusals = new RefusalList();
        if (await Session(organisation, sheet.Id, sheet, refusals, cancellation) is not { } session) return refusals.Refused<ContactsDryRun>();
        var (created, changed, unchanged, refused, alike) = (0, 0, 0, 0, 0);
        var (shown, shownAlike, structures) = (ImmutableArray.CreateBuilder<PlannedContact>(), ImmutableArray.CreateBuilder<PlannedContact>(), new HashSet<string>(StringComparer.Ordinal));
        for (var from = 0; from < session.Count; from += Slice)
        {
            var (planned, read) = await session.Plan(from, Slice, cancellation);
            refused += read - planned.Count;
            foreach (var contact in planned)
            {
                if (contact.Action == PlannedAction.Create) created++;
                else if (contact.Action == PlannedAction.Change) changed++;
                else unchanged++;
                if (contact.Relation is { MakesName: not null } makes) structures.Add(makes.To);
                if (contact.Action != PlannedAction.Nothing && shown.Count < Sampled) shown.Add(contact);
                if (contact.Alike.IsEmpty) continue;
                alike++;
                if (shownAlike.Count < Sampled) shownAlike.Add(contact);
            }
        }
        if (session.Count == 0) return ImportRefusal.Of(ImportCodes.NoLines);
        return new ContactsDryRun(
            session.Count, created, changed, unchanged, refused, structures.Count, alike, shown.ToImmutable(), shownAlike.ToImmutable(), [.. refusals.Kept.OrderBy(refusal => refusal.Line)], refusals.Count);
    }

    /// <summary>The lines that are refused now, as they stand in the file, with why.</summary>
    public async IAsyncEnumerable<RefusedLine> Refused(string organisation, ImportSheet sheet, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var from = 0; ; from += Slice)
        {
            // Of a slice all are kept: a line has at most one refusal for each of its fields.
            var refusals = new RefusalList(Slice * 50);
            if (await Session(organisation, sheet.Id, sheet, refusals, cancellation) is not { } session || from >= session.Count) yield break;
            await session.Plan(from, Slice, cancellation);
            var byLine = refusals.Kept.ToLookup(refusal => refusal.Line);
            for (var index = from; index < Math.Min(session.Count, from + Slice); index++)
                if (session.Row(index) is var row && byLine[row.Line].Any()) yield return new RefusedLine(row, [.. byLine[row.Line]]);
        }
    }

    /// <summary>An accepted import's file, to be carried out; null when it is no longer kept, or no longer readable.</summary>
    internal Task<ContactSession?> Open(string organisation, string importId, CancellationToken cancellation) => Session(organisation, importId, null, new RefusalList(), cancellation);

    private async Task<ContactSession?> Session(string organisation, string importId, ImportSheet? sheet, RefusalList refusals, CancellationToken cancellation)
    {
        if (await Opened(organisation, importId, sheet, cancellation) is not { } opened || MappedLines.Open(opened.Table, opened.Mapping, refusals) is not { } lines) return null;
        var settings = await grains.GetGrain<IContactSettingsGrain>(GrainKey.Of(organisation, ContactSettingsKey.Id)).View();
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddHours(14));
        var reader = new ContactReader(opened.Mapping, settings.Criteria, today, refusals);
        var planning = new ContactPlanning(
            reader, refusals, today, words => Ids.From(ImportDesk.UploadedAt(importId), "import", organisation, importId, words), opened.FirstLines, opened.StructureLines);
        return new ContactSession(organisation, lines, reader, planning, matches);
    }

    /// <summary>
    /// The file as it was read last: of one import at a time, so that however many are under way a node holds one table. It holds no state:
    /// another node, or this one after another file, reads it anew.
    /// </summary>
    private async Task<OpenedContacts?> Opened(string organisation, string importId, ImportSheet? sheet, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (kept is { } known && known.Organisation == organisation && known.ImportId == importId && (sheet is null || known.Table == sheet.Table || Journal.Json.Write(known.Mapping) == Journal.Json.Write(sheet.Mapping))) return known;
            kept = null;
            sheet ??= (await desk.Open(organisation, importId, cancellation))?.Read.Value;
            return sheet is null ? null : kept = OpenedContacts.Of(organisation, sheet, time);
        }
        finally
        {
            turn.Release();
        }
    }
}

/// <summary>A table with what its lines are to one another.</summary>
/// <param name="FirstLines">Lines whose contact stands on an earlier line: which.</param>
/// <param name="StructureLines">The first line of each structure, by its name's key.</param>
internal sealed record OpenedContacts(
    string Organisation, string ImportId, Table Table, Mapping Mapping, IReadOnlyDictionary<int, int> FirstLines, IReadOnlyDictionary<string, int> StructureLines)
{
    public static OpenedContacts Of(string organisation, ImportSheet sheet, TimeProvider time)
    {
        var (first, structures, seen) = (new Dictionary<int, int>(), new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        var refusals = new RefusalList(0);
        if (MappedLines.Open(sheet.Table, sheet.Mapping, refusals) is { } lines)
        {
            var reader = new ContactReader(sheet.Mapping, [], DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddHours(14)), refusals);
            foreach (var line in lines.Read(0, lines.Count))
            {
                line.Repeated.RemoveAll(one => one.Field == ContactFields.Criteria);
                if (reader.Read(line) is not { } said) continue;
                if (said.Kind == ContactKind.Structure) structures.TryAdd(said.NameKey, said.Line);
                foreach (var identity in said.Identities())
                    if (!seen.TryAdd(identity, said.Line) && seen[identity] != said.Line) first.TryAdd(said.Line, seen[identity]);
            }
        }
        return new OpenedContacts(organisation, sheet.Id, sheet.Table, sheet.Mapping, first, structures);
    }
}

/// <summary>A file being gone through.</summary>
internal sealed class ContactSession(string organisation, MappedLines lines, ContactReader reader, ContactPlanning planning, ContactMatches matches)
{
    public int Count => lines.Count;

    public TableRow Row(int index) => lines.Row(index);

    /// <summary>What the lines from one on do, those refused left out; and how many lines there were.</summary>
    public async Task<(List<PlannedContact> Planned, int Read)> Plan(int from, int most, CancellationToken cancellation)
    {
        var (said, read) = (new List<SaidContact>(most), 0);
        foreach (var line in lines.Read(from, most))
        {
            read++;
            if (reader.Read(line) is { } contact) said.Add(contact);
        }
        var found = await matches.Find(organisation, said, planning.IdOf, cancellation);
        return ([.. said.Select(one => planning.Plan(one, found[one.Line])).OfType<PlannedContact>()], read);
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guichet.Journal;

namespace Guichet.Imports;

/// <summary>A file on its way to be imported: read, with the mapping it would be read with.</summary>
/// <param name="Remembered">The source whose last mapping this was made from; null when it was proposed afresh.</param>
public sealed record ImportSheet(
    string Id, ImportKind Kind, string? SessionId, string FileName, string Source, string? Remembered, Table Table, MappingProposal Proposal)
{
    public Mapping Mapping => Proposal.Mapping;

    /// <summary>The file is about one session, from whose page it was imported.</summary>
    public bool IsOfOneSession => SessionId is not null;
}

/// <summary>What an import needs to know of who imports.</summary>
/// <param name="Zone">The organisation's, IANA.</param>
/// <param name="Currency">Of sessions to be made.</param>
public sealed record ImportDeskContext(string Organisation, string Zone, string Currency, string By, ImportDefaults Defaults);

/// <summary>
/// From an upload to a plan: keeps the file, reads it again at each step (nothing parsed is ever stored), and plans it against what
/// exists at that moment. What is then accepted is decided by <see cref="IImportGrain"/>.
/// </summary>
public sealed class ImportDesk(Database database, ImportQueries queries, TimeProvider time)
{
    /// <summary>So long after their upload files can be found again from what was imported from them.</summary>
    private static readonly TimeSpan FilesKept = TimeSpan.FromDays(60);

    /// <summary>Of its own headers, a remembered mapping whose file changed must find this share again to be thought of.</summary>
    private const decimal LeastShared = 0.6m;

    private readonly ImportFiles _files = new(database);

    public ImportLimits Limits { get; } = ImportLimits.Default;

    /// <summary>Reads an upload and proposes how to read its columns. Nothing is kept of a file that can't be read.</summary>
    /// <param name="content">Read once and forward, up to the file's limit.</param>
    public async Task<Taken<ImportSheet>> Receive(
        ImportDeskContext context, ImportKind kind, string? sessionId, string fileName, Stream content, CancellationToken cancellation = default)
    {
        BlockStream bytes;
        try
        {
            bytes = await BlockStream.FillAsync(content, Limits.FileBytes, cancellation);
        }
        catch (FileRefusedException refused)
        {
            return refused.Refusal;
        }
        var read = TabularFile.Read(bytes, fileName, Limits);
        if (read.IsRefused) return new Taken<ImportSheet>(null, read.Refusals, read.RefusalCount);
        var (proposal, remembered) = await Propose(context, kind, sessionId, read.Accepted, cancellation);
        if (proposal.IsRefused) return new Taken<ImportSheet>(null, proposal.Refusals, proposal.RefusalCount);
        var source = remembered ?? SourceOf(fileName);
        var now = time.GetUtcNow();
        var file = new UploadedFile(Ids.New(time), kind, sessionId, fileName, read.Accepted.Sheet is { Length: > 0 } sheet ? sheet : null, source, proposal.Accepted.Mapping, remembered);
        bytes.Position = 0;
        await _files.Keep(context.Organisation, file, bytes, context.By, now, now - FilesKept, cancellation);
        return new ImportSheet(file.Id, kind, sessionId, fileName, source, remembered, read.Accepted, proposal.Accepted);
    }

    /// <summary>The file as it stands; null when there is none of that id in the organisation.</summary>
    public async Task<ImportSheet?> Open(string organisation, string id, CancellationToken cancellation = default)
    {
        if (await _files.Find(organisation, id, Limits, cancellation) is not { } found) return null;
        var (file, bytes) = found;
        var table = TabularFile.Read(bytes, file.Name, Limits, file.Sheet).Accepted;
        // It had headers when it was kept, and so has them still.
        var proposal = Mappings.Check(file.Mapping, table, file.SessionId is not null).Accepted;
        return new ImportSheet(id, file.Kind, file.SessionId, file.Name, file.Source, file.Remembered, table, proposal);
    }

    /// <summary>Keeps how the file's columns are to be read.</summary>
    public async Task<ImportSheet?> Change(string organisation, string id, string source, Mapping mapping, CancellationToken cancellation = default)
    {
        if (await Open(organisation, id, cancellation) is not { } sheet) return null;
        source = source.Trim() is { Length: > 0 } named ? named[..Math.Min(named.Length, ImportCore.LongestSource)] : sheet.Source;
        var proposal = Mappings.Check(mapping with { Headers = sheet.Mapping.Headers }, sheet.Table, sheet.IsOfOneSession).Accepted;
        await _files.Change(organisation, id, source, sheet.Table.Sheet is { Length: > 0 } read ? read : null, proposal.Mapping, cancellation);
        return sheet with { Source = source, Proposal = proposal };
    }

    /// <summary>Reads another sheet of the workbook, and proposes anew. Refused when it has no table.</summary>
    public async Task<Taken<ImportSheet>> ChangeSheet(ImportDeskContext context, string id, string sheetName, CancellationToken cancellation = default)
    {
        if (await _files.Find(context.Organisation, id, Limits, cancellation) is not { } found) return ImportRefusal.Of(ImportCodes.FileEmpty);
        var (file, bytes) = found;
        var read = TabularFile.Read(bytes, file.Name, Limits, sheetName);
        if (read.IsRefused) return new Taken<ImportSheet>(null, read.Refusals, read.RefusalCount);
        var (proposal, remembered) = await Propose(context, file.Kind, file.SessionId, read.Accepted, cancellation);
        if (proposal.IsRefused) return new Taken<ImportSheet>(null, proposal.Refusals, proposal.RefusalCount);
        await _files.Change(context.Organisation, id, file.Source, read.Accepted.Sheet, proposal.Accepted.Mapping, cancellation);
        return new ImportSheet(id, file.Kind, file.SessionId, file.Name, file.Source, remembered, read.Accepted, proposal.Accepted);
    }

    /// <summary>What a season's file would do now.</summary>
    public async Task<Taken<SeasonPlan>> PlanSeason(ImportDeskContext context, ImportSheet sheet, CancellationToken cancellation = default)
    {
        var (shows, series) = await queries.Shows(context.Organisation, cancellation);
        var sessions = await queries.Sessions(context.Organisation, ImportScope.Of(sheet.Table, sheet.Mapping), cancellation);
        // The id of what is made comes from the file's own, so that planning it again names the same.
        string NewId(string words) => Ids.From(UploadedAt(sheet.Id), "import", context.Organisation, sheet.Id, words);
        return SeasonImport.Plan(sheet.Table, sheet.Mapping, new SeasonContext(
            shows, series, [.. sessions.Select(session => new KnownSession(session.Id, session.Title, session.Revision, session.Details, session.Status))],
            context.Zone, context.Currency, NewId));
    }

    /// <summary>What a file of tallies would do now.</summary>
    /// <param name="mayAddChannels">Channels that sessions don't have yet are added to them.</param>
    public async Task<Taken<TallyPlan>> PlanTallies(ImportDeskContext context, ImportSheet sheet, bool mayAddChannels, CancellationToken cancellation = default)
    {
        var scope = sheet.SessionId is { } target ? new ImportScope(null, null, [target]) : ImportScope.Of(sheet.Table, sheet.Mapping);
        var sessions = await queries.Sessions(context.Organisation, scope, cancellation);
        if (sheet.SessionId is { } id && sessions.IsEmpty) return ImportRefusal.At(ImportCodes.SessionUnknown, 0, "", id);
        return TallyImport.Plan(sheet.Table, sheet.Mapping, new TallyContext(sessions, sheet.SessionId, mayAddChannels));
    }

    /// <summary>Tells whether what is about to be accepted is what was seen.</summary>
    public static string Fingerprint<T>(T plan) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json.Write(plan))))[..32];

    /// <summary>
    /// The mapping of the same headers that was accepted last; else that of the source with most of its headers still there; else a new one.
    /// </summary>
    private async Task<(Taken<MappingProposal> Proposal, string? Remembered)> Propose(
        ImportDeskContext context, ImportKind kind, string? sessionId, Table table, CancellationToken cancellation)
    {
        var known = await queries.Names(context.Organisation, time.GetUtcNow(), cancellation);
        var fresh = Mappings.Propose(table, kind, known, context.Defaults, sessionId is not null);
        if (fresh.IsRefused) return (fresh, null);
        var signature = Mappings.Signature(kind, fresh.Accepted.Mapping.Headers);
        var all = await queries.Mappings(context.Organisation, kind, cancellation);
        var best = all.FirstOrDefault(one => Mappings.Signature(kind, one.Mapping.Headers) == signature)
            ?? all.Select(one => (One: one, Share: Shared(one.Mapping, fresh.Accepted.Mapping.Headers)))
                .Where(one => one.Share >= LeastShared).OrderByDescending(one => one.Share).Select(one => one.One).FirstOrDefault();
        if (best is null) return (fresh, null);
        var again = Mappings.Reuse(best.Mapping, table, sessionId is not null);
        return again.IsRefused ? (fresh, null) : (again, best.Source);
    }

    private static decimal Shared(Mapping mapping, ImmutableArray<string> headers)
    {
        var now = headers.Select(Words.FoldHeader).ToHashSet();
        return mapping.Headers.IsEmpty ? 0 : (decimal)mapping.Headers.Count(header => now.Contains(Words.FoldHeader(header))) / mapping.Headers.Length;
    }

    /// <summary>The file's name without its ending, dates and numbers: <c>Ventes_Fnac_2026-11-24.csv</c> is <c>Ventes Fnac</c>.</summary>
    internal static string SourceOf(string fileName)
    {
        var name = new StringBuilder();
        foreach (var letter in Path.GetFileNameWithoutExtension(fileName))
        {
            if (char.IsLetter(letter)) name.Append(letter);
            else if (name is not ([] or [.., ' '])) name.Append(' ');
        }
        var source = name.ToString().Trim();
        if (source.Length > ImportCore.LongestSource) source = source[..ImportCore.LongestSource];
        return source.Length > 0 ? source : "?";
    }

    /// <summary>The moment in an id's first nine characters.</summary>
    private static DateTimeOffset UploadedAt(string id)
    {
        const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
        long milliseconds = 0;
        foreach (var letter in id.AsSpan(0, 9)) milliseconds = (milliseconds << 5) | (uint)Alphabet.IndexOf(letter, StringComparison.Ordinal);
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}

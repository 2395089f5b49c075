using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guichet.Exports;
using Guichet.Journal;
using Guichet.Partners;

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

/// <summary>An upload: the sheet that was read of it, or every reason why none was.</summary>
public sealed record ReceivedFile(string Id, ImportKind Kind, string? SessionId, string Name, Taken<ImportSheet> Read);

/// <summary>What an import needs to know of who imports.</summary>
/// <param name="Zone">The organisation's, IANA.</param>
/// <param name="Currency">Of sessions to be made.</param>
public sealed record ImportDeskContext(string Organisation, string Zone, string Currency, string By, ImportDefaults Defaults);

/// <summary>
/// From an upload to a plan: keeps the file, reads it again at each step (nothing parsed is ever stored), and plans it against what
/// exists at that moment. What is then accepted is decided by <see cref="IImportGrain"/>.
/// </summary>
public sealed class ImportDesk(Database database, ImportQueries queries, PartnerQueries partners, TimeProvider time)
{
    /// <summary>So long after their upload files can be found again from what was imported from them.</summary>
    private static readonly TimeSpan FilesKept = TimeSpan.FromDays(60);

    /// <summary>Of its own headers, a remembered mapping whose file changed must find this share again to be thought of.</summary>
    private const decimal LeastShared = 0.6m;

    private readonly ImportFiles _files = new(database);

    public ImportLimits Limits { get; } = ImportLimits.Default;

    /// <summary>Reads an upload and proposes how to read its columns. Of a file that can't be read, only the reasons are kept.</summary>
    /// <param name="content">Read once and forward, up to the file's limit.</param>
    public async Task<ReceivedFile> Receive(
        ImportDeskContext context, ImportKind kind, string? sessionId, string fileName, Stream content, CancellationToken cancellation = default)
    {
        var id = Ids.New(time);
        fileName = NameOf(fileName);
        try
        {
            var bytes = await BlockStream.FillAsync(content, Limits.FileBytes, cancellation);
            var read = TabularFile.Read(bytes, fileName, Limits);
            if (read.IsRefused) return await Refuse(context, id, kind, sessionId, fileName, read.Refusals, read.RefusalCount, cancellation);
            var (proposal, remembered) = await Propose(context, kind, sessionId, read.Accepted, cancellation);
            if (proposal.IsRefused) return await Refuse(context, id, kind, sessionId, fileName, proposal.Refusals, proposal.RefusalCount, cancellation);
            var source = remembered ?? SourceOf(fileName);
            var file = new UploadedFile(id, kind, sessionId, fileName, SheetOf(read.Accepted), source, proposal.Accepted.Mapping, remembered, null);
            bytes.Position = 0;
            await Keep(context, file, bytes, cancellation);
            return new ReceivedFile(id, kind, sessionId, fileName, new ImportSheet(id, kind, sessionId, fileName, source, remembered, read.Accepted, proposal.Accepted));
        }
        catch (FileRefusedException refused)
        {
            return await Refuse(context, id, kind, sessionId, fileName, [refused.Refusal], 1, cancellation);
        }
    }

    private async Task<ReceivedFile> Refuse(
        ImportDeskContext context, string id, ImportKind kind, string? sessionId, string fileName, ImmutableArray<ImportRefusal> refusals, int count,
        CancellationToken cancellation)
    {
        await Keep(context, new UploadedFile(id, kind, sessionId, fileName, null, SourceOf(fileName), null, null, new Taken<Mapping>(null, refusals, count)), null, cancellation);
        return new ReceivedFile(id, kind, sessionId, fileName, new Taken<ImportSheet>(null, refusals, count));
    }

    private Task Keep(ImportDeskContext context, UploadedFile file, Stream? content, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return _files.Keep(context.Organisation, file, content, context.By, now, now - FilesKept, cancellation);
    }

    /// <summary>The file as it stands; null when there is none of that id in the organisation.</summary>
    public async Task<ReceivedFile?> Open(string organisation, string id, CancellationToken cancellation = default)
    {
        if (await _files.Find(organisation, id, Limits, cancellation) is not { } found) return null;
        var (file, bytes) = found;
        if (file.Refused is { } refused || bytes is null || file.Mapping is null)
            return new ReceivedFile(id, file.Kind, file.SessionId, file.Name, new Taken<ImportSheet>(null, file.Refused?.Refusals ?? [], file.Refused?.RefusalCount ?? 0));
        var table = TabularFile.Read(bytes, file.Name, Limits, file.Sheet).Accepted;
        // It had headers when it was kept, and so has them still.
        var proposal = Mappings.Check(file.Mapping, table, file.SessionId is not null).Accepted;
        return new ReceivedFile(id, file.Kind, file.SessionId, file.Name, new ImportSheet(id, file.Kind, file.SessionId, file.Name, file.Source, file.Remembered, table, proposal));
    }

    /// <summary>How the file's headers differ from those of the source's last file; null when it was read with no remembered mapping.</summary>
    public async Task<HeaderChanges?> ChangesSince(string organisation, ImportSheet sheet, CancellationToken cancellation = default)
    {
        if (sheet.Remembered is null) return null;
        var mappings = await queries.Mappings(organisation, sheet.Kind, cancellation);
        return mappings.FirstOrDefault(one => one.Source == sheet.Remembered) is { } last
            ? Mappings.Reuse(last.Mapping, sheet.Table, sheet.IsOfOneSession).Value?.Changes
            : null;
    }

    /// <summary>Keeps how the file's columns are to be read.</summary>
    public async Task<ImportSheet?> Change(string organisation, string id, string source, Mapping mapping, CancellationToken cancellation = default)
    {
        if (await Open(organisation, id, cancellation) is not { Read.Value: { } sheet }) return null;
        source = Spreadsheet.Plain(source).Trim() is { Length: > 0 } named ? named[..Math.Min(named.Length, ImportCore.LongestSource)] : sheet.Source;
        var proposal = Mappings.Check(Plain(mapping) with { Headers = sheet.Mapping.Headers }, sheet.Table, sheet.IsOfOneSession).Accepted;
        await _files.Change(organisation, id, source, SheetOf(sheet.Table), proposal.Mapping, cancellation);
        return sheet with { Source = source, Proposal = proposal };
    }

    /// <summary>Reads another sheet of the workbook, and proposes anew. Refused when it has no table.</summary>
    public async Task<Taken<ImportSheet>> ChangeSheet(ImportDeskContext context, string id, string sheetName, CancellationToken cancellation = default)
    {
        if (await _files.Find(context.Organisation, id, Limits, cancellation) is not ({ } file, { } bytes)) return ImportRefusal.Of(ImportCodes.FileEmpty);
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
        return SeasonImport.Plan(sheet.Table, sheet.Mapping, new SeasonContext(
            shows, series, [.. sessions.Select(session => new KnownSession(session.Id, session.Title, session.Revision, session.Details, session.Status))],
            context.Zone, context.Currency, words => NewId(context, sheet, words)));
    }

    /// <summary>What a file of partners would do now.</summary>
    public async Task<Taken<PartnersPlan>> PlanPartners(ImportDeskContext context, ImportSheet sheet, CancellationToken cancellation = default) => PartnersImport.Plan(
        sheet.Table, sheet.Mapping, new PartnersContext(await partners.Known(context.Organisation, cancellation), words => NewId(context, sheet, words)));

    /// <summary>The id of what is made comes from the file's own, so that planning it again names the same.</summary>
    private static string NewId(ImportDeskContext context, ImportSheet sheet, string words) =>
        Ids.From(UploadedAt(sheet.Id), "import", context.Organisation, sheet.Id, words);

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
        var known = kind == ImportKind.Contacts ? await queries.Criteria(context.Organisation, cancellation) : await queries.Names(context.Organisation, time.GetUtcNow(), cancellation);
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

    private static string? SheetOf(Table table) => table.Sheet.Length > 0 ? table.Sheet : null;

    /// <summary>What was typed on the mapping's page, without what no text holds.</summary>
    private static Mapping Plain(Mapping mapping) => mapping with
    {
        Columns = [.. mapping.Columns.Select(column => column with { Category = Plain(column.Category), Tariff = Plain(column.Tariff), Channel = Plain(column.Channel) })],
        Constants = [.. mapping.Constants.Select(constant => constant with { Value = Spreadsheet.Plain(constant.Value).Trim() })],
    };

    private static string? Plain(string? text) => text is null || Spreadsheet.Plain(text).Trim() is not { Length: > 0 } plain ? null : plain;

    /// <summary>Without a folder, and no longer than file systems allow.</summary>
    private static string NameOf(string fileName)
    {
        var name = Spreadsheet.Plain(fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..]).Trim();
        return name.Length switch { 0 => "?", > 255 => name[^255..], _ => name };
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
    internal static DateTimeOffset UploadedAt(string id)
    {
        const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
        long milliseconds = 0;
        foreach (var letter in id.AsSpan(0, 9)) milliseconds = (milliseconds << 5) | (uint)Alphabet.IndexOf(letter, StringComparison.Ordinal);
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}

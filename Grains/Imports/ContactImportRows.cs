using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;

namespace Guichet.Imports;

/// <summary>Whether a contact of an import began with all that its line says of it.</summary>
internal enum Founded
{
    Not,

    /// <summary>With all but its relation.</summary>
    Untied,
    Whole,
}

/// <summary>What a line does, while it is done.</summary>
/// <param name="part">0 for the line itself, 1 for the structure made for it.</param>
internal sealed class ImportedLine(int line, int part, string contactId, bool created, PlannedContact plan)
{
    private int commands;

    public int Line { get; } = line;
    public int Part { get; } = part;
    public string ContactId { get; } = contactId;
    public bool Created { get; } = created;
    public PlannedContact Plan { get; } = plan;
    public Founded Founded { get; set; }

    /// <summary>So many are sent to a contact that begins with all of it.</summary>
    public int Acts { get; } = !created ? 0 : 1 + (plan.Tags.IsEmpty ? 0 : 1) + plan.Criteria.Length + (plan.Relation is null ? 0 : 1) + (plan.Note is null ? 0 : 1) + plan.Consents.Length;

    /// <summary>Sent to the contact so far, each a line of its journal.</summary>
    public int Commands => commands;

    /// <summary>The first of what was refused.</summary>
    public Refusal? Refusal { get; private set; }

    public void Took<T>(Outcome<T> outcome)
    {
        if (outcome.IsRefused) Refusal ??= outcome.Refusals[0];
        // A contact that was never made keeps no journal.
        if (!(outcome.IsRefused && Created && commands == 0)) commands++;
    }
}

internal sealed class LineToUndo
{
    public int Line { get; init; }
    public int Part { get; init; }
    public int Phase { get; init; }
    public string ContactId { get; init; } = "";
    public bool Created { get; init; }

    /// <summary>Another line of the import made the contact.</summary>
    public bool MadeHere { get; init; }
    public PlannedContact Plan { get; init; } = null!;
    public long Version { get; init; }

    /// <summary>All that the import sent to the contact.</summary>
    public long Commands { get; init; }
    public bool Archived { get; init; }

    /// <summary>Others, whom this import didn't make, are tied to it.</summary>
    public bool Used { get; init; }
    public string? Became { get; set; }
}

/// <summary>A line that wasn't done, or not undone, as its page shows it.</summary>
public sealed record ImportedLeftover(int Line, string ContactId, string Shown, Refusal? Refusal, string? Became);

/// <summary>The lines of imports of contacts.</summary>
public sealed class ContactImportRows(Database database)
{
    public const string Undone = "undone";
    public const string Changed = "changed";
    public const string Used = "used";
    internal const int LastPhase = 1;

    /// <summary>Of a line <c>l</c>: something was sent to its contact. That of a step which a crash cut short may not be there.</summary>
    private const string Done = """
        l.organisation = @organisation AND l.import_id = @import AND l.commands > 0
          AND EXISTS (SELECT FROM contacts c WHERE c.organisation = @organisation AND c.id = l.contact_id)
        """;

    /// <summary>The lines of a slice that was begun before: how many of them were done isn't known.</summary>
    internal async Task<List<ImportedLine>> Of(string organisation, string import, int from, int to, CancellationToken cancellation)
    {
        var rows = await database.Query<LineRecord>(
            organisation, "SELECT line, part, contact_id, created, plan::text AS plan FROM contact_import_lines WHERE organisation = @organisation AND import_id = @import AND line BETWEEN @from AND @to ORDER BY line, part DESC",
            new { organisation, import, from, to }, cancellation);
        return [.. rows.Select(row => new ImportedLine(row.Line, row.Part, row.Contact_Id, row.Created, Json.Read<PlannedContact>(row.Plan)))];
    }

    internal Task Add(string organisation, string import, List<ImportedLine> rows, CancellationToken cancellation) => rows.Count == 0 ? Task.CompletedTask : database.Execute(
        organisation,
        """
        INSERT INTO contact_import_lines (organisation, import_id, line, part, contact_id, created, plan, commands)
        SELECT @organisation, @import, r.line, r.part, r.contact_id, r.created, r.plan::jsonb, nullif(r.acts, 0)
        FROM unnest(@lines::integer[], @parts::smallint[], @contacts::text[], @created::boolean[], @plans::text[], @acts::integer[]) AS r (line, part, contact_id, created, plan, acts)
        """,
        new
        {
            organisation,
            import,
            lines = rows.Select(row => row.Line).ToArray(),
            parts = rows.Select(row => (short)row.Part).ToArray(),
            contacts = rows.Select(row => row.ContactId).ToArray(),
            created = rows.Select(row => row.Created).ToArray(),
            plans = rows.Select(row => Json.Write(row.Plan)).ToArray(),
            acts = rows.Select(row => row.Acts).ToArray(),
        }, cancellation);

    /// <summary>How each line went; of the lines that say so already, none.</summary>
    internal Task Record(string organisation, string import, List<ImportedLine> rows, CancellationToken cancellation) => rows.Count == 0 ? Task.CompletedTask : database.Execute(
        organisation,
        """
        UPDATE contact_import_lines AS l SET commands = r.commands, refusal = r.refusal::jsonb
        FROM unnest(@lines::integer[], @parts::smallint[], @commands::integer[], @refusals::text[]) AS r (line, part, commands, refusal)
        WHERE l.organisation = @organisation AND l.import_id = @import AND l.line = r.line AND l.part = r.part
        """,
        new
        {
            organisation,
            import,
            lines = rows.Select(row => row.Line).ToArray(),
            parts = rows.Select(row => (short)row.Part).ToArray(),
            commands = rows.Select(row => row.Commands).ToArray(),
            refusals = rows.Select(row => row.Refusal is null ? null : Json.Write(row.Refusal)).ToArray(),
        }, cancellation);

    /// <summary>So many contacts more than before: where that is much, what follows is planned anew.</summary>
    internal Task Grown(string organisation, long added, CancellationToken cancellation) => database.Execute(organisation, "SELECT contacts_have_grown(@added)", new { added }, cancellation);

    /// <summary>How many lines there are to be undone.</summary>
    public async Task<long> Count(string organisation, string import, CancellationToken cancellation = default) => await database.QueryFirst<long>(
        organisation, $"SELECT count(*) FROM contact_import_lines l WHERE {Done}", new { organisation, import }, cancellation);

    internal static string CursorOf(LineToUndo row) => string.Create(CultureInfo.InvariantCulture, $"{row.Phase}:{row.Line}:{row.Part}");

    /// <summary>The next lines to be undone after the cursor: structures in a phase of their own, the last lines first.</summary>
    internal async Task<List<LineToUndo>> ToUndo(string organisation, string import, string? cursor, int most, CancellationToken cancellation)
    {
        const string sql = $"""
            WITH slice AS MATERIALIZED (
              SELECT * FROM contact_import_lines l WHERE {Done}
                AND l.phase = @phase AND (l.line, l.part) < (@line, @part) ORDER BY l.line DESC, l.part DESC LIMIT @most)
            SELECT s.line, s.part, s.phase, s.contact_id, s.created, s.plan::text AS plan, c.version, coalesce(c.archived, false) AS archived,
              (SELECT sum(o.commands) FROM contact_import_lines o WHERE o.organisation = @organisation AND o.contact_id = s.contact_id AND o.import_id = @import)::bigint AS commands,
              NOT s.created AND EXISTS (SELECT FROM contact_import_lines o WHERE o.organisation = @organisation AND o.contact_id = s.contact_id AND o.import_id = @import AND o.created) AS made_here,
              EXISTS (SELECT FROM contact_relations r WHERE r.organisation = @organisation AND r.other_id = s.contact_id AND NOT EXISTS (
                SELECT FROM contact_import_lines o WHERE o.organisation = @organisation AND o.contact_id = r.contact_id AND o.import_id = @import AND o.created AND o.undone = 'undone')) AS used
            FROM slice s JOIN contacts c ON c.organisation = @organisation AND c.id = s.contact_id ORDER BY s.line DESC, s.part DESC
            """;
        int[] at = cursor is null ? [0, int.MaxValue, 9] : [.. cursor.Split(':').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        IReadOnlyList<LineRecord> rows = [];
        // A slice is of one phase: what the next is decided by is recorded first.
        for (var phase = at[0]; phase <= LastPhase && rows.Count == 0; phase++)
        {
            var fresh = phase > at[0];
            rows = await database.Query<LineRecord>(
                organisation, sql, new { organisation, import, most, phase, line = fresh ? int.MaxValue : at[1], part = fresh ? 9 : at[2] }, cancellation);
        }
        return
        [
            .. rows.Select(row => new LineToUndo
            {
                Line = row.Line,
                Part = row.Part,
                Phase = row.Phase,
                ContactId = row.Contact_Id,
                Created = row.Created,
                MadeHere = row.Made_Here,
                Plan = Json.Read<PlannedContact>(row.Plan),
                Version = row.Version,
                Commands = row.Commands,
                Archived = row.Archived,
                Used = row.Used,
            }),
        ];
    }

    internal Task RecordUndone(string organisation, string import, List<LineToUndo> rows, CancellationToken cancellation) => rows.Count == 0 ? Task.CompletedTask : database.Execute(
        organisation,
        """
        UPDATE contact_import_lines AS l SET undone = r.undone FROM unnest(@lines::integer[], @parts::smallint[], @undone::text[]) AS r (line, part, undone)
        WHERE l.organisation = @organisation AND l.import_id = @import AND l.line = r.line AND l.part = r.part
        """,
        new
        {
            organisation,
            import,
            lines = rows.Select(row => row.Line).ToArray(),
            parts = rows.Select(row => (short)row.Part).ToArray(),
            undone = rows.Select(row => row.Became).ToArray(),
        }, cancellation);

    /// <summary>Lines that weren't done as planned, and those that undoing left.</summary>
    public async Task<ImmutableArray<ImportedLeftover>> Leftovers(string organisation, string import, int most, CancellationToken cancellation = default)
    {
        var rows = await database.Query<LeftoverRecord>(
            organisation,
            """
            SELECT line, contact_id, plan ->> 'shown' AS shown, refusal::text AS refusal, undone FROM contact_import_lines
            WHERE organisation = @organisation AND import_id = @import AND (refusal IS NOT NULL OR undone <> 'undone') ORDER BY line, part LIMIT @most
            """, new { organisation, import, most }, cancellation);
        return [.. rows.Select(row => new ImportedLeftover(row.Line, row.Contact_Id, row.Shown, row.Refusal is null ? null : Json.Read<Refusal>(row.Refusal), row.Undone))];
    }

    private sealed class LineRecord
    {
        public int Line { get; init; }
        public short Part { get; init; }
        public short Phase { get; init; }
        public string Contact_Id { get; init; } = "";
        public bool Created { get; init; }
        public string Plan { get; init; } = "";
        public long Version { get; init; }
        public long Commands { get; init; }
        public bool Archived { get; init; }
        public bool Made_Here { get; init; }
        public bool Used { get; init; }
    }

    private sealed class LeftoverRecord
    {
        public int Line { get; init; }
        public string Contact_Id { get; init; } = "";
        public string Shown { get; init; } = "";
        public string? Refusal { get; init; }
        public string? Undone { get; init; }
    }
}

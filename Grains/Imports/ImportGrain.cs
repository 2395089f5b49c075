using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Imports;

[Reentrant]
public sealed class ImportGrain : AggregateGrain<ImportState, ImportEvent>, IImportGrain
{
    protected override string Kind => "imports";

    protected override ImportState Empty => ImportState.Empty;

    protected override Decision<ImportEvent> Decide(ImportState state, Command command, DateTimeOffset now) => ImportCore.Decide(Aggregate.Id, state, command, now);

    protected override ImportState Apply(ImportState state, ImportEvent happened) => ImportCore.Apply(state, happened);

    protected override IEnumerable<Row> RowsOf(ImportEvent happened, ImportState after) => happened is ImportAccepted accepted
        ? [new RememberedMappingRow(Aggregate.Organisation, accepted.Source, accepted.Mapping, accepted.At, accepted.By)]
        : [];

    public Task<ImportView?> View() => Task.FromResult(State is { AcceptedAt: { } at, Summary: { } summary }
        ? new ImportView(
            Aggregate.Organisation, Aggregate.Id, State.Kind, State.FileName, State.Source, State.Handling, summary,
            State.Parts, State.Done, State.Failed, State.Failures, State.By, at, State.FinishedAt)
        : null);

    public Task<Outcome<Done>> Accept(AcceptImport command) => Execute<Done>(command);

    public Task<Outcome<Done>> RecordPart(RecordImportedPart command) => Execute<Done>(command);
}

/// <summary>The mapping that the source's next file is read with.</summary>
internal sealed record RememberedMappingRow(string Organisation, string Source, Mapping Mapping, DateTimeOffset At, string By) : Row
{
    public override Statement ToStatement() => new(
        """
        INSERT INTO import_mappings (organisation, kind, source, signature, mapping, used_at, by_name)
        VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7)
        ON CONFLICT (organisation, kind, source) DO UPDATE
        SET signature = excluded.signature, mapping = excluded.mapping, used_at = excluded.used_at, by_name = excluded.by_name
        """,
        [Organisation, Mapping.Kind.ToString(), Source, Mappings.Signature(Mapping.Kind, Mapping.Headers), Json.Write(Mapping), At.UtcDateTime, By]);
}

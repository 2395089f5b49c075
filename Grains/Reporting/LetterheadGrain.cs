using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Reporting;

[Reentrant]
public sealed class LetterheadGrain : AggregateGrain<LetterheadState, LetterheadEvent>, ILetterheadGrain
{
    protected override string Kind => "letterheads";

    protected override LetterheadState Empty => LetterheadState.Empty;

    protected override Decision<LetterheadEvent> Decide(LetterheadState state, Command command, DateTimeOffset now) => LetterheadCore.Decide(state, command);

    protected override LetterheadState Apply(LetterheadState state, LetterheadEvent happened) => LetterheadCore.Apply(state, happened);

    /// <summary>Bytes that no letterhead shows any more stay: mails of runs that are on their way may.</summary>
    protected override IEnumerable<Row> RowsOf(LetterheadEvent happened, LetterheadState after) =>
        happened is LogoPut put ? [new LogoRow(Aggregate.Organisation, put.Logo, [.. put.Image])] : [];

    public Task<LetterheadView> View() => Task.FromResult(new LetterheadView(Aggregate.Organisation, State.Revision, State.Details, State.Logo));

    public Task<Outcome<Done>> Change(ChangeLetterhead command) => Execute<Done>(command);

    public Task<Outcome<Done>> PutLogo(PutLogo command) => Execute<Done>(command);

    public Task<Outcome<Done>> RemoveLogo(RemoveLogo command) => Execute<Done>(command);

    private sealed record LogoRow(string Organisation, Logo Logo, byte[] Image) : Row
    {
        public override Statement ToStatement() => new(
            "INSERT INTO letterhead_logos (organisation, id, media_type, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            Organisation, Logo.Id, Logo.MediaType, Image);
    }
}

using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Sessions;

[Reentrant]
public sealed class SeriesGrain : AggregateGrain<SeriesState, SeriesEvent>, ISeriesGrain
{
    protected override string Kind => "series";

    protected override SeriesState Empty => SeriesState.Empty;

    protected override Decision<SeriesEvent> Decide(SeriesState state, Command command, DateTimeOffset now) => SeriesCore.Decide(state, command);

    protected override SeriesState Apply(SeriesState state, SeriesEvent happened) => SeriesCore.Apply(state, happened);

    public Task<SeriesView?> View() => Task.FromResult(
        State.ShowId is null ? null : new SeriesView(Aggregate.Organisation, Aggregate.Id, State.Revision, State.ShowId, State.Name));

    public Task<Outcome<Done>> Create(CreateSeries command) => Execute<Done>(command);

    public Task<Outcome<Done>> Rename(RenameSeries command) => Execute<Done>(command);

    public Task<Outcome<Done>> PutOnSale(PutSeriesOnSale command) => Execute<Done>(command);
}

/// <summary>A session that can't go on sale (cancelled meanwhile) stays as it is: its own journal says why.</summary>
public sealed class PutOnSaleHandler(IGrainFactory grains) : IEffectHandler<PutOnSaleEffect>
{
    public Task Do(PutOnSaleEffect effect, EffectContext context, CancellationToken cancellation) =>
        grains.GetGrain<ISessionGrain>(GrainKey.Of(context.Organisation, effect.SessionId)).PutOnSale(new PutSessionOnSale { Id = context.Id, By = effect.By });
}

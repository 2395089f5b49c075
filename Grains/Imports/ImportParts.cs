using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Imports;

/// <summary>
/// Applies one part of an accepted import and reports what became of it. Both commands' ids come from the effect's, so doing it again
/// after a crash changes nothing and is counted once.
/// </summary>
public abstract class ImportPartHandler<TEffect>(IGrainFactory grains) : IEffectHandler<TEffect>
    where TEffect : Effect
{
    protected IGrainFactory Grains => grains;

    public async Task Do(TEffect effect, EffectContext context, CancellationToken cancellation)
    {
        var refusals = await Apply(effect, context);
        var (import, part) = Named(effect);
        var recorded = await grains.GetGrain<IImportGrain>(GrainKey.Of(context.Organisation, import)).RecordPart(new RecordImportedPart(part, refusals)
        {
            Id = CommandIds.From("import-part", context.Id.ToString("N")),
            By = Actor.System("imports", context.Organisation),
        });
        // Read again after a change made meanwhile, a part may be refused for another reason than at first: the first account stands.
        if (recorded.IsRefused && recorded.Refusals[0].Code != "command-reused") throw new EffectImpossibleException(recorded.Refusals[0].Code);
    }

    /// <summary>The import, and how its progress names the part.</summary>
    protected abstract (string ImportId, string Part) Named(TEffect effect);

    /// <summary>Why it wasn't done; empty when it was.</summary>
    protected abstract Task<ImmutableArray<Refusal>> Apply(TEffect effect, EffectContext context);

    protected static ImmutableArray<Refusal> RefusalsOf<T>(Outcome<T> outcome) => outcome.IsRefused ? outcome.Refusals : [];

    /// <summary>As the progress names a session: the invariant form that screens make a sentence of.</summary>
    protected static string PartOf(string title, DateTime start) => string.Create(CultureInfo.InvariantCulture, $"{title} | {start:yyyy-MM-dd'T'HH:mm}");
}

public sealed class ImportShowHandler(IGrainFactory grains) : ImportPartHandler<ImportShowEffect>(grains)
{
    protected override (string, string) Named(ImportShowEffect effect) => (effect.ImportId, effect.Show.Details.Title);

    protected override async Task<ImmutableArray<Refusal>> Apply(ImportShowEffect effect, EffectContext context) => RefusalsOf(
        await Grains.GetGrain<IShowGrain>(GrainKey.Of(context.Organisation, effect.Show.Id))
            .Create(new CreateShow(effect.Show.Details) { Id = context.Id, By = effect.By }));
}

public sealed class ImportSeriesHandler(IGrainFactory grains) : ImportPartHandler<ImportSeriesEffect>(grains)
{
    protected override (string, string) Named(ImportSeriesEffect effect) => (effect.ImportId, effect.Series.Name);

    protected override async Task<ImmutableArray<Refusal>> Apply(ImportSeriesEffect effect, EffectContext context) => RefusalsOf(
        await Grains.GetGrain<ISeriesGrain>(GrainKey.Of(context.Organisation, effect.Series.Id))
            .Create(new CreateSeries(effect.Series.ShowId, effect.Series.Name) { Id = context.Id, By = effect.By }));
}

public sealed class ImportSessionHandler(IGrainFactory grains) : ImportPartHandler<ImportSessionEffect>(grains)
{
    protected override (string, string) Named(ImportSessionEffect effect) =>
        (effect.ImportId, PartOf(effect.Session.Title, effect.Session.Details.LocalStart));

    protected override async Task<ImmutableArray<Refusal>> Apply(ImportSessionEffect effect, EffectContext context)
    {
        var planned = effect.Session;
        var session = Grains.GetGrain<ISessionGrain>(GrainKey.Of(context.Organisation, planned.Id));
        return RefusalsOf(planned.Action == PlannedAction.Create
            ? await session.Create(new CreateSession(planned.Details, effect.OnSale) { Id = context.Id, By = effect.By })
            : await session.Change(new ChangeSession(planned.Details, planned.BasedOn) { Id = context.Id, By = effect.By }));
    }
}

public sealed class ImportPartnerHandler(IGrainFactory grains) : ImportPartHandler<ImportPartnerEffect>(grains)
{
    protected override (string, string) Named(ImportPartnerEffect effect) => (effect.ImportId, effect.Partner.Details.Name);

    protected override async Task<ImmutableArray<Refusal>> Apply(ImportPartnerEffect effect, EffectContext context)
    {
        var planned = effect.Partner;
        var partner = Grains.GetGrain<IPartnerGrain>(GrainKey.Of(context.Organisation, planned.Id));
        return RefusalsOf(planned.Action == PlannedAction.Create
            ? await partner.Create(new CreatePartner(planned.Details) { Id = context.Id, By = effect.By })
            : await partner.Change(new ChangePartner(planned.Details, planned.BasedOn) { Id = context.Id, By = effect.By }));
    }
}

public sealed class ImportTallyHandler(IGrainFactory grains) : ImportPartHandler<ImportTallyEffect>(grains)
{
    protected override (string, string) Named(ImportTallyEffect effect) => (effect.ImportId, PartOf(effect.Tally.Title, effect.Tally.LocalStart));

    protected override async Task<ImmutableArray<Refusal>> Apply(ImportTallyEffect effect, EffectContext context)
    {
        var planned = effect.Tally;
        var session = Grains.GetGrain<ISessionGrain>(GrainKey.Of(context.Organisation, planned.SessionId));
        if (!planned.NewChannels.IsEmpty && await AddChannels(session, effect, context) is { IsEmpty: false } refusals) return refusals;
        return effect.Handling == TallyHandling.Draft
            ? RefusalsOf(await session.SaveDraft(new SaveDraft(planned.Lines, TallySource.File, effect.FileName, null, planned.BasedOnVersion) { Id = context.Id, By = effect.By }))
            : RefusalsOf(await session.Validate(new ValidateTally(
                planned.Lines, TallySource.File, effect.FileName, null, planned.BasedOnVersion,
                // What was to be confirmed was seen and confirmed when the import was accepted.
                DropConfirmed: planned.IsDrop, OverCapacityConfirmed: !planned.Over.IsEmpty)
            { Id = context.Id, By = effect.By }));
    }

    /// <summary>Adds to the session what it lacks, as it is now; nothing when an attempt before this one has.</summary>
    private static async Task<ImmutableArray<Refusal>> AddChannels(ISessionGrain session, ImportTallyEffect effect, EffectContext context)
    {
        if (await session.View() is not { } view) return [Refusal.Of("session-unknown")];
        var missing = effect.Tally.NewChannels.Where(channel => view.Details.Channels.All(known => known.Code != channel.Code)).ToImmutableArray();
        if (missing.IsEmpty) return [];
        return RefusalsOf(await session.Change(new ChangeSession(view.Details with { Channels = [.. view.Details.Channels, .. missing] }, view.Revision)
        {
            Id = CommandIds.From("import-channels", context.Id.ToString("N")),
            By = effect.By,
        }));
    }
}

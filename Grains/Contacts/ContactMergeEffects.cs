using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>
/// What follows a merge, or its undoing, in the other contacts. Effects have no order: a contact that is given back before it was taken over
/// isn't any more (<see cref="ContactReleased"/>), and a relation is led elsewhere only while its merge stands.
/// </summary>
public sealed class AbsorbMergedContactHandler(IGrainFactory grains, ContactMergeQueries merges, EffectQueue queue) : IEffectHandler<AbsorbMergedContact>
{
    public async Task Do(AbsorbMergedContact effect, EffectContext context, CancellationToken cancellation)
    {
        var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(context.Organisation, effect.ContactId));
        MergeEffects.Expect(await contact.Absorb(new AbsorbContact(effect.Into, effect.IntoNumber, effect.MergeId) { Id = context.Id, By = effect.By }));
        var related = await merges.Related(context.Organisation, effect.ContactId, cancellation);
        await queue.Add(
            context.Organisation, CommandIds.From("retarget", effect.MergeId, effect.ContactId),
            [.. related.Select(id => (id, (Effect)new RetargetContactRelations(id, effect.ContactId, effect.Into, effect.MergeId, effect.By)))], cancellation);
    }
}

public sealed class ReleaseMergedContactHandler(IGrainFactory grains, ContactMergeQueries merges, EffectQueue queue) : IEffectHandler<ReleaseMergedContact>
{
    public async Task Do(ReleaseMergedContact effect, EffectContext context, CancellationToken cancellation)
    {
        var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(context.Organisation, effect.ContactId));
        MergeEffects.Expect(await contact.Release(new ReleaseContact(effect.MergeId) { Id = context.Id, By = effect.By }));
        var moved = await merges.Moved(context.Organisation, effect.MergeId, cancellation);
        await queue.Add(
            context.Organisation, CommandIds.From("restore", effect.MergeId, effect.ContactId),
            [.. moved.Select(id => (id, (Effect)new RestoreContactRelations(id, effect.MergeId, effect.By)))], cancellation);
    }
}

public sealed class RetargetContactRelationsHandler(IGrainFactory grains, ContactMergeQueries merges) : IEffectHandler<RetargetContactRelations>
{
    public async Task Do(RetargetContactRelations effect, EffectContext context, CancellationToken cancellation)
    {
        if (await merges.MergedInto(context.Organisation, effect.From, cancellation) != effect.To) return;
        var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(context.Organisation, effect.ContactId));
        MergeEffects.Expect(await contact.Retarget(new RetargetRelations(effect.From, effect.To, effect.MergeId) { Id = context.Id, By = effect.By }));
        // Undone meanwhile: nobody else would lead it back.
        if (await merges.MergedInto(context.Organisation, effect.From, cancellation) != effect.To)
            MergeEffects.Expect(await contact.Restore(new RestoreRelations(effect.MergeId) { Id = CommandIds.From("restore", context.Id.ToString("N")), By = effect.By }));
    }
}

public sealed class RestoreContactRelationsHandler(IGrainFactory grains) : IEffectHandler<RestoreContactRelations>
{
    public async Task Do(RestoreContactRelations effect, EffectContext context, CancellationToken cancellation) =>
        MergeEffects.Expect(await grains.GetGrain<IContactGrain>(GrainKey.Of(context.Organisation, effect.ContactId)).Restore(new RestoreRelations(effect.MergeId) { Id = context.Id, By = effect.By }));
}

internal static class MergeEffects
{
    /// <summary>Done again with what was read anew, a command may be another: the first account stands.</summary>
    public static void Expect(Outcome<Done> outcome)
    {
        if (outcome.IsRefused && outcome.Refusals[0].Code != "command-reused") throw new EffectImpossibleException(outcome.Refusals[0].Code);
    }
}

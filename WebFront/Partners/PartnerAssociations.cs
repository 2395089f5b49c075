using System.Collections.Concurrent;
using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Partners;

/// <summary>
/// One intention for several partners: a command each, their ids made from the form's, so that sending it again does nothing twice. What
/// one partner refuses doesn't hold up the others, and is said.
/// </summary>
internal sealed class PartnerAssociations(IGrainFactory grains, CurrentActor current, TimeProvider time, Reader reader, IHttpContextAccessor http)
{
    /// <summary>Partners in one go.</summary>
    public const int Most = 1_000;

    private const int AtOnce = 16;

    public async Task<(Tone, string)> Associate(Guid intention, IReadOnlyCollection<string> partners, ImmutableArray<string> sessions, ImmutableArray<string> series)
    {
        var (done, refused) = await Each(intention, "associate", partners, (partner, id) => partner.Associate(new AssociatePartner(sessions, series) { Id = id, By = current.Actor }));
        return Told(done, refused, Count(done, "associé", "associés", "associated"));
    }

    public async Task<(Tone, string)> Dissociate(Guid intention, IReadOnlyCollection<string> partners, ImmutableArray<string> sessions, ImmutableArray<string> series)
    {
        var (done, refused) = await Each(intention, "dissociate", partners, (partner, id) => partner.Dissociate(new DissociatePartner(sessions, series) { Id = id, By = current.Actor }));
        return Told(done, refused, Count(done, "dissocié", "dissociés", "dissociated"));
    }

    public async Task<(Tone, string)> Archive(Guid intention, IReadOnlyCollection<string> partners, bool archived)
    {
        var (done, refused) = await Each(intention, archived ? "archive" : "restore", partners, (partner, id) => partner.Archive(new ArchivePartner(archived) { Id = id, By = current.Actor }));
        return Told(done, refused, archived
            ? Count(done, "archivé", "archivés", "archived")
            : Count(done, "sorti des archives", "sortis des archives", "taken out of the archive"));
    }

    private async Task<(int Done, IReadOnlyCollection<Refusal> Refused)> Each(
        Guid intention, string act, IReadOnlyCollection<string> partners, Func<IPartnerGrain, Guid, Task<Outcome<Done>>> send)
    {
        var refused = new ConcurrentBag<Refusal>();
        await Parallel.ForEachAsync(
            partners.Where(Ids.IsValid).Distinct().Take(Most),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = http.HttpContext!.RequestAborted },
            async (partner, _) =>
            {
                var id = CommandIds.From(current.Organisation, "partners", act, intention.ToString("N"), partner);
                var outcome = await time.Send(() => send(grains.GetGrain<IPartnerGrain>(GrainKey.Of(current.Organisation, partner)), id));
                if (outcome.IsRefused) refused.Add(outcome.Refusals[0]);
            });
        return (partners.Where(Ids.IsValid).Distinct().Take(Most).Count() - refused.Count, refused);
    }

    private string Count(int done, string one, string many, string english) => reader.T(
        $"{reader.Formats.Count(done, "partenaire", "partenaires", "", "")} {(done > 1 ? many : one)}.",
        $"{reader.Formats.Count(done, "", "", "partner", "partners")} {english}.");

    private (Tone, string) Told(int done, IReadOnlyCollection<Refusal> refused, string said)
    {
        if (done == 0 && refused.Count == 0) return (Tone.Warn, reader.T("Choisissez au moins un partenaire.", "Choose at least one partner."));
        if (refused.Count == 0) return (Tone.Good, said);
        var why = string.Join(' ', refused.Select(refusal => RefusalSentences.Of(refusal, reader.Formats)).Distinct().Take(3));
        var rest = reader.T($"{reader.Formats.Count(refused.Count, "refusé", "refusés", "", "")} : {why}", $"{reader.Formats.Number(refused.Count)} refused: {why}");
        return (Tone.Bad, done == 0 ? rest : $"{said} {rest}");
    }
}

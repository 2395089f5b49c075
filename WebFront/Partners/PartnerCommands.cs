using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Partners;

/// <summary>The acts on partners that are a button and no page: each answers with the page it came from and a message that says what happened.</summary>
internal static class PartnerCommands
{
    public static void MapPartnerCommands(this IEndpointRouteBuilder routes)
    {
        var acts = routes.MapGroup("").RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        acts.MapPost("/partners/{id}/archive", (string id, Act act, IFormCollection form) =>
        {
            var archived = form["archived"] == "true";
            return act.Do(id, "", (grain, command, by) => grain.Archive(new ArchivePartner(archived) { Id = command, By = by }), archived
                ? ("Partenaire archivé : il ne reçoit plus rien.", "Partner archived: it receives nothing any more.")
                : ("Partenaire sorti des archives.", "Partner taken out of the archive."));
        });
        acts.MapPost("/partners/{id}/pause", (string id, Act act, IFormCollection form) =>
        {
            DateOnly? until = DateOnly.TryParseExact(form["until"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
            return act.Do(id, "", (grain, command, by) => grain.Pause(new PausePartner(until) { Id = command, By = by }),
                ("Partenaire en pause : rien ne lui part tout seul.", "Partner paused: nothing leaves for it by itself."));
        });
        acts.MapPost("/partners/{id}/resume", (string id, Act act, IFormCollection _) =>
            act.Do(id, "", (grain, command, by) => grain.Resume(new ResumePartner { Id = command, By = by }), ("La pause est levée.", "The pause is over.")));
        acts.MapPost("/partners/{id}/associate", (string id, Act act, IFormCollection form) => act.Do(
            id, "/sessions", (grain, command, by) => grain.Associate(new AssociatePartner(Chosen(form, "session"), Chosen(form, "series")) { Id = command, By = by }),
            ("C’est associé.", "Associated.")));
        acts.MapPost("/partners/{id}/dissociate", (string id, Act act, IFormCollection form) => act.Do(
            id, "/sessions", (grain, command, by) => grain.Dissociate(new DissociatePartner(Chosen(form, "session"), Chosen(form, "series")) { Id = command, By = by }),
            ("C’est dissocié.", "Dissociated.")));
        acts.MapPost("/partners/selection", OfSelection);
        acts.MapPost("/sessions/{id}/partners", async (string id, IFormCollection form, IGrainFactory grains, CurrentActor current, PartnerAssociations associations, HttpContext http) =>
            Ids.IsValid(id) && await grains.GetGrain<ISessionGrain>(GrainKey.Of(current.Organisation, id)).View() is not null
                ? await OfPlace(form, associations, http, [id], [], $"/sessions/{id}/general")
                : Results.NotFound());
        acts.MapPost("/series/{id}/partners", async (string id, IFormCollection form, IGrainFactory grains, CurrentActor current, PartnerAssociations associations, HttpContext http) =>
            Ids.IsValid(id) && await grains.GetGrain<ISeriesGrain>(GrainKey.Of(current.Organisation, id)).View() is not null
                ? await OfPlace(form, associations, http, [], [id], $"/series/{id}")
                : Results.NotFound());
    }

    private static ImmutableArray<string> Chosen(IFormCollection form, string name) => [.. form[name].OfType<string>().Where(id => id.Length > 0)];

    private static async Task<IResult> OfSelection(IFormCollection form, PartnerAssociations associations, HttpContext http)
    {
        var (tone, said) = await associations.Archive(CommandField.IdOf(http), Chosen(form, "partner"), archived: form["do"] != "restore");
        Flash.Leave(http, tone, said);
        return Results.LocalRedirect(form["back"].ToString() is ['/', 'p', 'a', 'r', 't', 'n', 'e', 'r', 's', ..] and var back ? back : "/partners");
    }

    /// <summary>From the page of a session or a series.</summary>
    private static async Task<IResult> OfPlace(
        IFormCollection form, PartnerAssociations associations, HttpContext http, ImmutableArray<string> sessions, ImmutableArray<string> series, string back)
    {
        var (command, partners) = (CommandField.IdOf(http), Chosen(form, "partner"));
        var (tone, said) = form["do"] == "remove"
            ? await associations.Dissociate(command, partners, sessions, series)
            : await associations.Associate(command, partners, sessions, series);
        Flash.Leave(http, tone, said);
        return Results.LocalRedirect(back);
    }

    internal sealed class Act(CurrentActor current, IGrainFactory grains, TimeProvider time, Reader reader, IHttpContextAccessor http)
    {
        /// <param name="tab">The partner's tab that it is answered with.</param>
        public async Task<IResult> Do(string id, string tab, Func<IPartnerGrain, Guid, Actor, Task<Outcome<Done>>> send, (string French, string English) done)
        {
            if (!Ids.IsValid(id)) return Results.NotFound();
            var command = CommandField.IdOf(http.HttpContext!);
            var grain = grains.GetGrain<IPartnerGrain>(GrainKey.Of(current.Organisation, id));
            var outcome = await time.Send(() => send(grain, command, current.Actor));
            if (outcome.IsRefused && outcome.Refusals[0].Code == "partner-unknown") return Results.NotFound();
            Flash.Leave(
                http.HttpContext!,
                outcome.IsRefused ? Tone.Bad : Tone.Good,
                outcome.IsRefused ? string.Join(' ', outcome.Refusals.Select(refusal => RefusalSentences.Of(refusal, reader.Formats))) : reader.T(done.French, done.English));
            return Results.LocalRedirect($"/partners/{id}{tab}");
        }
    }
}

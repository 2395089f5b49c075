using System.Globalization;
using Guichet.Components;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Tallies;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Sessions;

/// <summary>
/// The acts on a session that are a button and no page: each answers with the session's page and a message that says what happened.
/// </summary>
internal static class SessionCommands
{
    public static void MapSessionCommands(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/sessions/{id}").RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        session.MapPost("/put-on-sale", (string id, Act act, IFormCollection _) =>
            act.Do(id, (grain, command, by) => grain.PutOnSale(new PutSessionOnSale { Id = command, By = by }), ("La séance est en vente.", "The session is on sale.")));
        session.MapPost("/close", (string id, Act act, IFormCollection _) =>
            act.Do(id, (grain, command, by) => grain.Close(new CloseSession { Id = command, By = by }), ("La séance est clôturée.", "The session is closed.")));
        session.MapPost("/cancel", (string id, Act act, IFormCollection form) =>
            act.Do(id, (grain, command, by) => grain.Cancel(new CancelSession(form["reason"]) { Id = command, By = by }), ("La séance est annulée.", "The session is cancelled.")));
        session.MapPost("/discard-draft", (string id, Act act, IFormCollection _) =>
            act.Do(id, (grain, command, by) => grain.DiscardDraft(new DiscardDraft { Id = command, By = by }), ("Le brouillon est abandonné.", "The draft is discarded.")));
        session.MapPost("/restore", Restore);
        routes.MapPost("/shows/{id}/archive", Archive).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        session.MapPost("/shareable", (string id, Act act, IFormCollection form) =>
        {
            var shareable = form["shareable"] == "true";
            return act.Do(id, (grain, command, by) => grain.MakeShareable(new MakeSessionShareable(shareable) { Id = command, By = by }), shareable
                ? ("La séance est proposée aux structures qui demandent à recevoir.", "The session is offered to organisations that ask to receive.")
                : ("La séance n’est plus proposée.", "The session is no longer offered."));
        });
    }

    private static async Task<IResult> Archive(string id, IFormCollection form, CurrentActor current, IGrainFactory grains, TimeProvider time, Reader reader, HttpContext http)
    {
        if (!Ids.IsValid(id)) return Results.NotFound();
        var (archived, command) = (form["archived"] == "true", CommandField.IdOf(http));
        var outcome = await time.Send(() => grains.GetGrain<IShowGrain>(GrainKey.Of(current.Organisation, id)).Archive(new ArchiveShow(archived) { Id = command, By = current.Actor }));
        if (outcome.IsRefused) return Results.NotFound();
        Flash.Leave(http, Tone.Good, archived
            ? reader.T("Spectacle archivé : il n’est plus proposé pour de nouvelles séances.", "Show archived: it is no longer proposed for new sessions.")
            : reader.T("Spectacle sorti des archives.", "Show taken out of the archive."));
        return Results.LocalRedirect($"/shows/{id}");
    }

    /// <summary>A version's lines as the session's draft, to be looked at and validated as a new version.</summary>
    private static async Task<IResult> Restore(string id, Act act, IFormCollection form, SessionQueries sessions, CurrentActor current, Reader reader, CancellationToken cancellation)
    {
        if (!int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version == int.MaxValue) return Results.NotFound();
        if (await sessions.Versions(current.Organisation, id, version + 1, 1, cancellation) is not [var row] || row.Version != version) return Results.NotFound();
        var note = reader.T($"Reprise de la version {version}", $"Taken from version {version}");
        return await act.Do(
            id,
            async (grain, command, by) =>
            {
                var current = (await grain.View())?.Current?.Version ?? 0;
                return await grain.SaveDraft(new SaveDraft(row.Lines, TallySource.Typed, null, note, current) { Id = command, By = by });
            },
            ($"Brouillon fait de la version {version} : relisez, puis validez.", $"Draft made from version {version}: check, then validate."));
    }

    internal sealed class Act(CurrentActor current, IGrainFactory grains, TimeProvider time, Reader reader, IHttpContextAccessor http)
    {
        public async Task<IResult> Do(
            string id, Func<ISessionGrain, Guid, Actor, Task<Outcome<Done>>> send, (string French, string English) done)
        {
            if (!Ids.IsValid(id)) return Results.NotFound();
            var command = CommandField.IdOf(http.HttpContext!);
            var grain = grains.GetGrain<ISessionGrain>(GrainKey.Of(current.Organisation, id));
            var outcome = await time.Send(() => send(grain, command, current.Actor));
            if (outcome.IsRefused && outcome.Refusals[0].Code == "session-unknown") return Results.NotFound();
            Flash.Leave(
                http.HttpContext!,
                outcome.IsRefused ? Tone.Bad : Tone.Good,
                outcome.IsRefused ? string.Join(' ', outcome.Refusals.Select(refusal => RefusalSentences.Of(refusal, reader.Formats))) : reader.T(done.French, done.English));
            return Results.LocalRedirect($"/sessions/{id}");
        }
    }
}

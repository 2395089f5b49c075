using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Contacts;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Portals;

/// <summary>What the house does with contacts' accounts and producers, by a button and no page.</summary>
internal static class AccountActs
{
    private const int AtOnce = 16;

    public static void MapAccountActs(this IEndpointRouteBuilder routes)
    {
        var acts = routes.MapGroup("").RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        acts.MapPost("/contacts/{id}/account/open", (string id, ContactRecordScreens.Act act, IFormCollection form) => act.Do(
            id, "", (contact, command, by) => contact.OpenAccount(new OpenContactAccount(form["identifier"].ToString() is { Length: > 0 } identifier ? identifier : null) { Id = command, By = by }),
            ("Compte créé : le lien pour choisir le mot de passe est parti.", "Account created: the link to choose the password has left.")));
        acts.MapPost("/contacts/{id}/account/identifier", (string id, ContactRecordScreens.Act act, IFormCollection form) => act.Do(
            id, "", (contact, command, by) => contact.ChangeIdentifier(new ChangeAccountIdentifier(form["identifier"].ToString()) { Id = command, By = by }),
            ("Identifiant changé : le contact en est prévenu.", "Identifier changed: the contact is told.")));
        acts.MapPost("/contacts/{id}/account/suspend", (string id, ContactRecordScreens.Act act, IFormCollection form) =>
        {
            var suspended = form["suspended"] == "true";
            return act.Do(id, "", (contact, command, by) => contact.SuspendAccount(new SuspendContactAccount(suspended) { Id = command, By = by }), suspended
                ? ("Compte suspendu : personne ne s’y connecte plus.", "Account suspended: nobody signs in to it any more.")
                : ("Compte repris, avec le même mot de passe.", "Account resumed, with the same password."));
        });
        acts.MapPost("/contacts/{id}/account/close", (string id, ContactRecordScreens.Act act, IFormCollection _) => act.Do(
            id, "", (contact, command, by) => contact.CloseAccount(new CloseContactAccount { Id = command, By = by }), ("Compte fermé.", "Account closed.")));
        acts.MapPost("/contacts/{id}/account/link", (string id, ContactRecordScreens.Act act, IFormCollection _) => act.Do(
            id, "", (contact, command, by) => contact.SendPasswordLink(new SendPasswordLink { Id = command, By = by }),
            ("Le lien pour choisir un mot de passe est parti.", "The link to choose a password has left.")));
        acts.MapPost("/contacts/password-links", SendLinks);
        acts.MapPost("/sessions/{id}/producers", async (string id, IFormCollection form, IGrainFactory grains, CurrentActor current, ContactRecordScreens.Act act) =>
            Ids.IsValid(id) && await grains.GetGrain<ISessionGrain>(GrainKey.Of(current.Organisation, id)).View() is not null
                ? await Produce(form, act, ProductionKind.Session, id, $"/sessions/{id}/general")
                : Results.NotFound());
        acts.MapPost("/series/{id}/producers", async (string id, IFormCollection form, IGrainFactory grains, CurrentActor current, ContactRecordScreens.Act act) =>
            Ids.IsValid(id) && await grains.GetGrain<ISeriesGrain>(GrainKey.Of(current.Organisation, id)).View() is not null
                ? await Produce(form, act, ProductionKind.Series, id, $"/series/{id}")
                : Results.NotFound());
    }

    private static async Task<IResult> Produce(IFormCollection form, ContactRecordScreens.Act act, ProductionKind kind, string of, string back)
    {
        // Without scripts: the page shows what it finds to choose from.
        if (ContactPicker.IsSearching(form)) return Results.LocalRedirect($"{back}?producer-find={Uri.EscapeDataString(form["producer-find"].ToString())}#producers");
        var contact = form["producer"].ToString();
        if (!Ids.IsValid(contact)) return act.Say(Tone.Warn, "Choisissez un contact de type producteur.", "Choose a contact of type producer.", back);
        return form["do"] == "remove"
            ? await act.Do(contact, "", (grain, command, by) => grain.DissociateProducer(new DissociateProducer(kind, of) { Id = command, By = by }),
                ("Dissocié : il n’en voit plus les ventes.", "Dissociated: it no longer sees these sales."), back)
            : await act.Do(contact, "", (grain, command, by) => grain.AssociateProducer(new AssociateProducer(kind, of, form["revenue"] == "true") { Id = command, By = by }),
                ("Associé : il suit les ventes en direct dans son espace.", "Associated: it follows the sales live in its space."), back);
    }

    /// <summary>"Changer mot de passe" of those picked in the list: a link each, by a command of its own; what one refuses doesn't hold up the others.</summary>
    private static async Task<IResult> SendLinks(IFormCollection form, IGrainFactory grains, CurrentActor current, TimeProvider time, Reader reader, HttpContext http)
    {
        ImmutableArray<string> picked = [.. form["contact"].OfType<string>().Where(Ids.IsValid).Distinct()];
        if (picked.Length is 0 or > ContactBulk.Most)
        {
            Flash.Leave(http, Tone.Warn, picked.IsEmpty
                ? reader.T("Choisissez au moins un contact dans la liste.", "Pick at least one contact in the list.")
                : reader.T($"Plus de {reader.Formats.Number(ContactBulk.Most)} contacts à la fois : rien n’est parti.", $"More than {reader.Formats.Number(ContactBulk.Most)} contacts at once: nothing was sent."));
            return Results.LocalRedirect("/contacts");
        }
        var (intention, by) = (CommandField.IdOf(http), current.Actor);
        var outcomes = new System.Collections.Concurrent.ConcurrentBag<Outcome<Done>>();
        // Once begun it goes on to its end, whoever still waits for it.
        await Parallel.ForEachAsync(picked, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (contact, _) =>
        {
            var command = new SendPasswordLink { Id = CommandIds.From(by.Organisation, "password-links", intention.ToString("N"), contact), By = by };
            outcomes.Add(await time.Send(() => grains.GetGrain<IContactGrain>(GrainKey.Of(by.Organisation, contact)).SendPasswordLink(command)));
        });
        var refused = outcomes.Where(outcome => outcome.IsRefused).Select(outcome => outcome.Refusals[0]).ToList();
        var sent = reader.T(
            $"{reader.Formats.Count(picked.Length - refused.Count, "lien parti", "liens partis", "", "")}.", $"{reader.Formats.Count(picked.Length - refused.Count, "", "", "link", "links")} sent.");
        var why = string.Join(' ', refused.Select(refusal => RefusalSentences.Of(refusal, reader.Formats)).Distinct().Take(3));
        Flash.Leave(http, refused.Count == 0 ? Tone.Good : Tone.Warn, refused.Count == 0 ? sent : reader.T(
            $"{sent} {reader.Formats.Count(refused.Count, "refusé", "refusés", "", "")} : {why}", $"{sent} {reader.Formats.Number(refused.Count)} refused: {why}"));
        return Results.LocalRedirect(form["back"].ToString() is ['/', 'c', 'o', 'n', 't', 'a', 'c', 't', 's', ..] and var back ? LocalPath.OrHome(back) : "/contacts");
    }
}

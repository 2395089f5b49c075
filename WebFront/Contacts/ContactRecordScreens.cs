using Guichet.Components;
using Guichet.Jobs;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Contacts;

/// <summary>What the pages of a contact's record need beside themselves: acts that are a button and no page, and what their scripts ask for.</summary>
internal static class ContactRecordScreens
{
    public static void AddContactRecordScreens(this IServiceCollection services)
    {
        services.AddScoped<Act>();
        services.AddScoped<PersonalDataFile>();
        services.AddScoped<PersonalDataDownload>();
        services.AddScoped<JobActs>();
        services.AddScoped<Alike>();
    }

    public static void MapContactRecordScreens(this IEndpointRouteBuilder routes)
    {
        var acts = routes.MapGroup("/contacts").RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        acts.MapPost("{id}/archive", (string id, Act act, IFormCollection form) =>
        {
            var archived = form["archived"] == "true";
            return act.Do(id, "", (contact, command, by) => contact.Archive(new ArchiveContact(archived) { Id = command, By = by }), archived
                ? ("Contact archivé : les recherches ne le montrent plus.", "Contact archived: searches no longer show it.")
                : ("Contact sorti des archives.", "Contact taken out of the archive."));
        });
        acts.MapPost("remove", (Act act, IFormCollection form) => act.Remove(form));
        acts.MapPost("{id}/unrelate", (string id, Act act, IFormCollection form) =>
        {
            var kind = Enum.TryParse<RelationKind>(form["kind"], out var given) && Enum.IsDefined(given) ? given : (RelationKind)(-1);
            var (of, other) = form["of"].ToString() is var below && Ids.IsValid(below) && below != id ? (below, id) : (id, form["to"].ToString());
            return act.Do(of, "/relations", (contact, command, by) => contact.Unrelate(new UnrelateContact(kind, other) { Id = command, By = by }),
                ("Relation retirée.", "Relation removed."), back: $"/contacts/{id}/relations");
        });
        acts.MapPost("{id}/addresses/act", (string id, Act act, IFormCollection form) => act.OnAddress(id, form));
        acts.MapPost("{id}/consents/withdraw", (string id, Act act, IFormCollection form, Reader reader) => act.Do(
            id, "/marketing",
            (contact, command, by) => contact.WithdrawConsent(new WithdrawConsent(
                Enum.TryParse<ConsentChannel>(form["channel"], out var channel) && Enum.IsDefined(channel) ? channel : (ConsentChannel)(-1), form["category"].ToString(), ConsentForm.Read(form, reader))
            { Id = command, By = by }),
            ("Le retrait est enregistré.", "The withdrawal is recorded.")));
        acts.MapPost("{id}/notes/remove", (string id, Act act, IFormCollection form) => act.Do(
            id, "/notes",
            (contact, command, by) => contact.RemoveNote(new RemoveContactNote(form["note"].ToString(), int.TryParse(form["revision"], out var revision) ? revision : 0) { Id = command, By = by }),
            ("Note retirée.", "Note removed.")));
        acts.MapPost("{id}/personal-data", (string id, IFormCollection _, PersonalDataDownload download) => download.Write(id));
        acts.MapPost("{id}/hold", (string id, Act act, IFormCollection form) =>
        {
            var reason = form["held"] == "true" ? form["reason"].ToString() : null;
            return act.Do(id, "/administration", (contact, command, by) => contact.Hold(new HoldContact(reason) { Id = command, By = by }), reason is not null
                ? ("La fiche sera conservée, quoi que disent les règles.", "The record will be kept, whatever rules say.")
                : ("La fiche suit de nouveau les règles.", "The record follows the rules again."));
        }).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Administrator));
        acts.MapPost("{id}/undo-merge", (string id, Act act, IFormCollection form) => act.Do(
            id, "/administration", (contact, command, by) => contact.UndoMerge(new UndoContactMerge(form["merge"].ToString()) { Id = command, By = by }),
            ("Fusion annulée : les fiches sont de nouveau séparées.", "Merge undone: the records are apart again.")));
        acts.MapPost("duplicates/apart", (Act act, IFormCollection form) =>
        {
            var apart = form["apart"] != "false";
            return act.Do(
                form["one"].ToString(), "", (contact, command, by) => contact.TellApart(new TellContactsApart(form["other"].ToString(), apart) { Id = command, By = by }),
                apart ? ("C’est noté : ces fiches sont bien deux.", "Noted: these records are really two.") : ("Ces fiches sont de nouveau à regarder.", "These records are to be looked at again."),
                back: apart ? "/contacts/duplicates" : "/contacts/duplicates?apart=true");
        });
        acts.MapPost("duplicates/search", async (IFormCollection _, IGrainFactory grains, CurrentActor current, TimeProvider time, ContactPairs pairs, JobQueries jobs, HttpContext http) =>
        {
            // One at a time: a second would go over the same ground.
            var latest = await jobs.Latest(current.Organisation, JobKind.ContactDuplicates, http.RequestAborted);
            if (latest is null || await grains.GetGrain<IJobGrain>(GrainKey.Of(current.Organisation, latest)).View() is not { Status: JobStatus.Running })
            {
                var command = CommandField.IdOf(http);
                var total = await pairs.Contacts(current.Organisation, http.RequestAborted);
                var id = Ids.From(time.GetUtcNow(), "contact-duplicates", current.Organisation, command.ToString("N"));
                await time.Send(() => grains.GetGrain<IJobGrain>(GrainKey.Of(current.Organisation, id)).Start(new StartJob(JobKind.ContactDuplicates, null, total) { Id = command, By = current.Actor }));
            }
            return Results.LocalRedirect("/contacts/duplicates");
        });
        acts.MapPost("duplicates/stop", (IFormCollection form, JobActs job) => job.Stop(form, _ => "/contacts/duplicates"));
        acts.MapPost("duplicates/resume", (IFormCollection form, JobActs job) => job.Resume(form, _ => "/contacts/duplicates"));
        acts.MapPost("bulk/stop", (IFormCollection form, JobActs job) => job.Stop(form, id => $"/contacts/bulk/{id}"));
        acts.MapPost("bulk/resume", (IFormCollection form, JobActs job) => job.Resume(form, id => $"/contacts/bulk/{id}"));
        acts.MapGet("alike", (Alike alike) => alike.Answer());
        routes.MapPost("/settings/contact-criteria/retire", async (IFormCollection form, CurrentActor current, IGrainFactory grains, TimeProvider time, Reader reader, HttpContext http) =>
        {
            var settings = grains.GetGrain<IContactSettingsGrain>(GrainKey.Of(current.Organisation, ContactSettingsKey.Id));
            var retired = form["retired"] == "true";
            var outcome = await time.Send(() => settings.Retire(new RetireCriterion(form["code"].ToString(), retired) { Id = CommandField.IdOf(http), By = current.Actor }));
            Flash.Leave(
                http, outcome.IsRefused ? Tone.Bad : Tone.Good,
                outcome.IsRefused ? string.Join(' ', outcome.Refusals.Select(refusal => RefusalSentences.Of(refusal, reader.Formats)))
                : retired ? reader.T("Critère retiré : les contacts qui l’ont le gardent.", "Criterion retired: contacts that have it keep it.")
                : reader.T("Critère de nouveau proposé.", "Criterion offered again."));
            return Results.LocalRedirect("/settings/contact-criteria");
        }).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        routes.MapGet("/contacts/postcode", (string? country, string? postcode, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "private, max-age=86400";
            return Results.Json(FrenchPostcodes.Find(country, postcode));
        }).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Reader)).ExcludeFromDescription();
    }

    internal sealed class JobActs(CurrentActor current, IGrainFactory grains, TimeProvider time, Reader reader, IHttpContextAccessor http)
    {
        /// <param name="back">The page that shows the job.</param>
        public Task<IResult> Stop(IFormCollection form, Func<string, string> back) => Do(form, back, (grain, command, by) => grain.Stop(new StopJob { Id = command, By = by }));

        public Task<IResult> Resume(IFormCollection form, Func<string, string> back) => Do(form, back, (grain, command, by) => grain.Resume(new ResumeJob { Id = command, By = by }));

        private async Task<IResult> Do(IFormCollection form, Func<string, string> back, Func<IJobGrain, Guid, Actor, Task<Outcome<Done>>> send)
        {
            var id = form["job"].ToString();
            if (!Ids.IsValid(id)) return Results.NotFound();
            var command = CommandField.IdOf(http.HttpContext!);
            var outcome = await time.Send(() => send(grains.GetGrain<IJobGrain>(GrainKey.Of(current.Organisation, id)), command, current.Actor));
            if (outcome.IsRefused && outcome.Refusals[0].Code == "job-unknown") return Results.NotFound();
            if (outcome.IsRefused) Flash.Leave(http.HttpContext!, Tone.Bad, string.Join(' ', outcome.Refusals.Select(refusal => RefusalSentences.Of(refusal, reader.Formats))));
            return Results.LocalRedirect(back(id));
        }
    }

    internal sealed class Act(CurrentActor current, IGrainFactory grains, TimeProvider time, Reader reader, IHttpContextAccessor http)
    {
        /// <summary>As many as a page of the list shows.</summary>
        private const int MostRemoved = 200;

        /// <param name="tab">The contact's tab that it is answered with, unless it is another page.</param>
        public async Task<IResult> Do(
            string id, string tab, Func<IContactGrain, Guid, Actor, Task<Outcome<Done>>> send, (string French, string English) done, string? back = null)
        {
            if (!Ids.IsValid(id)) return Results.NotFound();
            var command = CommandField.IdOf(http.HttpContext!);
            var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(current.Organisation, id));
            var outcome = await time.Send(() => send(contact, command, current.Actor));
            if (outcome.IsRefused && outcome.Refusals[0].Code == "contact-unknown") return Results.NotFound();
            Flash.Leave(
                http.HttpContext!,
                outcome.IsRefused ? Tone.Bad : Tone.Good,
                outcome.IsRefused ? string.Join(' ', outcome.Refusals.Select(refusal => RefusalSentences.Of(refusal, reader.Formats))) : reader.T(done.French, done.English));
            return Results.LocalRedirect(back ?? $"/contacts/{id}{tab}");
        }

        /// <summary>What the list's "remove" does: one contact is archived or erased on a page of its own; several are archived, which can be undone.</summary>
        public async Task<IResult> Remove(IFormCollection form)
        {
            string[] picked = [.. form["contact"].OfType<string>().Where(Ids.IsValid).Distinct(StringComparer.Ordinal).Take(MostRemoved)];
            if (picked is [var only]) return Results.LocalRedirect($"/contacts/{only}/erase");
            var command = CommandField.IdOf(http.HttpContext!);
            var archived = 0;
            foreach (var id in picked)
            {
                var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(current.Organisation, id));
                var outcome = await time.Send(() => contact.Archive(new ArchiveContact(true) { Id = CommandIds.From("archive-picked", command.ToString("N"), id), By = current.Actor }));
                if (!outcome.IsRefused) archived++;
            }
            Flash.Leave(http.HttpContext!, archived > 0 ? Tone.Good : Tone.Warn, reader.T(
                $"{reader.Formats.Count(archived, "contact archivé", "contacts archivés", "", "")} : les recherches ne les montrent plus. Pour en effacer un pour de bon, choisissez-le seul.",
                $"{reader.Formats.Count(archived, "", "", "contact archived", "contacts archived")}: searches no longer show them. To erase one for good, choose it alone."));
            return Results.LocalRedirect("/contacts");
        }

        /// <summary>Nothing is done; it is said why.</summary>
        public IResult Say(Tone tone, string french, string english, string back)
        {
            Flash.Leave(http.HttpContext!, tone, reader.T(french, english));
            return Results.LocalRedirect(back);
        }

        /// <summary>Marks one of the addresses as not valid, or valid again, or removes it; the first that is left then becomes the main one.</summary>
        public async Task<IResult> OnAddress(string id, IFormCollection form)
        {
            var view = Ids.IsValid(id) ? await grains.GetGrain<IContactGrain>(GrainKey.Of(current.Organisation, id)).View() : null;
            if (view is null) return Results.NotFound();
            var addresses = view.Details.Addresses;
            var seen = ContactMerge.ReadAddress(form["seen"].ToString());
            if (seen is null || addresses.IndexOf(seen) is not (>= 0 and var place))
            {
                Flash.Leave(http.HttpContext!, Tone.Warn, reader.T("Quelqu’un a changé cette adresse entre-temps : la voici. Rien n’a été fait.", "Someone changed this address meanwhile: here it is. Nothing was done."));
                return Results.LocalRedirect($"/contacts/{id}/addresses");
            }
            var removed = form["do"] == "remove";
            addresses = removed ? addresses.RemoveAt(place) : addresses.SetItem(place, seen with { NotValid = form["do"] == "invalid" });
            if (removed && seen.Kind == AddressKind.Main && addresses is [var first, ..]) addresses = addresses.SetItem(0, first with { Kind = AddressKind.Main });
            return await Do(
                id, "/addresses", (contact, command, by) => contact.Change(new ChangeContact(view.Details with { Addresses = addresses }, view.Revision) { Id = command, By = by }),
                removed ? ("Adresse retirée.", "Address removed.")
                : form["do"] == "invalid" ? ("Adresse marquée non valide : on n’y écrit plus.", "Address marked not valid: nobody writes there.")
                : ("Adresse de nouveau valide.", "Address valid again."));
        }
    }

    /// <summary>Who is likely the contact that is being typed: asked for while typing.</summary>
    internal sealed class Alike(ContactDuplicates duplicates, CurrentActor current, Reader reader, IHttpContextAccessor http)
    {
        public async Task<RazorComponentResult<AlikeContacts>> Answer()
        {
            var query = http.HttpContext!.Request.Query;
            http.HttpContext.Response.Headers.CacheControl = "no-store";
            return new RazorComponentResult<AlikeContacts>(new
            {
                Found = await Find(name => query[name].ToString(), query["except"].ToString()),
            });
        }

        /// <param name="typed">What a field of the form holds, by its name.</param>
        public async Task<IReadOnlyList<LikelyDuplicate>> Find(Func<string, string> typed, string? except)
        {
            var country = typed(PhoneTyped.CountryField("mobile")) is var dialled && PhoneText.Countries.Contains(dialled) ? dialled : null;
            var structure = typed("kind") == nameof(ContactKind.Structure);
            var probe = new ContactProbe(
                Short(typed("name")), structure ? null : Short(typed("firstName")), [Short(typed("email"))], [Short(typed("mobile"))], null, country);
            return await duplicates.Find(current.Organisation, probe, Ids.IsValid(except) ? except : null, reader.Formats.Today, http.HttpContext!.RequestAborted);
        }

        private static string Short(string text) => text.Length <= 300 ? text : text[..300];
    }
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Guichet.Components;
using Guichet.Exports;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Imports;

/// <summary>What is done with an import of contacts beside its pages: stopped, gone on with, undone; its refused lines as a file.</summary>
internal static class ContactImportActs
{
    public static void AddContactImportActs(this IServiceCollection services)
    {
        services.AddScoped<Act>();
        services.AddScoped<RefusedFile>();
    }

    public static void MapContactImportActs(this IEndpointRouteBuilder routes)
    {
        var acts = routes.MapGroup("/imports/{id}").RequireAuthorization(AtLeastAttribute.PolicyFor(Role.BoxOffice)).ExcludeFromDescription();
        acts.MapPost("stop", (string id, IFormCollection form, Act act) => act.Do(id, (job, command, by) => job.Stop(new StopJob { Id = command, By = by })));
        acts.MapPost("resume", (string id, IFormCollection form, Act act) => act.Do(id, (job, command, by) => job.Resume(new ResumeJob { Id = command, By = by })));
        acts.MapPost("undo", (string id, IFormCollection form, Act act) => act.Undo(id));
        acts.MapGet("refused.csv", (string id, RefusedFile file) => file.Write(id));
    }

    internal sealed class Act(CurrentActor current, IGrainFactory grains, ContactImportRows rows, TimeProvider time, Reader reader, IHttpContextAccessor accessor)
    {
        /// <summary>To the job that is at work: the one that undoes, once there is one.</summary>
        public async Task<IResult> Do(string id, Func<IJobGrain, Guid, Actor, Task<Outcome<Done>>> send)
        {
            if (!Ids.IsValid(id)) return Results.NotFound();
            var undo = Job(ContactImports.UndoOf(current.Organisation, id));
            var job = await undo.View() is null ? Job(id) : undo;
            if (await job.View() is not { Kind: JobKind.ContactImport or JobKind.ContactImportUndo }) return Results.NotFound();
            var command = CommandField.IdOf(accessor.HttpContext!);
            return Answer(id, await time.Send(() => send(job, command, current.Actor)));
        }

        /// <summary>An import at work is stopped first: what its step in hand still does, the undoing finds and undoes.</summary>
        public async Task<IResult> Undo(string id)
        {
            if (!Ids.IsValid(id) || await Job(id).View() is not { Kind: JobKind.ContactImport } job) return Results.NotFound();
            if (job.Status == JobStatus.Running)
            {
                Flash.Leave(accessor.HttpContext!, Tone.Warn, reader.T("Arrêtez d’abord l’import.", "Stop the import first."));
                return Results.LocalRedirect($"/imports/{id}");
            }
            var start = new StartJob(JobKind.ContactImportUndo, Json.Write(new ContactImportArgument(id, current.Actor)), await rows.Count(current.Organisation, id)) { Id = CommandField.IdOf(accessor.HttpContext!), By = current.Actor };
            return Answer(id, await time.Send(() => Job(ContactImports.UndoOf(current.Organisation, id)).Start(start)));
        }

        private IJobGrain Job(string id) => grains.GetGrain<IJobGrain>(GrainKey.Of(current.Organisation, id));

        private IResult Answer(string id, Outcome<Done> outcome)
        {
            if (outcome.IsRefused) Flash.Leave(accessor.HttpContext!, Tone.Bad, string.Join(' ', outcome.Refusals.Select(refusal => RefusalSentences.Of(refusal, reader.Formats))));
            return Results.LocalRedirect($"/imports/{id}");
        }
    }

    internal sealed class RefusedFile(CurrentActor current, ImportDesk desk, ContactImports imports, Reader reader, IHttpContextAccessor accessor)
    {
        public async Task Write(string id)
        {
            var http = accessor.HttpContext!;
            if (!Ids.IsValid(id) || await desk.Open(current.Organisation, id, http.RequestAborted) is not { } received)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            // Files of other kinds are taken whole or not at all: their page says what is refused.
            if (received is not { Kind: ImportKind.Contacts, Read.Value: { } sheet })
            {
                http.Response.Redirect($"/imports/{id}");
                return;
            }
            ImmutableArray<ExportColumn> columns = [.. sheet.Mapping.Headers.Select(header => new ExportColumn(header, ExportKind.Text)), new(reader.T("Ligne du fichier", "Line of the file"), ExportKind.Whole), new(reader.T("Raison du refus", "Why refused"), ExportKind.Text)];
            var export = new Export(
                reader.T("Lignes refusées", "Refused lines"), columns, Rows(sheet, http.RequestAborted), reader.Language == Guichet.Words.Language.French ? ExportLanguage.French : ExportLanguage.English);
            await Download.Table(http, export, reader.T("lignes-refusees", "refused-lines"), "csv");
        }

        private async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows(ImportSheet sheet, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var line in imports.Refused(current.Organisation, sheet, cancellation))
                yield return
                [
                    .. Enumerable.Range(0, sheet.Mapping.Headers.Length).Select(column => ExportCell.Of(line.Row[column].Text)), ExportCell.Of(line.Row.Line),
                    ExportCell.Of(string.Join(" ", line.Refusals.Select(refusal => $"{reader.Field(refusal.Column)}{reader.T("\u00A0: ", ": ")}{reader.Sentence(refusal)}"))),
                ];
        }
    }
}

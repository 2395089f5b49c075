using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Guichet.Components;
using Guichet.Exports;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Notifications;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Contacts;

/// <summary>What is done with retention rules beside their pages, and whom a preview found as a file.</summary>
internal static class ContactRetentionScreens
{
    public const string Root = "/settings/contact-retention";

    public static void AddContactRetention(this IServiceCollection services)
    {
        services.AddScoped<Act>();
        services.AddScoped<FindingsFile>();
        services.AddNotificationText("retention-run", "trash", Tone.Info, (reader, told) => reader.T(
            $"Conservation des contacts : effacés {Figure(reader, told[0])}, gardés {Figure(reader, told[1])}.", $"Retention of contacts: erased {Figure(reader, told[0])}, kept {Figure(reader, told[1])}."));
        services.AddNotificationText("retention-held-back", "alert-triangle", Tone.Warn, (reader, told) => reader.T(
            $"Conservation des contacts : {Figure(reader, told[0])} fiches seraient à effacer cette nuit, plus que les {Figure(reader, told[1])} permises sans votre accord. Rien n’est effacé.",
            $"Retention of contacts: {Figure(reader, told[0])} records were to be erased tonight, more than the {Figure(reader, told[1])} allowed without your word. Nothing is erased."));
    }

    public static void MapContactRetention(this IEndpointRouteBuilder routes)
    {
        var acts = routes.MapGroup(Root).RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Administrator)).ExcludeFromDescription();
        acts.MapPost("preview", (IFormCollection _, Act act) => act.Preview());
        acts.MapPost("off", (IFormCollection _, Act act) => act.SwitchOff());
        acts.MapPost("stop", (IFormCollection form, Act act) => act.OnJob(form, (job, command, by) => job.Stop(new StopJob { Id = command, By = by })));
        acts.MapPost("resume", (IFormCollection form, Act act) => act.OnJob(form, (job, command, by) => job.Resume(new ResumeJob { Id = command, By = by })));
        routes.MapGet("/export/contact-retention/{preview}.{format}", (string preview, string format, FindingsFile file) => file.Write(preview, format))
            .RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Administrator)).ExcludeFromDescription();
    }

    private static string Figure(Reader reader, string said) => long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? reader.Formats.Number(number) : said;

    /// <summary>A preview's or run's page.</summary>
    public static string PathOf(JobView job) => job.Kind == JobKind.ContactRetentionPreview ? $"{Root}/previews/{job.Id}" : $"{Root}/runs/{job.Id}";

    internal sealed class Act(CurrentActor current, IGrainFactory grains, TimeProvider time, Reader reader, IHttpContextAccessor accessor)
    {
        private IContactRetentionGrain Retention => grains.GetGrain<IContactRetentionGrain>(GrainKey.Of(current.Organisation, ContactRetentionKey.Id));

        private Guid Command => CommandField.IdOf(accessor.HttpContext!);

        public async Task<IResult> Preview()
        {
            var outcome = await time.Send(() => Retention.Preview(new PreviewRetention { Id = Command, By = current.Actor }));
            return outcome.IsRefused ? Refused(outcome.Refusals, Root) : Results.LocalRedirect($"{Root}/previews/{outcome.Accepted.Id}");
        }

        public async Task<IResult> SwitchOff()
        {
            var outcome = await time.Send(() => Retention.Switch(new SwitchRetention(false, null, null) { Id = Command, By = current.Actor }));
            if (outcome.IsRefused) return Refused(outcome.Refusals, Root);
            Flash.Leave(accessor.HttpContext!, Tone.Good, reader.T("Plus rien n’est effacé la nuit.", "Nothing is erased at night any more."));
            return Results.LocalRedirect(Root);
        }

        public async Task<IResult> OnJob(IFormCollection form, Func<IJobGrain, Guid, Actor, Task<Outcome<Done>>> send)
        {
            var id = form["job"].ToString();
            if (!Ids.IsValid(id)) return Results.NotFound();
            var grain = grains.GetGrain<IJobGrain>(GrainKey.Of(current.Organisation, id));
            if (await grain.View() is not { Kind: JobKind.ContactRetentionPreview or JobKind.ContactRetentionRun } job) return Results.NotFound();
            var outcome = await time.Send(() => send(grain, Command, current.Actor));
            return outcome.IsRefused ? Refused(outcome.Refusals, PathOf(job)) : Results.LocalRedirect(PathOf(job));
        }

        private IResult Refused(ImmutableArray<Refusal> refusals, string back)
        {
            Flash.Leave(accessor.HttpContext!, Tone.Bad, string.Join(' ', refusals.Select(refusal => RefusalSentences.Of(refusal, reader.Formats))));
            return Results.LocalRedirect(back);
        }
    }

    /// <summary>Whom a preview found, with why the others are kept; after a run, what became of each.</summary>
    internal sealed class FindingsFile(ContactRetentionQueries queries, IGrainFactory grains, CurrentActor current, Reader reader, IHttpContextAccessor accessor)
    {
        public async Task Write(string preview, string format)
        {
            var http = accessor.HttpContext!;
            if (!Download.IsTable(format) || !Ids.IsValid(preview)
                || await grains.GetGrain<IJobGrain>(GrainKey.Of(current.Organisation, preview)).View() is not { Kind: JobKind.ContactRetentionPreview } job)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var (rule, verdict) = (http.Request.Query["rule"].ToString(), ContactsScreens.Read<RetentionVerdict>(http.Request.Query["verdict"]));
            var rules = Json.Read<RetentionArgument>(job.Argument!).Rules.ToDictionary(one => one.Id, one => one.Name);
            ImmutableArray<ExportColumn> columns =
            [
                new(reader.T("N°", "No."), ExportKind.Whole, 10), new(reader.T("Contact", "Contact"), ExportKind.Text, 32), new(reader.T("Règle", "Rule"), ExportKind.Text, 20),
                new(reader.T("Aperçu", "Preview"), ExportKind.Text, 24), new(reader.T("Fiche touchée le", "Record touched on"), ExportKind.DateTime, 18),
                new(reader.T("Dernière activité", "Last activity"), ExportKind.DateTime, 18), new(reader.T("Effacement", "Erasure"), ExportKind.Text, 40),
            ];
            var export = new Export(
                reader.T("Conservation", "Retention"), columns, Rows(preview, rule.Length == 0 ? null : rule, verdict, rules, http.RequestAborted),
                reader.Language == Words.Language.French ? ExportLanguage.French : ExportLanguage.English);
            await Download.Table(http, export, FormattableString.Invariant($"{reader.T("conservation", "retention")}-{reader.Formats.Today:yyyy-MM-dd}"), format);
        }

        private async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows(
            string preview, string? rule, RetentionVerdict? verdict, Dictionary<string, string> rules, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var row in queries.Findings(current.Organisation, preview, rule, verdict, left: false, 0, null, cancellation))
                yield return
                [
                    ExportCell.Of(row.Number), ExportCell.Of(row.Contact ?? reader.T("effacé", "erased")), ExportCell.Of(rules.GetValueOrDefault(row.RuleId, row.RuleId)), ExportCell.Of(reader.Word(row.Verdict)),
                    At(row.TouchedAt), At(row.LastActivity), row.Outcome is null ? ExportCell.Empty : ExportCell.Of(reader.Outcome(row)),
                ];
        }

        private ExportCell At(DateTimeOffset? at) => at is { } known ? ExportCell.Of(reader.Formats.Local(known)) : ExportCell.Empty;
    }
}

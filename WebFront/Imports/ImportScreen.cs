using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Guichet.Imports;

/// <summary>What every page of an import has at hand.</summary>
public abstract class ImportScreen : WordedComponent
{
    [Inject]
    public CurrentActor Current { get; set; } = default!;

    [Inject]
    public ImportDesk Desk { get; set; } = default!;

    [Inject]
    public IGrainFactory Grains { get; set; } = default!;

    [Inject]
    public TimeProvider Time { get; set; } = default!;

    [Inject]
    public NavigationManager Navigation { get; set; } = default!;

    protected ImportDeskContext Context => ContextOf(Current, Reader);

    protected bool IsPost => HttpMethods.IsPost(Http!.Request.Method);

    protected IFormCollection Posted => Http!.Request.Form;

    protected CancellationToken Leaving => Http!.RequestAborted;

    internal static ImportDeskContext ContextOf(CurrentActor current, Reader reader) =>
        new(current.Organisation, current.Zone, current.Currency, current.Actor.Name, reader.Defaults());

    protected IImportGrain Import(string id) => Grains.GetGrain<IImportGrain>(GrainKey.Of(Current.Organisation, id));

    /// <summary>The four steps, those before the current one to be returned to.</summary>
    protected IReadOnlyList<Components.Steps.Item> Steps(string? id, string? fileName) =>
    [
        new(T("Fichier", "File"), "/imports/new", fileName),
        new(T("Colonnes", "Columns"), id is null ? null : $"/imports/{id}/columns"),
        new(T("Aperçu", "Preview"), id is null ? null : $"/imports/{id}/preview"),
        new(T("Import", "Import")),
    ];

    /// <summary>The answer shows a form again: its sender, and htmx, must not take it for done.</summary>
    protected void ShowAgain() => Http!.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
}

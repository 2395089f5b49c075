using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Components;

namespace Guichet.Imports;

/// <summary>What every page of an import has at hand.</summary>
public abstract class ImportScreen : ActingPage
{
    [Inject]
    public ImportDesk Desk { get; set; } = default!;

    protected ImportDeskContext Context => ContextOf(Current, Reader);

    internal static ImportDeskContext ContextOf(CurrentActor current, Reader reader) =>
        new(current.Organisation, current.Zone, current.Currency, current.Actor.Name, reader.Defaults());

    protected IImportGrain Import(string id) => Grain<IImportGrain>(id);

    /// <summary>The four steps, those before the current one to be returned to.</summary>
    protected IReadOnlyList<Components.Steps.Item> Steps(string? id, string? fileName) =>
    [
        new(T("Fichier", "File"), "/imports/new", fileName),
        new(T("Colonnes", "Columns"), id is null ? null : $"/imports/{id}/columns"),
        new(T("Aperçu", "Preview"), id is null ? null : $"/imports/{id}/preview"),
        new(T("Import", "Import")),
    ];
}

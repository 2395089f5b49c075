using Guichet.Components;
using Guichet.Sessions;

namespace Guichet.Dashboard;

/// <summary>What an address of the dashboard asks for; its export asks the same.</summary>
internal static class DashboardFilter
{
    public static SessionFilter Of(ListView view) => new(
        [SessionStatus.OnSale], view.Search, ShowId: Chosen(view, "show"), Place: Chosen(view, "place"),
        Attention: Enum.TryParse<AttentionReason>(view.Filter("attention"), out var reason) && Enum.IsDefined(reason) ? reason : null,
        Sort: SessionColumns.SortOf(view.Sort), Descending: view.Descending, Offset: view.Offset, Limit: view.Limit);

    private static string? Chosen(ListView view, string key) => view.Filter(key) is { Length: > 0 } value ? value : null;
}

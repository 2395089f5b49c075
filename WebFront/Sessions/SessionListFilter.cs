using Guichet.Components;
using Guichet.Words;

namespace Guichet.Sessions;

/// <summary>What an address of the list of sessions asks for; its export asks the same.</summary>
internal static class SessionListFilter
{
    public static SessionFilter Of(ListView view, Formats formats)
    {
        var today = formats.StartOf(formats.Today);
        (DateTimeOffset? from, DateTimeOffset? to) = view.Filter("when") switch
        {
            "upcoming" => ((DateTimeOffset?)today, (DateTimeOffset?)null),
            "month" => (today, formats.StartOf(formats.Today.AddDays(31))),
            "past" => (null, today),
            _ => (null, null),
        };
        return new SessionFilter(
            Enum.TryParse<SessionStatus>(view.Filter("status"), out var status) && Enum.IsDefined(status) ? [status] : [],
            view.Search, Chosen(view, "show"), Chosen(view, "series"), from, to, SessionColumns.SortOf(view.Sort), view.Descending, view.Offset, view.Limit,
            Chosen(view, "place"));
    }

    private static string? Chosen(ListView view, string key) => view.Filter(key) is { Length: > 0 } value ? value : null;
}

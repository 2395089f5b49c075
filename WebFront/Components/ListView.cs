using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guichet.Components;

/// <summary>
/// What of a list is shown, and in what order: read from the address, so that an address can be shared and the export shows the same.
/// <c>?q=molière&amp;state=OnSale&amp;sort=-sold&amp;columns=title,sold&amp;page=2</c>.
/// </summary>
public sealed class ListView
{
    public const int RowsPerChunk = 100;
    /// <summary>A page that brings itself up to date asks for as many rows as it shows, up to this.</summary>
    private const int MostRows = 1_000;

    private const string Tab = "tab";
    private static readonly string[] Own = ["q", "sort", "columns", "page", "rows"];
    private readonly Dictionary<string, StringValues> filters;

    private ListView(string path, Dictionary<string, StringValues> filters, string search, string sort, bool descending, IReadOnlyList<string>? columns, int page, int limit)
    {
        Path = path;
        this.filters = filters;
        Search = search;
        Sort = sort;
        Descending = descending;
        Columns = columns;
        Page = page;
        Limit = limit;
    }

    public string Path { get; }

    /// <summary>What was typed in the list's search; trimmed, empty for nothing.</summary>
    public string Search { get; }

    /// <summary>The key of the column that orders the list. Compare it with the keys you know: it comes from the address.</summary>
    public string Sort { get; }

    public bool Descending { get; }

    /// <summary>The keys of the columns chosen; null for the table's own choice.</summary>
    public IReadOnlyList<string>? Columns { get; }

    /// <summary>From 1.</summary>
    public int Page { get; }

    public int Offset => (Page - 1) * RowsPerChunk;

    public int Limit { get; }

    /// <summary>True when something narrows the list. A tab of the page (<c>tab</c>) doesn't: each is a list of its own.</summary>
    public bool IsNarrowed => Search.Length > 0 || filters.Keys.Any(key => key != Tab);

    /// <summary>The list with nothing that narrows it, on the same tab.</summary>
    public string Whole => Filter(Tab) is { Length: > 0 } tab ? $"{Path}?{Tab}={Uri.EscapeDataString(tab)}" : Path;

    /// <summary>The value of a filter; empty when it isn't set.</summary>
    public string Filter(string key) => filters.TryGetValue(key, out var value) ? value.ToString() : "";

    public IReadOnlyList<string> FilterValues(string key) =>
        filters.TryGetValue(key, out var value) ? [.. value.Where(item => !string.IsNullOrEmpty(item)).Select(item => item!)] : [];

    internal IEnumerable<KeyValuePair<string, StringValues>> Filters => filters;

    /// <param name="sort">The order when the address gives none: <c>date</c>, or <c>-sold</c> for the largest first.</param>
    /// <param name="keep">Keys of the address that aren't filters of this list.</param>
    public static ListView Of(HttpRequest request, string sort, params ReadOnlySpan<string> keep)
    {
        var query = request.Query;
        var filters = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var (key, value) in query)
            if (Array.IndexOf(Own, key) < 0 && !keep.Contains(key) && value.Any(item => !string.IsNullOrWhiteSpace(item)))
                filters[key] = value;
        var order = query["sort"].ToString() is { Length: > 0 and < 60 } chosen ? chosen : sort;
        var columns = query["columns"].Count == 0 ? null : (string[])[.. query["columns"].SelectMany(item => (item ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        var page = int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, 100_000) : 1;
        var limit = int.TryParse(query["rows"], NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? Math.Clamp(rows, RowsPerChunk, MostRows) : RowsPerChunk;
        return new ListView(request.Path, filters, query["q"].ToString().Trim(), order.TrimStart('-'), order.StartsWith('-'), columns, page, limit);
    }

    /// <summary>This list ordered by a column; the other way round if it is already.</summary>
    public string SortedBy(string key, bool descendingFirst) =>
        Address(Path, key == Sort ? (Descending ? key : "-" + key) : descendingFirst ? "-" + key : key, 1);

    public string AtPage(int page) => Address(Path, Order, page);

    /// <summary>The same list at another address: its export, say.</summary>
    public string At(string path) => Address(path, Order, 1);

    private string Order => (Descending ? "-" : "") + Sort;

    private string Address(string path, string sort, int page)
    {
        var address = new StringBuilder(path).Append("?sort=").Append(Uri.EscapeDataString(sort));
        if (Search.Length > 0)
            address.Append("&q=").Append(Uri.EscapeDataString(Search));
        foreach (var (key, values) in filters)
            foreach (var value in values)
                address.Append('&').Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value ?? ""));
        if (Columns is not null)
            address.Append("&columns=").Append(Uri.EscapeDataString(string.Join(',', Columns)));
        if (page > 1)
            address.Append("&page=").Append(page.ToString(CultureInfo.InvariantCulture));
        return address.ToString();
    }
}

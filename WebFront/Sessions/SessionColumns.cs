using Guichet.Components;
using Guichet.Words;
using Microsoft.AspNetCore.Components;

namespace Guichet.Sessions;

/// <summary>
/// The columns that lists of sessions share: the dashboard, the list of sessions, a show's and a series' pages. Their keys stand in
/// addresses and are those of <see cref="SortOf"/>.
/// </summary>
internal sealed class SessionColumns(Reader reader, SessionTotals? totals)
{
    private readonly Formats formats = reader.Formats;

    public static SessionSort SortOf(string key) => key switch
    {
        "title" => SessionSort.Title,
        "place" => SessionSort.Place,
        "sold" => SessionSort.Sold,
        "fill" => SessionSort.Fill,
        "day" => SessionSort.DeltaSinceYesterday,
        "gross" => SessionSort.Gross,
        "average" => SessionSort.AveragePrice,
        "tally" => SessionSort.LastTally,
        _ => SessionSort.Start,
    };

    public Column<SessionRow> Title(string? title = null) => new("title", title ?? reader.T("Séance", "Session"))
    {
        Names = true,
        Sortable = true,
        Cell = row => Cell<SessionNameCell>(row),
        Sum = reader.T("Total", "Total"),
    };

    /// <summary>Names each row by its date and place, where all are of one show.</summary>
    public Column<SessionRow> When => new("date", reader.T("Séance", "Session"))
    {
        Names = true,
        Sortable = true,
        Cell = row => Cell<SessionWhenCell>(row),
        Sum = reader.T("Total", "Total"),
    };

    /// <summary>When it is played, and how many days that is from today.</summary>
    public Column<SessionRow> Date => new("date", reader.T("Date", "Date")) { Sortable = true, Cell = row => Cell<SessionDateCell>(row) };

    public Column<SessionRow> Status => new("status", reader.T("État", "State")) { Cell = row => Cell<SessionStatusCell>(row), Filter = StatusOptions };

    public Column<SessionRow> Sold => new("sold", reader.T("Vendus", "Sold"))
    {
        Numeric = true,
        Sortable = true,
        Cell = row => Cell<SessionSoldCell>(row),
        Sum = totals is null ? null : formats.Number(totals.Sold),
        SumLive = "totals/sold",
    };

    public Column<SessionRow> Delta => new("delta", reader.T("Écart", "Change"))
    {
        Numeric = true,
        Cell = row => row.Version == 0 ? Nothing : DeltaOf(row.Sold - (row.SoldBefore ?? 0), $"session/{row.Id}/delta"),
        Hint = reader.T("Places vendues depuis le pointage précédent.", "Seats sold since the tally before."),
    };

    /// <summary>How sales move: since the tally before, and under it since yesterday, by which it sorts.</summary>
    public Column<SessionRow> Moves => new("day", reader.T("Évolution", "Change"))
    {
        Numeric = true,
        Sortable = true,
        Cell = row => Cell<SessionMovesCell>(row),
        Sum = totals is null ? null : formats.Signed(totals.DeltaSinceYesterday),
        SumLive = "totals/day",
        Hint = reader.T("Places vendues depuis le pointage précédent ; dessous, depuis hier.", "Seats sold since the tally before; below, since yesterday."),
    };

    public Column<SessionRow> Fill => new("fill", reader.T("Remplissage", "Fill"))
    {
        Sortable = true,
        Bars = true,
        Cell = row => FillOf(row.Fill, $"session/{row.Id}"),
        Sum = totals?.Fill is { } fill ? formats.Percent(fill) : null,
        SumLive = "totals/fill",
    };

    public Column<SessionRow> Trend => new("trend", reader.T("14 jours", "14 days")) { Cell = row => TrendOf(row), WideOnly = true };

    public Column<SessionRow> Gross => new("gross", reader.T("Recette", "Revenue"))
    {
        Numeric = true,
        Sortable = true,
        Text = row => formats.Gross(row.Version > 0 ? row.GrossMinor : null, row.SoldUnpriced, row.Currency, wholeUnits: true),
        Live = row => $"session/{row.Id}/gross",
        Sum = totals is null ? null : totals.Gross is [var only] ? formats.Gross(only.Minor, totals.Sold - totals.SoldWithRevenue, only.Currency, wholeUnits: true)
            : string.Join(" + ", totals.Gross.Select(money => formats.Money(money.Minor, money.Currency, wholeUnits: true))),
        SumLive = "totals/gross",
    };

    public Column<SessionRow> Average => new("average", reader.T("Prix moyen", "Average price"))
    {
        Numeric = true,
        Sortable = true,
        Extra = true,
        Text = row => row.AveragePriceMinor is { } average ? formats.Money(average, row.Currency) : "–",
        Live = row => $"session/{row.Id}/average",
    };

    public Column<SessionRow> Reserved => new("reserved", reader.T("Options", "Held"))
    {
        Numeric = true,
        Extra = true,
        Text = row => formats.Number(row.Reserved),
        Live = row => $"session/{row.Id}/reserved",
        Sum = totals is null ? null : formats.Number(totals.Reserved),
    };

    public Column<SessionRow> Free => new("free", reader.T("Exonérés", "Free"))
    {
        Numeric = true,
        Extra = true,
        Text = row => formats.Number(row.Free),
        Live = row => $"session/{row.Id}/free",
        Sum = totals is null ? null : formats.Number(totals.Free),
    };

    public Column<SessionRow> Capacity => new("capacity", reader.T("Jauge", "Capacity"))
    {
        Numeric = true,
        Extra = true,
        Text = row => formats.Number(row.Capacity),
        Sum = totals is null ? null : formats.Number(totals.Capacity),
    };

    public Column<SessionRow> Tally => new("tally", reader.T("Dernier pointage", "Last tally") + formats.ZoneNote) { Sortable = true, Cell = row => Cell<SessionTallyCell>(row), WideOnly = true };

    public IReadOnlyList<Option> StatusOptions =>
        [.. Enum.GetValues<SessionStatus>().Select(status => new Option(status.ToString(), reader.Word(status)))];

    private static readonly RenderFragment Nothing = builder => builder.AddContent(0, "–");

    private static RenderFragment Cell<TCell>(SessionRow row) where TCell : IComponent => builder =>
    {
        builder.OpenComponent<TCell>(0);
        builder.AddComponentParameter(1, "Row", row);
        builder.CloseComponent();
    };

    private static RenderFragment DeltaOf(long value, string live) => builder =>
    {
        builder.OpenComponent<Delta>(0);
        builder.AddComponentParameter(1, nameof(Components.Delta.Value), value);
        builder.AddComponentParameter(2, nameof(Components.Delta.Live), live);
        builder.CloseComponent();
    };

    private static RenderFragment FillOf(decimal? share, string live) => share is null ? Nothing : builder =>
    {
        builder.OpenComponent<FillBar>(0);
        builder.AddComponentParameter(1, nameof(FillBar.Share), share.Value);
        builder.AddComponentParameter(2, nameof(FillBar.Live), $"{live}/fill");
        builder.AddComponentParameter(3, nameof(FillBar.LiveShare), $"{live}/fill-share");
        builder.CloseComponent();
    };

    private static RenderFragment TrendOf(SessionRow row) => row.Trend.Length < 2 ? builder => { }
    : builder =>
    {
        builder.OpenComponent<Sparkline>(0);
        builder.AddComponentParameter(1, nameof(Sparkline.Values), (IReadOnlyList<decimal>)[.. row.Trend.Select(sold => (decimal)sold)]);
        builder.CloseComponent();
    };
}

using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Tallies;
using NodaTime;

namespace Guichet.Demo;

/// <summary>A show of the demo and how it is played and sold.</summary>
/// <param name="Days">Days from today of each of its sessions; negative ones are over.</param>
/// <param name="Fill">Share of the places that will be sold in the end, 0 to 1 and a little above.</param>
internal sealed record DemoShow(
    string Title, string? Subtitle, string Producer, string Genre, string? Series, string Place, int Hour, int Minute,
    ImmutableArray<int> Days, double Fill, ImmutableArray<Category> Categories, ImmutableArray<Tariff> Tariffs, ImmutableArray<CategoryPrice> Prices);

/// <summary>Writes a season: shows, series, sessions, and a tally for each evening since each was put on sale.</summary>
internal sealed class DemoSeason(IJournalStore store, DateTimeOffset now)
{
    private const string Zone = "Europe/Paris";
    private const int DaysOnSale = 120;

    private static readonly ImmutableArray<Channel> Channels =
        [new("guichet", "Guichet"), new("internet", "Internet"), new("fnac", "Fnac Spectacles"), new("ticketmaster", "Ticketmaster")];

    private static readonly double[] ChannelShares = [0.24, 0.46, 0.18, 0.12];

    /// <summary>The ids of the shows' sessions, by title, in order of their dates.</summary>
    public async Task<ImmutableDictionary<string, ImmutableArray<string>>> Write(string organisation, ImmutableArray<DemoShow> shows, ImmutableArray<Actor> operators)
    {
        var made = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>();
        foreach (var show in shows) made.Add(show.Title, await Write(organisation, show, operators));
        return made.ToImmutable();
    }

    private async Task<ImmutableArray<string>> Write(string organisation, DemoShow show, ImmutableArray<Actor> operators)
    {
        var announced = now - Duration.FromDays(DaysOnSale + 60).ToTimeSpan();
        var keeper = operators[0];
        var showId = Ids.From(announced, organisation, "show", show.Title);
        await new Chronicle<ShowState, ShowEvent>(new AggregateId("shows", organisation, showId), ShowState.Empty, (state, command, _) => ShowCore.Decide(state, command), ShowCore.Apply)
            .Do<Done>(new CreateShow(new ShowDetails(show.Title, show.Subtitle, show.Producer, show.Genre)) { Id = Id(showId, "create"), By = keeper }, announced)
            .Write(store);
        string? seriesId = null;
        if (show.Series is { } series)
        {
            seriesId = Ids.From(announced, organisation, "series", show.Title);
            await new Chronicle<SeriesState, SeriesEvent>(new AggregateId("series", organisation, seriesId), SeriesState.Empty, (state, command, _) => SeriesCore.Decide(state, command), SeriesCore.Apply)
                .Do<Done>(new CreateSeries(showId, series) { Id = Id(seriesId, "create"), By = keeper }, announced)
                .Write(store);
        }

        var sessions = ImmutableArray.CreateBuilder<string>();
        foreach (var day in show.Days)
        {
            var date = now.UtcDateTime.Date.AddDays(day);
            var details = new SessionDetails(
                showId, seriesId, show.Place, date.AddHours(date.DayOfWeek == DayOfWeek.Sunday ? 17 : show.Hour).AddMinutes(date.DayOfWeek == DayOfWeek.Sunday ? 0 : show.Minute),
                Zone, "EUR", show.Categories, show.Tariffs, show.Prices, Channels);
            sessions.Add(await Write(organisation, show, details, operators));
        }
        return sessions.ToImmutable();
    }

    private async Task<string> Write(string organisation, DemoShow show, SessionDetails details, ImmutableArray<Actor> operators)
    {
        var start = SessionRules.InstantOf(details.LocalStart, DateTimeZoneProviders.Tzdb[Zone]);
        var onSale = start.AddDays(-DaysOnSale);
        if (onSale > now.AddDays(-2)) onSale = now.AddDays(-2);
        var id = Ids.From(onSale, organisation, "session", show.Title, details.LocalStart.ToString("O"));
        // The same demo on every machine: nothing here is left to chance but by the session's own id.
        var random = new Random(BitConverter.ToInt32(CommandIds.From(show.Title, details.LocalStart.ToString("MMdd")).ToByteArray()));
        var fill = show.Fill * (0.88 + 0.2 * random.NextDouble());

        var session = new Chronicle<SessionState, SessionEvent>(
            new AggregateId("sessions", organisation, id), SessionState.Empty, SessionCore.Decide, SessionCore.Apply,
            happened => SessionRows.Of(organisation, id, happened), SessionRows.SummaryOf);
        session.Do<Done>(new CreateSession(details, OnSale: true) { Id = Id(id, "create"), By = operators[0] }, onSale.AddDays(-10) < now ? onSale.AddDays(-10) : now);

        var last = start < now ? start : now;
        for (var evening = Evening(onSale, random); evening < last; evening = Evening(evening.AddDays(1), random))
        {
            // Nobody counts on Sundays, nor on some other days.
            if (evening.DayOfWeek == DayOfWeek.Sunday || random.Next(12) == 0) continue;
            var progress = Math.Clamp((evening - onSale) / (start - onSale), 0, 1);
            var lines = Lines(details, fill * Sold(progress));
            if (session.State.Current is { } current && current.Lines.SequenceEqual(lines)) continue;
            var by = operators[random.Next(operators.Length)];
            session.Do<TallyReceipt>(
                new ValidateTally(lines, TallySource.Typed, null, null, session.State.CurrentVersion, DropConfirmed: true, OverCapacityConfirmed: true)
                {
                    Id = Id(id, evening.ToString("O")),
                    By = by,
                }, evening);
        }
        if (start < now) session.Do<Done>(new CloseSession { Id = Id(id, "close"), By = operators[0] }, start.AddHours(3) < now ? start.AddHours(3) : now);
        await session.Write(store);
        return id;
    }

    /// <summary>Share of the final sales at a share of the time on sale: a rush at the opening, a long middle, a rush at the end.</summary>
    private static double Sold(double progress) =>
        0.22 * (1 - Math.Exp(-14 * progress)) + 0.43 * progress + 0.35 * Math.Pow(progress, 6);

    private static ImmutableArray<TallyLine> Lines(SessionDetails details, double share)
    {
        var lines = ImmutableArray.CreateBuilder<TallyLine>();
        double[] tariffShares = details.Tariffs.Length switch { 1 => [1], 2 => [0.7, 0.3], 3 => [0.55, 0.28, 0.17], _ => [0.5, 0.22, 0.18, 0.1] };
        foreach (var category in details.Categories)
            for (var t = 0; t < details.Tariffs.Length; t++)
            {
                var price = details.Prices.FirstOrDefault(price => price.Category == category.Code && price.Tariff == details.Tariffs[t].Code)?.PriceMinor ?? details.Tariffs[t].PriceMinor ?? 0;
                for (var c = 0; c < details.Channels.Length; c++)
                {
                    var sold = (int)(category.Capacity * share * tariffShares[t] * ChannelShares[c]);
                    var counter = details.Channels[c].Code == "guichet" && t == 0;
                    var reserved = counter ? (int)(category.Capacity * 0.03 * Math.Max(0, 1 - share)) : 0;
                    var free = counter ? (int)(category.Capacity * 0.025 * share) : 0;
                    if (sold + reserved + free > 0) lines.Add(new TallyLine(category.Code, details.Tariffs[t].Code, details.Channels[c].Code, sold, reserved, free, sold * price));
                }
            }
        return lines.ToImmutable();
    }

    private static DateTimeOffset Evening(DateTimeOffset day, Random random) =>
        new(day.UtcDateTime.Date.AddHours(17).AddMinutes(random.Next(5, 50)), TimeSpan.Zero);

    private static Guid Id(params ReadOnlySpan<string> words) => CommandIds.From(["demo", .. words]);
}

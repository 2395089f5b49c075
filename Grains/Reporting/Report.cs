using System.Collections.Immutable;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Tallies;
using Guichet.Words;
using NodaTime;

namespace Guichet.Reporting;

/// <summary>Revenue in one currency.</summary>
/// <param name="Minor">Null where none of it is known.</param>
/// <param name="SoldUnpriced">Places sold that the amount leaves out.</param>
/// <param name="SoldPriced">Places sold that it is of: what an average divides by.</param>
public readonly record struct ReportGross(string Currency, long? Minor, long SoldUnpriced, long SoldPriced)
{
    /// <summary>In minor units, rounded half to even; null where no place sold has a known revenue.</summary>
    public long? AverageMinor => Minor is { } known && SoldPriced > 0 ? (long)decimal.Round((decimal)known / SoldPriced) : null;
}

/// <summary>The figures of a session, of a part of it, or of all sessions together; null is what nobody knows.</summary>
/// <param name="SoldSince">Since the partner's last report; of several sessions, of those that it had been told of.</param>
/// <param name="Capacity">0 where a fill means nothing: a tariff's or a channel's.</param>
/// <param name="Gross">One, or of several sessions one for each currency, the largest first.</param>
public sealed record ReportFigures(long? Sold, long? SoldSince, long? Reserved, long? Free, long Capacity, ImmutableArray<ReportGross> Gross)
{
    /// <summary>Places taken of those there are, 0 to 1 and above.</summary>
    public decimal? Fill => Sold is { } sold && Capacity > 0 ? (decimal)(sold + (Free ?? 0)) / Capacity : null;
}

/// <param name="Name">Of the category, tariff or channel.</param>
public sealed record ReportPart(string Name, ReportFigures Figures);

/// <param name="Version">That is shown; 0 when nothing was validated yet.</param>
/// <param name="Parts">Empty without breakdown, or where only totals are known.</param>
/// <param name="Curve">Sold at the end of the days on which it changed, oldest first.</param>
public sealed record ReportRow(
    string SessionId, string Title, string Place, DateTime LocalStart, string Zone, SessionStatus Status, string Currency, int Version, DateTimeOffset? TallyAt,
    ReportFigures Figures, ImmutableArray<ReportPart> Parts, ImmutableArray<ReportedDay> Curve);

/// <summary>
/// One partner's report at an instant: the one thing that mail, PDF, workbook and separated text are written from, so that they say the same.
/// </summary>
/// <param name="At">The instant of its figures.</param>
/// <param name="Subject">Its placeholders filled; text, not HTML.</param>
/// <param name="Intro">Likewise; lines end in LF.</param>
/// <param name="Unchanged">Sessions that were left out because nothing is new of them.</param>
/// <param name="Over">Sessions that were left out because they were over for long enough.</param>
/// <param name="Totals">Of the sessions shown.</param>
/// <param name="Page">What links to the partner's page are worth; its mail carries one where the template wants it and <see cref="LinksToPage"/> says so.</param>
public sealed record Report(
    string PartnerId, string Partner, string Organisation, DateTimeOffset At, Formats Formats, ReportTemplate Template, LetterheadState Letterhead,
    string Subject, string Intro, ImmutableArray<ReportRow> Rows, ReportFigures Totals, int Unchanged, int Over, PartnerPageAccess Page)
{
    public Language Language => Formats.Language;

    /// <summary>No session is left to report: nothing is sent.</summary>
    public bool IsEmpty => Rows.IsEmpty;

    /// <summary>Its mail carries a link to the partner's page.</summary>
    public bool LinksToPage => Template.LinksToPage && Page.Revoked is null;

    /// <summary>One of a pair of texts.</summary>
    public string T(string french, string english) => Language == Language.French ? FrenchText.Bound(french) : english;

    public static Report Of(ReportSource source)
    {
        var language = source.Template.Language switch { ReportLanguage.French => Language.French, ReportLanguage.English => Language.English, _ => source.PartnerLanguage };
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(source.Zone) ?? DateTimeZoneProviders.Tzdb["Europe/Paris"];
        var formats = new Formats(language, zone, new Moment(source.At));
        var over = source.Sessions.Where(session => !source.NamesSessions && IsOver(session, source)).ToHashSet();
        var unchanged = source.Sessions.Where(session => !over.Contains(session) && !source.NamesSessions && !source.Template.ShowsUnchanged && !IsNew(session)).ToHashSet();
        ImmutableArray<ReportRow> rows = [.. source.Sessions
            .Where(session => !over.Contains(session) && !unchanged.Contains(session))
            .OrderBy(session => session.Start).ThenBy(session => session.Title, StringComparer.Ordinal).ThenBy(session => session.Id, StringComparer.Ordinal)
            .Select(session => RowOf(session, source.Template.Breakdown))];
        var totals = Sum([.. rows.Select(row => row.Figures)]);
        var text = language == Language.French ? source.French ?? source.Template.French : source.English ?? source.Template.English;
        string Filled(string written) => Placeholders.Fill(written, name => ValueOf(name, source, formats, rows, totals));
        return new Report(
            source.PartnerId, source.Partner, source.Organisation, source.At, formats, source.Template, source.Letterhead,
            OnOneLine(Filled(text.Subject)), Filled(text.Intro), rows, totals, unchanged.Count, over.Count, source.Page ?? PartnerPageAccess.Default);
    }

    /// <summary>It started more days ago than the template lets it stay, by the days of the instant.</summary>
    private static bool IsOver(ReportedSession session, ReportSource source) => session.Start < source.At.AddDays(-source.Template.DropsAfterDays);

    private static bool IsNew(ReportedSession session) => (session.Current?.Version ?? 0) > (session.Told?.Version ?? 0);

    private static ReportRow RowOf(ReportedSession session, ReportBreakdown breakdown)
    {
        var details = session.Details;
        var capacity = details.Categories.Sum(category => (long)category.Capacity);
        var figures = session.Current is { } current
            ? FiguresOf(current.Figures, session.Told?.Figures, capacity, details.Currency)
            : new ReportFigures(null, null, null, null, capacity, [new ReportGross(details.Currency, null, 0, 0)]);
        return new ReportRow(
            session.Id, session.Title, details.Place, details.LocalStart, details.Zone, session.Status, details.Currency, session.Current?.Version ?? 0, session.Current?.At,
            figures, PartsOf(session, breakdown), session.Curve.IsDefault ? [] : session.Curve);
    }

    private static ImmutableArray<ReportPart> PartsOf(ReportedSession session, ReportBreakdown breakdown)
    {
        if (breakdown == ReportBreakdown.None || session.Current is not { Lines: { IsDefaultOrEmpty: false } lines }) return [];
        var details = session.Details;
        (string Code, string Name, long Capacity)[] known = breakdown switch
        {
            ReportBreakdown.Category => [.. details.Categories.Select(category => (category.Code, category.Name, (long)category.Capacity))],
            ReportBreakdown.Tariff => [.. details.Tariffs.Select(tariff => (tariff.Code, tariff.Name, 0L))],
            _ => [.. details.Channels.Select(channel => (channel.Code, channel.Name, 0L))],
        };
        string CodeOf(TallyLine line) => breakdown switch { ReportBreakdown.Category => line.Category, ReportBreakdown.Tariff => line.Tariff, _ => line.Channel };
        ImmutableArray<TallyLine> before = session.Told is { Lines.IsDefault: false } told ? told.Lines : [];
        // What was told as totals alone says nothing of its parts.
        var comparable = session.Told is { } earlier && (!before.IsEmpty || earlier.Figures == TallyFigures.Zero);
        // A code that the session no longer has still counts: the parts are the whole.
        var gone = lines.Concat(before).Select(CodeOf).Distinct(StringComparer.Ordinal).Where(code => !known.Any(each => each.Code == code)).Select(code => (code, code, 0L));
        var parts = ImmutableArray.CreateBuilder<ReportPart>();
        foreach (var (code, name, capacity) in known.Concat(gone))
        {
            var now = TallyFigures.Of([.. lines.Where(line => CodeOf(line) == code)]);
            var then = comparable ? TallyFigures.Of([.. before.Where(line => CodeOf(line) == code)]) : null;
            parts.Add(new ReportPart(name, FiguresOf(now, then, capacity, details.Currency)));
        }
        return parts.ToImmutable();
    }

    private static ReportFigures FiguresOf(TallyFigures figures, TallyFigures? told, long capacity, string currency)
    {
        // Of an unknown revenue every place sold is one whose revenue nobody knows.
        var unpriced = figures.GrossMinor is null ? figures.Sold : figures.SoldUnpriced;
        return new ReportFigures(
            figures.Sold, told is null ? null : figures.Sold - told.Sold, figures.Reserved, figures.Free, capacity,
            [new ReportGross(currency, figures.GrossMinor, unpriced, figures.Sold - unpriced)]);
    }

    /// <summary>Sessions of which nothing is validated have no part in it, nor has a change that can't be known.</summary>
    private static ReportFigures Sum(ImmutableArray<ReportFigures> all)
    {
        ImmutableArray<ReportFigures> known = [.. all.Where(figures => figures.Sold is not null)];
        if (known.IsEmpty) return new ReportFigures(null, null, null, null, all.Sum(figures => figures.Capacity), []);
        var since = known.Where(figures => figures.SoldSince is not null).ToList();
        return new ReportFigures(
            known.Sum(figures => figures.Sold), since.Count > 0 ? since.Sum(figures => figures.SoldSince) : null, known.Sum(figures => figures.Reserved), known.Sum(figures => figures.Free),
            known.Sum(figures => figures.Capacity),
            [.. known.SelectMany(figures => figures.Gross).GroupBy(gross => gross.Currency, StringComparer.Ordinal)
                .Select(group => new ReportGross(
                    group.Key, group.Any(gross => gross.Minor is not null) ? group.Sum(gross => gross.Minor ?? 0) : null,
                    group.Sum(gross => gross.SoldUnpriced), group.Sum(gross => gross.SoldPriced)))
                .OrderByDescending(gross => gross.Minor ?? -1).ThenBy(gross => gross.Currency, StringComparer.Ordinal)]);
    }

    private static string? ValueOf(string name, ReportSource source, Formats formats, ImmutableArray<ReportRow> rows, ReportFigures totals) => name switch
    {
        ReportPlaceholders.Partner => source.Partner,
        ReportPlaceholders.Organisation => source.Organisation,
        ReportPlaceholders.Date => formats.DateLong(source.At),
        ReportPlaceholders.Time => formats.Time(source.At),
        ReportPlaceholders.Sessions => formats.Count(rows.Length, "séance", "séances", "session", "sessions"),
        ReportPlaceholders.Shows => formats.List([.. rows.Select(row => row.Title).Distinct(StringComparer.Ordinal)]),
        ReportPlaceholders.Sold => formats.Number(totals.Sold ?? 0),
        _ => null,
    };

    /// <summary>A subject is one line, whatever a name in it holds.</summary>
    private static string OnOneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter)) is var line && line.Length <= 300
        ? line
        : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[298]) ? 298 : 299), "…");

    /// <summary>Today is the day of the figures, also when a mail of theirs leaves later.</summary>
    private sealed class Moment(DateTimeOffset instant) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => instant;
    }
}

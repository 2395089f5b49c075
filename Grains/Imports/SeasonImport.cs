using System.Collections.Immutable;
using System.Globalization;
using Guichet.Sessions;
using NodaTime;
using NodaTime.Text;

namespace Guichet.Imports;

/// <summary>
/// A season's file against what exists: what would be made and changed, or every reason why not. Lines of one session may be one
/// (wide) or many (by category, tariff and channel). What the file doesn't name stays as it is: an import never takes away.
/// </summary>
public static class SeasonImport
{
    public static Taken<SeasonPlan> Plan(Table table, Mapping mapping, SeasonContext context)
    {
        var refusals = new RefusalList();
        if (MappedLines.Open(table, mapping, refusals) is not { } lines) return refusals.Refused<SeasonPlan>();
        var planning = new SeasonPlanning(context, refusals);
        var count = 0;
        foreach (var line in lines.Read())
        {
            count++;
            if (!line.IsRefused) planning.Take(line);
        }
        // Names and prices that are wrong by themselves are in the lines' refusals; a session is only judged whole once all lines are good.
        return refusals.Count > 0 ? refusals.Refused<SeasonPlan>() : planning.Finish(count, lines.LeftOut);
    }
}

/// <summary>Gathers a season's lines by session.</summary>
internal sealed class SeasonPlanning(SeasonContext context, RefusalList refusals)
{
    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[context.Zone];
    private readonly ILookup<string, KnownShow> _shows = context.Shows.ToLookup(show => Words.Fold(show.Title));
    private readonly Dictionary<string, KnownSession> _sessionsById = context.Sessions.ToDictionary(session => session.Id);
    private readonly ILookup<(string, DateTime), KnownSession> _sessionsByStart = context.Sessions.ToLookup(session => (Words.Fold(session.Title), session.Details.LocalStart));
    private readonly Dictionary<string, SeasonShow> _newShows = [];
    private readonly Dictionary<(string ShowId, string Name), PlannedSeries> _newSeries = [];
    private readonly Dictionary<string, SeasonSession> _drafts = [];
    private readonly List<SeasonSession> _inOrder = [];

    public void Take(MappedLine line)
    {
        var before = refusals.Count;
        var draft = line[ImportFields.Session].Length > 0 ? OfId(line) : OfTitle(line);
        if (draft is null || refusals.Count > before) return;
        draft.Take(line, refusals);
    }

    public Taken<SeasonPlan> Finish(int lines, ImmutableArray<int> leftOut)
    {
        var sessions = ImmutableArray.CreateBuilder<PlannedSession>(_inOrder.Count);
        foreach (var draft in _inOrder)
        {
            if (draft.Existing is null && OtherAtThatTime(draft) is { } other)
            {
                refusals.Add(ImportRefusal.At(ImportCodes.SessionAmbiguous, draft.Line, "", draft.Place, Shown(other)));
                continue;
            }
            if (draft.Planned(context, refusals) is { } planned) sessions.Add(planned);
        }
        return refusals.Or(() => new SeasonPlan(
            [.. _newShows.Values.Select(show => new PlannedShow(show.Id, show.Details, show.Line))],
            [.. _newSeries.Values], sessions.DrainToImmutable(), lines, leftOut));
    }

    private SeasonSession? OfId(MappedLine line)
    {
        var id = line[ImportFields.Session];
        var known = _sessionsById.GetValueOrDefault(id);
        var title = line[ImportFields.Show];
        if (known is null || (title.Length > 0 && Words.Fold(title) != Words.Fold(known.Title)))
        {
            refusals.Add(ImportRefusal.At(ImportCodes.SessionUnknown, line.Line, ImportFields.Session, id, known is null ? [] : [Shown(known)]));
            return null;
        }
        if (IsLocked(known, line)) return null;
        var local = line.LocalIn(DateTimeZoneProviders.Tzdb[known.Details.Zone]) ?? MovedDay(line, known);
        return Draft($"id {id}", line, known, known.Details.ShowId, known.Title, local, line[ImportFields.Place] is { Length: > 0 } place ? place : known.Details.Place);
    }

    /// <summary>A session named by its id keeps its time when the file has only a day, and its day when the file has neither.</summary>
    private static LocalDateTime MovedDay(MappedLine line, KnownSession known)
    {
        var start = LocalDateTime.FromDateTime(known.Details.LocalStart);
        return (line.Date ?? start.Date).At(line.Time ?? start.TimeOfDay);
    }

    private SeasonSession? OfTitle(MappedLine line)
    {
        var title = line[ImportFields.Show];
        var place = line[ImportFields.Place];
        if (title.Length == 0) Missing(line, ImportFields.Show);
        if (place.Length == 0) Missing(line, ImportFields.Place);
        if (line.Date is null) Missing(line, ImportFields.Date);
        else if (line.Time is null) refusals.Add(ImportRefusal.At(ImportCodes.TimeMissing, line.Line, ImportFields.Time, ""));
        if (title.Length == 0 || place.Length == 0 || line.LocalIn(_zone) is not { } local) return null;
        var key = $"{Words.Fold(title)}\n{LocalDateTimePattern.GeneralIso.Format(local)}\n{Words.Fold(place)}";
        if (_drafts.TryGetValue(key, out var draft)) return draft;
        var known = _sessionsByStart[(Words.Fold(title), local.ToDateTimeUnspecified())].FirstOrDefault(session => Words.Fold(session.Details.Place) == Words.Fold(place));
        if (known is not null && IsLocked(known, line)) return null;
        return ShowId(line, title) is { } show ? Draft(key, line, known, known?.Details.ShowId ?? show, known?.Title ?? title, local, known?.Details.Place ?? place) : null;
    }

    private SeasonSession? Draft(string key, MappedLine line, KnownSession? known, string showId, string title, LocalDateTime local, string place)
    {
        if (_drafts.TryGetValue(key, out var found)) return found;
        var zone = known is null ? _zone : DateTimeZoneProviders.Tzdb[known.Details.Zone];
        var mapped = zone.MapLocal(local);
        if (mapped.Count == 0)
        {
            var after = LocalDateTimePattern.GeneralIso.Format(mapped.LateInterval.IsoLocalStart);
            refusals.Add(ImportRefusal.At(ImportCodes.TimeSkipped, line.Line, ImportFields.Date, LocalDateTimePattern.GeneralIso.Format(local), zone.Id, after));
            return null;
        }
        var draft = new SeasonSession(known?.Id ?? context.NewId($"session {key}"), known, showId, title, local, place, mapped.Count == 2, line.Line);
        if (line[ImportFields.Series] is { Length: > 0 } series) draft.SeriesId = SeriesId(showId, series, line.Line);
        _drafts.Add(key, draft);
        _inOrder.Add(draft);
        return draft;
    }

    private string? ShowId(MappedLine line, string title)
    {
        var folded = Words.Fold(title);
        var known = _shows[folded].ToImmutableArray();
        if (known.Length > 1)
        {
            refusals.Add(ImportRefusal.At(ImportCodes.ShowAmbiguous, line.Line, ImportFields.Show, title, [.. known.Select(show => show.Id)]));
            return null;
        }
        if (known.Length == 1) return known[0].Id;
        if (!_newShows.TryGetValue(folded, out var show)) _newShows.Add(folded, show = new SeasonShow(context.NewId($"show {folded}"), title, line.Line));
        show.Take(line, refusals);
        return show.Id;
    }

    private string SeriesId(string showId, string name, int line)
    {
        var folded = Words.Fold(name);
        if (context.Series.FirstOrDefault(series => series.ShowId == showId && Words.Fold(series.Name) == folded) is { } known) return known.Id;
        if (!_newSeries.TryGetValue((showId, folded), out var series))
            _newSeries.Add((showId, folded), series = new PlannedSeries(context.NewId($"series {showId} {folded}"), showId, name, line));
        return series.Id;
    }

    /// <summary>
    /// The same show at the same time in a place of another name, which no other line of the file is about: more likely the same
    /// session written differently than a second one.
    /// </summary>
    private KnownSession? OtherAtThatTime(SeasonSession draft) =>
        _sessionsByStart[(Words.Fold(draft.Title), draft.Local.ToDateTimeUnspecified())]
            .FirstOrDefault(known => _inOrder.TrueForAll(other => other.Existing?.Id != known.Id));

    private bool IsLocked(KnownSession session, MappedLine line)
    {
        if (session.Status != SessionStatus.Cancelled) return false;
        refusals.Add(ImportRefusal.At(ImportCodes.SessionLocked, line.Line, "", Shown(session), "cancelled"));
        return true;
    }

    private void Missing(MappedLine line, string field) => refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, line.Line, field, "", field));

    internal static string Shown(KnownSession session) => Shown(session.Title, session.Details.LocalStart, session.Details.Place);

    /// <summary>A session as refusals name it: <c>title | 2026-11-24T20:30 | place</c>.</summary>
    internal static string Shown(string title, DateTime start, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"{title} | {start:yyyy-MM-dd'T'HH:mm} | {place}");
}

/// <summary>A show that the file brings, described by its first line that says so.</summary>
internal sealed class SeasonShow(string id, string title, int line)
{
    private readonly Dictionary<string, (string Value, int Line)> _said = [];

    public string Id { get; } = id;

    public int Line { get; } = line;

    public ShowDetails Details => new(title, Said(ImportFields.Subtitle), Said(ImportFields.Producer), Said(ImportFields.Genre));

    public void Take(MappedLine line, RefusalList refusals)
    {
        foreach (var field in new[] { ImportFields.Subtitle, ImportFields.Producer, ImportFields.Genre })
        {
            var value = line[field];
            if (value.Length == 0 || _said.TryAdd(field, (value, line.Line))) continue;
            var (before, at) = _said[field];
            if (Words.Fold(before) != Words.Fold(value))
                refusals.Add(ImportRefusal.At(ImportCodes.LinesDisagree, line.Line, field, value, field, before, at.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private string? Said(string field) => _said.TryGetValue(field, out var said) ? said.Value : null;
}

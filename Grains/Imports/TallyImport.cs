using System.Collections.Immutable;
using System.Globalization;
using Guichet.Sessions;
using Guichet.Tallies;
using NodaTime;

namespace Guichet.Imports;

/// <summary>A file of tallies against the sessions there are: the tally that each would get, or every reason why not.</summary>
public static class TallyImport
{
    public static Taken<TallyPlan> Plan(Table table, Mapping mapping, TallyContext context)
    {
        var refusals = new RefusalList();
        if (MappedLines.Open(table, mapping, refusals, context.Target is not null) is not { } lines) return refusals.Refused<TallyPlan>();
        var finder = new SessionFinder(context);
        var drafts = new OrderedTallies(mapping, context.MayAddChannels, refusals);
        var count = 0;
        foreach (var line in lines.Read())
        {
            count++;
            if (!line.IsRefused && finder.Find(line, refusals) is { } session) drafts.Of(session, line.Line).Take(line);
        }
        if (refusals.Count > 0) return refusals.Refused<TallyPlan>();
        var tallies = drafts.All.Select(draft => draft.Planned()).OfType<PlannedTally>().ToImmutableArray();
        return refusals.Or(() => new TallyPlan(tallies, count, lines.LeftOut));
    }

    private sealed class OrderedTallies(Mapping mapping, bool mayAddChannels, RefusalList refusals)
    {
        private readonly Dictionary<string, TallyDrafting> _bySession = [];

        public List<TallyDrafting> All { get; } = [];

        public TallyDrafting Of(TalliedSession session, int line)
        {
            if (_bySession.TryGetValue(session.Id, out var draft)) return draft;
            draft = new TallyDrafting(session, mapping, mayAddChannels, refusals, line);
            _bySession.Add(session.Id, draft);
            All.Add(draft);
            return draft;
        }
    }
}

/// <summary>Finds the session that a line is about: by its id, or by as much of title, date, time and place as the line has.</summary>
internal sealed class SessionFinder(TallyContext context)
{
    private const int MostCandidates = 5;

    private readonly Dictionary<string, TalliedSession> _byId = context.Sessions.ToDictionary(session => session.Id);
    private readonly ILookup<string, Entry> _byTitle = context.Sessions.Select(Entry.Of).ToLookup(entry => entry.Title);
    private readonly ILookup<DateTime, Entry> _byDay = context.Sessions.Select(Entry.Of).ToLookup(entry => entry.Session.Details.LocalStart.Date);

    private sealed record Entry(TalliedSession Session, string Title, string Place)
    {
        public static Entry Of(TalliedSession session) => new(session, Words.Fold(session.Title), Words.Fold(session.Details.Place));
    }

    /// <summary>Null when there is none, or more than one, or it takes no tally; the refusals say so.</summary>
    public TalliedSession? Find(MappedLine line, RefusalList refusals)
    {
        var found = context.Target is { } target ? [_byId[target]] : Candidates(line, refusals);
        if (found.Length == 0) return null;
        if (found.Length > 1)
        {
            refusals.Add(ImportRefusal.At(ImportCodes.SessionAmbiguous, line.Line, "", Said(line), Shown(found)));
            return null;
        }
        if (found[0].Receives) refusals.Add(ImportRefusal.At(ImportCodes.SessionReceives, line.Line, "", Shown(found[0])));
        else if (found[0].Status == SessionStatus.Cancelled) refusals.Add(ImportRefusal.At(ImportCodes.SessionLocked, line.Line, "", Shown(found[0]), "cancelled"));
        else return found[0];
        return null;
    }

    private ImmutableArray<TalliedSession> Candidates(MappedLine line, RefusalList refusals)
    {
        if (line[ImportFields.Session] is { Length: > 0 } id)
        {
            if (_byId.TryGetValue(id, out var byId)) return [byId];
            refusals.Add(ImportRefusal.At(ImportCodes.SessionUnknown, line.Line, ImportFields.Session, id));
            return [];
        }
        if (line.Date is null)
        {
            refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, line.Line, ImportFields.Date, "", ImportFields.Date));
            return [];
        }
        var title = Words.Fold(line[ImportFields.Show]);
        var place = Words.Fold(line[ImportFields.Place]);
        var day = line.Date.Value.ToDateTimeUnspecified();
        // With an offset, it may be the day before or after on the session's wall.
        var entries = line.Offset is null ? _byDay[day] : Enumerable.Range(-1, 3).SelectMany(days => _byDay[day.AddDays(days)]);
        ImmutableArray<TalliedSession> found =
        [
            .. entries
                .Where(entry => IsThen(entry.Session, line) && (title.Length == 0 || entry.Title == title) && (place.Length == 0 || entry.Place == place))
                .Select(entry => entry.Session),
        ];
        if (found.IsEmpty) refusals.Add(ImportRefusal.At(ImportCodes.SessionUnknown, line.Line, "", Said(line), Shown(Nearest(title, day))));
        return found;
    }

    private static bool IsThen(TalliedSession session, MappedLine line)
    {
        var start = session.Details.LocalStart;
        // An instant written with its offset is looked at on the session's own wall.
        if (line.Offset is not null && line.LocalIn(DateTimeZoneProviders.Tzdb[session.Details.Zone]) is { } local) return local.ToDateTimeUnspecified() == start;
        return line.Date!.Value.ToDateOnly() == DateOnly.FromDateTime(start) && (line.Time is not { } time || time.ToTimeOnly() == TimeOnly.FromDateTime(start));
    }

    /// <summary>The same show on the nearest days, else what there is on that day.</summary>
    private IEnumerable<TalliedSession> Nearest(string title, DateTime day)
    {
        var ofShow = _byTitle[title].OrderBy(entry => (entry.Session.Details.LocalStart.Date - day).Duration()).ToArray();
        return (ofShow.Length > 0 ? ofShow : _byDay[day]).Select(entry => entry.Session);
    }

    private static string[] Shown(IEnumerable<TalliedSession> sessions) => [.. sessions.Take(MostCandidates).Select(Shown)];

    private static string Shown(TalliedSession session) => SeasonPlanning.Shown(session.Title, session.Details.LocalStart, session.Details.Place);

    private static string Said(MappedLine line)
    {
        var date = line.Date is { } day ? Cell.Of(day.At(line.Time ?? LocalTime.Midnight)).Text : "";
        return string.Join(" | ", new[] { line[ImportFields.Show], date, line[ImportFields.Place] }.Where(part => part.Length > 0));
    }
}

/// <summary>One session's tally while its lines are gathered.</summary>
internal sealed class TallyDrafting(TalliedSession session, Mapping mapping, bool mayAddChannels, RefusalList refusals, int firstLine)
{
    private const int MostNames = 20;

    private readonly Dictionary<string, string> _categories = Codes(session.Details.Categories, category => (category.Code, category.Name));
    private readonly Dictionary<string, string> _tariffs = Codes(session.Details.Tariffs, tariff => (tariff.Code, tariff.Name));
    private readonly Dictionary<string, string> _channels = Codes(session.Details.Channels, channel => (channel.Code, channel.Name));
    private readonly NewCodes _channelCodes = new(session.Details.Channels.Select(channel => channel.Code));
    private readonly List<Channel> _newChannels = [];
    private readonly Dictionary<(string Category, string Tariff, string Channel), (TallyLine Line, int FileLine)> _lines = [];

    /// <summary>Takes what one line of the file counts: one line of the tally, or several where its columns are about different tariffs.</summary>
    public void Take(MappedLine line)
    {
        var taken = new Dictionary<(string, string, string), TallyLine>();
        var counted = new HashSet<(string, string, string, string)>();
        foreach (var measure in line.Measures)
        {
            if (Code(line, measure, ImportFields.Category, measure.Category, _categories) is not { } category
                || Code(line, measure, ImportFields.Tariff, measure.Tariff, _tariffs) is not { } tariff
                || Code(line, measure, ImportFields.Channel, measure.Channel, _channels) is not { } channel) return;
            var key = (category, tariff, channel);
            if (!counted.Add((category, tariff, channel, measure.Field)))
            {
                refusals.Add(ImportRefusal.At(ImportCodes.FieldMappedTwice, line.Line, measure.Header, measure.Text, measure.Field));
                return;
            }
            var before = taken.GetValueOrDefault(key) ?? new TallyLine(category, tariff, channel, 0, 0, 0, null);
            if (With(before, measure, line.Line) is not { } after) return;
            taken[key] = after;
        }
        foreach (var (key, tallied) in taken)
        {
            if (!_lines.TryAdd(key, (Priced(tallied), line.Line)))
                refusals.Add(ImportRefusal.At(
                    ImportCodes.LineDuplicate, line.Line, "", $"{tallied.Category} / {tallied.Tariff} / {tallied.Channel}",
                    _lines[key].FileLine.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Null when the lines, right one by one, make no tally; the refusals say why.</summary>
    public PlannedTally? Planned()
    {
        var (lines, wrong) = Whole();
        foreach (var refusal in wrong) refusals.Add(ImportRefusal.At(refusal.Code, firstLine, refusal.Field ?? "", session.Title, refusal.Arguments.AsSpan()));
        if (wrong.Length > 0) return null;
        var details = session.Details;
        var after = TallyFigures.Of(lines);
        var before = session.Current?.Figures;
        return new PlannedTally(
            session.Id, session.Title, details.LocalStart, details.Place, details.Currency, lines, after, before, session.Current?.Version ?? 0,
            before is not null && TallyRules.IsDrop(before.Sold, after.Sold), Over(lines), [.. _newChannels], session.Revision, firstLine);
    }

    /// <summary>The file's lines, with those of other channels where the file speaks for its own only; in the order of the session's grid.</summary>
    private (ImmutableArray<TallyLine> Lines, ImmutableArray<Refusal> Refusals) Whole()
    {
        var lines = _lines.Values.Select(line => line.Line).ToList();
        if (mapping.Scope == TallyScope.ItsChannels && session.Current is { } current)
        {
            var channels = lines.Select(line => line.Channel).ToHashSet();
            lines.AddRange(current.Lines.Where(line => !channels.Contains(line.Channel)));
        }
        var details = session.Details with { Channels = [.. session.Details.Channels, .. _newChannels] };
        return TallyRules.Check([.. lines], details);
    }

    private ImmutableArray<OverCapacity> Over(ImmutableArray<TallyLine> lines) =>
    [
        .. session.Details.Categories
            .Select(category => new OverCapacity(
                category.Name, lines.Where(line => line.Category == category.Code).Sum(line => line.Sold + line.Free), category.Capacity))
            .Where(over => over.Taken > over.Capacity),
    ];

    /// <summary>The session's code for what the column or the line names. Where neither does, the only one there is.</summary>
    private string? Code(MappedLine line, Measure measure, string axis, string? ofColumn, Dictionary<string, string> codes)
    {
        var name = ofColumn ?? line[axis];
        if (name.Length == 0)
        {
            refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, line.Line, measure.Header, measure.Text, axis));
            return null;
        }
        if (codes.TryGetValue(Words.Fold(name), out var code)) return code;
        // A constant is our own default: with one category there is no doubt which is meant, whatever it is called.
        if (ofColumn is null && name == mapping.Constant(axis) && codes.Values.Distinct().Take(2).ToArray() is [var only]) return only;
        if (axis == ImportFields.Channel && mayAddChannels) return AddChannel(name);
        refusals.Add(ImportRefusal.At(UnknownCode(axis), line.Line, ofColumn is null ? axis : measure.Header, name, KnownNamesOf(axis)));
        return null;
    }

    private string AddChannel(string name)
    {
        var channel = new Channel(_channelCodes.For(name), name);
        _newChannels.Add(channel);
        _channels.Add(Words.Fold(name), channel.Code);
        return channel.Code;
    }

    private TallyLine? With(TallyLine line, Measure measure, int at)
    {
        var count = measure.Field == ImportFields.Gross ? 0 : (int)measure.Number.Value;
        switch (measure.Field)
        {
            case ImportFields.Sold: return line with { Sold = count };
            case ImportFields.Reserved: return line with { Reserved = count };
            case ImportFields.Free: return line with { Free = count };
            default:
                return LineMoney.TryToMinor(measure, at, session.Details.Currency, TallyRules.LargestGrossMinor, refusals, out var gross)
                    ? line with { GrossMinor = gross }
                    : null;
        }
    }

    private TallyLine Priced(TallyLine line) => mapping.GrossFromPrices ? line with { GrossMinor = line.Sold * Price(line.Category, line.Tariff) } : line;

    private long? Price(string category, string tariff) =>
        session.Details.Prices.FirstOrDefault(price => price.Category == category && price.Tariff == tariff)?.PriceMinor
        ?? session.Details.Tariffs.First(one => one.Code == tariff).PriceMinor;

    private string[] KnownNamesOf(string axis) => axis switch
    {
        ImportFields.Category => [.. session.Details.Categories.Select(category => category.Name).Take(MostNames)],
        ImportFields.Tariff => [.. session.Details.Tariffs.Select(tariff => tariff.Name).Take(MostNames)],
        _ => [.. session.Details.Channels.Select(channel => channel.Name).Take(MostNames)],
    };

    private static string UnknownCode(string axis) => axis switch
    {
        ImportFields.Category => ImportCodes.CategoryUnknown,
        ImportFields.Tariff => ImportCodes.TariffUnknown,
        _ => ImportCodes.ChannelUnknown,
    };

    /// <summary>Names and codes, folded; where a name is another's code, the name wins.</summary>
    private static Dictionary<string, string> Codes<T>(ImmutableArray<T> items, Func<T, (string Code, string Name)> of)
    {
        var codes = new Dictionary<string, string>();
        foreach (var item in items) codes.TryAdd(Words.Fold(of(item).Name), of(item).Code);
        foreach (var item in items) codes.TryAdd(Words.Fold(of(item).Code), of(item).Code);
        return codes;
    }
}

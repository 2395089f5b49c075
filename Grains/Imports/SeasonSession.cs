using System.Collections.Immutable;
using System.Globalization;
using Guichet.Sessions;
using NodaTime;

namespace Guichet.Imports;

/// <summary>A session while the lines about it are gathered.</summary>
internal sealed class SeasonSession(
    string id, KnownSession? existing, string showId, string title, LocalDateTime local, string place, bool timeIsRepeated, int line)
{
    /// <summary>The price of a tariff in every category that has none of its own.</summary>
    private const string AnyCategory = "";

    private readonly OrderedNames<(long? Capacity, int Line)> _categories = new();
    private readonly OrderedNames<int> _tariffs = new();
    private readonly OrderedNames<int> _channels = new();
    private readonly Dictionary<(string Tariff, string Category), (long Minor, int Line)> _prices = [];
    private readonly Dictionary<(string, string, string), int> _lines = [];
    private readonly List<(int Line, string Tariff, string Category, Measure Measure)> _said = [];

    public KnownSession? Existing { get; } = existing;

    public string Title { get; } = title;

    public LocalDateTime Local { get; } = local;

    public string Place { get; } = place;

    public int Line { get; } = line;

    public string? SeriesId { get; set; }

    private string Currency(SeasonContext context) => Existing?.Details.Currency ?? context.Currency;

    public void Take(MappedLine line, RefusalList refusals)
    {
        var key = (Words.Fold(line[ImportFields.Category]), Words.Fold(line[ImportFields.Tariff]), Words.Fold(line[ImportFields.Channel]));
        if (!_lines.TryAdd(key, line.Line))
        {
            refusals.Add(ImportRefusal.At(ImportCodes.LineDuplicate, line.Line, "", Title, Text(_lines[key])));
            return;
        }
        if (line[ImportFields.Category] is { Length: > 0 } category) _categories.TryAdd(category, (null, line.Line));
        if (line[ImportFields.Tariff] is { Length: > 0 } tariff) _tariffs.TryAdd(tariff, line.Line);
        // A line by session lists its channels in one cell.
        foreach (var channel in line[ImportFields.Channel].Split([',', ';', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            _channels.TryAdd(channel, line.Line);
        foreach (var measure in line.Measures)
        {
            if (measure.Field == ImportFields.Capacity) TakeCapacity(line, measure, refusals);
            else TakePrice(line, measure, refusals);
        }
    }

    private void TakeCapacity(MappedLine line, Measure measure, RefusalList refusals)
    {
        var name = measure.Category ?? line[ImportFields.Category];
        if (name.Length == 0)
        {
            refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, line.Line, measure.Header, measure.Text, ImportFields.Category));
            return;
        }
        var capacity = (long)measure.Number.Value;
        _categories.TryAdd(name, (null, line.Line));
        var (before, at) = _categories[name];
        if (before is { } other && other != capacity)
            refusals.Add(ImportRefusal.At(ImportCodes.LinesDisagree, line.Line, measure.Header, measure.Text, ImportFields.Capacity, Text(other), Text(at)));
        else if (before is null) _categories[name] = (capacity, line.Line);
    }

    private void TakePrice(MappedLine line, Measure measure, RefusalList refusals)
    {
        var tariff = measure.Tariff ?? line[ImportFields.Tariff];
        if (tariff.Length == 0)
        {
            refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, line.Line, measure.Header, measure.Text, ImportFields.Tariff));
            return;
        }
        // A column of a tariff in a line that speaks for the whole session is the price in all its categories.
        var category = measure.Category ?? line[ImportFields.Category];
        if (measure.Category is not null) _categories.TryAdd(measure.Category, (null, line.Line));
        _tariffs.TryAdd(tariff, line.Line);
        _said.Add((line.Line, tariff, category, measure));
    }

    /// <summary>The session as it would be; null when something about it is refused.</summary>
    public PlannedSession? Planned(SeasonContext context, RefusalList refusals)
    {
        var before = refusals.Count;
        var currency = Currency(context);
        foreach (var (at, tariff, category, measure) in _said) SetPrice(at, tariff, category, measure, currency, refusals);
        if (refusals.Count > before) return null;
        var details = Details(context, currency, refusals);
        if (refusals.Count > before) return null;
        var (cleaned, _, wrong) = SessionRules.Check(details);
        foreach (var refusal in wrong) refusals.Add(ImportRefusal.At(refusal.Code, Line, refusal.Field ?? "", Title, refusal.Arguments.AsSpan()));
        if (wrong.Length > 0) return null;
        var changes = Existing is null ? [] : SessionChanges.Between(Existing.Details, cleaned);
        var action = Existing is null ? PlannedAction.Create : changes.IsEmpty ? PlannedAction.Nothing : PlannedAction.Change;
        return new PlannedSession(action, id, Existing?.Revision ?? 0, Title, cleaned, changes, timeIsRepeated, Line);
    }

    private void SetPrice(int at, string tariff, string category, Measure measure, string currency, RefusalList refusals)
    {
        if (!LineMoney.TryToMinor(measure, at, currency, SessionRules.HighestPriceMinor, refusals, out var minor)) return;
        var key = (Words.Fold(tariff), Words.Fold(category));
        if (_prices.TryAdd(key, (minor, at)) || _prices[key].Minor == minor) return;
        var (other, line) = _prices[key];
        refusals.Add(ImportRefusal.At(
            ImportCodes.LinesDisagree, at, measure.Header, measure.Text, ImportFields.Price, new Money(other, currency).ToString(), Text(line)));
    }

    private SessionDetails Details(SeasonContext context, string currency, RefusalList refusals)
    {
        var old = Existing?.Details;
        var categoryCodes = new NewCodes((old?.Categories ?? []).Select(category => category.Code));
        var channelCodes = new NewCodes((old?.Channels ?? []).Select(channel => channel.Code));
        var categories = Merged(old?.Categories ?? [], _categories, category => category.Name, AddedCategory, ChangedCategory);
        var channels = Merged(old?.Channels ?? [], _channels, channel => channel.Name, (name, _) => new Channel(channelCodes.For(name), name), (channel, _) => channel);
        if (channels.IsEmpty) Missing(ImportFields.Channel);
        if (categories.IsEmpty) Missing(ImportFields.Category);
        var (tariffs, prices) = Prices(old, categories, Missing);
        if (tariffs.IsEmpty) Missing(ImportFields.Tariff);
        return new SessionDetails(
            showId, SeriesId ?? old?.SeriesId, Place, Local.ToDateTimeUnspecified(), old?.Zone ?? context.Zone, currency,
            categories, tariffs, prices, channels)
        {
            VatBasisPoints = old?.VatBasisPoints ?? Vat.Usual,
        };

        Category AddedCategory(string name, (long? Capacity, int Line) said)
        {
            if (said.Capacity is null) refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, said.Line, ImportFields.Capacity, name, ImportFields.Capacity));
            return new Category(categoryCodes.For(name), name, (int)(said.Capacity ?? 0));
        }

        static Category ChangedCategory(Category category, (long? Capacity, int Line) said) =>
            said.Capacity is { } capacity ? category with { Capacity = (int)capacity } : category;

        void Missing(string field, int at = 0, string value = "") => refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, at == 0 ? Line : at, field, value, field));
    }

    /// <summary>What was there, changed as the file says, and then what the file adds.</summary>
    private static ImmutableArray<T> Merged<T, TSaid>(
        ImmutableArray<T> old, OrderedNames<TSaid> said, Func<T, string> nameOf, Func<string, TSaid, T> add, Func<T, TSaid, T> change)
    {
        var known = old.Select(item => Words.Fold(nameOf(item))).ToHashSet();
        return
        [
            .. old.Select(item => said.TryGet(nameOf(item), out var value) ? change(item, value) : item),
            .. said.All.Where(item => !known.Contains(Words.Fold(item.Name))).Select(item => add(item.Name, item.Value)),
        ];
    }

    /// <summary>
    /// The tariffs with their price, and the prices that differ from it in a category. A tariff's own price is the one said for
    /// every category, else what it was, else the one in the first category that has it.
    /// </summary>
    private (ImmutableArray<Tariff> Tariffs, ImmutableArray<CategoryPrice> Prices) Prices(
        SessionDetails? old, ImmutableArray<Category> categories, Action<string, int, string> missing)
    {
        var prices = ImmutableArray.CreateBuilder<CategoryPrice>();
        var codes = new NewCodes((old?.Tariffs ?? []).Select(tariff => tariff.Code));
        var tariffs = Merged(old?.Tariffs ?? [], _tariffs, tariff => tariff.Name, Added, (tariff, _) => tariff);
        return ([.. tariffs.Select(Priced)], prices.ToImmutable());

        Tariff Added(string name, int at)
        {
            var folded = Words.Fold(name);
            var price = categories.Select(category => Words.Fold(category.Name)).Prepend(AnyCategory)
                .Where(category => _prices.ContainsKey((folded, category))).Select(category => (long?)_prices[(folded, category)].Minor).FirstOrDefault();
            if (price is null) missing(ImportFields.Price, at, name);
            return new Tariff(codes.For(name), name, price ?? 0);
        }

        Tariff Priced(Tariff tariff)
        {
            var folded = Words.Fold(tariff.Name);
            var own = _prices.TryGetValue((folded, AnyCategory), out var said) ? said.Minor : tariff.PriceMinor;
            foreach (var category in categories)
            {
                var before = old?.Prices.FirstOrDefault(price => price.Tariff == tariff.Code && price.Category == category.Code)?.PriceMinor;
                var price = _prices.TryGetValue((folded, Words.Fold(category.Name)), out var given) ? given.Minor : before ?? own;
                if (price is { } here && here != own) prices.Add(new CategoryPrice(category.Code, tariff.Code, here));
            }
            return tariff with { PriceMinor = own };
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Names in the order of their first appearance, blind to case and accents; as first written.</summary>
internal sealed class OrderedNames<T>
{
    private readonly Dictionary<string, int> _places = [];
    private readonly List<(string Name, T Value)> _all = [];

    public IReadOnlyList<(string Name, T Value)> All => _all;

    public T this[string name]
    {
        get => _all[_places[Words.Fold(name)]].Value;
        set
        {
            var place = _places[Words.Fold(name)];
            _all[place] = (_all[place].Name, value);
        }
    }

    public void TryAdd(string name, T value)
    {
        if (_places.TryAdd(Words.Fold(name), _all.Count)) _all.Add((name, value));
    }

    public bool TryGet(string name, out T value)
    {
        var found = _places.TryGetValue(Words.Fold(name), out var place);
        value = found ? _all[place].Value : default!;
        return found;
    }
}

/// <summary>Codes for names that are new to a session, each different from those that it has.</summary>
internal sealed class NewCodes(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = [.. taken];

    public string For(string name)
    {
        var code = SessionRules.CodeOf(name);
        var unique = code;
        for (var n = 2; !_taken.Add(unique); n++) unique = string.Create(CultureInfo.InvariantCulture, $"{code}-{n}");
        return unique;
    }
}

/// <summary>Amounts of a line, in minor units.</summary>
internal static class LineMoney
{
    public static bool TryToMinor(Measure measure, int line, string currency, long highest, RefusalList refusals, out long minor)
    {
        minor = 0;
        if (measure.Number.Currency.Length > 0 && measure.Number.Currency != currency)
            refusals.Add(ImportRefusal.At(ImportCodes.CurrencyOther, line, measure.Header, measure.Text, measure.Number.Currency, currency));
        else if (measure.Number.Value > new Money(highest, currency).Major)
            refusals.Add(ImportRefusal.At(ImportCodes.NumberTooLarge, line, measure.Header, measure.Text, new Money(highest, currency).ToString()));
        else if (!Numbers.TryToMinor(measure.Number.Value, Money.Decimals(currency), out minor))
            refusals.Add(ImportRefusal.At(
                ImportCodes.MoneyTooPrecise, line, measure.Header, measure.Text, Money.Decimals(currency).ToString(CultureInfo.InvariantCulture), currency));
        else return true;
        return false;
    }
}

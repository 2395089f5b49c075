using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Sessions;

/// <summary>A session's form as it is typed: texts, so that what isn't a number yet comes back as it was.</summary>
public sealed class SessionForm
{
    /// <summary>The answer of the show's list that asks for the title of a new one.</summary>
    public const string NewShow = "new";

    public string Show { get; set; } = "";

    public string NewTitle { get; set; } = "";

    public string Series { get; set; } = "";

    public string Place { get; set; } = "";

    /// <summary><c>2026-11-24</c>, as date fields post it.</summary>
    public string Date { get; set; } = "";

    /// <summary><c>20:30</c>.</summary>
    public string Time { get; set; } = "";

    public string Zone { get; set; } = "";

    public string Currency { get; set; } = "";

    /// <summary>In per cent: <c>5,5</c>.</summary>
    public string VatRate { get; set; } = "";

    public IReadOnlyList<Line> Categories { get; set; } = [];

    public IReadOnlyList<Line> Tariffs { get; set; } = [];

    public IReadOnlyList<Line> Channels { get; set; } = [];

    /// <summary>Prices that differ from the tariff's own, by the keys of their category and tariff.</summary>
    public IReadOnlyDictionary<(string Category, string Tariff), string> Prices { get; set; } = new Dictionary<(string, string), string>();

    /// <param name="Key">What the prices of this row are found by while it is typed; empty in a row that the page hasn't seen yet.</param>
    /// <param name="Code">Empty until the session is saved.</param>
    /// <param name="Figure">Capacity of a category, price of a tariff; nothing of a channel.</param>
    public sealed record Line(string Key, string Code, string Name, string Figure = "");

    /// <summary>What stands in the form of a first session: one of each, to be written over.</summary>
    public static SessionForm Blank(Reader reader, string currency) => new()
    {
        Zone = reader.Formats.Zone.Id,
        Currency = currency,
        VatRate = reader.Formats.Rate(Vat.Usual),
        Time = "20:30",
        Categories = [new("c0", "", reader.T("Placement libre", "Free seating"))],
        Tariffs = [new("t0", "", reader.T("Plein tarif", "Full price")), new("t1", "", reader.T("Tarif réduit", "Reduced"))],
        Channels = [new("n0", "", reader.T("Guichet", "Box office")), new("n1", "", "Internet")],
    };

    public static SessionForm Of(SessionDetails details, Formats formats) => new()
    {
        Show = details.ShowId,
        Series = details.SeriesId ?? "",
        Place = details.Place,
        Date = details.LocalStart.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Time = details.LocalStart.ToString("HH:mm", CultureInfo.InvariantCulture),
        Zone = details.Zone,
        Currency = details.Currency,
        VatRate = formats.Rate(details.VatBasisPoints),
        Categories = [.. details.Categories.Select(category => new Line(category.Code, category.Code, category.Name, category.Capacity.ToString(CultureInfo.InvariantCulture)))],
        Tariffs = [.. details.Tariffs.Select(tariff => new Line(tariff.Code, tariff.Code, tariff.Name, tariff.PriceMinor is { } price ? TallyGridForm.AmountText(price, details.Currency, formats) : ""))],
        Channels = [.. details.Channels.Select(channel => new Line(channel.Code, channel.Code, channel.Name))],
        Prices = details.Prices.ToDictionary(price => (price.Category, price.Tariff), price => TallyGridForm.AmountText(price.PriceMinor, details.Currency, formats)),
    };

    public static SessionForm Read(IFormCollection form)
    {
        var categories = Lines(form, "categories", "c", "capacity");
        var tariffs = Lines(form, "tariffs", "t", "price");
        return new SessionForm
        {
            Show = Text(form, "show"),
            NewTitle = Text(form, "title"),
            Series = Text(form, "series"),
            Place = Text(form, "place"),
            Date = Text(form, "date"),
            Time = Text(form, "time"),
            Zone = Text(form, "zone"),
            Currency = Text(form, "currency").ToUpperInvariant(),
            VatRate = Text(form, "vat"),
            Categories = categories,
            Tariffs = tariffs,
            Channels = Lines(form, "channels", "n", null),
            Prices = (from category in categories
                      from tariff in tariffs
                      let typed = Text(form, PriceField(category.Key, tariff.Key))
                      where typed.Length > 0
                      select (Key: (category.Key, tariff.Key), typed)).ToDictionary(price => price.Key, price => price.typed),
        };
    }

    public static string PriceField(string category, string tariff) => $"price|{category}|{tariff}";

    /// <summary>
    /// The details that the form describes. What can't be read is said in <paramref name="errors"/>, with all else that the session would
    /// refuse, so that the form is mended in one go; the answer is only good while there are none.
    /// </summary>
    /// <param name="showId">The show chosen, or the one about to be made.</param>
    public SessionDetails ToDetails(string showId, Reader reader, FormErrors errors)
    {
        var categories = WithCodes(Categories);
        var tariffs = WithCodes(Tariffs);
        var details = new SessionDetails(
            showId,
            Series.Length == 0 ? null : Series,
            Place,
            Start(reader, errors),
            Zone,
            Currency,
            [.. categories.Select((line, i) => new Category(line.Code, line.Name, Capacity(line, i)))],
            [.. tariffs.Select((line, i) => new Tariff(line.Code, line.Name, Price(line, i)))],
            [.. from category in categories
                from tariff in tariffs
                where Prices.ContainsKey((category.Key, tariff.Key))
                let amount = Amount(Prices[(category.Key, tariff.Key)], PriceField(category.Key, tariff.Key), tariff.Name)
                select new CategoryPrice(category.Code, tariff.Code, amount)],
            [.. WithCodes(Channels).Select(line => new Channel(line.Code, line.Name))])
        {
            VatBasisPoints = Rate(),
        };
        if (errors.Any)
            Take(SessionRules.Check(details).Refusals, reader, errors);
        return details;

        int Rate()
        {
            if (TypedNumbers.TryRate(VatRate, out var basisPoints) && basisPoints is >= 0 and <= Vat.Highest) return basisPoints;
            errors.Add("vat", VatRate.Length == 0
                ? reader.T("Donnez le taux de TVA des prix ; 0 s’ils n’en portent pas.", "Give the VAT rate of the prices; 0 if they carry none.")
                : reader.T($"{reader.Formats.Quote(VatRate)} n’est pas un taux de TVA : 2,1, 5,5 ou 20 par exemple.", $"{reader.Formats.Quote(VatRate)} isn’t a VAT rate: 2.1, 5.5 or 20 for example."));
            return Vat.Usual;
        }

        int Capacity(Line line, int i)
        {
            if (line.Figure.Length > 0 && TypedNumbers.TryCount(line.Figure, out var count) && count is >= 0 and <= SessionRules.LargestCapacity) return (int)count;
            errors.Add($"categories[{i}].capacity", line.Figure.Length == 0
                ? reader.T($"Donnez la jauge de {reader.Formats.Quote(line.Name)}.", $"Give the capacity of {reader.Formats.Quote(line.Name)}.")
                : reader.T($"{reader.Formats.Quote(line.Figure)} n’est pas une jauge : un nombre entier de places.", $"{reader.Formats.Quote(line.Figure)} isn’t a capacity: a whole number of seats."));
            return 0;
        }

        // A tariff that came over a link may stay without a price; one that is added has one.
        long? Price(Line line, int i) => line.Figure.Length == 0 && Tariffs[i].Code.Length > 0 ? null : Amount(line.Figure, $"tariffs[{i}].price", line.Name);

        long Amount(string typed, string field, string name)
        {
            if (typed.Length > 0 && TypedNumbers.TryMoney(typed, Currency, out var minor) && minor >= 0) return minor;
            errors.Add(field, typed.Length == 0
                ? reader.T($"Donnez le prix de {reader.Formats.Quote(name)} ; 0 s’il est gratuit.", $"Give the price of {reader.Formats.Quote(name)}; 0 if it is free.")
                : reader.T($"{reader.Formats.Quote(typed)} n’est pas un prix : 38,50 par exemple.", $"{reader.Formats.Quote(typed)} isn’t a price: 38.50 for example."));
            return 0;
        }
    }

    /// <summary>The summary of what is refused reads as the form does.</summary>
    public static void Arrange(FormErrors errors) => errors.Arrange("show", "title", "series", "date", "time", "place", "zone", "currency", "vat", "categories", "tariffs", "channels");

    /// <summary>What the session refused, at the fields as this form names them; a field that has its sentence already keeps that one.</summary>
    public static void Take(ImmutableArray<Refusal> refusals, Reader reader, FormErrors errors)
    {
        var said = errors.Select(error => error.Field).Where(field => field.Length > 0).ToHashSet(StringComparer.Ordinal);
        errors.Add(refusals.Where(refusal => !said.Contains(FieldOf(refusal.Field))), reader.Formats, refusal => FieldOf(refusal.Field));
    }

    private static string FieldOf(string? field) => field switch
    {
        null => "",
        "start" => "date",
        _ when field.StartsWith("prices[", StringComparison.Ordinal) => "tariffs",
        _ => field,
    };

    private DateTime Start(Reader reader, FormErrors errors)
    {
        var isDate = DateOnly.TryParseExact(Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        if (!isDate) errors.Add("date", reader.T("Donnez la date de la représentation.", "Give the performance’s date."));
        var isTime = TimeOnly.TryParseExact(Time, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        if (!isTime) errors.Add("time", reader.T("Donnez l’heure de la représentation.", "Give the performance’s time."));
        return isDate && isTime ? date.ToDateTime(time) : new DateTime(2000, 1, 1);
    }

    /// <summary>New rows get their codes here, as the session would make them, so that prices can name rows that have none yet.</summary>
    private static List<Line> WithCodes(IReadOnlyList<Line> lines)
    {
        var taken = lines.Where(line => line.Code.Length > 0).Select(line => line.Code).ToHashSet(StringComparer.Ordinal);
        return [.. lines.Select(line =>
        {
            if (line.Code.Length > 0) return line;
            var made = SessionRules.CodeOf(line.Name);
            var code = made;
            for (var n = 2; !taken.Add(code); n++) code = $"{made}-{n}";
            return line with { Code = code };
        })];
    }

    private static List<Line> Lines(IFormCollection form, string name, string prefix, string? figure)
    {
        var rows = RowsField.Read(form, name, figure is null ? ["name"] : ["name", figure], ["key", "code"]);
        var used = rows.Select(row => row["key"]).Where(key => key.Length > 0).ToHashSet(StringComparer.Ordinal);
        var next = 0;
        return [.. rows.Select(row => new Line(row["key"].Length > 0 ? row["key"] : Fresh(), row["code"], row["name"], figure is null ? "" : row[figure]))];

        string Fresh()
        {
            while (!used.Add($"{prefix}{next}")) next++;
            return $"{prefix}{next}";
        }
    }

    private static string Text(IFormCollection form, string name) => form[name].ToString().Trim();
}

using System.Globalization;
using System.Text;
using NodaTime;

namespace Guichet.Words;

/// <summary>
/// How numbers, money, dates and times read: one place for the typography of both languages.
/// French: narrow no-break space (U+202F) between thousands and before <c>%</c>, <c>;</c>, <c>!</c> and <c>?</c>,
/// no-break space (U+00A0) before a currency, <c>:</c> and around « » and in <c>20 h 30</c> (Imprimerie nationale).
/// English: British order of dates, 24-hour clock, because box offices read both languages side by side.
/// Instants are shown in the organisation's zone.
/// </summary>
public sealed class Formats
{
    public const char Thin = '\u202F';
    public const char NoBreak = '\u00A0';
    public const char Minus = '\u2212';

    private static readonly CultureInfo French = FrenchCulture();
    private static readonly CultureInfo English = EnglishCulture();
    private readonly TimeProvider time;

    public Formats(Language language, DateTimeZone zone, TimeProvider time, string? readersZone = null)
    {
        Language = language;
        Zone = zone;
        this.time = time;
        Culture = language == Language.English ? English : French;
        NamesZone = readersZone is not null && readersZone != zone.Id && DiffersNow(readersZone);
    }

    public Language Language { get; }

    public DateTimeZone Zone { get; }

    public CultureInfo Culture { get; }

    /// <summary>True when the reader's clock is not the organisation's now, so that times must say whose they are.</summary>
    public bool NamesZone { get; }

    private bool IsFrench => Language == Language.French;

    public string Number(long value) => value < 0 ? Minus + Number(Magnitude(value)) : Number((ulong)value);

    public string Number(decimal value, int decimals = 0)
    {
        var text = Math.Abs(value).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), Culture);
        return value < 0 && text.AsSpan().IndexOfAnyInRange('1', '9') >= 0 ? Minus + text : text;
    }

    /// <summary>A change: <c>+12</c>, <c>−3</c>, and <c>0</c> for none.</summary>
    public string Signed(long value) => value > 0 ? "+" + Number(value) : Number(value);

    /// <summary>A share from 0 to 1 (more when over capacity): <c>83,4 %</c>, <c>83.4%</c>.</summary>
    public string Percent(decimal share, int decimals = 0) =>
        Number(share * 100, decimals) + (IsFrench ? Thin + "%" : "%");

    /// <summary>A rate in basis points, in per cent without its sign: <c>5,5</c>, <c>20</c>.</summary>
    public string Rate(int basisPoints) => (basisPoints / 100m).ToString("0.##", Culture);

    /// <summary>Money in minor units of an ISO 4217 currency: <c>1 234,56 €</c>, <c>€1,234.56</c>.</summary>
    /// <param name="wholeUnits">Leaves the cents out, for figures on dashboards; rounds half to even.</param>
    /// <summary>Revenue: a dash where it isn't known, and at least so much where places were sold whose revenue nobody said.</summary>
    /// <param name="soldUnpriced">Places sold that the amount leaves out.</param>
    public string Gross(long? grossMinor, long soldUnpriced, string currency, bool wholeUnits = false) =>
        grossMinor is not { } known ? "–" : (soldUnpriced > 0 ? "≥" + NoBreak : "") + Money(known, currency, wholeUnits);

    public string Money(long amountMinor, string currency, bool wholeUnits = false)
    {
        var digits = Guichet.Money.Decimals(currency);
        var amount = (decimal)amountMinor;
        for (var i = 0; i < digits; i++)
            amount /= 10;
        var shown = wholeUnits ? 0 : digits;
        var number = Math.Abs(decimal.Round(amount, shown)).ToString("N" + shown.ToString(CultureInfo.InvariantCulture), Culture);
        var sign = amount < 0 ? Minus.ToString() : "";
        var symbol = Symbol(currency);
        if (IsFrench)
            return sign + number + NoBreak + symbol;
        return symbol.Length == 3 ? sign + symbol + NoBreak + number : sign + symbol + number;
    }

    /// <summary><c>24/11/2026</c> in both languages.</summary>
    public string DateNumeric(DateOnly date) => date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary><c>mar. 24 nov.</c>, <c>Tue 24 Nov</c>; with its year when that isn't the current one.</summary>
    public string DateShort(DateOnly date) =>
        $"{date.ToString("ddd", Culture)} {DayOf(date)} {date.ToString(date.Year == Today.Year ? "MMM" : "MMM yyyy", Culture)}".Replace(' ', NoBreak);

    /// <summary><c>mardi 24 novembre</c>, <c>Tuesday 24 November</c>; with its year when that isn't the current one.</summary>
    public string DateLong(DateOnly date)
    {
        var text = date.ToString("dddd", Culture) + " " + DayOf(date) + NoBreak + date.ToString("MMMM", Culture);
        return date.Year == Today.Year ? text : text + " " + date.Year.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary><c>novembre 2026</c>.</summary>
    public string Month(DateOnly date) => date.ToString("MMMM yyyy", Culture);

    /// <summary><c>20 h 30</c>, <c>20:30</c>.</summary>
    public string Time(TimeOnly time) =>
        IsFrench
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Hour}{NoBreak}h{NoBreak}{time.Minute:00}")
            : time.ToString("HH:mm", CultureInfo.InvariantCulture);

    public string Time(DateTimeOffset instant) => Time(TimeOnly.FromDateTime(Local(instant))) + ZoneNote;

    public string DateShort(DateTimeOffset instant) => DateShort(DateOnly.FromDateTime(Local(instant)));

    public string DateLong(DateTimeOffset instant) => DateLong(DateOnly.FromDateTime(Local(instant)));

    public string DateNumeric(DateTimeOffset instant) => DateNumeric(DateOnly.FromDateTime(Local(instant)));

    /// <summary><c>mar. 24 nov., 20 h 30</c>: in lists.</summary>
    public string DateTimeShort(DateTime local) =>
        DateShort(DateOnly.FromDateTime(local)) + ", " + Time(TimeOnly.FromDateTime(local));

    public string DateTimeShort(DateTimeOffset instant) => DateTimeShort(Local(instant)) + ZoneNote;

    /// <summary><c>mardi 24 novembre à 20 h 30</c>: in titles and sentences.</summary>
    public string DateTimeLong(DateTime local) =>
        DateLong(DateOnly.FromDateTime(local)) + (IsFrench ? " à " : " at ") + Time(TimeOnly.FromDateTime(local));

    public string DateTimeLong(DateTimeOffset instant) => DateTimeLong(Local(instant)) + ZoneNote;

    /// <summary>For an instant of today its time alone; else its day too. Seconds never: figures move faster than they are read.</summary>
    public string Since(DateTimeOffset instant)
    {
        var local = Local(instant);
        return DateOnly.FromDateTime(local) == Today ? Time(instant) : DateTimeShort(instant);
    }

    /// <summary>How long ago, in the unit that matters: <c>à l’instant</c>, <c>il y a 3 min</c>, <c>hier à 14 h 02</c>, then the date.</summary>
    /// <param name="namesZone">False where a heading names the zone (<see cref="ZoneNote"/>).</param>
    public string Ago(DateTimeOffset instant, bool namesZone = true)
    {
        var elapsed = time.GetUtcNow() - instant;
        if (elapsed < TimeSpan.FromSeconds(45) && elapsed > TimeSpan.FromMinutes(-1))
            return IsFrench ? "à l’instant" : "just now";
        var local = Local(instant);
        var date = DateOnly.FromDateTime(local);
        var note = namesZone ? ZoneNote : "";
        if (elapsed > TimeSpan.Zero && elapsed < TimeSpan.FromMinutes(59.5))
        {
            var minutes = Math.Max(1, (int)Math.Round(elapsed.TotalMinutes));
            return IsFrench ? $"il y a {minutes}{NoBreak}min" : $"{minutes}{NoBreak}min ago";
        }
        if (elapsed > TimeSpan.Zero && date == Today)
        {
            var hours = Math.Max(1, (int)Math.Round(elapsed.TotalHours));
            return IsFrench ? $"il y a {hours}{NoBreak}h" : $"{hours}{NoBreak}h ago";
        }
        if (date == Today.AddDays(-1))
            return (IsFrench ? "hier à " : "yesterday at ") + Time(TimeOnly.FromDateTime(local)) + note;
        return DateTimeShort(local) + note;
    }

    /// <summary>A day seen from today: <c>aujourd’hui</c>, <c>demain</c>, <c>dans 12 jours</c>, <c>il y a 3 jours</c>.</summary>
    public string RelativeDay(DateOnly date)
    {
        var days = date.DayNumber - Today.DayNumber;
        return days switch
        {
            0 => IsFrench ? "aujourd’hui" : "today",
            1 => IsFrench ? "demain" : "tomorrow",
            -1 => IsFrench ? "hier" : "yesterday",
            > 0 => IsFrench ? $"dans {Number(days)}{NoBreak}jours" : $"in {Number(days)}{NoBreak}days",
            _ => IsFrench ? $"il y a {Number(-days)}{NoBreak}jours" : $"{Number(-days)}{NoBreak}days ago",
        };
    }

    /// <summary>Days to go, as box offices write it: <c>J-12</c>, <c>J</c>, <c>J+3</c> (<c>D-12</c> in English).</summary>
    public string DaysToGo(DateOnly date)
    {
        var days = Today.DayNumber - date.DayNumber;
        var letter = IsFrench ? "J" : "D";
        return days == 0 ? letter : letter + (days < 0 ? "-" : "+") + Number(Math.Abs(days));
    }

    /// <summary>A delay, in the unit that matters: <c>40 ms</c>, <c>1,2 s</c>, <c>3 min</c>, <c>2 h</c>.</summary>
    public string Lag(TimeSpan lag)
    {
        var value = lag < TimeSpan.Zero ? TimeSpan.Zero : lag;
        if (value < TimeSpan.FromSeconds(1))
            return Number((long)value.TotalMilliseconds) + NoBreak + "ms";
        if (value < TimeSpan.FromMinutes(1))
            return Number((decimal)value.TotalSeconds, value < TimeSpan.FromSeconds(10) ? 1 : 0) + NoBreak + "s";
        return value < TimeSpan.FromHours(1)
            ? Number((long)value.TotalMinutes) + NoBreak + "min"
            : Number((long)value.TotalHours) + NoBreak + "h";
    }

    /// <summary>A number with its noun. French counts from 2 as many, English everything but 1.</summary>
    public string Count(long value, string french, string frenchMany, string english, string englishMany)
    {
        var noun = IsFrench
            ? Math.Abs(value) < 2 ? french : frenchMany
            : value is 1 or -1 ? english : englishMany;
        return Number(value) + NoBreak + noun;
    }

    /// <summary>File sizes in the units that file managers show: <c>1,2 Mo</c>, <c>1.2 MB</c>.</summary>
    public string Size(long bytes)
    {
        string[] units = IsFrench ? ["o", "Ko", "Mo", "Go"] : ["B", "kB", "MB", "GB"];
        var value = (decimal)bytes;
        var unit = 0;
        while (value >= 1000 && unit < units.Length - 1)
            (value, unit) = (value / 1000, unit + 1);
        value = decimal.Round(value, unit == 0 || value >= 100 ? 0 : 1);
        return Number(value, value == decimal.Truncate(value) ? 0 : 1) + NoBreak + units[unit];
    }

    public string Quote(string text) => IsFrench ? $"«{NoBreak}{text}{NoBreak}»" : $"“{text}”";

    /// <summary><c>a, b et c</c>.</summary>
    public string List(IReadOnlyList<string> items)
    {
        if (items.Count <= 1)
            return items.Count == 0 ? "" : items[0];
        var text = new StringBuilder();
        for (var i = 0; i < items.Count; i++)
            text.Append(i == 0 ? "" : i == items.Count - 1 ? IsFrench ? " et " : " and " : ", ").Append(items[i]);
        return text.ToString();
    }

    /// <summary>Today in the organisation's zone.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Local(time.GetUtcNow()));

    /// <summary>The first instant of a day of the organisation's (in UTC, as the database takes instants), also where clocks change at midnight.</summary>
    public DateTimeOffset StartOf(DateOnly day) => Zone.AtStartOfDay(LocalDate.FromDateOnly(day)).ToInstant().ToDateTimeOffset();

    /// <summary>The wall clock of the organisation at an instant.</summary>
    public DateTime Local(DateTimeOffset instant) =>
        Instant.FromDateTimeOffset(instant).InZone(Zone).ToDateTimeUnspecified();

    /// <summary>To stand behind a time, or once in the heading of many: where its zone isn't the reader's, its name.</summary>
    public string ZoneNote => NamesZone ? $" ({Zone.Id.Split('/')[^1].Replace('_', ' ')})" : "";

    private bool DiffersNow(string readersZone)
    {
        var other = DateTimeZoneProviders.Tzdb.GetZoneOrNull(readersZone);
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        return other is not null && other.GetUtcOffset(now) != Zone.GetUtcOffset(now);
    }

    private string Number(ulong value) => value.ToString("N0", Culture);

    private static ulong Magnitude(long value) => value == long.MinValue ? 1UL << 63 : (ulong)-value;

    public static string Symbol(string currency) => currency switch
    {
        "EUR" => "€",
        "GBP" => "£",
        "USD" => "$",
        "JPY" => "¥",
        _ => currency,
    };

    private static CultureInfo FrenchCulture()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("fr-FR").Clone();
        culture.NumberFormat.NumberGroupSeparator = Thin.ToString();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.DateTimeFormat.AbbreviatedDayNames = ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."];
        string[] months = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.", ""];
        culture.DateTimeFormat.AbbreviatedMonthNames = months;
        culture.DateTimeFormat.AbbreviatedMonthGenitiveNames = months;
        return CultureInfo.ReadOnly(culture);
    }

    private static CultureInfo EnglishCulture()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("en-GB").Clone();
        culture.NumberFormat.NumberGroupSeparator = ",";
        culture.NumberFormat.NumberDecimalSeparator = ".";
        string[] months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", ""];
        culture.DateTimeFormat.AbbreviatedMonthNames = months;
        culture.DateTimeFormat.AbbreviatedMonthGenitiveNames = months;
        return CultureInfo.ReadOnly(culture);
    }

    private string DayOf(DateOnly date) => date.Day == 1 && IsFrench ? "1ᵉʳ" : date.Day.ToString(CultureInfo.InvariantCulture);
}

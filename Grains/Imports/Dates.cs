using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Guichet.Imports;

/// <summary>What a text is, read as a date.</summary>
/// <param name="Time">Null when none is written.</param>
/// <param name="Offset">From UTC, when one is written.</param>
/// <param name="Code">Null when it could be read; else <see cref="ImportCodes.DateExpected"/>, <see cref="ImportCodes.DateNotInCalendar"/> or <see cref="ImportCodes.DateNotThatWeekday"/>.</param>
public readonly record struct DateRead(LocalDate Date, LocalTime? Time, Offset? Offset, string? Code)
{
    public bool IsRead => Code is null;

    internal static DateRead No(string code) => new(default, null, null, code);
}

/// <summary>Dates and times as people write them in French and English, and as workbooks store them.</summary>
public static partial class Dates
{
    /// <summary>No date is written longer; what is longer isn't looked at.</summary>
    private const int Longest = 60;

    private static readonly string[] Months =
        ["janvier january", "fevrier february", "mars march", "avril april", "mai may", "juin june",
         "juillet july", "aout august", "septembre september", "octobre october", "novembre november", "decembre december"];

    private static readonly string[] Weekdays =
        ["lundi monday", "mardi tuesday", "mercredi wednesday", "jeudi thursday", "vendredi friday", "samedi saturday", "dimanche sunday"];

    /// <summary>Reads a date with or without a time. Years of two digits are of this century.</summary>
    public static DateRead Read(string text, DateOrder order)
    {
        var folded = Folded(text);
        var weekday = 0;
        if (WeekdayPrefix().Match(folded) is { Success: true } prefix && (weekday = WeekdayNamed(prefix.Groups[1].Value)) > 0) folded = folded[prefix.Length..];
        if (!TrySplit(folded, order, out var year, out var month, out var day, out var rest)) return DateRead.No(ImportCodes.DateExpected);
        if (!TryReadTimeAfterDate(rest, out var time, out var offset)) return DateRead.No(ImportCodes.DateExpected);
        if (month is < 1 or > 12 || day < 1 || year is < 1900 or > 2999 || day > CalendarSystem.Iso.GetDaysInMonth(year, month))
            return DateRead.No(ImportCodes.DateNotInCalendar);
        var date = new LocalDate(year, month, day);
        return weekday > 0 && (int)date.DayOfWeek != weekday
            ? new DateRead(date, time, offset, ImportCodes.DateNotThatWeekday)
            : new DateRead(date, time, offset, null);
    }

    /// <summary>Reads <c>20:30</c>, <c>20h30</c>, <c>20 h</c>, <c>8:30 pm</c>.</summary>
    public static bool TryReadTime(string text, out LocalTime time)
    {
        time = default;
        return TimeAlone().Match(Folded(text)) is { Success: true } match && TryMakeTime(match, out time);
    }

    /// <summary>ISO 8601 as workbooks write it in cells of type date; no offset.</summary>
    internal static bool TryReadIso(string text, out LocalDateTime date)
    {
        var read = text.Contains('-', StringComparison.Ordinal) ? Read(text, DateOrder.DayFirst) : DateRead.No(ImportCodes.DateExpected);
        date = read.IsRead ? read.Date.At(read.Time ?? LocalTime.Midnight) : default;
        return read.IsRead;
    }

    /// <summary>
    /// A workbook's serial number: days since 1900 (with the 29 February 1900 that never was) or since 1904, to the nearest second.
    /// </summary>
    internal static bool TryReadSerial(decimal serial, bool date1904, out LocalDateTime date)
    {
        date = default;
        const int LastDay = 2_958_465;
        if (serial < 0 || serial > LastDay) return false;
        var day = (int)decimal.Truncate(serial);
        if (day == 60 && !date1904) return false;
        var origin = date1904 ? new LocalDate(1904, 1, 1) : day > 60 ? new LocalDate(1899, 12, 30) : new LocalDate(1899, 12, 31);
        date = origin.PlusDays(day).AtMidnight().PlusSeconds((long)Math.Round((serial - day) * 86_400m));
        return true;
    }

    internal static LocalTime TimeOfSerial(decimal serial) =>
        LocalTime.FromSecondsSinceMidnight((int)Math.Min(86_399m, Math.Round(serial * 86_400m)));

    private static string Folded(string text) => text.Length > Longest ? "" : Words.Fold(text);

    /// <summary>Takes the date off the text's beginning.</summary>
    private static bool TrySplit(string text, DateOrder order, out int year, out int month, out int day, out string rest)
    {
        if (YearFirst().Match(text) is { Success: true } iso)
        {
            (year, month, day, rest) = (Int(iso, "y"), Int(iso, "m"), Int(iso, "d"), text[iso.Length..]);
            return true;
        }
        if (InNumbers().Match(text) is { Success: true } numbers)
        {
            var (first, second) = (Int(numbers, "a"), Int(numbers, "b"));
            (day, month) = order == DateOrder.DayFirst ? (first, second) : (second, first);
            (year, rest) = (Year(numbers), text[numbers.Length..]);
            return true;
        }
        var words = DayAndMonth().Match(text);
        if (!words.Success) words = MonthAndDay().Match(text);
        month = words.Success ? MonthNamed(words.Groups["m"].Value) : 0;
        (year, day, rest) = month > 0 ? (Year(words), Int(words, "d"), text[words.Length..]) : (0, 0, "");
        return month > 0;
    }

    private static bool TryReadTimeAfterDate(string rest, out LocalTime? time, out Offset? offset)
    {
        (time, offset) = (null, null);
        if (rest.Trim().Length == 0) return true;
        var match = TimeAfterDate().Match(rest);
        if (!match.Success || !TryMakeTime(match, out var read)) return false;
        time = read;
        var zone = match.Groups["z"].Value;
        if (zone.Length == 0) return true;
        if (zone == "z")
        {
            offset = Offset.Zero;
            return true;
        }
        var (hours, minutes) = (int.Parse(zone.AsSpan(1, 2), CultureInfo.InvariantCulture), int.Parse(zone.AsSpan(zone.Length - 2), CultureInfo.InvariantCulture));
        if (hours > 18 || minutes > 59) return false;
        offset = Offset.FromHoursAndMinutes(zone[0] == '-' ? -hours : hours, zone[0] == '-' ? -minutes : minutes);
        return true;
    }

    private static bool TryMakeTime(Match match, out LocalTime time)
    {
        time = default;
        var hour = Int(match, "h");
        var minute = match.Groups["min"].Success ? Int(match, "min") : 0;
        var second = match.Groups["s"].Success ? Int(match, "s") : 0;
        var half = match.Groups["half"].Value;
        if (half.Length > 0)
        {
            if (hour is < 1 or > 12) return false;
            hour = hour % 12 + (half[0] == 'p' ? 12 : 0);
        }
        // 20 alone is no time.
        else if (!match.Groups["sign"].Success) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;
        time = new LocalTime(hour, minute, second);
        return true;
    }

    private static int Int(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static int Year(Match match) => match.Groups["y"].Length == 2 ? 2000 + Int(match, "y") : Int(match, "y");

    private static int MonthNamed(string word) => IndexOf(Months, word, 3);

    private static int WeekdayNamed(string word) => IndexOf(Weekdays, word, 2);

    /// <summary>
    /// The place (from 1) of the one name that begins with the word, which has at least so many letters; 0 when there is none.
    /// <c>jui</c> could be two months, and so is none.
    /// </summary>
    private static int IndexOf(string[] names, string word, int least)
    {
        if (word.Length < least) return 0;
        var found = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var space = names[i].IndexOf(' ', StringComparison.Ordinal);
            if (!names[i].StartsWith(word, StringComparison.Ordinal) && !names[i].AsSpan(space + 1).StartsWith(word)) continue;
            if (found > 0) return 0;
            found = i + 1;
        }
        return found;
    }

    [GeneratedRegex(@"^(?:le )?([a-z]{2,9})\.?,? (?:le )?")]
    private static partial Regex WeekdayPrefix();

    [GeneratedRegex(@"^(?<y>\d{4})(?<sep>[-/.]?)(?<m>\d{2})\k<sep>(?<d>\d{2})(?!\d)")]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"^(?<a>\d{1,2})(?<sep>[-/.])(?<b>\d{1,2})\k<sep>(?<y>\d{4}|\d{2})(?!\d)")]
    private static partial Regex InNumbers();

    [GeneratedRegex(@"^(?:le )?(?<d>\d{1,2})(?:er|st|nd|rd|th)?(?:[ -]|, )(?:of )?(?<m>[a-z]{3,9})\.?(?:[ -]|, )(?<y>\d{4}|\d{2})(?!\d)")]
    private static partial Regex DayAndMonth();

    [GeneratedRegex(@"^(?<m>[a-z]{3,9})\.? (?<d>\d{1,2})(?:st|nd|rd|th)?,? (?<y>\d{4})(?!\d)")]
    private static partial Regex MonthAndDay();

    private const string Time = @"(?<h>\d{1,2})(?:(?<sign> ?h(?:eures?)? ?|:)(?:(?<min>\d{2})(?:(?::| ?min ?)(?:(?<s>\d{2})(?:[.,]\d{1,9})?)?)?)?)?(?: ?(?<half>[ap])\.?m\.?)?";

    [GeneratedRegex("^" + Time + "$")]
    private static partial Regex TimeAlone();

    [GeneratedRegex(@"^(?: ?t ?|,? (?:a |at |- )?|,)" + Time + @" ?(?<z>z|[+-]\d{2}:?\d{2})?$")]
    private static partial Regex TimeAfterDate();
}

using NodaTime;
using NodaTime.Text;
using Xunit;

namespace Guichet.Imports;

public class DateTests
{
    [Theory]
    [InlineData("24/11/2026", "2026-11-24")]
    [InlineData("24-11-2026", "2026-11-24")]
    [InlineData("24.11.2026", "2026-11-24")]
    [InlineData("4/1/26", "2026-01-04")]
    [InlineData("24/11/2026 20:30", "2026-11-24 20:30:00")]
    [InlineData("24/11/2026 20:30:15", "2026-11-24 20:30:15")]
    [InlineData("24/11/2026 à 20h30", "2026-11-24 20:30:00")]
    [InlineData("24/11/2026, 20 h", "2026-11-24 20:00:00")]
    [InlineData("24 nov. 2026 20h30", "2026-11-24 20:30:00")]
    [InlineData("24 nov 2026", "2026-11-24")]
    [InlineData("24-nov.-26", "2026-11-24")]
    [InlineData("24 novembre 2026", "2026-11-24")]
    [InlineData("mardi 24 novembre 2026 à 20 h 30", "2026-11-24 20:30:00")]
    [InlineData("Mardi\u00A024\u00A0novembre\u00A02026 à 20\u202Fh\u202F30", "2026-11-24 20:30:00")]
    [InlineData("mar. 24/11/2026", "2026-11-24")]
    [InlineData("le mardi 24 novembre 2026", "2026-11-24")]
    [InlineData("MARDI 24 NOVEMBRE 2026", "2026-11-24")]
    [InlineData("1er août 2026", "2026-08-01")]
    [InlineData("1 aout 2026", "2026-08-01")]
    [InlineData("14 févr. 2027", "2027-02-14")]
    [InlineData("14 déc. 2026", "2026-12-14")]
    [InlineData("3 juil. 2026 15h", "2026-07-03 15:00:00")]
    [InlineData("Tuesday, November 24, 2026 at 8:30 PM", "2026-11-24 20:30:00")]
    [InlineData("Tue 24 Nov 2026 8.30 pm", "date-expected")]
    [InlineData("24th of November 2026 8 pm", "2026-11-24 20:00:00")]
    [InlineData("Nov 24, 2026 12:05 am", "2026-11-24 00:05:00")]
    [InlineData("2026-11-24", "2026-11-24")]
    [InlineData("20261124", "2026-11-24")]
    [InlineData("2026-11-24T20:30", "2026-11-24 20:30:00")]
    [InlineData("2026-11-24T20:30:00.000Z", "2026-11-24 20:30:00 +00")]
    [InlineData("2026-11-24T20:30:00+01:00", "2026-11-24 20:30:00 +01")]
    [InlineData("2026-11-24 20:30:00-0330", "2026-11-24 20:30:00 -03:30")]
    [InlineData("31/02/2026", "date-not-in-calendar")]
    [InlineData("29/02/2027", "date-not-in-calendar")]
    [InlineData("29/02/2028", "2028-02-29")]
    [InlineData("31 avril 2026", "date-not-in-calendar")]
    [InlineData("0/11/2026", "date-not-in-calendar")]
    [InlineData("24/13/2026", "date-not-in-calendar")]
    [InlineData("2026-02-30", "date-not-in-calendar")]
    [InlineData("lundi 24 novembre 2026", "date-not-that-weekday")]
    [InlineData("24/11/2026 25:00", "date-expected")]
    [InlineData("24/11/2026 20:61", "date-expected")]
    [InlineData("24/11/2026 20", "date-expected")]
    [InlineData("24/11", "date-expected")]
    [InlineData("24/11/26262", "date-expected")]
    [InlineData("3 jui 2026", "date-expected")]
    [InlineData("3 ma 2026", "date-expected")]
    [InlineData("complet", "date-expected")]
    [InlineData("46350", "date-expected")]
    [InlineData("", "date-expected")]
    public void A_date_is_read_as_people_write_it(string text, string expected) => Assert.Equal(expected, Shown(Dates.Read(text, DateOrder.DayFirst)));

    [Theory]
    [InlineData("11/24/2026", "2026-11-24")]
    [InlineData("5/6/2026 8:30 PM", "2026-05-06 20:30:00")]
    [InlineData("24/11/2026", "date-not-in-calendar")]
    [InlineData("24 nov. 2026", "2026-11-24")]
    public void The_month_may_come_first(string text, string expected) => Assert.Equal(expected, Shown(Dates.Read(text, DateOrder.MonthFirst)));

    [Theory]
    [InlineData("20:30", "20:30:00")]
    [InlineData("20h30", "20:30:00")]
    [InlineData("20 h 30", "20:30:00")]
    [InlineData("20h", "20:00:00")]
    [InlineData("20 heures", "20:00:00")]
    [InlineData("9:05", "09:05:00")]
    [InlineData("8:30 PM", "20:30:00")]
    [InlineData("12 am", "00:00:00")]
    [InlineData("8 p.m.", "20:00:00")]
    [InlineData("20:30:59", "20:30:59")]
    [InlineData("24:00", null)]
    [InlineData("13 pm", null)]
    [InlineData("20", null)]
    [InlineData("soir", null)]
    public void A_time_is_read_as_people_write_it(string text, string? expected) =>
        Assert.Equal(expected, Dates.TryReadTime(text, out var time) ? LocalTimePattern.ExtendedIso.Format(time) : null);

    [Theory]
    [InlineData("1", false, "1900-01-01T00:00:00")]
    [InlineData("59", false, "1900-02-28T00:00:00")]
    [InlineData("60", false, null)]
    [InlineData("61", false, "1900-03-01T00:00:00")]
    [InlineData("46350.854166666664", false, "2026-11-24T20:30:00")]
    [InlineData("46350.99999999", false, "2026-11-25T00:00:00")]
    [InlineData("44888.854166666664", true, "2026-11-24T20:30:00")]
    [InlineData("2958466", false, null)]
    [InlineData("-1", false, null)]
    public void A_serial_number_is_a_date(string serial, bool date1904, string? expected)
    {
        var isRead = Dates.TryReadSerial(decimal.Parse(serial, System.Globalization.CultureInfo.InvariantCulture), date1904, out var date);
        Assert.Equal(expected, isRead ? LocalDateTimePattern.ExtendedIso.Format(date) : null);
    }

    private static string Shown(DateRead read) => read.Code
        ?? LocalDatePattern.Iso.Format(read.Date)
        + (read.Time is { } time ? " " + LocalTimePattern.ExtendedIso.Format(time) : "")
        + (read.Offset is { } offset ? " " + OffsetPattern.GeneralInvariant.Format(offset) : "");
}

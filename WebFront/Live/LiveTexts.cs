using System.Globalization;
using Guichet.Feed;
using Guichet.Tallies;
using Guichet.Words;

namespace Guichet.Live;

/// <summary>
/// What a feed event changes on pages: the texts of elements by their <c>data-live</c> key, and the events that regions refresh on.
/// Pages must format the same figure in the same way: take it from here (<see cref="Figures"/>) where you can.
/// </summary>
public static class LiveTexts
{
    /// <summary>The texts of a session's figures, by the last part of their key (<c>session/{id}/sold</c>).</summary>
    public static Dictionary<string, string> Figures(TallyFigures figures, int? previousSold, int capacity, string currency, Formats formats)
    {
        var taken = figures.Sold + figures.Free;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["sold"] = formats.Number(figures.Sold),
            ["reserved"] = formats.Number(figures.Reserved),
            ["free"] = formats.Number(figures.Free),
            ["delta"] = formats.Signed(figures.Sold - (previousSold ?? 0)),
        };
        if (capacity > 0)
        {
            texts["fill"] = formats.Percent((decimal)taken / capacity);
            texts["fill-share"] = ((decimal)taken / capacity).ToString("0.####", CultureInfo.InvariantCulture);
            texts["left"] = formats.Number(capacity - taken);
        }
        texts["gross"] = formats.Gross(figures.GrossMinor, figures.SoldUnpriced, currency, wholeUnits: true);
        texts["average"] = figures.GrossMinor is { } known && figures.Sold > figures.SoldUnpriced ? formats.Money((long)decimal.Round((decimal)known / (figures.Sold - figures.SoldUnpriced)), currency) : "–";
        return texts;
    }

    internal static (Dictionary<string, string> Values, NamedEvent[] Named) Of(FeedEvent happened, Formats formats) => happened switch
    {
        SessionFiguresChanged changed => (OfSession(changed, formats), [new("figures", changed.SessionId), new($"session-{changed.SessionId}", changed.SessionId)]),
        SessionChanged changed => ([], [new("sessions", changed.SessionId), new($"session-{changed.SessionId}", changed.SessionId)]),
        PartnerChanged changed => ([], [new("partners", changed.PartnerId), new($"partner-{changed.PartnerId}", changed.PartnerId)]),
        ContactActivityTold told => ([], [.. told.ContactIds.Select(id => new NamedEvent($"contact-activity-{id}", id))]),
        ContactChanged changed => ([], [new("contacts", changed.ContactId), new($"contact-{changed.ContactId}", changed.ContactId)]),
        LinkChanged changed => ([], [new("links", changed.LinkId), new($"link-{changed.LinkId}", changed.LinkId)]),
        NotificationsRead read => (new() { ["notifications/unread"] = read.Unread == 0 ? "" : formats.Number(read.Unread) }, [new("notifications", "")]),
        NotificationAdded added => (new() { ["notifications/unread"] = added.Unread == 0 ? "" : formats.Number(added.Unread) }, [new("notifications", added.NotificationId)]),
        JobProgressed progressed => (new()
        {
            [$"job/{progressed.JobId}/done"] = formats.Number(progressed.DoneCount),
            [$"job/{progressed.JobId}/total"] = formats.Number(progressed.Total),
        }, [new("jobs", progressed.JobId)]),
        ReportCalendarMoved moved => ([], [new("report-calendars", moved.CalendarId)]),
        ReportRunMoved moved => ([], [new("reports", moved.RunId), new($"report-run-{moved.RunId}", moved.RunId)]),
        _ => ([], []),
    };

    private static Dictionary<string, string> OfSession(SessionFiguresChanged changed, Formats formats)
    {
        var prefix = $"session/{changed.SessionId}/";
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in Figures(changed.Figures, changed.Previous?.Sold, changed.Capacity, changed.Currency, formats))
            values[prefix + name] = text;
        values[prefix + "version"] = formats.Number(changed.Version);
        values[prefix + "at"] = formats.Since(changed.At);
        values[prefix + "by"] = changed.From ?? changed.By;
        if (changed.LagMs is { } lag)
            values[prefix + "lag"] = formats.Lag(TimeSpan.FromMilliseconds(lag));
        return values;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Guichet.Api;
using Guichet.Components;
using Microsoft.AspNetCore.Components;
using NodaTime;

namespace Guichet.Contacts;

/// <summary>One of the four histories of a contact: what is asked of it stands in the address, a page begins where the one before ended.</summary>
public abstract class ContactHistoryTab<TRow> : ContactTabPage
{
    [Inject]
    public ContactHistoryQueries Histories { get; set; } = default!;

    protected abstract ContactHistory History { get; }

    protected ListView List { get; private set; } = default!;

    protected ImmutableArray<TRow> Rows { get; private set; } = [];

    /// <summary>All of the history in its period, by person, source and currency.</summary>
    protected ImmutableArray<HistoryPart> Parts { get; private set; } = [];

    /// <summary>Those of them that the filters let through.</summary>
    protected ImmutableArray<HistoryPart> Counted { get; private set; } = [];

    protected string? MoreHref { get; private set; }

    /// <summary>It gathers what others did: each row says whose it is.</summary>
    protected bool OfSeveral => Parts.Any(part => part.Whose.Id != Id);

    protected long Total => Counted.Sum(part => (long)part.Count);

    /// <summary>The same page, for when something is told of.</summary>
    protected string Here => Http!.Request.Path + Http.Request.QueryString;

    protected string On => $"contact-activity-{Id} delay:400ms";

    protected override async Task Load(ContactView view)
    {
        List = ListView.Of(Http!.Request, "-date", "after");
        var filter = HistoryAddress.FilterOf(List, Formats.Zone);
        var page = await Read(filter, HistoryAddress.PlaceOf(Http.Request.Query["after"], History), List.Limit);
        Rows = page.Rows;
        MoreHref = page.Next is { } next ? $"{List.At(List.Path)}&after={HistoryAddress.Of(next, History)}" : null;
        Parts = await Histories.Parts(Organisation, Id, History, filter, Leaving);
        Counted = [.. Parts.Where(part => (filter.Source is null || part.Source == filter.Source) && (filter.Person is null || part.Whose.Id == filter.Person))];
    }

    protected abstract Task<HistoryPage<TRow>> Read(HistoryFilter filter, HistoryPlace? after, int limit);
}

/// <summary>What of a history stands in an address.</summary>
internal static class HistoryAddress
{
    public static HistoryFilter FilterOf(ListView list, DateTimeZone zone)
    {
        var (from, until) = (DayOf(list.Filter("from")), DayOf(list.Filter("until")));
        return new HistoryFilter(
            from is { } first ? Start(first) : null, until is { } last ? Start(last.AddDays(1)) : null,
            list.Filter("source") is { Length: > 0 } source ? source : null, list.Filter("person") is { Length: > 0 } person ? person : null);

        DateTimeOffset Start(DateOnly day) => zone.AtStartOfDay(LocalDate.FromDateOnly(day)).ToInstant().ToDateTimeOffset();
    }

    /// <summary>Null for what isn't a day, which then narrows nothing.</summary>
    public static DateOnly? DayOf(string written) =>
        DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1000 and < 9000 ? day : null;

    public static string Of(HistoryPlace place, ContactHistory history) =>
        Cursors.Write(ListOf(history), place.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), place.Source, place.Id, place.Line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Null at the beginning, and for what isn't a place in this history.</summary>
    public static HistoryPlace? PlaceOf(string? cursor, ContactHistory history) =>
        cursor is { Length: > 0 } && Cursors.Read(cursor, ListOf(history), 4) is [var at, var source, var id, var line]
        && DateTimeOffset.TryParseExact(at, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
        && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new HistoryPlace(instant, source, id, number)
            : null;

    private static string ListOf(ContactHistory history) => $"contact-{history.Key()}";
}

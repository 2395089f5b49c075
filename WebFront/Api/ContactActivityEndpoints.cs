using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Guichet.Contacts;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guichet.Api;

/// <param name="Results">In the order in which they were sent.</param>
internal sealed record ActivitiesAnswer(int Recorded, int Corrected, int Repeated, int Superseded, ImmutableArray<ActivityTaken> Results)
{
    public static ActivitiesAnswer Of(ImmutableArray<ActivityTaken> taken) => new(
        taken.Count(one => one == ActivityTaken.Recorded), taken.Count(one => one == ActivityTaken.Corrected), taken.Count(one => one == ActivityTaken.Repeated),
        taken.Count(one => one == ActivityTaken.Superseded), taken);
}

internal sealed record HistoryPersonAnswer(string Id, long Number, string Name, string? FirstName)
{
    public static HistoryPersonAnswer Of(HistoryPerson person) => new(person.Id, person.Number, person.Name, person.FirstName);
}

/// <param name="RecordedBy">The token's name.</param>
internal sealed record ToldAnswer(string Source, string Id, int Revision, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, string RecordedBy)
{
    public static ToldAnswer Of(Told told) => new(told.Source, told.Id, told.Revision, told.OccurredAt, told.RecordedAt, told.RecordedBy);
}

/// <param name="Left">So many of it aren't cancelled.</param>
internal sealed record PurchaseLineAnswer(
    int Line, ProductKind Product, string Title, DateTimeOffset? Session, string? Place, int Quantity, int Left, string? Category, string? Tariff, MoneyText Amount, string? ValidFrom, string? ValidUntil);

/// <param name="Contact">Whose it is: a structure's histories are those of its people too.</param>
/// <param name="Net">Less what was given back.</param>
internal sealed record PurchaseAnswer(
    HistoryPersonAnswer Contact, ToldAnswer Told, string Order, string? Channel, string? PointOfSale, MoneyText Total, MoneyText Net, bool Cancelled, ImmutableArray<PurchaseLineAnswer> Lines)
{
    public static PurchaseAnswer Of(PurchaseRow row) => new(
        HistoryPersonAnswer.Of(row.Whose), ToldAnswer.Of(row.Told), row.Purchase.Order, row.Purchase.Channel, row.Purchase.PointOfSale, MoneyText.Of(row.Purchase.TotalMinor, row.Purchase.Currency),
        MoneyText.Of(row.NetMinor, row.Purchase.Currency), row.Cancelled,
        [.. row.Purchase.Lines.Select((line, i) => new PurchaseLineAnswer(
            i + 1, line.Product, line.Title, line.SessionAt, line.Place, line.Quantity, row.Left[i], line.Category, line.Tariff, MoneyText.Of(line.AmountMinor, row.Purchase.Currency), Iso(line.ValidFrom),
            Iso(line.ValidUntil)))]);

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <param name="Of">The id of the purchase, where one is known.</param>
internal sealed record OutingAnswer(
    HistoryPersonAnswer Contact, string Source, string Id, DateTimeOffset Session, string Title, string? Place, OutingState State, int Quantity, string? Category, string? Tariff, string? Seats, string? Of)
{
    public static OutingAnswer From(OutingRow row) => new(
        HistoryPersonAnswer.Of(row.Whose), row.Source, row.Id, row.SessionAt, row.Title, row.Place, row.State, row.Quantity, row.Category, row.Tariff, row.Seats, row.OfPurchase);
}

internal sealed record PaymentAnswer(HistoryPersonAnswer Contact, ToldAnswer Told, MoneyText Amount, bool Refund, string Means, ImmutableArray<string> Settles)
{
    public static PaymentAnswer Of(PaymentRow row) => new(
        HistoryPersonAnswer.Of(row.Whose), ToldAnswer.Of(row.Told), MoneyText.Of(row.Payment.Amount.Minor, row.Payment.Amount.Currency), row.Payment.Refund, row.Payment.Means, row.Payment.Settles);
}

/// <param name="State">As it was told; of a report that of its mail, of a link's letter <c>sent</c> or <c>failed</c>.</param>
/// <param name="Report">The sending it is of, where it is a report to a partner.</param>
internal sealed record MessageAnswer(
    HistoryPersonAnswer Contact, DateTimeOffset At, string Source, string Id, string Channel, string Subject, string? Campaign, string State, string? Address, string? Report, string? Link)
{
    public static MessageAnswer Of(MessageRow row, Reader reader) => new(
        HistoryPersonAnswer.Of(row.Whose), row.At, row.Source, row.Id, Name((row.Message?.Channel ?? MessageChannel.Email).ToString()), reader.Subject(row), row.Message?.Campaign,
        Name(row.Message?.State.ToString() ?? row.Report?.State.ToString() ?? (row.Letter?.Refused is null ? MessageState.Sent : MessageState.Failed).ToString()),
        row.Message?.Address ?? row.Report?.Email ?? row.Letter?.Email, row.Report?.RunId, row.Letter?.LinkId);

    private static string Name(string choice) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(choice);
}

internal static partial class ContactActivityEndpoints
{
    private const int ContactsAtOnce = 8;

    public static void MapContactActivities(this IEndpointRouteBuilder api)
    {
        var contacts = api.MapGroup("").WithTags("Contacts");
        contacts.MapPost("/contacts/{id}/activities", Record).Writes().WithSummary("Records what a till tells of a contact: at most 500 activities, all or none.")
            .Accepts<ActivitiesRequest>("application/json").Produces<ActivitiesAnswer>();
        contacts.MapPost("/contact-activities", RecordNamed).Writes().WithSummary("The same for tills that don't know ids: each activity names its contact by number, reference or e-mail.")
            .Accepts<ActivitiesRequest>("application/json").Produces<ActivitiesAnswer>();
        contacts.MapGet("/contacts/{id}/purchases", (string id, string? from, string? until, string? source, string? person, string? cursor, string? limit, ApiCall call, ContactHistoryQueries queries) =>
            List(id, "purchases", call, queries.Purchases, PurchaseAnswer.Of)).WithSummary("What it bought, newest first.").Produces<Listed<PurchaseAnswer>>();
        contacts.MapGet("/contacts/{id}/cultural", (string id, string? from, string? until, string? source, string? person, string? cursor, string? limit, ApiCall call, ContactHistoryQueries queries) =>
            List(id, "cultural", call, queries.Cultural, OutingAnswer.From)).WithSummary("The sessions it came to or will come to, the last first.").Produces<Listed<OutingAnswer>>();
        contacts.MapGet("/contacts/{id}/payments", (string id, string? from, string? until, string? source, string? person, string? cursor, string? limit, ApiCall call, ContactHistoryQueries queries) =>
            List(id, "payments", call, queries.Payments, PaymentAnswer.Of)).WithSummary("What it paid and was given back, newest first.").Produces<Listed<PaymentAnswer>>();
        contacts.MapGet("/contacts/{id}/messages", (string id, string? from, string? until, string? source, string? person, string? cursor, string? limit, ApiCall call, ContactHistoryQueries queries, Reader reader) =>
            List(id, "messages", call, queries.Sent, row => MessageAnswer.Of(row, reader))).WithSummary("What it was sent, newest first: reports and letters of links too.").Produces<Listed<MessageAnswer>>();
    }

    private static async Task<IResult> Record(string id, ApiCall call)
    {
        if (await Existing(id, call) is not { } contact) return call.NotFound("contact-unknown");
        var commandId = call.CommandId;
        var request = await Sent(call);
        if (request is not null)
            for (var i = 0; i < request.Value.Length; i++)
                if (request.Value[i].Contact is not null) call.Refuse("member-unknown", $"{Field(i)}.contact", "contact", "source, id, revision, occurredAt, purchase, cancellation, attendance, payment, message");
        var activities = request?.Select((activity, i) => call.Activity(activity, Field(i))).ToImmutableArray() ?? [];
        if (call.IsRefused) return call.Refusals();
        var command = new RecordActivities(activities) { Id = commandId, By = call.Actor };
        return await call.Send(() => contact.RecordActivities(command), taken => Results.Ok(ActivitiesAnswer.Of(taken.Taken)));
    }

    /// <summary>
    /// Each contact decides for itself; so that nothing is recorded where one of them would refuse, all are asked first. Where something
    /// comes between, what some have recorded stays, and the same sent again does the rest.
    /// </summary>
    private static async Task<IResult> RecordNamed(ApiCall call, ContactActivityLookups lookups)
    {
        var commandId = call.CommandId;
        if (await Sent(call) is not { } request) return call.Refusals();
        var activities = request.Select((activity, i) => call.Activity(activity, Field(i))).ToImmutableArray();
        var names = request.Select((activity, i) => NameOf(call, activity.Contact, $"{Field(i)}.contact")).ToImmutableArray();
        if (call.IsRefused) return call.Refusals();
        var meant = await lookups.Resolve(call.Organisation, [.. names.OfType<ContactName>().Distinct()], call.Cancellation);
        for (var i = 0; i < names.Length; i++)
            if (meant[names[i]!].Distinct().ToArray() is { Length: not 1 } found)
                call.Refuse(found.Length == 0 ? "contact-not-found" : "contact-ambiguous", $"{Field(i)}.contact", [names[i]!.ToString(), .. found.Length == 0 ? (string[])[] : [string.Join(", ", found.Select(one => ApiCall.Text(one.Number)).Take(10))]]);
        if (call.IsRefused) return call.Refusals();

        var parts = activities.Select((activity, i) => (Activity: activity, Place: i)).GroupBy(one => meant[names[one.Place]!].First().Id)
            .Select(part => new Part(
                call.Grain<IContactGrain>(part.Key), [.. part.Select(one => one.Place)],
                new RecordActivities([.. part.Select(one => one.Activity)]) { Id = CommandIds.From(commandId.ToString(), part.Key), By = call.Actor }))
            .ToImmutableArray();
        if (Wrong(await Ask(parts, part => call.Time.Send(() => part.Contact.CheckActivities(part.Command)), call)) is { IsEmpty: false } wrong) return ApiProblems.Of(call.Http, wrong);
        var answers = await Ask(parts, part => call.Time.Send(() => part.Contact.RecordActivities(part.Command)), call);
        if (Wrong(answers) is { IsEmpty: false } raced) return ApiProblems.Of(call.Http, raced);
        var taken = new ActivityTaken[activities.Length];
        foreach (var (part, outcome) in answers)
            for (var i = 0; i < part.Places.Length; i++) taken[part.Places[i]] = outcome.Accepted.Taken[i];
        return Results.Ok(ActivitiesAnswer.Of([.. taken]));
    }

    private static async Task<(Part Part, Outcome<ActivitiesTaken> Outcome)[]> Ask(ImmutableArray<Part> parts, Func<Part, Task<Outcome<ActivitiesTaken>>> ask, ApiCall call)
    {
        using var turns = new SemaphoreSlim(ContactsAtOnce);
        return await Task.WhenAll(parts.Select(async part =>
        {
            await turns.WaitAsync(call.Cancellation);
            try
            {
                return (part, await ask(part));
            }
            finally
            {
                turns.Release();
            }
        }));
    }

    /// <summary>Every refusal, under its place in what was sent, in that order.</summary>
    private static ImmutableArray<Refusal> Wrong((Part Part, Outcome<ActivitiesTaken> Outcome)[] answers)
    {
        return
        [
            .. answers.Where(answer => answer.Outcome.IsRefused).SelectMany(answer => answer.Outcome.Refusals, Placed).OrderBy(wrong => wrong.Place)
            .Select(wrong => wrong.Refusal).DistinctBy(wrong => (wrong.Code, wrong.Field)).Take(100),
        ];

        static (int Place, Refusal Refusal) Placed((Part Part, Outcome<ActivitiesTaken> Outcome) answer, Refusal refusal)
        {
            if (refusal.Field is null || Place().Match(refusal.Field) is not { Success: true } match) return (answer.Part.Places[0], refusal);
            var place = answer.Part.Places[int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)];
            return (place, refusal with { Field = Field(place) + refusal.Field[match.Length..] });
        }
    }

    private static async Task<ImmutableArray<ActivityRequest>?> Sent(ApiCall call)
    {
        if (await call.Body<ActivitiesRequest>() is not { } request) return null;
        if (request.Activities.IsEmpty) call.Refuse("activities-missing", "activities");
        else if (request.Activities.Length > RecordActivities.Most) call.Refuse("too-many", "activities", ApiCall.Text(RecordActivities.Most));
        return call.IsRefused ? null : request.Activities;
    }

    private static ContactName? NameOf(ApiCall call, ContactNameRequest? contact, string field)
    {
        if (contact is not null && new object?[] { contact.Number, contact.Reference, contact.Email }.Count(name => name is not null and not "") == 1
            && (contact.Reference ?? contact.Email ?? "").Length <= 320)
            return new ContactName(contact.Number, contact.Reference, contact.Email);
        call.Refuse("contact-not-named", field);
        return null;
    }

    private static async Task<IResult> List<TRow, TAnswer>(
        string id, string list, ApiCall call, Func<string, string, HistoryFilter, HistoryPlace?, int, CancellationToken, Task<HistoryPage<TRow>>> read, Func<TRow, TAnswer> answer)
    {
        var filter = new HistoryFilter(Day(call, "from", 0), Day(call, "until", 1), call.Query("source"), call.Query("person"));
        HistoryPlace? after = null;
        if (call.Cursor($"contact-{list}", 4) is { } position)
        {
            if (DateTimeOffset.TryParseExact(position[0], "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && int.TryParse(position[3], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
                after = new HistoryPlace(at, position[1], position[2], line);
            else call.Refuse("cursor-invalid", "cursor");
        }
        var atMost = call.Limit();
        if (call.IsRefused) return call.Refusals();
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var page = await read(call.Organisation, id, filter, after, atMost, call.Cancellation);
        return Results.Ok(new Listed<TAnswer>(
            [.. page.Rows.Select(answer)],
            page.Next is { } next ? Cursors.Write($"contact-{list}", ApiTimes.Exactly(next.At), next.Source, next.Id, ApiCall.Text(next.Line)) : null));
    }

    /// <summary>The first instant of a day of the organisation's, or of so many days after it.</summary>
    private static DateTimeOffset? Day(ApiCall call, string name, int after)
    {
        if (call.Query(name) is not { } said) return null;
        if (DateOnly.TryParseExact(said, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999)
            return Reader.Zone(call.Zone).AtStartOfDay(LocalDate.FromDateOnly(day.AddDays(after))).ToInstant().ToDateTimeOffset();
        call.Refuse("day-invalid", name, said);
        return null;
    }

    private static async Task<IContactGrain?> Existing(string id, ApiCall call)
    {
        if (!ApiCall.IsId(id)) return null;
        var contact = call.Grain<IContactGrain>(id);
        return await contact.View() is null ? null : contact;
    }

    private static string Field(int place) => $"activities[{ApiCall.Text(place)}]";

    private sealed record Part(IContactGrain Contact, ImmutableArray<int> Places, RecordActivities Command);

    [GeneratedRegex(@"^activities\[(\d+)\]")]
    private static partial Regex Place();
}

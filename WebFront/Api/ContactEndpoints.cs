using System.Collections.Immutable;
using System.Globalization;
using Guichet.Contacts;
using Guichet.Organisations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

/// <param name="Kind"><c>main</c> when it is left out, <c>delivery</c> or <c>billing</c>.</param>
/// <param name="Country">ISO 3166-1 alpha-2; <c>FR</c> when it is left out.</param>
internal sealed record ContactAddressRequest(
    string? Kind, string? Country, string? Postcode, string? City, string? Line1, string? Line2, string? Line3, string? Department, string? Region, bool? NotValid);

/// <summary>What a contact is, as it is sent whole.</summary>
/// <param name="Kind"><c>individual</c> when it is left out, or <c>structure</c>; never changes.</param>
/// <param name="Types">Of <c>guide</c>, <c>supplier</c>, <c>partner</c>, <c>producer</c>, <c>support</c>.</param>
/// <param name="BirthDate">ISO date.</param>
/// <param name="Language"><c>french</c> when it is left out, or <c>english</c>.</param>
internal sealed record ContactRequest(
    string? Kind, ImmutableArray<string>? Types, string Name, string? Title, string? FirstName, string? BirthDate, string? Function, string? Language,
    string? AdministrativeNumber, string? Nature, ImmutableArray<string>? Emails, string? Mobile, string? Phone, string? Fax,
    ImmutableArray<ContactAddressRequest>? Addresses, string? Iban, string? ReferenceCode, bool? Ambassador, bool? NotValid);

internal sealed record NoteRequest(string Text);

/// <param name="Values">Codes; none takes the criterion away.</param>
internal sealed record ClassificationRequest(ImmutableArray<string> Values);

internal sealed record SeatRequest(string Place, string? Block, string? Row, string? Seat, string? Note);

internal sealed record SeatsRequest(ImmutableArray<SeatRequest> Seats);

/// <param name="Channel"><c>email</c>, <c>sms</c>, <c>phone</c> or <c>post</c>.</param>
/// <param name="At">Instant with offset; now when it is left out.</param>
/// <param name="Wording">What the person was shown; may be left out of a withdrawal.</param>
internal sealed record ConsentRequest(string Channel, string Category, string? At, string Where, string? Wording);

/// <param name="Kind">What the contact is to the other: <c>child</c>, <c>relay</c>, <c>member</c> or <c>subsidiary</c>.</param>
/// <param name="To">The other's id.</param>
/// <param name="From">ISO date of the first day; left out for always.</param>
/// <param name="Until">Of the last day; left out for ever.</param>
internal sealed record RelationRequest(string Kind, string To, string? From, string? Until);

internal sealed record NoRelationRequest(string Kind, string To);

internal sealed record CreatedContact(string Id, long Number);

internal sealed record ContactConsentAnswer(
    ConsentChannel Channel, string Category, DateTimeOffset GivenAt, string Where, string? Wording, string GivenBy, DateTimeOffset? WithdrawnAt, string? WithdrawnWhere, string? WithdrawnBy);

internal sealed record ContactRelationAnswer(RelationKind Kind, string To, string? From, string? Until);

internal sealed record RelatedContactAnswer(RelationKind Kind, bool Upward, string? From, string? Until, string Id, long Number, ContactKind OtherKind, string Name, string? FirstName);

/// <param name="Identifier">What it signs in to its space with.</param>
/// <param name="HasPassword">It has chosen one, by a mailed link.</param>
internal sealed record ContactAccountAnswer(string Identifier, bool Suspended, bool HasPassword, DateTimeOffset OpenedAt, string ChangedBy, DateTimeOffset ChangedAt);

/// <param name="Account">Null without an internet account.</param>
/// <param name="Roles">Today's, by the relations that hold.</param>
/// <param name="ErasedAt">Null while it isn't erased; an erased contact's name is its number.</param>
internal sealed record ContactAnswer(
    string Id, long Number, long Revision, ContactKind Kind, ImmutableArray<ContactType> Types, ImmutableArray<ContactRole> Roles, string Name, string? Title, string? FirstName,
    string? BirthDate, string? Function, Language Language, string? AdministrativeNumber, string? Nature, ImmutableArray<string> Emails, string? Mobile, string? Phone,
    string? Fax, ImmutableArray<ContactAddress> Addresses, string? Iban, string? ReferenceCode, bool Ambassador, bool NotValid, bool Archived,
    ImmutableArray<ContactNote> Notes, ImmutableArray<ContactCriterion> Criteria, ImmutableArray<PreferredSeat> Seats, ImmutableArray<ContactConsentAnswer> Consents,
    ImmutableArray<ContactRelationAnswer> Relations, ContactAccountAnswer? Account, string CreatedBy, DateTimeOffset CreatedAt, string ChangedBy, DateTimeOffset ChangedAt, DateTimeOffset? ErasedAt)
{
    public static ContactAnswer Of(ContactView view, DateOnly today) => new(
        view.Id, view.Number, view.Revision, view.Details.Kind, view.Details.Types, ContactRoles.Of(view.Details.Kind, view.Relations, today), view.Details.Name,
        view.Details.Title, view.Details.FirstName, Day(view.Details.BirthDate), view.Details.Function, view.Details.Language, view.Details.AdministrativeNumber,
        view.Details.Nature, view.Details.Emails, view.Details.Mobile, view.Details.Phone, view.Details.Fax, view.Details.Addresses, view.Details.Iban,
        view.Details.ReferenceCode, view.Details.Ambassador, view.Details.NotValid, view.Archived, view.Notes, view.Criteria, view.Seats,
        [.. view.Consents.Select(consent => new ContactConsentAnswer(
            consent.Channel, consent.Category, consent.Given.At, consent.Given.Where, consent.Given.Wording, consent.GivenBy, consent.Withdrawn?.At, consent.Withdrawn?.Where, consent.WithdrawnBy))],
        [.. view.Relations.Select(relation => new ContactRelationAnswer(relation.Kind, relation.To, Day(relation.From), Day(relation.Until)))],
        view.Account is { } account ? new ContactAccountAnswer(account.Identifier, account.Suspended, account.HasPassword, account.OpenedAt, account.ChangedBy, account.ChangedAt) : null,
        view.CreatedBy, view.CreatedAt, view.ChangedBy, view.ChangedAt, view.Erasure?.At);

    internal static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <param name="Erased">That it was erased, when and why; null while it isn't.</param>
/// <param name="Preview">What erasing it would take and leave now; null once it is erased.</param>
internal sealed record ErasureAnswer(string Id, long Number, RecordedErasure? Erased, ErasurePreview? Preview);

internal static class ContactEndpoints
{
    public static void MapContacts(this IEndpointRouteBuilder api)
    {
        var contacts = api.MapGroup("/contacts").WithTags("Contacts");
        contacts.MapGet("{id}", View).WithSummary("A contact with all of its record; its ETag is its revision.").Produces<ContactAnswer>();
        contacts.MapPost("", Create).Writes().WithSummary("Makes a contact; answers with its number.").Accepts<ContactRequest>("application/json").Produces<CreatedContact>(StatusCodes.Status201Created);
        contacts.MapPut("{id}", Change).Writes().WithSummary("Changes a contact, as read at the revision in If-Match.").Accepts<ContactRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        contacts.MapPost("{id}/archive", (string id, ApiCall call) => Archive(id, call, archived: true)).Writes().WithSummary("Searches no longer show it.").Produces(StatusCodes.Status204NoContent);
        contacts.MapPost("{id}/restore", (string id, ApiCall call) => Archive(id, call, archived: false)).Writes().WithSummary("Takes it out of the archive.").Produces(StatusCodes.Status204NoContent);
        contacts.MapPost("{id}/notes", AddNote).Writes().WithSummary("Adds a note.").Accepts<NoteRequest>("application/json").Produces<ContactNote>();
        contacts.MapPut("{id}/notes/{noteId}", ChangeNote).Writes().WithSummary("Changes a note, as read at its revision in If-Match.").Accepts<NoteRequest>("application/json").Produces<ContactNote>();
        contacts.MapDelete("{id}/notes/{noteId}", RemoveNote).Writes().WithSummary("Removes a note, as read at its revision in If-Match.").Produces(StatusCodes.Status204NoContent);
        contacts.MapPut("{id}/criteria/{criterion}", Classify).Writes().WithSummary("Gives it these values of a criterion, in place of those it had.").Accepts<ClassificationRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        contacts.MapPut("{id}/seats", PreferSeats).Writes().WithSummary("Sets its preferred seats, the dearest first, as read at the revision in If-Match.").Accepts<SeatsRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        contacts.MapPost("{id}/consents", (string id, ApiCall call) => Consent(id, call, given: true)).Writes().WithSummary("Records a consent with its proof.").Accepts<ConsentRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        contacts.MapPost("{id}/consents/withdraw", (string id, ApiCall call) => Consent(id, call, given: false)).Writes().WithSummary("Records that a consent was withdrawn, with its proof.").Accepts<ConsentRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        contacts.MapGet("{id}/erasure", Erasure).WithSummary("That it was erased; or what erasing it would take away and leave, in numbers.").Produces<ErasureAnswer>();
        contacts.MapGet("{id}/relations", Related).WithSummary("Whom it is tied to, from both sides, whatever the dates.").Produces<Listed<RelatedContactAnswer>>();
        contacts.MapPost("{id}/relations", Relate).Writes().WithSummary("Ties it to another, or gives their tie other dates.").Accepts<RelationRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        contacts.MapPost("{id}/personal-data", PersonalData).Writes().WithSummary("All that is kept of it in a zip: a page to read and the same as JSON. Who asked for it stands in its journal.").Produces(StatusCodes.Status200OK, contentType: "application/zip");
        contacts.MapPost("{id}/relations/remove", Unrelate).Writes().WithSummary("Takes a tie away as if it never was.").Accepts<NoRelationRequest>("application/json").Produces(StatusCodes.Status204NoContent);
    }

    private static DateOnly Today(ApiCall call) => DateOnly.FromDateTime(ApiTimes.InZone(call.Time.GetUtcNow(), call.Zone).DateTime);

    private static async Task<IResult> View(string id, ApiCall call)
    {
        if (await Existing(id, call) is not { } view) return call.NotFound("contact-unknown");
        call.TellRevision(view.Revision);
        return Results.Ok(ContactAnswer.Of(view, Today(call)));
    }

    private static async Task<IResult> Create(ApiCall call)
    {
        var (id, commandId) = (call.NewId("contacts"), call.CommandId);
        var request = await call.Body<ContactRequest>();
        var details = request is null ? null : DetailsOf(request, call);
        if (call.IsRefused) return call.Refusals();
        var command = new CreateContact(details!) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<IContactGrain>(id).Create(command), made => Results.Created($"{ApiHosting.Root}/contacts/{id}", new CreatedContact(id, made.Number)));
    }

    private static async Task<IResult> Change(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var request = await call.Body<ContactRequest>();
        var details = request is null ? null : DetailsOf(request, call);
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<IContactGrain>(id).Change(new ChangeContact(details!, revision) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> Archive(string id, ApiCall call, bool archived)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var command = new ArchiveContact(archived) { Id = call.CommandId, By = call.Actor };
        return call.IsRefused ? call.Refusals() : await call.Send(() => call.Grain<IContactGrain>(id).Archive(command));
    }

    private static async Task<IResult> AddNote(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<NoteRequest>();
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<IContactGrain>(id).AddNote(new AddContactNote(request!.Text) { Id = commandId, By = call.Actor }), Results.Ok);
    }

    private static async Task<IResult> ChangeNote(string id, string noteId, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var request = await call.Body<NoteRequest>();
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<IContactGrain>(id).ChangeNote(new ChangeContactNote(noteId, request!.Text, Revision(revision)) { Id = commandId, By = call.Actor }), Results.Ok);
    }

    private static async Task<IResult> RemoveNote(string id, string noteId, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var command = new RemoveContactNote(noteId, Revision(call.IfMatch())) { Id = call.CommandId, By = call.Actor };
        return call.IsRefused ? call.Refusals() : await call.Send(() => call.Grain<IContactGrain>(id).RemoveNote(command));
    }

    private static async Task<IResult> Classify(string id, string criterion, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<ClassificationRequest>();
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<IContactGrain>(id).Classify(new ClassifyContact(criterion, request!.Values) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> PreferSeats(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var request = await call.Body<SeatsRequest>();
        if (call.IsRefused) return call.Refusals();
        ImmutableArray<PreferredSeat> seats = [.. request!.Seats.Select(seat => new PreferredSeat(seat.Place, seat.Block, seat.Row, seat.Seat, seat.Note))];
        return await call.Send(() => call.Grain<IContactGrain>(id).PreferSeats(new PreferSeats(seats, revision) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> Consent(string id, ApiCall call, bool given)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<ConsentRequest>();
        var channel = request is null ? default : call.Choice(request.Channel, "channel", Enum.GetValues<ConsentChannel>());
        var at = call.Time.GetUtcNow();
        if (request?.At is { } said)
        {
            if (ApiTimes.Instant(said) is { } instant) at = instant;
            else call.Refuse("instant-invalid", "at", said);
        }
        if (call.IsRefused) return call.Refusals();
        var proof = new ConsentProof(at, request!.Where, request.Wording);
        var contact = call.Grain<IContactGrain>(id);
        return given
            ? await call.Send(() => contact.GiveConsent(new GiveConsent(channel, request.Category, proof) { Id = commandId, By = call.Actor }))
            : await call.Send(() => contact.WithdrawConsent(new WithdrawConsent(channel, request.Category, proof) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> PersonalData(string id, ApiCall call, PersonalDataDownload download, PersonalDataFile file)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var commandId = call.CommandId;
        if (call.IsRefused) return call.Refusals();
        var (data, refused) = await download.Disclose(id, commandId);
        return data is not null ? new PersonalDataAnswer(file, data) : refused is not null ? ApiProblems.Of(call.Http, [refused]) : call.NotFound("contact-unknown");
    }

    /// <summary>Erasing is a person's act: no token is an administrator's.</summary>
    private static async Task<IResult> Erasure(string id, ApiCall call, ContactErasureQueries erasures)
    {
        if (await Existing(id, call) is not { } view) return call.NotFound("contact-unknown");
        return Results.Ok(new ErasureAnswer(id, view.Number, view.Erasure, view.Erasure is null ? await erasures.Preview(view, call.Cancellation) : null));
    }

    private static async Task<IResult> Related(string id, ApiCall call, ContactQueries queries)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var related = await queries.Related(call.Organisation, id, Today(call), call.Cancellation);
        return Results.Ok(new Listed<RelatedContactAnswer>([.. related.Select(tie => new RelatedContactAnswer(
            tie.Kind, tie.Upward, ContactAnswer.Day(tie.From), ContactAnswer.Day(tie.Until), tie.Other.Id, tie.Other.Number, tie.Other.Kind, tie.Other.Name, tie.Other.FirstName))], null));
    }

    private static async Task<IResult> Relate(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<RelationRequest>();
        var kind = request is null ? default : call.Choice(request.Kind, "kind", Enum.GetValues<RelationKind>());
        var (from, until) = (Day(call, request?.From, "from"), Day(call, request?.Until, "until"));
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<IContactGrain>(id).Relate(new RelateContact(new ContactRelation(kind, request!.To, from, until)) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> Unrelate(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("contact-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<NoRelationRequest>();
        var kind = request is null ? default : call.Choice(request.Kind, "kind", Enum.GetValues<RelationKind>());
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<IContactGrain>(id).Unrelate(new UnrelateContact(kind, request!.To) { Id = commandId, By = call.Actor }));
    }

    private static async Task<ContactView?> Existing(string id, ApiCall call) => ApiCall.IsId(id) ? await call.Grain<IContactGrain>(id).View() : null;

    /// <summary>A note's counts far less; one that is past all is that of no note.</summary>
    private static int Revision(long revision) => (int)Math.Min(revision, int.MaxValue);

    private static ContactDetails DetailsOf(ContactRequest request, ApiCall call)
    {
        ImmutableArray<ContactType> types = [.. (request.Types ?? []).Select((type, i) => call.Choice(type, string.Create(CultureInfo.InvariantCulture, $"types[{i}]"), Enum.GetValues<ContactType>()))];
        ImmutableArray<ContactAddress> addresses = [.. (request.Addresses ?? []).Select((address, i) => new ContactAddress(
            call.Choice(address.Kind, string.Create(CultureInfo.InvariantCulture, $"addresses[{i}].kind"), Enum.GetValues<AddressKind>()), address.Country ?? PhoneText.DefaultCountry, address.Postcode,
            address.City, address.Line1, address.Line2, address.Line3, address.Department, address.Region, address.NotValid ?? false))];
        return new ContactDetails(
            call.Choice(request.Kind, "kind", Enum.GetValues<ContactKind>()), types, request.Name, request.Title, request.FirstName, Day(call, request.BirthDate, "birthDate"), request.Function,
            call.Choice(request.Language, "language", Language.French, Language.English), request.AdministrativeNumber, request.Nature, request.Emails ?? [], request.Mobile, request.Phone,
            request.Fax, addresses, request.Iban, request.ReferenceCode, request.Ambassador ?? false, request.NotValid ?? false);
    }

    private static DateOnly? Day(ApiCall call, string? said, string field)
    {
        if (said is null) return null;
        if (DateOnly.TryParseExact(said, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        call.Refuse("day-invalid", field, said);
        return null;
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Guichet.Contacts;
using Guichet.Support;
using Guichet.Tests.Api;

namespace Guichet.Tests.Contacts;

/// <summary>The record of a contact as programs make, read and change it.</summary>
public sealed class ContactRecordApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly HttpClient program = fixture.Node.Program(fixture.House.Token);

    private static object Sent(string name = "Shapira", string mobile = "06 12 34 56 78") => new
    {
        name,
        title = "Monsieur",
        firstName = "Michel",
        birthDate = "2000-07-08",
        types = new[] { "producer" },
        emails = new[] { "Michel@Shapira.example" },
        mobile,
        addresses = new object[] { new { postcode = "07000", city = "Freyssenet", line1 = "123 ELCA" }, new { kind = "billing", country = "BE", postcode = "1000", city = "Bruxelles", notValid = true } },
    };

    [Fact]
    public async Task A_contact_is_made_read_changed_archived_and_restored()
    {
        var (status, made, answer) = await program.Send("POST", "/api/v1/contacts", Sent(), key: "contact-1");
        Assert.Equal(HttpStatusCode.Created, status);
        var id = (string)made!["id"]!;
        Assert.Equal($"/api/v1/contacts/{id}", answer.Headers.Location!.OriginalString);
        Assert.Equal((long)made["number"]!, (long)(await program.Send("POST", "/api/v1/contacts", Sent(), key: "contact-1")).Body!["number"]!);
        Assert.Equal("422 command-reused", await program.Refusal("POST", "/api/v1/contacts", Sent("Autre"), key: "contact-1"));

        var contact = await Read(id, "\"1\"");
        Assert.Equal(
            "individual producer publicIndividual 2000-07-08 french michel@shapira.example +33612345678 main billing BE True",
            $"{contact["kind"]} {contact["types"]![0]} {contact["roles"]![0]} {contact["birthDate"]} {contact["language"]} {contact["emails"]![0]} {contact["mobile"]} {contact["addresses"]![0]!["kind"]} {contact["addresses"]![1]!["kind"]} {contact["addresses"]![1]!["country"]} {(bool)contact["addresses"]![1]!["notValid"]!}");

        Assert.Equal("428 if-match-missing@If-Match", await program.Refusal("PUT", $"/api/v1/contacts/{id}", Sent("Durand")));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/contacts/{id}", Sent("Durand"), ifMatch: "\"1\"")).Status);
        Assert.Equal("412 changed-meanwhile", await program.Refusal("PUT", $"/api/v1/contacts/{id}", Sent(), ifMatch: "\"1\""));
        Assert.Equal("422 kind-fixed@kind", await program.Refusal("PUT", $"/api/v1/contacts/{id}", new { kind = "structure", name = "Durand" }, ifMatch: "\"2\""));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{id}/archive")).Status);
        Assert.True((bool)(await Read(id, "\"3\""))["archived"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{id}/restore")).Status);
        Assert.Equal("404 contact-unknown", await program.Refusal("GET", $"/api/v1/contacts/{Ids.New(TimeProvider.System)}"));
    }

    [Fact]
    public async Task All_that_is_kept_of_a_contact_is_a_zip_and_who_asked_for_it_stands_in_its_journal()
    {
        var id = await program.Made("contacts", Sent());
        using var asked = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/contacts/{id}/personal-data");
        asked.Headers.Add("Idempotency-Key", $"data-{id}");
        using var answer = await program.SendAsync(asked);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        Assert.Matches(@"^donnees-contact-\d+-", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        using var zip = new System.IO.Compression.ZipArchive(await answer.Content.ReadAsStreamAsync());
        using var text = new StreamReader(zip.GetEntry("donnees.json")!.Open());
        var data = JsonNode.Parse(await text.ReadToEndAsync())!;
        Assert.Equal("michel@shapira.example", (string?)data["records"]![0]!["details"]!["emails"]![0]);
        Assert.Equal("disclose-contact create-contact", string.Join(' ', data["journal"]!.AsArray().Select(line => (string?)line!["command"])));

        using var reader = fixture.Node.Program(fixture.House.ReaderToken);
        Assert.Equal("403 role-insufficient", await reader.Refusal("POST", $"/api/v1/contacts/{id}/personal-data"));
        using var other = fixture.Node.Program(fixture.Promoter.Token);
        Assert.Equal("404 contact-unknown", await other.Refusal("POST", $"/api/v1/contacts/{id}/personal-data"));
    }

    [Fact]
    public async Task Programs_see_what_erasing_would_do_and_that_it_was_done_and_change_nothing_of_it()
    {
        var id = (string)(await program.Send("POST", "/api/v1/contacts", Sent("Effacée"))).Body!["id"]!;
        var shown = (await program.Send("GET", $"/api/v1/contacts/{id}/erasure")).Body!;
        Assert.Equal("1 1 1 2", $"{shown["preview"]!["contacts"]} {shown["preview"]!["emails"]} {shown["preview"]!["phones"]} {shown["preview"]!["addresses"]}");
        Assert.Null(shown["erased"]);
        var administrator = fixture.House.Administrator;
        using (Caller.As(administrator))
            (await fixture.House.Grain<IContactGrain>(fixture.Node, id).Erase(new EraseContact(ErasureGround.Mistake, null, 1) { Id = Guid.NewGuid(), By = administrator })).Expect();
        var contact = await Read(id, "\"2\"");
        Assert.NotNull(contact["erasedAt"]);
        Assert.Equal($"n° {contact["number"]}", (string)contact["name"]!);
        shown = (await program.Send("GET", $"/api/v1/contacts/{id}/erasure")).Body!;
        Assert.Equal("mistake", (string)shown["erased"]!["ground"]!);
        Assert.Null(shown["preview"]);
        Assert.Equal("409 contact-erased", await program.Refusal("PUT", $"/api/v1/contacts/{id}", Sent(), ifMatch: "\"2\""));
        Assert.Equal("404 contact-unknown", await program.Refusal("GET", $"/api/v1/contacts/{Ids.New(TimeProvider.System)}/erasure"));
    }

    [Theory]
    [InlineData("birthDate", "0000-01-01", "422 day-invalid@birthDate")]
    [InlineData("birthDate", "2025-02-29", "422 day-invalid@birthDate")]
    [InlineData("birthDate", "0001-01-01", "422 birth-date-impossible@birthDate")]
    [InlineData("mobile", "demain", "422 phone-unreadable@mobile")]
    [InlineData("iban", "FR76 3000 6000 0112 3456 7890 188", "422 iban-wrong@iban")]
    [InlineData("name", "   ", "422 contact-name-missing@name")]
    [InlineData("kind", "person", "422 choice-unknown@kind")]
    [InlineData("language", "klingon", "422 choice-unknown@language")]
    public async Task What_cannot_be_taken_is_refused_by_its_field(string field, string value, string refusal)
    {
        var body = new JsonObject { ["name"] = "Dupont", [field] = value };
        Assert.Equal(refusal, await program.Refusal("POST", "/api/v1/contacts", body));
    }

    [Fact]
    public async Task Notes_seats_and_consents_are_kept_with_who_and_when()
    {
        var id = await Made(new { name = "Dupont" });
        var note = (await program.Send("POST", $"/api/v1/contacts/{id}/notes", new { text = "Préfère le soir" }, key: "note")).Body!;
        Assert.Equal((string)note["id"]!, (string)(await program.Send("POST", $"/api/v1/contacts/{id}/notes", new { text = "Préfère le soir" }, key: "note")).Body!["id"]!);
        var at = $"/api/v1/contacts/{id}/notes/{note["id"]}";
        Assert.Equal(2, (int)(await program.Send("PUT", at, new { text = "Préfère le matin" }, ifMatch: "\"1\"")).Body!["revision"]!);
        Assert.Equal("412 changed-meanwhile", await program.Refusal("PUT", at, new { text = "Jamais" }, ifMatch: "\"1\""));
        Assert.Equal("412 changed-meanwhile", await program.Refusal("DELETE", at, ifMatch: "\"1\""));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("DELETE", at, ifMatch: "\"2\"")).Status);
        Assert.Equal("404 note-unknown", await program.Refusal("PUT", at, new { text = "x" }, ifMatch: "\"2\""));
        Assert.Equal("422 note-missing@text", await program.Refusal("POST", $"/api/v1/contacts/{id}/notes", new { text = " " }));

        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/contacts/{id}/seats", new { seats = new[] { new { place = "Grande salle", row = "F" } } }, ifMatch: "\"1\"")).Status);
        Assert.Equal("412 changed-meanwhile", await program.Refusal("PUT", $"/api/v1/contacts/{id}/seats", new { seats = Array.Empty<object>() }, ifMatch: "\"1\""));
        Assert.Equal("F", (string)(await Read(id, "\"2\""))["seats"]![0]!["row"]!);

        var consent = new { channel = "email", category = "Programme", at = "2026-01-15T10:00:00+01:00", where = "Formulaire du site", wording = "J’accepte." };
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{id}/consents", consent)).Status);
        Assert.Equal("422 wording-missing@proof.wording", await program.Refusal("POST", $"/api/v1/contacts/{id}/consents", new { channel = "sms", category = "Programme", where = "Guichet" }));
        Assert.Equal("422 instant-invalid@at", await program.Refusal("POST", $"/api/v1/contacts/{id}/consents", consent with { at = "hier" }));
        Assert.Equal("422 choice-unknown@channel", await program.Refusal("POST", $"/api/v1/contacts/{id}/consents", consent with { channel = "pigeon" }));
        Assert.Equal("422 withdrawn-before-given@proof.at", await program.Refusal("POST", $"/api/v1/contacts/{id}/consents/withdraw", new { channel = "email", category = "Programme", at = "2025-01-01T00:00:00Z", where = "Lettre" }));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{id}/consents/withdraw", new { channel = "email", category = "Programme", where = "Lettre" })).Status);
        var kept = (await Read(id, "\"2\""))["consents"]![0]!;
        Assert.Equal(("Formulaire du site", "Lettre", "Program (BoxOffice)"), ((string)kept["where"]!, (string)kept["withdrawnWhere"]!, (string)kept["withdrawnBy"]!));
    }

    [Fact]
    public async Task Relations_are_dated_and_seen_from_both_sides()
    {
        var (person, house) = (await Made(new { name = "Martin", firstName = "Céline" }), await Made(new { kind = "structure", name = "Collège Jean-Moulin" }));
        var relation = new { kind = "relay", to = house, from = "2020-09-01" };
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{person}/relations", relation)).Status);
        var seen = Assert.Single((await program.Send("GET", $"/api/v1/contacts/{house}/relations")).Body!["items"]!.AsArray())!;
        Assert.Equal(("relay", false, "2020-09-01", "Martin"), ((string)seen["kind"]!, (bool)seen["upward"]!, (string)seen["from"]!, (string)seen["name"]!));
        Assert.Equal("relay", (string)(await Read(person, "\"1\""))["roles"]![0]!);
        Assert.Equal("422 relation-to-itself@to", await program.Refusal("POST", $"/api/v1/contacts/{person}/relations", relation with { to = person }));
        Assert.Equal("422 relation-ends-before@until", await program.Refusal("POST", $"/api/v1/contacts/{person}/relations", new { kind = "relay", to = house, from = "2020-09-01", until = "2020-08-31" }));
        Assert.Equal("422 day-invalid@from", await program.Refusal("POST", $"/api/v1/contacts/{person}/relations", relation with { from = "0000-01-01" }));
        Assert.Equal("422 related-contact-unknown@to", await program.Refusal("POST", $"/api/v1/contacts/{person}/relations", relation with { to = Ids.New(TimeProvider.System) }));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{person}/relations/remove", new { kind = "relay", to = house })).Status);
        Assert.Empty((await program.Send("GET", $"/api/v1/contacts/{house}/relations")).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task Criteria_are_defined_given_and_retired_and_what_people_are_asked_is_kept()
    {
        using var reader = fixture.Node.Program(fixture.House.ReaderToken);
        var settings = (await program.Send("GET", "/api/v1/contact-settings")).Body!;
        var criterion = new { french = "Niveau", multiple = false, values = new[] { new { code = "ecole", french = "École" }, new { code = "college", french = "Collège" } } };
        Assert.Equal("403 role-insufficient", await reader.Refusal("PUT", "/api/v1/contact-settings/criteria/niveau", criterion, ifMatch: $"\"{settings["revision"]}\""));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", "/api/v1/contact-settings/criteria/niveau", criterion, ifMatch: $"\"{settings["revision"]}\"")).Status);
        Assert.Equal("412 changed-meanwhile", await program.Refusal("PUT", "/api/v1/contact-settings/criteria/niveau", criterion, ifMatch: $"\"{settings["revision"]}\""));

        var id = await Made(new { name = "Dupont" });
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/contacts/{id}/criteria/niveau", new { values = new[] { "college" } })).Status);
        Assert.Equal("422 criterion-single@values", await program.Refusal("PUT", $"/api/v1/contacts/{id}/criteria/niveau", new { values = new[] { "college", "ecole" } }));
        Assert.Equal("422 criterion-value-unknown@values", await program.Refusal("PUT", $"/api/v1/contacts/{id}/criteria/niveau", new { values = new[] { "lycee" } }));
        Assert.Equal("422 criterion-unknown@criterion", await program.Refusal("PUT", $"/api/v1/contacts/{id}/criteria/autre", new { values = new[] { "x" } }));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", "/api/v1/contact-settings/criteria/niveau/retire")).Status);
        Assert.Equal("422 criterion-retired@criterion", await program.Refusal("PUT", $"/api/v1/contacts/{id}/criteria/niveau", new { values = new[] { "ecole" } }));
        Assert.Equal("college", (string)(await Read(id, "\"1\""))["criteria"]![0]!["values"]![0]!);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", "/api/v1/contact-settings/criteria/niveau/restore")).Status);

        var revision = (await program.Send("GET", "/api/v1/contact-settings")).Body!["revision"];
        var consents = new { categories = new[] { new { name = "Programme", wordings = new[] { new { label = "2026", text = "J’accepte." } } } } };
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", "/api/v1/contact-settings/consents", consents, ifMatch: $"\"{revision}\"")).Status);
        Assert.Equal("Programme", (string)(await program.Send("GET", "/api/v1/contact-settings")).Body!["categories"]![0]!["name"]!);
    }

    private async Task<string> Made(object contact) => (string)(await program.Send("POST", "/api/v1/contacts", contact)).Body!["id"]!;

    private async Task<JsonNode> Read(string id, string revision)
    {
        var (_, contact, answer) = await program.Send("GET", $"/api/v1/contacts/{id}");
        Assert.Equal(revision, answer.Headers.ETag!.Tag);
        return contact!;
    }
}

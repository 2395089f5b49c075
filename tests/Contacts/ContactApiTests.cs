using System.Net;
using System.Text.Json.Nodes;
using Guichet.Contacts;
using Guichet.Support;
using Guichet.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>Finding, tagging and keeping searches as programs do, and the files and pages of the list.</summary>
public sealed class ContactApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly HttpClient program = fixture.Node.Program(fixture.House.Token);

    [Fact]
    public async Task Contacts_are_listed_by_number_from_cursor_to_cursor_and_by_what_is_likely_meant()
    {
        var name = Name();
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Add(await Made(Named(name, $"P{i}") with { Addresses = [At("7501" + i, "Paris")] }));
        Assert.Equal(made, await Walk($"/api/v1/contacts?search={name}&limit=2"));
        Assert.Equal([made[3]], await Walk($"/api/v1/contacts?name={name}&postcode=75013&country=FR"));
        var likely = (await program.Send("GET", $"/api/v1/contacts?search={name}%2C%20p4&sort=likely")).Body!;
        Assert.Equal((made[4], true), ((string)likely["items"]![0]!["id"]!, likely["next"] is null));
        Assert.StartsWith($"{name.ToUpperInvariant()}, P4 | FR-75014 [", (string)likely["items"]![0]!["line"]!, StringComparison.Ordinal);
        Assert.Empty(await Walk($"/api/v1/contacts?name={name}&kind=structure"));

        Assert.Equal("422 choice-unknown@kind", await program.Refusal("GET", "/api/v1/contacts?kind=person"));
        Assert.Equal("422 search-field-unknown@solde", await program.Refusal("GET", "/api/v1/contacts?solde=1"));
        Assert.Equal("422 search-phone-unreadable@phone", await program.Refusal("GET", "/api/v1/contacts?phone=demain"));
        Assert.Equal("422 cursor-invalid@cursor", await program.Refusal("GET", "/api/v1/contacts?cursor=abc"));
        foreach (var text in (string[])["*", "***", "%", "_", new string('x', 300), "😀", "小林", "%00", "..%2f", "'%20or%201=1"])
            Assert.Equal(HttpStatusCode.OK, (await program.Send("GET", $"/api/v1/contacts?search={(text.Contains('%', StringComparison.Ordinal) && text.Length > 1 ? text.Replace("%00", "x", StringComparison.Ordinal) : Uri.EscapeDataString(text))}")).Status);
        // Another house's contacts are nobody.
        Assert.Empty(await Walk($"/api/v1/contacts?search={name}", fixture.Node.Program(fixture.Promoter.Token)));
    }

    [Fact]
    public async Task Tags_are_put_on_taken_off_and_searched_by()
    {
        var id = await Made(Named(Name(), "Anne"));
        var tag = Name();
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{id}/tags", new { add = new[] { tag, "Presse" } }, key: "tag-1")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{id}/tags", new { add = new[] { tag, "Presse" } }, key: "tag-1")).Status);
        Assert.Equal([id], await Walk($"/api/v1/contacts?tag={tag.ToUpperInvariant()}&tag=presse"));
        Assert.Equal("422 tag-missing@add[0]", await program.Refusal("POST", $"/api/v1/contacts/{id}/tags", new { add = new[] { "-" } }));
        Assert.Equal("404 contact-unknown", await program.Refusal("POST", $"/api/v1/contacts/{Ids.New(TimeProvider.System)}/tags", new { add = new[] { "x" } }));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/contacts/{id}/tags", new { remove = new[] { tag } })).Status);
        Assert.Empty(await Walk($"/api/v1/contacts?tag={tag}"));
    }

    [Fact]
    public async Task A_search_is_saved_made_again_changed_and_removed()
    {
        var name = Name();
        object[] conditions = [new { name = "name", value = name }];
        var search = await program.Made("contact-searches", new { name = $"Les {name}", shared = true, conditions }, key: $"save-{name}");
        Assert.Equal(search, await program.Made("contact-searches", new { name = $"Les {name}", shared = true, conditions }, key: $"save-{name}"));
        Assert.Empty(await Walk($"/api/v1/contact-searches/{search}/contacts"));
        var made = new List<string>();
        for (var i = 0; i < 3; i++) made.Add(await Made(Named(name, $"P{i}")));
        Assert.Equal(made, await Walk($"/api/v1/contact-searches/{search}/contacts?limit=2"));

        Assert.Equal("422 search-field-unknown@solde", await program.Refusal("POST", "/api/v1/contact-searches", new { name = "X", conditions = new object[] { new { name = "solde", value = "1" } } }));
        Assert.Equal("422 member-missing@conditions", await program.Refusal("POST", "/api/v1/contact-searches", new { name = "X" }));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/contact-searches/{search}", new { name = "Autre nom", shared = true, conditions }, ifMatch: "\"1\"")).Status);
        Assert.Equal("412 changed-meanwhile", await program.Refusal("PUT", $"/api/v1/contact-searches/{search}", new { name = "Encore", conditions }, ifMatch: "\"1\""));
        Assert.Contains((await program.Send("GET", "/api/v1/contact-searches")).Body!["items"]!.AsArray(), item => (string)item!["name"]! == "Autre nom");
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("DELETE", $"/api/v1/contact-searches/{search}")).Status);
        Assert.DoesNotContain((await program.Send("GET", "/api/v1/contact-searches")).Body!["items"]!.AsArray(), item => (string)item!["id"]! == search);
        // What was aimed at it goes on finding whom it found.
        Assert.Equal(made, await Walk($"/api/v1/contact-searches/{search}/contacts"));
    }

    [Fact]
    public async Task What_is_ones_own_is_nobody_elses()
    {
        var own = await program.Made("contact-searches", new { name = "À moi", conditions = Array.Empty<object>() });
        var reader = fixture.Node.Program(fixture.House.ReaderToken);
        Assert.Equal("404 saved-search-unknown", await reader.Refusal("GET", $"/api/v1/contact-searches/{own}"));
        Assert.Equal("404 saved-search-unknown", await reader.Refusal("GET", $"/api/v1/contact-searches/{own}/contacts"));
        Assert.DoesNotContain((await reader.Send("GET", "/api/v1/contact-searches")).Body!["items"]!.AsArray(), item => (string)item!["id"]! == own);
    }

    [Fact]
    public async Task A_bulk_edit_is_previewed_done_once_and_says_who_refused()
    {
        var (name, tag) = (Name(), Name());
        var ids = new[] { await Made(Named(name, "A")), await Made(Named(name, "B")), await Made(Named(name, "C")) };
        var by = fixture.House.Administrator;
        var bulk = fixture.Node.Services.GetRequiredService<ContactBulk>();
        await Define(fixture.Node.Grains, by.Organisation, by, Public);
        var change = new BulkChange([tag], [], "public", ["senior"]);
        using (Caller.As(by)) (await fixture.House.Grain<IContactGrain>(fixture.Node, ids[0]).Tag(new TagContact([tag.ToUpperInvariant()], []) { Id = Guid.NewGuid(), By = by })).Expect();
        Assert.Equal(new BulkPreview(3, 2, 3), await bulk.Preview(by.Organisation, ids, change));
        var (intention, unknown) = (Guid.NewGuid(), Ids.New(TimeProvider.System));
        for (var time = 1; time <= 2; time++)
        {
            var results = await bulk.Apply(intention, [.. ids, unknown, "../.."], change, by);
            Assert.Equal(["contact-unknown", "contact-unknown"], results.Where(result => result.Refusal is not null).Select(result => result.Refusal!.Code));
            Assert.Equal(3, results.Count(result => result.Refusal is null));
        }
        Assert.Equal(new BulkPreview(3, 0, 0), await bulk.Preview(by.Organisation, ids, change));
        Assert.Equal(new BulkPreview(3, 3, 3), await bulk.Preview(by.Organisation, ids, new BulkChange([], [tag], "public", [])));
        Assert.Equal(new BulkPreview(3, 0, 3), await bulk.Preview(by.Organisation, ids, new BulkChange([], ["autre"], "public", ["jeune", "senior"])));
        Assert.Equal("bulk-nothing", Assert.Single(ContactBulk.Check(new BulkChange([], [], null, []))).Code);
        Assert.Equal(3, (await Walk($"/api/v1/contacts?tag={tag}&criterion=public:senior")).Count);
        Assert.Equal(0, fixture.Node.Failures.ToString().Length);
    }

    [Fact]
    public async Task More_rows_than_may_be_edited_at_once_are_not_edited()
    {
        using var browser = fixture.Node.Browser(fixture.House.Cookie);
        using var page = await browser.GetAsync("/contacts");
        var token = System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(), "name=\"form-token\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        var cookie = page.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("guichet-form=", StringComparison.Ordinal)).Split(';')[0];
        using var poster = fixture.Node.Browser(null);
        poster.DefaultRequestHeaders.Add("Cookie", $"guichet-session={fixture.House.Cookie}; {cookie}");
        foreach (var (count, said) in ((int, string)[])[(3, "Mettre ces étiquettes"), (10_000, "Rien n’a été fait")])
        {
            using var form = new FormUrlEncodedContent(Enumerable.Range(0, count).Select(_ => KeyValuePair.Create("contact", Ids.New(TimeProvider.System)))
                .Concat([new("form-token", token), new("_handler", "bulk"), new("do", "pick")]));
            using var answer = await poster.PostAsync("/contacts/bulk", form);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains(said, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_list_leaves_as_files_that_run_no_formula_and_has_everybody()
    {
        var name = Name();
        for (var i = 0; i < 3; i++) await Made(Named(name, i == 0 ? "=1+1" : $"P{i}") with { Emails = [$"p{i}@{name}.example"], Mobile = "06 12 34 56 78" });
        using var browser = fixture.Node.Browser(fixture.House.Cookie);
        var csv = await browser.GetStringAsync($"/export/contacts.csv?q={name}");
        Assert.Equal(4, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains(";'=1+1;", csv, StringComparison.Ordinal);
        var card = await browser.GetStringAsync($"/export/contacts.vcf?q={name}");
        Assert.Equal(3, card.Split("BEGIN:VCARD").Length - 1);
        Assert.Contains("TEL;VALUE=uri;TYPE=cell:tel:+33612345678\r\n", card, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/export/contacts.xlsx?q={name}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/export/contacts.csv?phone=demain")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/export/contacts.pdf")).StatusCode);
    }

    [Fact]
    public async Task A_picker_and_a_page_find_as_the_list_does_and_say_what_they_dont_understand()
    {
        var name = Name();
        await Made(Named(name, "Zoé") with { Addresses = [At("75012", "Paris")] });
        using var browser = fixture.Node.Browser(fixture.House.Cookie);
        var found = JsonNode.Parse(await browser.GetStringAsync($"/contacts/find?q={name},%20zoe&kind=individual"))!.AsArray();
        Assert.StartsWith($"{name.ToUpperInvariant()}, Zoé | FR-75012 [", (string)Assert.Single(found)!["text"]!, StringComparison.Ordinal);
        Assert.Equal("[]", await browser.GetStringAsync($"/contacts/find?q={name}&kind=structure"));
        Assert.Equal("[]", await browser.GetStringAsync("/contacts/find?q=%20"));

        // Without scripts: what was typed beside the picker is looked for by sending the form.
        Assert.Contains($">{name.ToUpperInvariant()}, Zoé | FR-75012", await browser.GetStringAsync($"/contacts?connectedWith-find={name}&find=connectedWith"), StringComparison.Ordinal);

        Assert.Contains(name.ToUpperInvariant(), await browser.GetStringAsync($"/contacts?q={name}"), StringComparison.Ordinal);
        Assert.Contains($"{name.ToUpperInvariant()}, Zoé", await browser.GetStringAsync($"/find?q={name}"), StringComparison.Ordinal);
        var refused = await browser.GetStringAsync($"/contacts?q={name}&phone=demain&country=France");
        Assert.Contains("Cette recherche n’a pas été faite", refused, StringComparison.Ordinal);
        Assert.Contains("n’est pas le début d’un numéro de téléphone", refused, StringComparison.Ordinal);
        Assert.DoesNotContain(name.ToUpperInvariant(), refused, StringComparison.Ordinal);
    }

    private static string Name() => $"Test{Guid.NewGuid():N}"[..14];

    private async Task<string> Made(ContactDetails details)
    {
        var (by, id) = (fixture.House.Administrator, Ids.New(TimeProvider.System));
        using var caller = Caller.As(by);
        (await fixture.House.Grain<IContactGrain>(fixture.Node, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = by })).Expect();
        return id;
    }

    private async Task<List<string>> Walk(string path, HttpClient? who = null)
    {
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var (status, body, _) = await (who ?? program).Send("GET", cursor is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}");
            Assert.True(status == HttpStatusCode.OK, body?.ToJsonString());
            seen.AddRange(body!["items"]!.AsArray().Select(item => (string)item!["id"]!));
            cursor = (string?)body["next"];
        }
        while (cursor is not null);
        return seen;
    }
}

using System.Net;
using Guichet.Tests.Api;

namespace Guichet.Tests.Partners;

/// <summary>Partners as programs make, read, change and associate them.</summary>
public sealed class PartnerApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly HttpClient program = fixture.Node.Program(fixture.House.Token);

    private static object Sent(string name = "Astérie", string email = "prod@asterie.example") => new
    {
        name,
        group = "agents",
        language = "english",
        addresses = new object[] { new { email, name = "Nadia" }, new { email = "compta@asterie.example", kind = "cc" } },
        note = "Nuit de sel",
    };

    [Fact]
    public async Task A_partner_is_made_read_changed_associated_archived_and_listed()
    {
        var id = await program.Made("partners", Sent(), key: "partner-1");
        Assert.Equal(id, await program.Made("partners", Sent(), key: "partner-1"));
        Assert.Equal("422 command-reused", await program.Refusal("POST", "/api/v1/partners", Sent("Autre"), key: "partner-1"));

        var (_, partner, answer) = await program.Send("GET", $"/api/v1/partners/{id}");
        Assert.Equal("\"1\"", answer.Headers.ETag!.Tag);
        Assert.Equal("agents english to grey nothingAssociated", $"{partner!["group"]} {partner["language"]} {partner["addresses"]![0]!["kind"]} {partner["envelope"]!["state"]} {partner["envelope"]!["reason"]}");

        Assert.Equal("428 if-match-missing@If-Match", await program.Refusal("PUT", $"/api/v1/partners/{id}", Sent("Astérie Productions")));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/partners/{id}", Sent("Astérie Productions"), ifMatch: "\"1\"")).Status);
        Assert.Equal("412 changed-meanwhile", await program.Refusal("PUT", $"/api/v1/partners/{id}", Sent(), ifMatch: "\"1\""));

        var (show, session) = await fixture.House.Play(fixture.Node, "Nuit de sel");
        var series = await program.Made("series", new { show, name = "Tournée" });
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/partners/{id}/associate", new { sessions = new[] { session }, series = new[] { series } }, key: "a")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/partners/{id}/associate", new { sessions = new[] { session }, series = new[] { series } }, key: "a")).Status);
        partner = (await program.Send("GET", $"/api/v1/partners/{id}")).Body!;
        Assert.Equal((session, series, 1), ((string)partner["sessions"]![0]!, (string)partner["series"]![0]!, (int)partner["envelope"]!["onSale"]!));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/partners/{id}/dissociate", new { sessions = new[] { session } })).Status);
        Assert.Empty((await program.Send("GET", $"/api/v1/partners/{id}")).Body!["sessions"]!.AsArray());

        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/partners/{id}/pause", new { until = "2099-01-01" })).Status);
        Assert.Equal("2099-01-01", (string)(await program.Send("GET", $"/api/v1/partners/{id}")).Body!["pausedUntil"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/partners/{id}/resume")).Status);

        Assert.Contains(id, await Ids("/api/v1/partners?search=prod%40asterie&group=agents"));
        Assert.DoesNotContain(id, await Ids("/api/v1/partners?group=venues"));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/partners/{id}/archive")).Status);
        Assert.DoesNotContain(id, await Ids("/api/v1/partners"));
        Assert.Contains(id, await Ids("/api/v1/partners?archived=true"));
        Assert.Equal("409 partner-archived", await program.Refusal("POST", $"/api/v1/partners/{id}/associate", new { sessions = new[] { session } }));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/partners/{id}/restore")).Status);
    }

    [Fact]
    public async Task A_list_goes_on_from_its_cursor_without_gap_or_repeat()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Add(await program.Made("partners", Sent($"Page {i}", $"p{i}@pages.example")));
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var body = (await program.Send("GET", $"/api/v1/partners?search=pages.example&limit=2{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")).Body!;
            seen.AddRange(body["items"]!.AsArray().Select(item => (string)item!["id"]!));
            cursor = (string?)body["next"];
        }
        while (cursor is not null);
        Assert.Equal(made.Order(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_by_its_field()
    {
        Assert.Equal("422 member-missing@addresses", await program.Refusal("POST", "/api/v1/partners", new { name = "X" }));
        Assert.Equal("422 address-invalid@addresses[0].email", await program.Refusal("POST", "/api/v1/partners", Sent(email: "a@b.example\r\nBcc: c@d.example")));
        Assert.Equal("422 choice-unknown@group", await program.Refusal("POST", "/api/v1/partners", new { name = "X", group = "friends", addresses = new[] { new { email = "a@b.example" } } }));
        Assert.Equal("422 choice-unknown@addresses[0].kind", await program.Refusal("POST", "/api/v1/partners", new { name = "X", addresses = new[] { new { email = "a@b.example", kind = "bcc" } } }));
        Assert.Equal("422 member-unknown@solde", await program.Refusal("POST", "/api/v1/partners", new { name = "X", solde = 1, addresses = new[] { new { email = "a@b.example" } } }));
        Assert.Equal("404 partner-unknown", await program.Refusal("POST", $"/api/v1/partners/{Guichet.Ids.New(TimeProvider.System)}/archive"));
        var id = await program.Made("partners", Sent("Refus"));
        Assert.Equal("422 session-unknown@sessions", await program.Refusal("POST", $"/api/v1/partners/{id}/associate", new { sessions = new[] { Guichet.Ids.New(TimeProvider.System) } }));
        Assert.Equal("422 association-missing@sessions", await program.Refusal("POST", $"/api/v1/partners/{id}/associate", new { }));
        Assert.Equal("422 day-invalid@until", await program.Refusal("POST", $"/api/v1/partners/{id}/pause", new { until = "2099-02-30" }));
        Assert.Equal("422 one-choice-expected@group", await program.Refusal("GET", "/api/v1/partners?group=agents,venues"));
    }

    private async Task<string[]> Ids(string path) => [.. (await program.Send("GET", path)).Body!["items"]!.AsArray().Select(item => (string)item!["id"]!)];
}

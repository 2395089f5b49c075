using System.Net;
using System.Text.Json.Nodes;

namespace Guichet.Tests.Api;

/// <summary>What programs can do over the API, endpoint by endpoint.</summary>
public sealed class ApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly HttpClient program = fixture.Node.Program(fixture.House.Token);

    [Fact]
    public async Task A_show_is_made_read_changed_archived_and_listed()
    {
        var id = await program.Made("shows", new { title = "Le Cid", producer = "Astérie" });

        var (_, show, answer) = await program.Send("GET", $"/api/v1/shows/{id}");
        Assert.Equal("Le Cid", (string)show!["title"]!);
        Assert.Equal("\"1\"", answer.Headers.ETag!.Tag);
        Assert.Equal("428 if-match-missing@If-Match", await program.Refusal("PUT", $"/api/v1/shows/{id}", new { title = "Horace" }));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/shows/{id}", new { title = "Horace" }, ifMatch: "\"1\"")).Status);
        Assert.Equal("412 changed-meanwhile", await program.Refusal("PUT", $"/api/v1/shows/{id}", new { title = "Cinna" }, ifMatch: "\"1\""));

        Assert.Contains(id, await Ids("/api/v1/shows?search=hor"));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/shows/{id}/archive")).Status);
        Assert.DoesNotContain(id, await Ids("/api/v1/shows"));
        Assert.Contains(id, await Ids("/api/v1/shows?archived=true"));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/shows/{id}/restore")).Status);
        Assert.Contains(id, await Ids("/api/v1/shows"));
    }

    [Fact]
    public async Task A_series_is_made_renamed_listed_and_put_on_sale_at_once()
    {
        var show = await program.Made("shows", new { title = "Phèdre" });
        var other = await program.Made("shows", new { title = "Bérénice" });
        var series = await program.Made("series", new { show, name = "Printemps" });
        var session = await program.Made("sessions", Sent.Session(show, series: series, onSale: false));

        Assert.Equal("422 series-of-other-show@series", await program.Refusal("POST", "/api/v1/sessions", Sent.Session(other, series: series)));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/series/{series}", new { name = "Été" })).Status);
        Assert.Equal("Été", (string)(await program.Send("GET", $"/api/v1/series/{series}")).Body!["name"]!);
        Assert.Equal([series], await Ids($"/api/v1/series?show={show}"));
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/series/{series}/put-on-sale", key: "on-sale")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/sessions/{session}/put-on-sale")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/series/{series}/put-on-sale", key: "on-sale")).Status);
    }

    [Fact]
    public async Task A_session_lives_from_draft_to_cancelled()
    {
        var show = await program.Made("shows", new { title = "Andromaque" });
        var id = await program.Made("sessions", Sent.Session(show, onSale: false));

        var (_, session, answer) = await program.Send("GET", $"/api/v1/sessions/{id}");
        Assert.Equal("draft", (string)session!["status"]!);
        Assert.Equal("2026-12-04T20:30:00+01:00", (string)session["start"]!);
        Assert.Equal("30.00", (string)session["tariffs"]![1]!["price"]!["amount"]!);
        Assert.Equal("409 session-not-on-sale", await program.Refusal("POST", $"/api/v1/sessions/{id}/close"));
        foreach (var step in new[] { "put-on-sale", "close" })
            Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/sessions/{id}/{step}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/sessions/{id}/shareable", new { shareable = true })).Status);

        Assert.Equal("412 changed-meanwhile", await program.Refusal("PUT", $"/api/v1/sessions/{id}", Sent.Session(show, place: "Odéon"), ifMatch: answer.Headers.ETag!.Tag));
        var now = (await program.Send("GET", $"/api/v1/sessions/{id}")).Answer.Headers.ETag!.Tag;
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/sessions/{id}", Sent.Session(show, place: "Odéon", start: "2026-12-05T20:30:00+01:00"), ifMatch: now)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("POST", $"/api/v1/sessions/{id}/cancel", new { reason = "Grève" })).Status);
        (_, session, _) = await program.Send("GET", $"/api/v1/sessions/{id}");
        Assert.Equal(("cancelled", "Grève", "Odéon", "2026-12-05T20:30:00+01:00", true),
            ((string)session!["status"]!, (string)session["cancelReason"]!, (string)session["place"]!, (string)session["start"]!, (bool)session["shareable"]!));
        Assert.Equal("409 session-cancelled", await program.Refusal("POST", $"/api/v1/sessions/{id}/put-on-sale"));
    }

    [Fact]
    public async Task Sessions_are_found_by_what_they_are()
    {
        var show = await program.Made("shows", new { title = "Tartuffe" });
        var early = await program.Made("sessions", Sent.Session(show, "Salle Richelieu", "2027-03-01T20:30:00"));
        var late = await program.Made("sessions", Sent.Session(show, "Vieux-Colombier", "2027-03-09T20:30:00", onSale: false));

        Assert.Equal([early, late], await Ids($"/api/v1/sessions?show={show}"));
        Assert.Equal([late], await Ids($"/api/v1/sessions?show={show}&status=draft,cancelled"));
        Assert.Equal([early], await Ids($"/api/v1/sessions?show={show}&search=richelieu"));
        Assert.Equal([late], await Ids($"/api/v1/sessions?show={show}&from=2027-03-02T00:00:00Z"));
        Assert.Equal([early], await Ids($"/api/v1/sessions?show={show}&to=2027-03-02T00:00:00%2B01:00"));
        Assert.Empty(await Ids($"/api/v1/sessions?show={show}&search=100%25"));
    }

    [Fact]
    public async Task A_tally_is_drafted_validated_corrected_and_every_version_kept()
    {
        var show = await program.Made("shows", new { title = "Le Malade imaginaire" });
        var id = await program.Made("sessions", Sent.Session(show));
        Assert.Equal("404 tally-unknown", await program.Refusal("GET", $"/api/v1/sessions/{id}/tally"));

        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("PUT", $"/api/v1/sessions/{id}/draft", Sent.Tally(Sent.Line(10)))).Status);
        Assert.Equal(10, (int)(await program.Send("GET", $"/api/v1/sessions/{id}/draft")).Body!["lines"]![0]!["sold"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await program.Send("DELETE", $"/api/v1/sessions/{id}/draft")).Status);
        Assert.Equal("404 draft-unknown", await program.Refusal("GET", $"/api/v1/sessions/{id}/draft"));

        var (status, first, answer) = await program.Send("POST", $"/api/v1/sessions/{id}/tallies", Sent.Tally(Sent.Line(80, gross: "3600.00")));
        Assert.Equal((HttpStatusCode.Created, 1, "3600.00"), (status, (int)first!["version"]!, (string)first["gross"]!["amount"]!));
        Assert.Equal("409 tally-drop-unconfirmed", await program.Refusal("POST", $"/api/v1/sessions/{id}/tallies", Sent.Tally(Sent.Line(20, gross: "900.00"))));
        Assert.Equal("409 tally-over-capacity-unconfirmed", await program.Refusal("POST", $"/api/v1/sessions/{id}/tallies", Sent.Tally(Sent.Line(101))));
        Assert.Equal("409 tally-changed-meanwhile", await program.Refusal("POST", $"/api/v1/sessions/{id}/tallies", new { lines = new[] { Sent.Line(81) }, basedOn = 0 }));
        Assert.Equal(HttpStatusCode.Created, (await program.Send("POST", $"/api/v1/sessions/{id}/tallies", new { lines = new[] { Sent.Line(20, gross: "900") }, confirmDrop = true, note = "retour Fnac", basedOn = 1 })).Status);

        Assert.Equal("/api/v1/sessions/" + id + "/tallies/1", answer.Headers.Location!.ToString());
        Assert.Equal(80, (int)(await program.Send("GET", $"/api/v1/sessions/{id}/tallies/1")).Body!["sold"]!);
        Assert.Equal("404 tally-unknown", await program.Refusal("GET", $"/api/v1/sessions/{id}/tallies/3"));
        var current = (await program.Send("GET", $"/api/v1/sessions/{id}/tally")).Body!;
        Assert.Equal((2, "api", "Program (BoxOffice)", "retour Fnac"), ((int)current["version"]!, (string)current["source"]!, (string)current["sourceName"]!, (string)current["note"]!));
        var page = (await program.Send("GET", $"/api/v1/sessions/{id}/tallies?limit=1")).Body!;
        Assert.Equal(2, (int)page["items"]![0]!["version"]!);
        var rest = (await program.Send("GET", $"/api/v1/sessions/{id}/tallies?limit=1&cursor={page["next"]}")).Body!;
        Assert.Equal((1, null), ((int)rest["items"]![0]!["version"]!, rest["next"]));
    }

    [Fact]
    public async Task Notifications_are_listed_newest_first()
    {
        await using (var insert = fixture.Database.Owner.CreateCommand("""
            INSERT INTO notifications (organisation, id, at, code, arguments, path)
            SELECT 'house', 'n' || n, now(), 'link-requested', '["Astérie"]', '/links' FROM generate_series(1, 3) AS n
            """))
            await insert.ExecuteNonQueryAsync();

        var page = (await program.Send("GET", "/api/v1/notifications?limit=2")).Body!;
        Assert.Equal(["n3", "n2"], page["items"]!.AsArray().Select(one => (string)one!["id"]!));
        Assert.Equal("Astérie", (string)page["items"]![0]!["arguments"]![0]!);
        Assert.Equal(["n1"], await Ids($"/api/v1/notifications?limit=2&cursor={page["next"]}"));
        Assert.Empty((await fixture.Node.Program(fixture.Promoter.Token).Send("GET", "/api/v1/notifications")).Body!["items"]!.AsArray());
    }

    /// <summary>The document is what programs are generated from: every route is in it, with what it takes and gives.</summary>
    [Fact]
    public async Task The_OpenApi_document_says_every_route()
    {
        var document = (await fixture.Node.Program(null).Send("GET", "/api/v1/openapi.json")).Body!;

        Assert.StartsWith("3.", (string)document["openapi"]!, StringComparison.Ordinal);
        var said = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}")).Order().ToArray();
        var routes = fixture.Node.Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText!.TrimEnd('/')}"))
            .Order().ToArray();
        Assert.Equal(routes, said);
        var tally = document["components"]!["schemas"]!["TallyRequest"]!["properties"]!.AsObject().Select(member => member.Key);
        Assert.Equal(["lines", "note", "basedOn", "confirmDrop", "confirmOverCapacity"], tally);
    }

    private async Task<string[]> Ids(string path)
    {
        var (status, body, _) = await program.Send("GET", path);
        Assert.True(status == HttpStatusCode.OK, body?.ToJsonString());
        return [.. body!["items"]!.AsArray().Select(one => (string)one!["id"]!)];
    }
}

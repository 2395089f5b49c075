using System.Net;
using System.Text.Json.Nodes;
using Guichet.Organisations;
using Guichet.Support;

namespace Guichet.Tests.Api;

/// <summary>What is wrong is refused by name, all at once, in the reader's language; nothing is an unexpected failure.</summary>
public sealed class BadRequestTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly HttpClient program = fixture.Node.Program(fixture.House.Token);

    public static TheoryData<string, string> BadTallies => new()
    {
        { "", "400 json-malformed" },
        { "{", "400 json-malformed" },
        { "{\"lines\":[],\"lines\":[]}", "400 json-malformed" },
        { new string('[', 5_000), "400 json-malformed" },
        { "[]", "422 object-expected" },
        { "null", "422 object-expected" },
        { "7", "422 object-expected" },
        { "{}", "422 member-missing@lines" },
        { "{\"lines\":null}", "422 array-expected@lines" },
        { "{\"lines\":{}}", "422 array-expected@lines" },
        { "{\"lines\":[3]}", "422 object-expected@lines[0]" },
        { "{\"lines\":[],\"solde\":1}", "422 member-unknown@solde" },
        { "{\"lines\":[],\"Note\":\"x\"}", "422 member-unknown@Note" },
        { "{\"lines\":[],\"note\":[[[[[[[[]]]]]]]]}", "422 text-expected@note" },
        { "{\"lines\":[],\"note\":\"a\\u0000b\"}", "422 text-has-control-character@note" },
        { "{\"lines\":[],\"note\":\"\\ud800\"}", "422 text-has-control-character@note" },
        { "{\"lines\":[],\"\\u0000\":1}", "422 member-unknown@?" },
        { "{\"lines\":[],\"\\ud800\":1}", "400 json-malformed" },
        { "{\"lines\":[],\"basedOn\":\"1\"}", "422 number-expected@basedOn" },
        { "{\"lines\":[],\"basedOn\":1.5}", "422 number-expected@basedOn" },
        { "{\"lines\":[],\"basedOn\":1e400}", "422 number-out-of-range@basedOn" },
        { "{\"lines\":[],\"confirmDrop\":\"yes\"}", "422 yes-or-no-expected@confirmDrop" },
        { "{\"lines\":[{}]}", "422 member-missing@lines[0].category member-missing@lines[0].tariff member-missing@lines[0].channel member-missing@lines[0].sold" },
        { Line("\"sold\":3000000000"), "422 number-out-of-range@lines[0].sold" },
        { Line("\"sold\":-1"), "422 count-out-of-range@lines[0].sold" },
        { Line("\"sold\":1000001"), "422 count-out-of-range@lines[0].sold" },
        { Line("\"sold\":1,\"gross\":12.5"), "422 object-expected@lines[0].gross" },
        { Line("\"sold\":1,\"gross\":{\"amount\":12.5,\"currency\":\"EUR\"}"), "422 text-expected@lines[0].gross.amount" },
        { Line("\"sold\":1,\"gross\":{\"amount\":\"12,50\",\"currency\":\"EUR\"}"), "422 amount-invalid@lines[0].gross.amount" },
        { Line("\"sold\":1,\"gross\":{\"amount\":\"12.505\",\"currency\":\"EUR\"}"), "422 amount-invalid@lines[0].gross.amount" },
        { Line("\"sold\":1,\"gross\":{\"amount\":\"99999999999999999999999999999999\",\"currency\":\"EUR\"}"), "422 amount-invalid@lines[0].gross.amount" },
        { Line("\"sold\":1,\"gross\":{\"amount\":\"-1\",\"currency\":\"EUR\"}"), "422 gross-out-of-range@lines[0].gross" },
        { Line("\"sold\":1,\"gross\":{\"amount\":\"1\",\"currency\":\"USD\"}"), "422 amount-in-other-currency@lines[0].gross.currency" },
        { "{\"lines\":[{\"category\":\"loge\",\"tariff\":\"x\",\"channel\":\"y\",\"sold\":1}]}", "422 category-unknown@lines[0].category tariff-unknown@lines[0].tariff channel-unknown@lines[0].channel" },
    };

    [Theory]
    [MemberData(nameof(BadTallies))]
    public async Task A_bad_tally_is_refused_by_name(string body, string refusal)
    {
        var (_, session) = await fixture.House.Play(fixture.Node, "Ubu");
        foreach (var (method, path) in new[] { ("POST", "tallies"), ("PUT", "draft") })
            if (method == "POST" || !body.Contains("confirm", StringComparison.Ordinal))
                Assert.Equal(refusal, await program.Refusal(method, $"/api/v1/sessions/{session}/{path}", body));
    }

    [Fact]
    public async Task What_is_too_large_or_no_JSON_is_refused()
    {
        var (_, session) = await fixture.House.Play(fixture.Node, "Ubu");
        var path = $"/api/v1/sessions/{session}/tallies";

        Assert.Equal("413 body-too-large", await program.Refusal("POST", path, "{\"lines\":[],\"note\":\"" + new string('a', 10 * 1024 * 1024) + "\"}"));
        Assert.Equal("415 not-json", await program.Refusal("POST", path, "lines=1", type: "application/x-www-form-urlencoded"));
        Assert.Equal("400 idempotency-key-invalid@Idempotency-Key", await program.Refusal("POST", path, Sent.Tally(), key: new string('k', 256)));
        var many = Enumerable.Range(0, 8_000).Select(_ => Sent.Line(1_000_000)).ToArray();
        Assert.StartsWith("422 line-twice@lines[1]", await program.Refusal("POST", path, Sent.Tally(many)), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadQueries => new()
    {
        { "sessions?limit=0", "422 number-out-of-range@limit" },
        { "sessions?limit=many", "422 number-out-of-range@limit" },
        { "sessions?status=sold", "422 choice-unknown@status" },
        { "sessions?from=tomorrow", "422 instant-invalid@from" },
        { "sessions?modified_since=2026-12-04T20:30:00", "422 instant-invalid@modified_since" },
        { "sessions?to=9999-12-31T23:59:59-14:00", "422 instant-invalid@to" },
        { "sessions?search=%00", "422 text-has-control-character@search" },
        { "sessions?search=" + "%FF", "200" },
        { "sessions?cursor=abc", "422 cursor-invalid@cursor" },
        { "sessions?cursor=WyJzaG93cyIsIngiXQ", "422 cursor-invalid@cursor" },
        { "sessions?cursor=WyJzZXNzaW9ucyIsIngiLCJ5Il0", "422 cursor-invalid@cursor" },
        { "shows?archived=perhaps", "422 yes-or-no-expected@archived" },
        { "sessions/NOSUCH", "404 session-unknown" },
        { "sessions/nosuch", "404 session-unknown" },
        { "shows/nosuch", "404 show-unknown" },
        { "series/nosuch", "404 series-unknown" },
        { "nosuch", "404 not-found" },
    };

    [Theory]
    [MemberData(nameof(BadQueries))]
    public async Task A_bad_question_is_refused_by_name(string path, string refusal)
    {
        if (refusal == "200") Assert.Equal(HttpStatusCode.OK, (await program.Send("GET", $"/api/v1/{path}")).Status);
        else Assert.Equal(refusal, await program.Refusal("GET", $"/api/v1/{path}"));
    }

    [Fact]
    public async Task A_bad_session_is_refused_field_by_field()
    {
        var (show, _) = await fixture.House.Play(fixture.Node, "Ubu");
        JsonNode Body(Action<JsonNode> spoil)
        {
            var body = System.Text.Json.JsonSerializer.SerializeToNode(Sent.Session(show))!;
            spoil(body);
            return body;
        }
        async Task Refused(string refusal, Action<JsonNode> spoil) => Assert.Equal(refusal, await program.Refusal("POST", "/api/v1/sessions", Body(spoil).ToJsonString()));

        await Refused("422 date-invalid@start", body => body["start"] = "2026-02-30T20:30:00");
        await Refused("422 date-out-of-range@start", body => body["start"] = "0001-01-01T00:00:00");
        await Refused("422 zone-unknown@zone", body => body["zone"] = "Europe/Brest");
        await Refused("422 show-unknown@show", body => body["show"] = "nosuch");
        await Refused("422 show-unknown@show", body => body["show"] = "../house");
        await Refused("422 place-missing@place", body => body["place"] = " ");
        await Refused("422 categories-missing@categories", body => body["categories"] = new JsonArray());
        await Refused("422 capacity-out-of-range@categories[0].capacity", body => body["categories"]![0]!["capacity"] = -1);
        await Refused("422 price-out-of-range@tariffs[0].price", body => body["tariffs"]![0]!["price"]!["amount"] = "1000000.01");
        await Refused("422 amount-in-other-currency@tariffs[0].price.currency amount-in-other-currency@tariffs[1].price.currency", body => body["currency"] = "CHF");
        await Refused("422 member-missing@tariffs member-missing@channels", body => { body.AsObject().Remove("tariffs"); body.AsObject().Remove("channels"); });
    }

    [Fact]
    public async Task Refusals_speak_the_readers_language()
    {
        var (_, session) = await fixture.House.Play(fixture.Node, "Ubu");
        async Task<(string Title, string Language)> Said(string language)
        {
            var (_, body, answer) = await fixture.Node.Program(fixture.House.Token, language).Send("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(101)));
            Assert.Equal("urn:guichet:refusal:tally-over-capacity-unconfirmed", (string)body!["type"]!);
            Assert.Equal(["Carré or", "101", "100"], body["arguments"]!.AsArray().Select(one => (string)one!));
            return ((string)body["title"]!, answer.Content.Headers.ContentLanguage.Single());
        }

        Assert.Equal(("« Carré or » compte 101 places prises pour une jauge de 100. Confirmez si des places ont été ajoutées.", "fr"), Plain(await Said("fr-CH, en;q=0.5")));
        Assert.Equal(("“Carré or” has 101 seats taken for a capacity of 100. Confirm if seats were added.", "en"), Plain(await Said("en-GB")));
        Assert.StartsWith("Présentez un jeton", (string)(await fixture.Node.Program(null, "fr").Send("GET", "/api/v1/shows")).Body!["title"]!, StringComparison.Ordinal);

        static (string, string) Plain((string Title, string Language) said) => (said.Title.Replace('\u00A0', ' ').Replace('\u202F', ' '), said.Language);
    }

    [Fact]
    public async Task Only_who_may_is_answered()
    {
        var (show, session) = await fixture.House.Play(fixture.Node, "Ubu");
        var nobody = fixture.Node.Program(null);
        var (status, _, answer) = await nobody.Send("GET", "/api/v1/shows");
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (status, answer.Headers.WwwAuthenticate.Single().Scheme));
        Assert.Equal("401 not-signed-in", await fixture.Node.Program("guichet_" + Secrets.New()).Refusal("GET", "/api/v1/shows"));
        Assert.Equal("401 not-signed-in", await nobody.Refusal("GET", "/api/v1/nosuch"));

        var reader = fixture.Node.Program(fixture.House.ReaderToken);
        Assert.Equal(HttpStatusCode.OK, (await reader.Send("GET", $"/api/v1/sessions/{session}")).Status);
        Assert.Equal("403 role-insufficient", await reader.Refusal("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(1))));
        Assert.Equal("405 method-not-allowed", await program.Refusal("DELETE", $"/api/v1/sessions/{session}"));

        var other = fixture.Node.Program(fixture.Promoter.Token);
        Assert.Equal("404 session-unknown", await other.Refusal("GET", $"/api/v1/sessions/{session}"));
        Assert.Equal("404 session-unknown", await other.Refusal("POST", $"/api/v1/sessions/{session}/tallies", Sent.Tally(Sent.Line(1))));
        Assert.Equal("422 show-unknown@show", await other.Refusal("POST", "/api/v1/sessions", Sent.Session(show)));
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_back()
    {
        await using var node = await TestNode.Start(fixture.Database.Product, new ManualTime(TimeProvider.System.GetUtcNow()));
        var eager = node.Program(fixture.House.Token);
        HttpStatusCode last = default;
        HttpResponseMessage? answer = null;
        for (var i = 0; i <= RateLimits.ApiAtOnce && last != HttpStatusCode.TooManyRequests; i++) (last, _, answer) = await eager.Send("GET", "/api/v1/shows/x");

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(TimeSpan.FromSeconds(1), answer!.Headers.RetryAfter!.Delta);
        Assert.Equal("429 too-many-requests", await eager.Refusal("GET", "/api/v1/shows/x"));
        Assert.Equal("404 show-unknown", await node.Program(fixture.Promoter.Token).Refusal("GET", "/api/v1/shows/x"));
    }

    private static string Line(string rest) => "{\"lines\":[{\"category\":\"or\",\"tariff\":\"plein\",\"channel\":\"guichet\"," + rest + "}]}";
}

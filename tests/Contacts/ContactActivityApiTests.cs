using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Guichet.Contacts;
using Guichet.Support;
using Guichet.Tests.Api;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What a till sends, and what a program reads of a contact's histories.</summary>
public sealed class ContactActivityApiTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string At = "2026-11-20T18:00:00+01:00";

    private readonly HttpClient till = fixture.Node.Program(fixture.House.Token);

    private static object Money(string amount, string currency = "EUR") => new { amount, currency };

    private static object Purchase(string id, object? contact = null, int? revision = null, string amount = "90.00", string currency = "EUR", int quantity = 2) => new
    {
        contact,
        source = "till-1",
        id,
        revision,
        occurredAt = At,
        purchase = new { order = $"C-{id}", channel = "Web", lines = new[] { new { title = "La Nuit de sel", session = "2026-12-04T20:30", quantity, category = "Or", tariff = "Plein", amount = Money(amount, currency) } } },
    };

    private static object Batch(params object[] activities) => new { activities };

    [Fact]
    public async Task A_till_tells_of_an_order_its_payment_its_cancellation_and_who_came()
    {
        var (id, order) = (await Made(Named(Name())), Key());
        var sent = Batch(
            Purchase(order),
            new { source = "till-1", id = $"{order}-m", occurredAt = At, payment = new { amount = Money("90.00"), means = "CB", settles = new[] { order } } },
            new { source = "till-1", id = $"{order}-c", occurredAt = At, cancellation = new { of = order, lines = new[] { new { line = 1, quantity = 1, amount = Money("45.00") } } } },
            new { source = "till-1", id = $"{order}-a", occurredAt = At, attendance = new { of = order, title = "La Nuit de sel", session = "2026-12-04T20:30:00+01:00", state = "attended", seats = new[] { "F12" } } },
            new { source = "till-1", id = $"{order}-s", occurredAt = At, message = new { subject = "Votre soirée", channel = "sms", state = "delivered" } });
        var first = await till.Send("POST", $"/api/v1/contacts/{id}/activities", sent, key: order);
        Assert.Equal((HttpStatusCode.OK, 5, "recorded"), (first.Status, (int)first.Body!["recorded"]!, (string)first.Body["results"]![0]!));
        // The same request, and the same content as another request.
        Assert.Equal(first.Body.ToJsonString(), (await till.Send("POST", $"/api/v1/contacts/{id}/activities", sent, key: order)).Body!.ToJsonString());
        Assert.Equal(5, (int)(await till.Send("POST", $"/api/v1/contacts/{id}/activities", sent)).Body!["repeated"]!);

        var bought = Assert.Single(await Items($"/api/v1/contacts/{id}/purchases"))!;
        Assert.Equal(
            ("C-" + order, "45.00", "90.00", 1, "2026-12-04T19:30:00+00:00", false),
            ((string)bought["order"]!, (string)bought["net"]!["amount"]!, (string)bought["total"]!["amount"]!, (int)bought["lines"]![0]!["left"]!, (string)bought["lines"]![0]!["session"]!, (bool)bought["cancelled"]!));
        Assert.Equal("attended", (string)Assert.Single(await Items($"/api/v1/contacts/{id}/cultural"))!["state"]!);
        Assert.Equal("90.00", (string)Assert.Single(await Items($"/api/v1/contacts/{id}/payments"))!["amount"]!["amount"]!);
        Assert.Equal("sms delivered", (await Items($"/api/v1/contacts/{id}/messages")).Select(one => $"{one!["channel"]} {one["state"]}").Single());
        Assert.Empty(await Items($"/api/v1/contacts/{id}/purchases?until=2026-11-19"));
        Assert.Single(await Items($"/api/v1/contacts/{id}/purchases?from=2026-11-20&until=2026-11-20&source=till-1&person={id}"));
    }

    [Fact]
    public async Task A_till_that_knows_no_ids_names_contacts_by_number_reference_or_email()
    {
        var (one, two) = (Name(), Name());
        var (first, second) = (await Made(Named(one) with { ReferenceCode = $"REF {one}", Emails = [$"{one}@exemple.example"] }), await Made(Named(two) with { Emails = [$"{two}@exemple.example", $"{one}@partage.example"] }));
        await Made(Named(Name()) with { Emails = [$"{one}@partage.example"] });
        var number = await Number(second);
        var key = Key();
        var sent = Batch(
            Purchase($"{key}1", new { reference = $"ref {one}" }), Purchase($"{key}2", new { number }), Purchase($"{key}3", new { email = $"{one.ToUpperInvariant()}@exemple.example" }));
        Assert.Equal(3, (int)(await till.Send("POST", "/api/v1/contact-activities", sent, key)).Body!["recorded"]!);
        Assert.Equal(3, (int)(await till.Send("POST", "/api/v1/contact-activities", sent, key)).Body!["recorded"]!);
        Assert.Equal(3, (int)(await till.Send("POST", "/api/v1/contact-activities", sent)).Body!["repeated"]!);
        Assert.Equal((2, 1), ((await Items($"/api/v1/contacts/{first}/purchases")).Count, (await Items($"/api/v1/contacts/{second}/purchases")).Count));

        Assert.Equal(
            "422 contact-not-found@activities[0].contact contact-ambiguous@activities[1].contact",
            await till.Refusal("POST", "/api/v1/contact-activities", Batch(Purchase("x1", new { number = 999_999 }), Purchase("x2", new { email = $"{one}@partage.example" }), Purchase("x3", new { number }))));
        Assert.Equal(
            "422 contact-not-named@activities[0].contact contact-not-named@activities[1].contact",
            await till.Refusal("POST", "/api/v1/contact-activities", Batch(Purchase("x1"), Purchase("x2", new { number, email = "a@b.example" }))));
        // One contact refuses: nobody's is recorded, and the place is that in what was sent.
        Assert.Equal(
            "422 purchase-unknown@activities[1].cancellation.of activity-changed-without-revision@activities[2].revision",
            await till.Refusal("POST", "/api/v1/contact-activities", Batch(
                Purchase($"{key}9", new { number }),
                new { contact = new { reference = $"REF {one}" }, source = "till-1", id = $"{key}c", occurredAt = At, cancellation = new { of = "nothing" } },
                Purchase($"{key}2", new { number }, quantity: 3))));
        // A key that was used for something else, of one contact of several: nothing of it either.
        Assert.Equal("422 command-reused", await till.Refusal("POST", "/api/v1/contact-activities", Batch(Purchase($"{key}7", new { number }), Purchase($"{key}8", new { reference = $"REF {one}" })), key));
        Assert.Single(await Items($"/api/v1/contacts/{second}/purchases"));
    }

    [Fact]
    public async Task Amounts_are_read_in_the_decimals_of_their_currency()
    {
        var id = await Made(Named(Name()));
        var key = Key();
        await till.Send("POST", $"/api/v1/contacts/{id}/activities", Batch(
            Purchase($"{key}0", amount: "1200", currency: "JPY"), Purchase($"{key}3", amount: "1.250", currency: "TND"), Purchase($"{key}2", amount: "0", currency: "CHF")));
        Assert.Equal("JPY 1200,TND 1.250,CHF 0.00", string.Join(',', (await Items($"/api/v1/contacts/{id}/purchases")).Select(one => $"{one!["net"]!["currency"]} {one["net"]!["amount"]}").OrderBy(one => "JTC".IndexOf(one[0]))));
        foreach (var (amount, currency, refused) in new[]
        {
            ("12.50", "JPY", "amount-invalid@activities[0].purchase.lines[0].amount.amount"), ("1.2505", "TND", "amount-invalid@activities[0].purchase.lines[0].amount.amount"),
            ("12,50", "EUR", "amount-invalid@activities[0].purchase.lines[0].amount.amount"), ("-5", "EUR", "amount-negative@activities[0].purchase.lines[0].amount"),
            ("12.50", "euro", "currency-unknown@activities[0].purchase.lines[0].amount.currency"),
        })
            Assert.Equal($"422 {refused}", await till.Refusal("POST", $"/api/v1/contacts/{id}/activities", Batch(Purchase("x", amount: amount, currency: currency))));
    }

    [Fact]
    public async Task What_is_malformed_is_refused_with_its_place_and_nothing_is_recorded()
    {
        var id = await Made(Named(Name()));
        var path = $"/api/v1/contacts/{id}/activities";
        Assert.Equal("422 member-missing@activities", await till.Refusal("POST", path, new { }));
        Assert.Equal("422 activities-missing@activities", await till.Refusal("POST", path, Batch()));
        Assert.Equal("422 too-many@activities", await till.Refusal("POST", path, Batch([.. Enumerable.Range(0, 501).Select(i => Purchase($"x{i}"))])));
        Assert.Equal("422 member-unknown@activities[0].contact", await till.Refusal("POST", path, Batch(Purchase("x", new { number = 1 }))));
        Assert.Equal("422 activity-content-not-one@activities[0]", await till.Refusal("POST", path, Batch(new { source = "till-1", id = "x", occurredAt = At })));
        Assert.Equal("422 instant-invalid@activities[0].occurredAt", await till.Refusal("POST", path, Batch(new { source = "till-1", id = "x", occurredAt = "hier", message = new { subject = "x" } })));
        Assert.Equal("422 choice-unknown@activities[0].message.channel", await till.Refusal("POST", path, Batch(new { source = "till-1", id = "x", occurredAt = At, message = new { subject = "x", channel = "fax" } })));
        Assert.Equal("422 member-unknown@activities[0].prix", await till.Refusal("POST", path, Batch(new { source = "till-1", id = "x", occurredAt = At, prix = 3, message = new { subject = "x" } })));
        Assert.Equal("422 quantity-negative@activities[1].purchase.lines[0].quantity", await till.Refusal("POST", path, Batch(Purchase("x"), Purchase("y", quantity: -2))));
        Assert.Equal("422 activity-to-come@activities[0].occurredAt", await till.Refusal("POST", path, Batch(new { source = "till-1", id = "x", occurredAt = "2999-01-01T00:00:00Z", message = new { subject = "x" } })));
        Assert.Equal("404 contact-unknown", await till.Refusal("POST", $"/api/v1/contacts/{Ids.New(TimeProvider.System)}/activities", Batch(Purchase("x"))));
        Assert.Equal("404 contact-unknown", await fixture.Node.Program(fixture.Promoter.Token).Refusal("GET", $"/api/v1/contacts/{id}/purchases"));
        Assert.Equal("422 cursor-invalid@cursor", await till.Refusal("GET", $"/api/v1/contacts/{id}/purchases?cursor=abc"));
        Assert.Equal("422 day-invalid@from", await till.Refusal("GET", $"/api/v1/contacts/{id}/purchases?from=demain"));
        Assert.Equal("413 body-too-large", await till.Refusal("POST", path, new string(' ', 10 * 1024 * 1024)));
        Assert.Empty(await Items($"/api/v1/contacts/{id}/purchases"));
    }

    [Fact]
    public async Task Pages_of_a_history_follow_one_another_and_the_files_have_it_whole()
    {
        var id = await Made(Named(Name()));
        var key = Key();
        await till.Send("POST", $"/api/v1/contacts/{id}/activities", Batch([.. Enumerable.Range(0, 7).Select(i => Purchase($"{key}{i}"))]));
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = (await till.Send("GET", $"/api/v1/contacts/{id}/purchases?limit=3{(next is null ? "" : $"&cursor={next}")}")).Body!;
            seen.AddRange(page["items"]!.AsArray().Select(one => (string)one!["told"]!["id"]!));
            next = (string?)page["next"];
        }
        while (next is not null);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{key}{6 - i}"), seen);

        using var browser = fixture.Node.Browser(fixture.House.Cookie);
        var page1 = await browser.GetStringAsync($"/contacts/{id}/purchases");
        Assert.Contains($"C-{key}6", page1);
        Assert.Contains("630,00", WebUtility.HtmlDecode(page1));
        Assert.Contains("(Client)", page1);
        var csv = Encoding.UTF8.GetString(await browser.GetByteArrayAsync($"/export/contacts/{id}/purchases.csv"));
        Assert.Equal(8, csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/export/contacts/{id}/soldes.csv")).StatusCode);
        Assert.Contains("La Nuit de sel", await browser.GetStringAsync($"/contacts/{id}/activity?source=till-1&ref={key}0"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/contacts/{id}/activity?source=till-1&ref=nothing%00")).StatusCode);
        foreach (var tab in new[] { "cultural", "payments", "messages", "indicators", "" }) Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/contacts/{id}/{tab}")).StatusCode);
    }

    private static string Name() => "Z" + Guid.NewGuid().ToString("N")[..12];

    private static string Key() => "k" + Guid.NewGuid().ToString("N")[..8];

    private async Task<JsonArray> Items(string path)
    {
        var (status, body, _) = await till.Send("GET", path);
        Assert.True(status == HttpStatusCode.OK, body?.ToJsonString());
        return body!["items"]!.AsArray();
    }

    private async Task<string> Made(ContactDetails details)
    {
        var (id, by) = (Ids.New(TimeProvider.System), fixture.House.Administrator);
        using var caller = Caller.As(by);
        (await fixture.House.Grain<IContactGrain>(fixture.Node, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = by })).Expect();
        return id;
    }

    private async Task<long> Number(string id)
    {
        using var caller = Caller.As(fixture.House.Administrator);
        return (await fixture.House.Grain<IContactGrain>(fixture.Node, id).View())!.Number;
    }
}

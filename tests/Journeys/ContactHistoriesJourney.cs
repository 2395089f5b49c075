using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>A till sells, and whoever has the contact before them sees it.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed class ContactHistoriesJourney(Demo demo)
{
    [Fact]
    public async Task A_till_posts_orders_the_open_pages_show_them_and_the_prospect_becomes_a_client_with_indicators()
    {
        await using var claire = await demo.SignIn(Demo.House);
        await using var summary = await demo.SignIn(Demo.House);
        await using var relay = await demo.SignIn(Demo.House);
        using var till = await Till(claire);
        var college = await Made(till, new { kind = "structure", name = "Collège des Embruns", nature = "Établissement scolaire" });
        var person = await Made(till, new { name = "Le Goff", firstName = "Maïwenn", title = "Madame", emails = new[] { "maiwenn@embruns.example" } });
        using (var related = await till.PostAsJsonAsync($"/api/v1/contacts/{person}/relations", new { kind = "relay", to = college })) related.EnsureSuccessStatusCode();

        await claire.Page.GotoAsync($"/contacts/{person}/purchases");
        await Expect(claire.Page.Locator(".empty-state")).ToContainTextAsync("dès qu’une caisse les envoie");
        await claire.Sound("contact-purchases-empty");
        // Taking a picture leaves an empty style on fields, which the swap to come may not carry over.
        await claire.Page.ReloadAsync();
        await summary.Page.GotoAsync($"/contacts/{person}");
        await Expect(summary.Page.Locator("h1")).ToContainTextAsync("(Prospect)");
        await relay.Page.GotoAsync($"/contacts/{college}/purchases");
        foreach (var visit in new[] { claire, summary, relay }) await Expect(visit.Page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");

        await Tell(till, person, [Order("C-2041", TimeProvider.System.GetUtcNow().AddYears(-3), 2, "64.00"), Order("C-2042", TimeProvider.System.GetUtcNow().AddMinutes(-1), 4, "128.00")]);
        await Expect(claire.Page.Locator("#purchases tbody tr[data-row]")).ToHaveCountAsync(2);
        await Expect(claire.Page.Locator("#purchases tfoot")).ToContainTextAsync("192,00");
        await Expect(summary.Page.Locator("h1")).ToContainTextAsync("(Client)");
        await Expect(relay.Page.Locator("#purchases tbody tr[data-row]").First).ToContainTextAsync("LE GOFF, Maïwenn");

        // By keyboard: the indicator, its value, its rule.
        var seniority = summary.Page.Locator(".indicator").Filter(new() { HasText = "Ancienneté" });
        await Expect(seniority).ToContainTextAsync("3 ans");
        await seniority.FocusAsync();
        await Expect(summary.Page.Locator(".hint-bubble")).ToContainTextAsync("Années révolues depuis le premier achat");
        await summary.Page.Keyboard.PressAsync("Tab");
        await Expect(summary.Page.Locator(".hint-bubble")).ToContainTextAsync("parmi les cinq dernières commencées");
        await summary.Sound("contact-summary-indicators");
        await summary.Page.GetByRole(AriaRole.Link, new() { Name = "Le détail" }).ClickAsync();
        await Expect(summary.Page.Locator("#contact-indicators")).ToContainTextAsync("Premier achat le");
        await summary.Sound("contact-indicators");

        // One click from a row to what the till told; a seat given back shows at once.
        await claire.Page.Locator("#purchases tbody a.list-name").First.ClickAsync();
        await Expect(claire.Page.Locator("main")).ToContainTextAsync("caisse-hall");
        await claire.Sound("contact-activity");
        await Tell(till, person,
        [
            new { source = "caisse-hall", id = "C-2042-1", occurredAt = Now, cancellation = new { of = "C-2042", lines = new[] { new { line = 1, quantity = 1, amount = Money("32.00") } } } },
            new { source = "caisse-hall", id = "P-2042", occurredAt = Now, payment = new { amount = Money("128.00"), means = "Carte bancaire", settles = new[] { "C-2042" } } },
            new { source = "caisse-hall", id = "S-2042", occurredAt = Now, message = new { subject = "Votre soirée de vendredi", campaign = "Avant-spectacle", state = "delivered", address = "maiwenn@embruns.example" } },
        ]);
        await Expect(relay.Page.Locator("#purchases tfoot")).ToContainTextAsync("160,00");
        await relay.Sound("contact-purchases-structure");
        await relay.Page.Locator("#history-person").SelectOptionAsync(new SelectOptionValue { Label = "LE GOFF, Maïwenn" });
        await Expect(relay.Page.Locator(".list-clear")).ToBeVisibleAsync();
        await Expect(relay.Page.Locator("#purchases tbody tr[data-row]")).ToHaveCountAsync(2);
        foreach (var (tab, shown) in new[] { ("cultural", "La Mouette"), ("payments", "Carte bancaire"), ("messages", "Votre soirée de vendredi") })
        {
            await claire.Page.GotoAsync($"/contacts/{person}/{tab}");
            await Expect(claire.Page.Locator(".list-table tbody")).ToContainTextAsync(shown);
            // The four are one list: one of them is looked at whole.
            if (tab == "cultural") await claire.Sound("contact-cultural");
            else await claire.Picture($"contact-{tab}");
        }
    }

    private static string Now => TimeProvider.System.GetUtcNow().ToString("O");

    private static object Money(string amount) => new { amount, currency = "EUR" };

    private static object Order(string number, DateTimeOffset at, int quantity, string amount) => new
    {
        source = "caisse-hall",
        id = number,
        occurredAt = at.ToString("O"),
        purchase = new { order = number, channel = "Guichet", pointOfSale = "Hall", lines = new[] { new { title = "La Mouette", session = at.AddDays(9).ToString("O"), quantity, category = "Or", tariff = "Plein", amount = Money(amount) } } },
    };

    private static async Task Tell(HttpClient till, string contact, object[] activities)
    {
        using var answer = await till.PostAsJsonAsync($"/api/v1/contacts/{contact}/activities", new { activities });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> Made(HttpClient till, object contact)
    {
        using var answer = await till.PostAsJsonAsync("/api/v1/contacts", contact);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, said);
        return (string)JsonNode.Parse(said)!["id"]!;
    }

    private async Task<HttpClient> Till(Visit claire)
    {
        var page = claire.Page;
        await page.GotoAsync("/administration/tokens");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer un jeton" }).First.ClickAsync();
        await page.Locator("#new-token #f-name").FillAsync("Caisse du hall");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer le jeton" }).ClickAsync();
        var token = (await page.Locator(".notice [data-copy]").GetAttributeAsync("data-copy"))!;
        return new HttpClient { BaseAddress = demo.Node.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
    }
}

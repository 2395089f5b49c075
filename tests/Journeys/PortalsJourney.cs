using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>Contacts' own space: a producer who comes by a mailed link and sees a tally move, and the support that looks, on record.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed class PortalsJourney(Demo demo)
{
    private const string Space = "/space/theatre-du-port";
    private const string Client = "chantal.dupont@courriel.example";

    [Fact]
    public async Task A_producer_comes_by_a_mailed_link_and_sees_a_validated_tally_move()
    {
        await using var house = await demo.SignIn(Demo.House);
        var page = house.Page;
        var (name, session) = ($"Prod{Guid.NewGuid():N}"[..10], await SessionsJourney.NewSession(page, "2027-08-03"));
        var email = $"{name.ToLowerInvariant()}@prod.example";

        // The quick form, with its account; then its type, and its session.
        await page.GotoAsync($"/contacts/new?name={name}");
        await house.Ready();
        await page.Locator("input[name=title]").FillAsync("Madame");
        await page.Locator("input[name=firstName]").FillAsync("Nadia");
        await page.Locator("input[name=email]").FillAsync(email);
        await page.Locator("input[name=postcode]").FillAsync("29200");
        await page.Locator("input[name=account]").CheckAsync();
        await page.Locator("button[value=create].btn-primary").ClickAsync();
        await Expect(page.Locator("#account")).ToContainTextAsync("attend son mot de passe");
        var record = new Uri(page.Url).AbsolutePath;
        await house.Sound("portal-contact");
        await page.GotoAsync(record + "/general");
        await page.Locator("input[name=types][value=Producer]").CheckAsync();
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        await page.WaitForURLAsync(new Regex($"{record}$"));
        await page.GotoAsync(session + "/general");
        await house.Ready();
        await page.Locator("#associate-producer .ts-control input").FillAsync(name);
        await page.Locator($"[role=option]:has-text('{name.ToUpperInvariant()}')").First.ClickAsync();
        await page.Locator("#associate-producer button[value=add]").ClickAsync();
        await Expect(page.Locator("#producers")).ToContainTextAsync(name.ToUpperInvariant());
        await house.Sound("portal-producers");

        // The mail's link opens the space; a password, and there is the show.
        await Mails.Open(house, email, "Votre compte chez Théâtre du Port");
        var link = await Mails.Address(house, "/password/new");
        await using var producer = await demo.Open();
        await producer.Page.GotoAsync(link);
        await producer.Sound("space-new-password");
        await producer.Page.Locator("input[name=password]").FillAsync("un cheval de trait");
        await producer.Page.Locator("main .btn-primary").ClickAsync();
        await producer.Page.WaitForURLAsync(new Regex($"{Space}/shows$"));
        await Expect(producer.Page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");
        await producer.Page.EvaluateAsync("() => { window.stayed = true; document.querySelector('tbody a').focus(); }");

        await page.GotoAsync(session);
        await house.Ready();
        var cell = page.Locator("input[name='sold|placement-libre|plein-tarif|guichet']");
        await cell.FillAsync("34");
        await cell.PressAsync("Control+Enter");
        await Expect(page.Locator(".toasts")).ToContainTextAsync("34\u00A0places vendues");
        await Expect(producer.Page.Locator("tbody tr").First.Locator("td.num").First).ToHaveTextAsync("34");
        Assert.True(await producer.Page.EvaluateAsync<bool>("() => window.stayed === true"), "The page was loaded again.");
        // The figures that moved are what draws the eye, and the keyboard is where it was.
        await Expect(producer.Page.Locator("tbody a").First).ToBeFocusedAsync();
        await Expect(producer.Page.Locator("tbody a.changed")).ToHaveCountAsync(0);
        Assert.True(await producer.Page.Locator("tbody .changed").CountAsync() is > 0 and < 8);
        await producer.Sound("space-shows");
        await producer.Page.Locator("tbody a").First.ClickAsync();
        await Expect(producer.Page.Locator("main")).ToContainTextAsync("Par catégorie");
        await producer.Sound("space-show");
        Assert.Equal(404, (await producer.Page.GotoAsync($"{Space}/shows/0000000000000000000z"))!.Status);
        producer.TakeComplaints();
    }

    [Fact]
    public async Task Support_looks_at_a_clients_space_and_the_client_sees_that_it_did()
    {
        await using var support = await Enter("gwenn.morvan@courriel.example");
        var page = support.Page;
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ouvrir l’espace d’un client");
        await support.Sound("space-support");
        var reason = $"Commande perdue {Guid.NewGuid():N}"[..24];
        await page.Locator("input[name=whom]").FillAsync(Client);
        await page.Locator("input[name=reason]").FillAsync(reason);
        await page.Locator("main .btn-primary").ClickAsync();
        await Expect(page.Locator("main .notice").First).ToContainTextAsync("Vu par l’assistance");
        await support.Sound("space-visit");
        await page.Locator("main .tab").Nth(2).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Abonnement");

        await using var client = await Enter(Client);
        foreach (var tab in (string[])["details", "consents", "purchases", "account"])
        {
            await client.Page.GotoAsync($"{Space}/{tab}");
            await client.Sound($"space-{tab}");
        }
        await Expect(client.Page.Locator("main")).ToContainTextAsync(reason);
        // The switch: the same page in English.
        await client.Page.Locator("button[name=language][value=en]").ClickAsync();
        await Expect(client.Page.Locator("h1")).ToHaveTextAsync("My account");
        await client.Sound("space-account-en");
        await client.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(client.Page.Locator("h1")).ToHaveTextAsync("My space");
        await client.Sound("space-sign-in-en");
    }

    private async Task<Visit> Enter(string identifier)
    {
        var visit = await demo.Open();
        await visit.Page.GotoAsync(Space);
        await visit.Page.Locator("input[name=identifier]").FillAsync(identifier);
        await visit.Page.Locator("input[name=password]").FillAsync(Demo.Password);
        await visit.Page.Locator("main .btn-primary").ClickAsync();
        await visit.Page.WaitForURLAsync(new Regex($"{Space}/(?!sign-in)"));
        return visit;
    }
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>A person asks to be erased: from the list to the page that says in numbers what goes, and what is left.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed partial class ContactErasureJourney(Demo demo)
{
    [Fact]
    public async Task Who_asks_to_be_erased_is_a_number_afterwards()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var name = $"Effacée{Guid.NewGuid().ToString("N")[..6]}";
        await page.GotoAsync($"/contacts/new?name={name}%2C%20Aline");
        await page.Locator("input[name=title]").FillAsync("Madame");
        await page.Locator("input[name=postcode]").FillAsync("75012");
        await Expect(page.Locator("input[name=city]")).ToHaveValueAsync("Paris");
        await page.Locator("button[value=create].btn-primary").ClickAsync();
        await page.WaitForURLAsync(Record());
        var record = new Uri(page.Url).AbsolutePath;

        await page.GotoAsync($"/contacts?q={name}");
        await page.Locator("#contacts tr[data-row] input[type=checkbox]").CheckAsync();
        await page.Locator("#picked button[formaction='/contacts/remove']").ClickAsync();
        await page.WaitForURLAsync($"**{record}/erase");
        var number = Digits().Match(await page.Locator("h1").InnerTextAsync()).Value;
        await Expect(page.Locator("body")).ToContainTextAsync("Lignes du journal, sans leurs mots");
        await visit.Sound("contact-erase");

        await page.Locator("input[name=note]").FillAsync($"Demande de {name}");
        await page.Locator("input[name=number]").FillAsync("0");
        await page.Locator("button.btn-danger").ClickAsync();
        await Expect(page.Locator("[data-error-summary]")).ToContainTextAsync($"Tapez le numéro du contact, {number}");
        visit.TakeComplaints();
        await page.Locator("input[name=number]").FillAsync(number);
        await page.Locator("button.btn-danger").ClickAsync();
        await Expect(page.Locator("[data-error-summary]")).ToContainTextAsync("Cette note nomme le contact");
        visit.TakeComplaints();
        await page.Locator("input[name=note]").FillAsync("Dossier 12");
        await page.Locator("input[name=number]").FillAsync(number);
        await page.Locator("button.btn-danger").ClickAsync();
        await page.WaitForURLAsync($"**{record}");
        await Expect(page.Locator("h1")).ToContainTextAsync($"Contact n° {number} effacé");
        await visit.Sound("contact-erased");
        await page.GotoAsync($"{record}/administration");
        await Expect(page.Locator("#erasure")).ToContainTextAsync("Dossier 12");
        // Its traces go right after the answer.
        for (var again = 0; again < 50 && !(await page.ContentAsync()).Contains("en des mots effacés depuis", StringComparison.Ordinal); again++) await page.ReloadAsync();
        await Expect(page.Locator("body")).Not.ToContainTextAsync(name, new() { IgnoreCase = true });
        await page.GotoAsync($"/contacts?q={name}");
        await Expect(page.Locator("#contacts tr[data-row]")).ToHaveCountAsync(0);
    }

    [GeneratedRegex("/contacts/[0-9a-z]{20}$")]
    private static partial Regex Record();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}

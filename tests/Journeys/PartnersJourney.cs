using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>Who receives reports: made, imported, associated from each of the places where one thinks of it, and turning red in front of who looks.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed partial class PartnersJourney(Demo demo)
{
    private const string Colleague = "hugo@theatre-du-port.example";

    [Fact]
    public async Task A_partner_is_made_with_pasted_addresses_and_turns_red_when_a_colleague_validates_its_first_tally()
    {
        await using var visit = await demo.SignIn(Demo.House);
        await using var colleague = await demo.SignIn(Colleague);
        var page = visit.Page;
        var name = Name("Ressac");
        await page.GotoAsync("/partners");
        await page.GetByRole(AriaRole.Link, new() { Name = "Nouveau partenaire" }).ClickAsync();
        await visit.Ready();
        await page.GetByLabel("Nom", new() { Exact = true }).FillAsync(name);
        // What is wrong is said where it stands, and nothing of what was typed is lost.
        await page.Locator("input[name='to[0].email']").FillAsync("pas une adresse");
        await page.Locator("input[name='to[1].email']").FillAsync("yann@ressac.example; Anne Le Goff <anne@ressac.example>");
        await page.Locator("button[value=create].btn-primary").ClickAsync();
        await Expect(page.Locator("[data-error-summary]")).ToContainTextAsync("« pas une adresse » n’est pas une adresse e-mail");
        visit.TakeComplaints();
        await visit.Ready();
        await Expect(page.Locator("input[name='to[2].email']")).ToHaveValueAsync("anne@ressac.example");
        await Expect(page.Locator("input[name='to[2].name']")).ToHaveValueAsync("Anne Le Goff");
        await visit.Sound("partner-refused");
        await page.Locator("input[name='to[0].email']").FillAsync("tours@ressac.example");
        await page.Locator("input[name='cc[0].email']").FillAsync("compta@ressac.example");
        await page.Locator("button[value=create].btn-primary").ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync(name);
        await Expect(page.Locator(".partner-email")).ToHaveCountAsync(4);
        await Expect(Envelope(page).First).ToContainTextAsync("Rien à envoyer");

        // A session that nobody has tallied: on sale, nothing to tell.
        var session = await NewSession(colleague.Page, name);
        await page.GotoAsync(page.Url + "/sessions");
        await visit.Ready();
        await Pick(page, "session", name);
        await page.Locator("#associate button.btn-primary").ClickAsync();
        await Expect(page.Locator("#partner-sessions")).ToContainTextAsync(name);
        await page.GotoAsync($"/partners?q={Uri.EscapeDataString(name)}");
        await Expect(Envelope(page)).ToContainTextAsync("À jour");
        await Expect(page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");
        await page.EvaluateAsync("() => { window.stayed = true; }");

        await Tally(colleague, session);
        await Expect(Envelope(page)).ToContainTextAsync("À envoyer");
        await Expect(Envelope(page)).ToContainTextAsync("1 séance pointée, et aucun rapport envoyé");
        Assert.True(await page.EvaluateAsync<bool>("() => window.stayed === true"), "The page was loaded again.");
        await visit.Sound("partners-red");

        await page.GotoAsync((await page.Locator("#partners .list-name").First.GetAttributeAsync("href"))! + "/timeline");
        await Expect(page.Locator(".timeline-list").First).ToContainTextAsync("a associé à des séances le partenaire");
    }

    [Fact]
    public async Task Partners_are_associated_from_a_session_from_a_series_and_in_bulk()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/");
        var session = (await page.Locator("#on-sale tr[data-row]").Filter(new() { HasText = "Corps de ballet" }).First.GetAttributeAsync("data-href"))!;
        await page.GotoAsync(session + "/general");
        await visit.Ready();
        await Pick(page, "partner", "Belle Étoile");
        await page.Locator("#associate-partners button[value=add]").ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("1 partenaire associé");
        var row = page.Locator("#associated-partners tr").Filter(new() { HasText = "Agence Belle Étoile" });
        await Expect(row).ToContainTextAsync("À envoyer");
        await visit.Sound("session-partners");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator("#associated-partners")).Not.ToContainTextAsync("Agence Belle Étoile");

        await page.GotoAsync("/series");
        await page.Locator("#series tr[data-row]").Filter(new() { HasText = "La Mouette" }).First.Locator("a").First.ClickAsync();
        await visit.Ready();
        await Pick(page, "partner", "Vent d’Ouest");
        await page.Locator("#associate-partners button[value=add]").ClickAsync();
        await Expect(page.Locator("#associated-partners")).ToContainTextAsync("Festival Vent d’Ouest");
        await visit.Sound("series-partners");

        await page.GotoAsync("/partners?tab=Venues");
        await visit.Ready();
        await Expect(page.Locator(".picked-bar")).ToBeHiddenAsync();
        await page.Locator("[data-pick-all]").CheckAsync();
        await Expect(page.Locator(".picked-bar [data-picked]")).ToHaveTextAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Associer à des séances" }).ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Associer des partenaires");
        await visit.Ready();
        await Expect(page.Locator("#associate .ts-wrapper").First.Locator(".item")).ToHaveCountAsync(2);
        await Pick(page, "series", "Nuit de sel");
        await visit.Sound("partners-associate");
        await page.Locator("button[value=save]").ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("2 partenaires associés");
    }

    [Fact]
    public async Task A_list_is_imported_with_its_refused_lines_and_then_whole()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var name = Name("Import");
        await page.GotoAsync("/partners");
        await page.GetByRole(AriaRole.Link, new() { Name = "Importer" }).First.ClickAsync();
        await Expect(page.Locator("input[name=kind][value=partners]")).ToBeCheckedAsync();
        await Upload(page, $"Nom;Type;Courriel\n{name} un;agent;un@import.example\n{name} deux;lieu;pas une adresse\n");
        await Next(page);
        await page.WaitForURLAsync(Preview());
        await Expect(page.Locator("tbody tr")).ToHaveTextAsync([new Regex(@"3\s+E-mail\s+pas une adresse\s+Ce n’est pas une adresse e-mail")]);
        await visit.Sound("partners-import-refused");

        await page.GotoAsync("/imports/new?kind=partners");
        await Upload(page, $"Nom;Type;Courriel\n{name} un;agent;un@import.example, autre@import.example\n{name} deux;lieu;deux@import.example\n");
        if (page.Url.EndsWith("/columns", StringComparison.Ordinal))
        {
            await visit.Sound("partners-import-columns");
            await Next(page);
        }
        await page.WaitForURLAsync(Preview());
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await visit.Sound("partners-import-preview");
        await Next(page);
        await Expect(page.Locator(".progress-count")).ToContainTextAsync("2 / 2");
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir les partenaires" }).ClickAsync();
        await page.Locator("#partners-q").FillAsync(name);
        await Expect(page.Locator("#partners tr[data-row]")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task The_pages_of_partners_are_walked_by_keyboard()
    {
        await using var visit = await demo.SignIn(Demo.House);
        foreach (var address in new[] { "/partners", "/partners/new", "/partners/associate" })
        {
            await visit.Page.GotoAsync(address);
            await visit.Ready();
            await Checks.IsWalkedByKeyboard(visit.Page);
        }
    }

    private static string Name(string of) => $"{of} {Guid.NewGuid():N}"[..(of.Length + 7)];

    private static ILocator Envelope(IPage page) => page.Locator("[data-live-part$='/envelope']");

    /// <summary>Types into a picker and takes what it finds.</summary>
    internal static async Task Pick(IPage page, string name, string words)
    {
        var box = page.Locator($".field:has(select[name={name}]) .ts-control input");
        await box.FillAsync(words);
        await Expect(page.Locator(".ts-dropdown .option").Filter(new() { HasText = words }).First).ToBeVisibleAsync();
        await box.PressAsync("Enter");
        await box.PressAsync("Escape");
    }

    /// <summary>A show of that name with one session on sale, from a file.</summary>
    private static async Task<string> NewSession(IPage page, string title)
    {
        await page.GotoAsync("/imports/new");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "seance.csv",
            MimeType = "text/csv",
            Buffer = Encoding.UTF8.GetBytes($"Spectacle;Date;Lieu;Catégorie;Jauge;Tarif;Prix;Réseau\n{title};24/12/2031 20:30;Grande salle;Orchestre;300;Normal;32;Web\n"),
        });
        await Next(page);
        await page.WaitForURLAsync(Read());
        if (page.Url.EndsWith("/columns", StringComparison.Ordinal)) await Next(page);
        await page.WaitForURLAsync(Preview());
        await page.Locator("input[name=on-sale]").CheckAsync();
        await Next(page);
        await Expect(page.Locator(".progress-count")).ToContainTextAsync("2 / 2");
        await page.GotoAsync($"/sessions?q={Uri.EscapeDataString(title)}");
        return (await page.Locator("tr[data-row]").First.GetAttributeAsync("data-href"))!;
    }

    private static async Task Tally(Visit visit, string session)
    {
        await visit.Page.GotoAsync(session);
        await visit.Ready();
        var cell = visit.Page.Locator("input.cell[name^='sold|']").First;
        await cell.FillAsync("12");
        await cell.PressAsync("Control+Enter");
        await Expect(visit.Page.Locator(".toasts")).ToContainTextAsync("validée");
    }

    private static async Task Upload(IPage page, string text)
    {
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "partenaires.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        await Next(page);
        await page.WaitForURLAsync(Read());
    }

    private static Task Next(IPage page) => page.Locator(".form-actions .btn-primary").ClickAsync();

    [GeneratedRegex("/imports/[0-9a-z]{20}/(columns|preview)$")]
    private static partial Regex Read();

    [GeneratedRegex("/imports/[0-9a-z]{20}/preview$")]
    private static partial Regex Preview();
}

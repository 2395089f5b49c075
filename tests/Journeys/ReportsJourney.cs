using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>Reports by hand: previewed, tried on oneself, sent; red before, green after.</summary>
public sealed class ReportsJourney : IAsyncLifetime
{
    private readonly MailPeer mails = new();
    private readonly Browsers browsers = new();
    private RunningNode node = null!;
    private Visit visit = null!;

    private IPage Page => visit.Page;

    public async Task InitializeAsync()
    {
        node = await RunningNode.Start(mails.Settings);
        await browsers.InitializeAsync();
        visit = await browsers.Open(node, null);
        await Page.GotoAsync("/sign-in");
        await visit.SignIn(Demo.House, Demo.Password);
    }

    public async Task DisposeAsync()
    {
        if (visit is not null) await visit.DisposeAsync();
        await browsers.DisposeAsync();
        if (node is not null) await node.DisposeAsync();
        await mails.DisposeAsync();
    }

    [Fact]
    public async Task A_report_by_hand_is_previewed_tried_and_sent_and_its_envelope_turns_from_red_to_green()
    {
        // The house's letterhead first: a colour that can't be read is refused, an image that isn't one too.
        await Page.GotoAsync("/reports/letterhead");
        await Page.Locator("#f-colour").EvaluateAsync("field => { field.value = '#ffee00'; }");
        await Page.Locator("#f-footer").FillAsync("Licences 1-2026-0042, SIRET 123 456 789 00012");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Expect(Page.Locator("[data-error-summary]")).ToContainTextAsync("trop claire");
        await Page.Locator("#f-colour").EvaluateAsync("field => { field.value = '#7a1f3d'; }");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Expect(Page.Locator(".toasts")).ToContainTextAsync("Papier à en-tête enregistré");
        await Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = "not an image"u8.ToArray() });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer le logo" }).ClickAsync();
        await Expect(Page.Locator("[data-error-summary]")).ToContainTextAsync("n’est pas une image PNG ou JPEG");
        visit.TakeComplaints();
        await visit.Sound("report-letterhead");

        // A column more for the partners' group, moved up by its button.
        await Page.GotoAsync("/reports/templates/partners");
        await Page.Locator("input[name=columns][value=AveragePrice]").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Monter Prix moyen" }).ClickAsync();
        await Expect(Page.Locator("input[name=columns][value=AveragePrice]")).ToBeCheckedAsync();
        await Page.Locator("[name='french.intro']").FillAsync("Bonjour {{prenom}}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le modèle" }).ClickAsync();
        await Expect(Page.Locator("[data-error-summary]")).ToContainTextAsync("{{prenom}} n’existe pas");
        await Page.Locator("[name='french.intro']").FillAsync("Bonjour {{partner}},\n\nVoici vos ventes.");
        await Expect(Frame.Locator("body")).ToContainTextAsync("Voici vos ventes.");
        visit.TakeComplaints();
        await visit.Sound("report-template");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le modèle" }).ClickAsync();
        await Expect(Page.Locator(".toasts")).ToContainTextAsync("Modèle enregistré");

        // Red before.
        await Page.GotoAsync("/partners?tab=Partners&envelope=Red");
        var row = Page.Locator("#partners tr[data-row]").First;
        await Expect(row).ToContainTextAsync("À envoyer");
        var name = (await row.Locator("a.list-name").TextContentAsync())!;
        await row.Locator("a.list-name").ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Rapports", Exact = true }).Last.ClickAsync();
        await Expect(Page.Locator("main")).ToContainTextAsync("Aucun rapport ne lui a encore été envoyé");
        await visit.Sound("partner-reporting");
        var reporting = Page.Url;
        await Page.GetByRole(AriaRole.Link, new() { Name = "Prévisualiser et envoyer" }).ClickAsync();
        await Expect(Frame.Locator("body")).ToContainTextAsync($"Bonjour {name},");
        await Expect(Frame.Locator("body")).ToContainTextAsync("SIRET 123 456 789 00012");
        await Page.Locator("[name='french.intro']").FillAsync("Bonjour,\n\nChiffres définitifs <b>demain</b>.");
        await Expect(Frame.Locator("body")).ToContainTextAsync("Chiffres définitifs <b>demain</b>.");
        await visit.Sound("reports-new");

        await Page.GetByRole(AriaRole.Button, new() { Name = "M’envoyer un test" }).ClickAsync();
        await Expect(Page.Locator("h1")).ToContainTextAsync("Rapports du");
        var (to, test) = await mails.Report();
        Assert.Equal(Demo.House, to);
        Assert.StartsWith("[Test] ", test.Subject, StringComparison.Ordinal);
        await Expect(Page.Locator("#report-run")).ToContainTextAsync("remis");

        await Page.GotoAsync(reporting);
        await Expect(Page.Locator("h1")).ToContainTextAsync("À envoyer");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Prévisualiser et envoyer" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Envoyer à {name}" }).ClickAsync();
        await Expect(Page.Locator("#report-run-state")).ToContainTextAsync("tout est remis");
        await visit.Sound("report-run");
        var (address, mail) = await mails.Report();
        await Expect(Page.Locator("#report-run")).ToContainTextAsync(address);
        Assert.Contains("Voici vos ventes.", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal([".pdf", ".xlsx"], mail.Attachments.OfType<MimePart>().Select(part => Path.GetExtension(part.FileName)));

        // Green after, also on the page that was not reloaded since.
        await Page.GotoAsync(reporting);
        await Expect(Page.Locator("h1")).ToContainTextAsync("À jour");
        await visit.Picture("partner-reporting-after");
        await Page.GotoAsync("/reports");
        await Expect(Page.Locator("#reports tr[data-row]").First).ToContainTextAsync("tout est remis");
        await visit.Sound("reports");
    }

    private IFrameLocator Frame => Page.FrameLocator("iframe[name=report-preview]");
}

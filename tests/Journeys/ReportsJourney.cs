using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>Reports by hand: previewed, tried on oneself, sent; red before, green after; and what becomes of them: a link that is opened, a mail that comes back.</summary>
public sealed partial class ReportsJourney : IAsyncLifetime
{
    private readonly MailPeer mails = new();
    private readonly Browsers browsers = new();
    private RunningNode node = null!;
    private Visit visit = null!;

    private IPage Page => visit.Page;

    public async Task InitializeAsync()
    {
        node = await RunningNode.Start([.. mails.Settings, "--Guichet:Mail:BounceAddress=bounces@theatre-du-port.example"]);
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

    [Fact]
    public async Task A_partner_follows_its_figures_live_by_the_link_in_its_mail_until_it_is_withdrawn_and_a_mail_that_comes_back_turns_red()
    {
        await Page.GotoAsync("/reports/templates/partners");
        await Page.GetByLabel("Un lien vers les chiffres en direct").CheckAsync();
        await Expect(Frame.Locator("body")).ToContainTextAsync("Voir ces chiffres en direct");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le modèle" }).ClickAsync();
        await Expect(Page.Locator(".toasts")).ToContainTextAsync("Modèle enregistré");
        await Page.GotoAsync("/reports/letterhead");
        await Page.Locator("#f-colour").EvaluateAsync("field => { field.value = '#7a1f3d'; }");
        await Page.Locator("#f-footer").FillAsync("Licences 1-2026-0042, SIRET 123 456 789 00012");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Expect(Page.Locator(".toasts")).ToContainTextAsync("Papier à en-tête enregistré");

        await Page.GotoAsync("/partners?tab=Partners&envelope=Red");
        var row = Page.Locator("#partners tr[data-row]").First;
        var (name, partner) = ((await row.Locator("a.list-name").TextContentAsync())!, (await row.Locator("a.list-name").GetAttributeAsync("href"))!);
        await Page.GotoAsync($"{partner}/sessions");
        var sessions = await Page.Locator("#partner-sessions a[href^='/sessions/']").EvaluateAllAsync<string[]>("links => links.map((link) => link.getAttribute('href').replace('/general', ''))");
        await Page.GotoAsync($"{partner}/reporting");
        await Expect(Page.Locator("main")).ToContainTextAsync("Aucun lien ne l’ouvre pour l’instant");
        await visit.Sound("partner-reporting-links");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Prévisualiser et envoyer" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = $"Envoyer à {name}" }).ClickAsync();
        await Expect(Page.Locator("#report-run-state")).ToContainTextAsync("tout est remis");
        var run = Page.Url;
        var received = new List<(string To, MimeMessage Mail)>();
        while (received.Count < await Page.Locator("#report-run tbody tr").CountAsync()) received.Add(await mails.Report());
        var mail = received[0].Mail;

        // By the link in the mail, in a browser that was never here.
        var link = Link().Match(mail.HtmlBody!).Value;
        Assert.Contains(link, mail.TextBody, StringComparison.Ordinal);
        Assert.StartsWith(node.Address.ToString(), link, StringComparison.Ordinal);
        await using (var guest = await browsers.Open(node))
        {
            await guest.Page.GotoAsync(link);
            await Expect(guest.Page.Locator("h1")).ToHaveTextAsync($"Ventes – {name}");
            await Expect(guest.Page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");
            await Expect(guest.Page.Locator(".letter-foot")).ToContainTextAsync("SIRET 123 456 789 00012");
            await guest.Sound("partner-page");
            await guest.Page.EmulateMediaAsync(new() { Media = Media.Print });
            await guest.Picture("partner-page-print");
            await guest.Page.EmulateMediaAsync(new() { Media = Media.Screen });
            Assert.Empty(await guest.Page.Context.CookiesAsync());
            await guest.Page.EvaluateAsync("() => { window.stayed = true; }");
            var before = await guest.Page.Locator("[data-live-part=report]").InnerTextAsync();

            // One that isn't fed by a link, and has its grid.
            var cell = Page.Locator("input.cell[name^='sold|']").First;
            foreach (var session in sessions)
            {
                await Page.GotoAsync(session);
                await visit.Ready();
                if (await cell.CountAsync() > 0) break;
            }
            await cell.FillAsync((int.Parse(Digits().Replace(await cell.InputValueAsync(), ""), System.Globalization.CultureInfo.InvariantCulture) + 3).ToString(System.Globalization.CultureInfo.InvariantCulture));
            await cell.PressAsync("Control+Enter");
            await Expect(Page.Locator(".toasts")).ToContainTextAsync("validée");
            await Expect(guest.Page.Locator("[data-live-part=report]")).ToContainTextAsync("+3");
            Assert.NotEqual(before, await guest.Page.Locator("[data-live-part=report]").InnerTextAsync());
            Assert.True(await guest.Page.EvaluateAsync<bool>("() => window.stayed === true"), "The page was loaded again.");

            await Page.GotoAsync($"{partner}/reporting");
            await Expect(Page.Locator("main")).ToContainTextAsync(received.Count == 1 ? "1 lien l’ouvre" : $"{received.Count} liens l’ouvrent");
            await Page.GetByRole(AriaRole.Button, new() { Name = "Retirer l’accès…" }).ClickAsync();
            await Page.GetByRole(AriaRole.Button, new() { Name = "Retirer l’accès", Exact = true }).ClickAsync();
            await Expect(Page.Locator(".toasts")).ToContainTextAsync("L’accès à la page est retiré");
            await Expect(guest.Page.Locator("h1")).ToHaveTextAsync("Cette page n’existe pas, ou plus");
            guest.TakeComplaints();
            await guest.Sound("partner-page-gone");

            await Page.GetByRole(AriaRole.Button, new() { Name = "Nouveau lien…" }).ClickAsync();
            await Page.GetByRole(AriaRole.Button, new() { Name = "Faire le lien" }).ClickAsync();
            await visit.Sound("partner-link-made");
            var made = (await Page.Locator(".copy").First.GetAttributeAsync("data-copy"))!;
            await guest.Page.GotoAsync(made);
            await Expect(guest.Page.Locator("h1")).ToHaveTextAsync($"Ventes – {name}");
            Assert.NotEqual(link, made);
            await Page.GotoAsync($"{partner}/timeline");
            await Expect(Page.Locator(".timeline-list").First).ToContainTextAsync("a retiré l’accès à la page du partenaire");
        }
        await using (var english = await browsers.Open(node, new Screen(820, Dark: true, "en-GB")))
        {
            await english.Page.GotoAsync("/r/nothing");
            await Expect(english.Page.Locator("h1")).ToHaveTextAsync("This page doesn’t exist, or no longer does");
        }

        // The mail server's own program posts what came back.
        await Page.GotoAsync("/administration/tokens");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Créer un jeton" }).First.ClickAsync();
        await Page.Locator("#new-token #f-name").FillAsync("Serveur de messagerie");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Créer le jeton" }).ClickAsync();
        var token = (await Page.Locator(".copy").First.GetAttributeAsync("data-copy"))!;
        await Page.GotoAsync($"{partner}/reporting");
        await Expect(Page.Locator("h1")).ToContainTextAsync("À envoyer");
        using var program = new HttpClient { BaseAddress = node.Address };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (address, back) in received)
        {
            using var posted = await program.PostAsync("/api/v1/mail/bounces", new StringContent(
                $"From: MAILER-DAEMON@mx.example\nTo: {back.Headers[HeaderId.ReturnPath]!.Trim('<', '>')}\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: message/delivery-status\n\n"
                + $"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b--\n", Encoding.UTF8, "message/rfc822"));
            Assert.Equal("{\"result\":\"bounced\"}", await posted.Content.ReadAsStringAsync());
        }
        // In place, on the page that was open.
        await Expect(Page.Locator("#partner-reporting")).ToContainTextAsync("550 5.1.1 no such user");
        await Expect(Page.Locator("#partner-reporting")).ToContainTextAsync("revenu");
        await Expect(Page.Locator("#partner-state")).ToContainTextAsync("Le dernier rapport est revenu : « 550 5.1.1 no such user ».");
        await visit.Sound("partner-bounced");
        await Page.GotoAsync(run);
        await Expect(Page.Locator("main")).ToContainTextAsync("Renvoyer à ceux qui n’ont pas été atteints");
        await visit.Sound("report-run-bounced");
    }

    [GeneratedRegex("http://[^\"\\s]+/r/[0-9a-z]{26}")]
    private static partial Regex Link();

    [GeneratedRegex("[^0-9]")]
    private static partial Regex Digits();

    private IFrameLocator Frame => Page.FrameLocator("iframe[name=report-preview]");
}

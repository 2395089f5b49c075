using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>An installation of one's own, from the console's first lines: who may come in, who may do what, and who did what.</summary>
public sealed partial class AdministrationJourney(Browsers browsers) : IClassFixture<Browsers>
{
    private const string Odile = "odile@beauvoir.example", Paul = "paul@beauvoir.example", Rita = "rita@beauvoir.example", Ada = "ada@beauvoir.example";
    private const string Password = "trois bateaux bleus";

    [Fact]
    public async Task An_organisation_is_set_up_peopled_watched_and_locked_again()
    {
        await using var node = await RunningNode.Start("--Guichet:Demo=false");
        await using var odile = await browsers.Open(node);
        await using var paul = await browsers.Open(node);
        await using var rita = await browsers.Open(node);
        await SetUp(node, odile);
        await NobodySetsUpTwice(node);

        await Invite(odile, paul, "Paul Arnaud", Paul, "BoxOffice", "invitation");
        await Invite(odile, rita, "Rita Osei", Rita, "Reader", null);
        await using (var ada = await browsers.Open(node))
        {
            await Invite(odile, ada, "Ada Keller", Ada, "Administrator", null);
            await Expect(ada.Page.Locator(".side-nav")).ToContainTextAsync("Administration");
            await ada.Page.GotoAsync("/administration/tokens");
            await Expect(ada.Page.GetByRole(AriaRole.Button, new() { Name = "Créer un jeton" }).First).ToBeVisibleAsync();
            // The installation is its first administrator's.
            Assert.Equal(403, (await ada.Page.GotoAsync("/operations"))!.Status);
        }
        await odile.Page.GotoAsync("/administration/operators");
        await Expect(odile.Page.Locator("#operators tr[data-row]")).ToHaveCountAsync(4);
        await odile.Sound("admin-operators");

        var session = await SomethingToSell(paul);
        await AReaderOnlyReads(rita, session);
        await AToken(node, odile, session);
        await TheTimeline(odile);
        await InTheOtherLanguage(node, odile);
        await SignedOutEverywhere(node, odile, paul, rita, session);
        await AForgottenPassword(node, paul);
    }

    private static async Task SetUp(RunningNode node, Visit odile)
    {
        var page = odile.Page;
        var code = await node.Printed(CodeLine());
        await page.GotoAsync("/");
        await page.WaitForURLAsync("**/setup");
        await odile.Ready();
        await odile.Sound("setup");
        await page.Locator("#f-code").FillAsync("0000-" + code[5..]);
        await page.Locator("#f-organisation").FillAsync("Salle Beauvoir");
        await page.Locator("#f-city").FillAsync("Rouen");
        await page.Locator("#f-name").FillAsync("Odile Renard");
        await page.Locator("#f-email").FillAsync("odile@beauvoir");
        await page.Locator("#f-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer la structure" }).ClickAsync();
        await Expect(page.Locator("[data-error-summary]")).ToBeVisibleAsync();
        await Expect(page.Locator("#f-code-error")).ToBeVisibleAsync();
        Assert.Equal("Salle Beauvoir", await page.Locator("#f-organisation").InputValueAsync());
        odile.TakeComplaints();
        await odile.Sound("setup-refused");
        // As a person types it from another screen.
        await page.Locator("#f-code").FillAsync(code.ToLowerInvariant().Replace('-', ' '));
        await page.Locator("#f-email").FillAsync(Odile);
        await page.Locator("#f-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer la structure" }).ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("Bienvenue");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Tableau de bord");
        await Expect(page.Locator("main")).ToContainTextAsync("Aucune séance en vente");
        odile.TakeComplaints();
        await odile.Sound("first-dashboard");
    }

    private async Task NobodySetsUpTwice(RunningNode node)
    {
        await using var late = await browsers.Open(node);
        await late.Page.GotoAsync("/setup");
        await late.Page.WaitForURLAsync("**/sign-in");
    }

    private static async Task Invite(Visit odile, Visit invited, string name, string email, string role, string? picture)
    {
        var page = odile.Page;
        await page.GotoAsync("/administration/operators");
        await page.GetByRole(AriaRole.Link, new() { Name = "Inviter" }).ClickAsync();
        await page.Locator("#f-name").FillAsync(name);
        await page.Locator("#f-email").FillAsync(email);
        await page.Locator($"input[name=role][value={role}]").CheckAsync();
        if (picture is not null) await odile.Sound("admin-invite");
        await page.GetByRole(AriaRole.Button, new() { Name = "Envoyer l’invitation" }).ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync($"L’invitation part à {email}");
        await Expect(page.Locator("#operators tr[data-row]").Filter(new() { HasText = email })).ToContainTextAsync(new Regex("[Ii]nvité"));

        await Mails.Open(invited, email, "Odile Renard vous invite à rejoindre Salle Beauvoir");
        if (picture is not null) await invited.Picture("mail-invitation");
        var link = await Mails.Address(invited, "/invitation?link=");
        await invited.Page.GotoAsync(link);
        await Expect(invited.Page.Locator("h1")).ToHaveTextAsync("Bienvenue chez Salle Beauvoir");
        if (picture is not null) await invited.Sound(picture);
        await invited.Page.Locator("#f-password").FillAsync("court");
        await invited.Page.GetByRole(AriaRole.Button, new() { Name = "Entrer" }).ClickAsync();
        await Expect(invited.Page.Locator("#f-password-error")).ToBeVisibleAsync();
        invited.TakeComplaints();
        await invited.Page.Locator("#f-password").FillAsync(Password);
        await invited.Page.GetByRole(AriaRole.Button, new() { Name = "Entrer" }).ClickAsync();
        await Expect(invited.Page.Locator(".account")).ToContainTextAsync(name);
        if (picture is null) return;
        // The link has served.
        await odile.Page.GotoAsync(link);
        await Expect(odile.Page.Locator("main")).ToContainTextAsync("Ce lien a déjà servi");
    }

    /// <summary>The box office opens a session and enters its first tally; the session's address.</summary>
    private static async Task<string> SomethingToSell(Visit paul)
    {
        var page = paul.Page;
        await page.GotoAsync("/sessions/new");
        await paul.Ready();
        await SessionsJourney.Choose(page, "show", "Nouveau");
        await page.Locator("#f-title").FillAsync("Les Mandarins");
        await page.Locator("#f-date").FillAsync("2027-09-17");
        await page.Locator("#f-place").FillAsync("Salle Beauvoir");
        await page.Locator("[name='categories[0].capacity']").FillAsync("200");
        await page.Locator("[name='tariffs[0].price']").FillAsync("25");
        await page.Locator("[name='tariffs[1].price']").FillAsync("15");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer et mettre en vente" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/sessions/[0-9a-z]{20}$"));
        await paul.Ready();
        await page.Locator("input.cell[name^='sold|']").First.FillAsync("40");
        await page.Locator("input.cell[name^='sold|']").First.PressAsync("Control+Enter");
        await Expect(page.Locator(".toasts")).ToContainTextAsync("40\u00A0places vendues");
        Assert.Equal(403, (await page.GotoAsync("/administration/operators/new"))!.Status);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Accès réservé");
        await page.GoBackAsync();
        paul.TakeComplaints();
        return new Uri(page.Url).AbsolutePath;
    }

    private static async Task AReaderOnlyReads(Visit rita, string session)
    {
        var page = rita.Page;
        foreach (var path in new[] { "/", "/sessions", session, session + "/general", "/links", "/calendar", "/administration/operators" })
        {
            await page.GotoAsync(path);
            foreach (var act in new[] { "Nouvelle séance", "Saisir les pointages", "Clôturer…", "Plus", "Modifier", "Dupliquer", "Nouvelle liaison", "Inviter" })
                await Expect(page.Locator("main").GetByText(act, new() { Exact = true })).ToHaveCountAsync(0);
        }
        await page.GotoAsync(session);
        await Expect(page.Locator("main")).ToContainTextAsync("40");
        await Expect(page.Locator("input.cell")).ToHaveCountAsync(0);
        await rita.Sound("reader-session");

        // By address, she is told so on a page; by hand-made forms, nothing changes.
        foreach (var path in new[] { "/sessions/new", session + "/edit", "/tallies", "/links/new", "/imports/new", "/administration/tokens", "/administration/operators/new", "/operations" })
        {
            Assert.Equal((path, 403), (path, (await page.GotoAsync(path))!.Status));
            await Expect(page.Locator("h1")).ToHaveTextAsync("Accès réservé");
        }
        rita.TakeComplaints();
        await rita.Sound("reader-refused");
        await page.GotoAsync(session);
        foreach (var path in new[] { "/close", "/cancel", "/shareable", "/put-on-sale" }) Assert.Equal((path, 403), (path, await Post(page, session + path, "")));
        await Post(page, session, "&_handler=tally&do=validate&sold%7Cplacement-libre%7Cplein-tarif%7Cguichet=0");
        await page.ReloadAsync();
        await Expect(page.Locator("#session-figures [data-live$='/sold']")).ToHaveTextAsync("40");
        await Expect(page.Locator("h1")).ToContainTextAsync("En vente");
        rita.TakeComplaints();
    }

    /// <summary>A form as a page of this person's would send it, with its token against forgery; the status of the answer.</summary>
    private static Task<int> Post(IPage page, string path, string fields) => page.EvaluateAsync<int>(
        """
        async ([path, fields]) => {
          const token = document.querySelector('form[action="/sign-out"] input[type=hidden]');
          const answer = await fetch(path, {
            method: 'POST',
            headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
            body: `${token.name}=${encodeURIComponent(token.value)}${fields}`,
          });
          return answer.status;
        }
        """, new[] { path, fields });

    private static async Task AToken(RunningNode node, Visit odile, string session)
    {
        var page = odile.Page;
        await page.GotoAsync("/administration/tokens");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer un jeton" }).First.ClickAsync();
        await page.Locator("#new-token #f-name").FillAsync("Billetterie web");
        await odile.Picture("admin-token-new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer le jeton" }).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("Il ne sera plus jamais affiché");
        var token = (await page.Locator(".notice [data-copy]").GetAttributeAsync("data-copy"))!;
        await odile.Sound("admin-token-shown");

        using var program = new HttpClient { BaseAddress = node.Address };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var id = session[(session.LastIndexOf('/') + 1)..];
        using (var listed = JsonDocument.Parse(await program.GetStringAsync("/api/v1/sessions")))
            Assert.Equal(id, Assert.Single(listed.RootElement.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        using (var watched = await program.SendAsync(Tally(id, 55)))
            Assert.True(watched.IsSuccessStatusCode, await watched.Content.ReadAsStringAsync());
        await page.GotoAsync(session);
        await Expect(page.Locator("#session-figures [data-live$='/sold']")).ToHaveTextAsync("55");
        await Expect(page.Locator("#session-figures")).ToContainTextAsync("Billetterie web");

        await page.GotoAsync("/administration/tokens");
        Assert.DoesNotContain(token, await page.ContentAsync());
        await Expect(page.Locator("#tokens tr[data-row]")).ToContainTextAsync("…" + token[^4..]);
        await Expect(page.Locator("#tokens tr[data-row]")).ToContainTextAsync("à l’instant");
        await page.GetByRole(AriaRole.Button, new() { Name = "Révoquer" }).First.ClickAsync();
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Révoquer" }).ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("Le jeton est révoqué");
        await odile.Sound("admin-token-revoked");
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.SendAsync(Tally(id, 60))).StatusCode);
    }

    private static HttpRequestMessage Tally(string session, int sold) => new(HttpMethod.Post, $"/api/v1/sessions/{session}/tallies")
    {
        Headers = { { "Idempotency-Key", $"web-{sold}" } },
        Content = JsonContent.Create(new
        {
            lines = new[] { new { category = "placement-libre", tariff = "plein-tarif", channel = "guichet", sold, reserved = 0, free = 0, gross = new { amount = $"{sold * 25}.00", currency = "EUR" } } },
        }),
    };

    private static async Task TheTimeline(Visit odile)
    {
        var page = odile.Page;
        await page.GotoAsync("/administration/timeline");
        foreach (var line in new[]
        {
            "a créé la structure", "a invité Paul Arnaud", "a invité Rita Osei", "a accepté son invitation", "a créé et mis en vente la séance", "a validé le pointage n° 1", "a créé le jeton « Billetterie web »",
            "a validé le pointage n° 2", "a révoqué le jeton « Billetterie web »",
        })
            await Expect(page.Locator(".timeline-list")).ToContainTextAsync(line);
        await Expect(page.Locator(".timeline-entry").Filter(new() { HasText = "a validé le pointage n° 2" })).ToContainTextAsync("Billetterie web");
        await odile.Sound("admin-timeline");
        await page.Locator("select[name=who]").SelectOptionAsync(new SelectOptionValue { Label = "Paul Arnaud" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Filtrer" }).ClickAsync();
        await page.WaitForURLAsync("**/administration/timeline?*who=*");
        await Expect(page.Locator(".timeline-list")).ToContainTextAsync("a validé le pointage n° 1");
        await Expect(page.Locator(".timeline-list")).Not.ToContainTextAsync("a invité");
        await Expect(page.Locator(".timeline-list")).Not.ToContainTextAsync("Billetterie web");
    }

    /// <summary>For this browser from the menu; for good, wherever one signs in, in one's account.</summary>
    private async Task InTheOtherLanguage(RunningNode node, Visit odile)
    {
        var page = odile.Page;
        await page.GotoAsync("/administration");
        await page.Locator(".account > summary").ClickAsync();
        await page.Locator(".account button[name=language][value=en]").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Expect(page.Locator(".side-nav")).ToContainTextAsync("Dashboard");
        await page.Locator(".account > summary").ClickAsync();
        await page.Locator(".account button[name=language][value=fr]").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fr");

        await page.GotoAsync("/account");
        await page.Locator("#f-language").SelectOptionAsync("English");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("Your account is up to date");
        await odile.Sound("admin-account-english");
        await using (var elsewhere = await browsers.Open(node))
        {
            await elsewhere.Page.GotoAsync("/sign-in");
            await Expect(elsewhere.Page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
            await elsewhere.SignIn(Odile, Password);
            await Expect(elsewhere.Page.Locator("h1")).ToHaveTextAsync("Dashboard");
        }
        await page.Locator("#f-language").SelectOptionAsync("French");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
    }

    /// <summary>One's own browsers, or someone else's: what is open there shows it at once.</summary>
    private async Task SignedOutEverywhere(RunningNode node, Visit odile, Visit paul, Visit rita, string session)
    {
        await using var phone = await browsers.Open(node);
        await phone.Page.GotoAsync("/sign-in?back=" + Uri.EscapeDataString(session));
        await phone.SignIn(Paul, Password);
        await IsLive(phone.Page);
        await paul.Page.GotoAsync("/account");
        await Expect(paul.Page.Locator("#browsers tbody tr")).ToHaveCountAsync(2);
        await paul.Sound("admin-account");
        await paul.Page.GetByRole(AriaRole.Button, new() { Name = "Déconnecter partout" }).First.ClickAsync();
        await paul.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Déconnecter partout" }).ClickAsync();
        await Expect(paul.Page).ToHaveURLAsync(new Regex("/sign-in"));
        await Expect(phone.Page).ToHaveURLAsync(new Regex("/sign-in"));
        // And back to where one was.
        await phone.SignIn(Paul, Password);
        await Expect(phone.Page.Locator("h1")).ToContainTextAsync("Les Mandarins");

        await rita.Page.GotoAsync("/calendar");
        await IsLive(rita.Page);
        await odile.Page.GotoAsync("/administration/operators");
        await odile.Page.Locator("#operators tr[data-row]").Filter(new() { HasText = Rita }).Locator("a").First.ClickAsync();
        await odile.Page.GetByRole(AriaRole.Button, new() { Name = "Désactiver" }).First.ClickAsync();
        await odile.Picture("admin-disabling");
        await odile.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Désactiver" }).ClickAsync();
        await Expect(odile.Page.Locator(".toasts")).ToContainTextAsync("ne peut plus se connecter");
        await Expect(rita.Page).ToHaveURLAsync(new Regex("/sign-in"));
        await rita.Page.Locator("input[name=email]").FillAsync(Rita);
        await rita.Page.Locator("input[name=password]").FillAsync(Password);
        await rita.Page.Keyboard.PressAsync("Enter");
        await Expect(rita.Page.Locator("[data-error-summary]")).ToContainTextAsync("ne vont pas ensemble");
    }

    private async Task AForgottenPassword(RunningNode node, Visit paul)
    {
        await using var mailbox = await browsers.Open(node);
        var page = paul.Page;
        await page.GotoAsync("/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Mot de passe oublié" }).ClickAsync();
        await page.Locator("#f-email").FillAsync(Paul);
        await page.GetByRole(AriaRole.Button, new() { Name = "Envoyer le lien" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("un message vient de partir");
        paul.TakeComplaints();
        await paul.Sound("password-forgotten");
        await Mails.Open(mailbox, Paul, "Un nouveau mot de passe pour Salle Beauvoir");
        var link = await Mails.Address(mailbox, "/password/new?link=");
        await page.GotoAsync(link);
        await paul.Sound("password-new");
        await page.Locator("#f-password").FillAsync("quatre bateaux verts");
        await page.GetByRole(AriaRole.Button, new() { Name = "Choisir ce mot de passe" }).ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("Votre mot de passe est changé");
        await Mails.Open(mailbox, Paul, "Votre mot de passe pour Salle Beauvoir a changé");

        await mailbox.Page.GotoAsync(link);
        await Expect(mailbox.Page.Locator("main")).ToContainTextAsync("Ce lien a déjà servi");
        await mailbox.Page.GotoAsync("/sign-in");
        await mailbox.Page.Locator("input[name=email]").FillAsync(Paul);
        await mailbox.Page.Locator("input[name=password]").FillAsync(Password);
        await mailbox.Page.Keyboard.PressAsync("Enter");
        await Expect(mailbox.Page.Locator("[data-error-summary]")).ToContainTextAsync("ne vont pas ensemble");
        await mailbox.SignIn(Paul, "quatre bateaux verts");
        await Expect(mailbox.Page.Locator(".account")).ToContainTextAsync("Paul Arnaud");
    }

    private static Task IsLive(IPage page) => Expect(page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");

    [GeneratedRegex("Set-up code: ([0-9A-Z-]{34})")]
    private static partial Regex CodeLine();
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>A house and a promoter, each in a browser of its own: what one does with a link, the other sees, and nothing more than was agreed.</summary>
[Collection(DemoCollection.Name)]
public sealed class LinksJourney(Demo demo)
{
    private const string HouseName = "Théâtre du Port", PromoterName = "Astérie Productions";

    [Fact]
    public async Task A_link_offered_in_four_steps_is_accepted_and_each_tally_moves_the_other_sides_open_page_until_it_ends()
    {
        await using var house = await demo.SignIn(Demo.House);
        await using var promoter = await demo.SignIn(Demo.Promoter);
        var session = await SessionsJourney.NewSession(house.Page, "2027-07-05");
        await promoter.Page.GotoAsync("/notifications");
        await IsLive(promoter.Page);

        // The wizard: with whom, which session, what is shared, summary.
        await house.Page.GotoAsync("/links");
        await house.Page.GetByRole(AriaRole.Link, new() { Name = "Nouvelle liaison" }).First.ClickAsync();
        await Expect(house.Page.Locator("input[name=side][value=Sender]")).ToBeCheckedAsync();
        await house.Ready();
        await SessionsJourney.Choose(house.Page, "counterpart", "Astérie");
        await house.Sound("link-new-1-whom");
        await Continue(house.Page);
        await Expect(house.Page.Locator("#f-session")).ToBeAttachedAsync();
        await house.Ready();
        await SessionsJourney.Choose(house.Page, "session", "Mouette – lun. 5 juil");
        await house.Sound("link-new-2-session");
        await Continue(house.Page);
        await Expect(house.Page.Locator("input[name=detail][value=TotalsOnly]")).ToBeCheckedAsync();
        await Expect(house.Page.Locator("#shared-preview")).ToContainTextAsync("Ne partent jamais");
        await Expect(house.Page.Locator("#shared-preview")).Not.ToContainTextAsync("Internet");
        await house.Page.Locator("input[name=detail][value=Detailed]").CheckAsync();
        await Expect(house.Page.Locator("#shared-preview thead")).ToContainTextAsync("Recette");
        await house.Page.Locator("input[name=detail][value=TotalsOnly]").CheckAsync();
        await Expect(house.Page.Locator("#shared-preview thead")).Not.ToContainTextAsync("Recette");
        await house.Sound("link-new-3-terms");
        await Continue(house.Page);
        await Expect(house.Page.Locator("#f-message")).ToBeVisibleAsync();
        await Expect(house.Page.Locator(".facts").First).ToContainTextAsync("totaux seulement");
        await house.Page.Locator("#f-message").FillAsync("Comme convenu au téléphone.");
        await house.Page.Locator("#f-expires").SelectOptionAsync("7");
        await house.Sound("link-new-4-summary");
        await house.Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer la demande" }).ClickAsync();
        await Expect(house.Page.Locator(".toasts")).ToContainTextAsync($"La demande est partie à {PromoterName}");
        await Expect(house.Page.Locator("h1")).ToContainTextAsync("en attente de réponse");
        await house.Sound("link-requested-by-me");

        // The other side: told on the page that was open, and by mail.
        var told = promoter.Page.Locator(".notification").Filter(new() { HasText = $"{HouseName} propose de vous envoyer les pointages de La Mouette" }).First;
        await Expect(told).ToBeVisibleAsync();
        await Expect(promoter.Page.Locator("[data-live='notifications/unread']")).Not.ToHaveTextAsync("");
        await promoter.Sound("notifications-link-offered");
        await Mails.Open(promoter, "nadia@asterie.example", $"{HouseName} propose de vous envoyer ses pointages");
        await Expect(promoter.Page.Locator("main")).ToContainTextAsync("Comme convenu au téléphone.");
        await promoter.Picture("mail-link-offered");
        await promoter.Page.GotoAsync(await Mails.Address(promoter, "/links/"));
        await Expect(promoter.Page.Locator("h1")).ToContainTextAsync("à traiter");
        await promoter.Page.Locator("input[name=into][value=new]").CheckAsync();
        await promoter.Sound("link-to-accept");
        await promoter.Page.GetByRole(AriaRole.Button, new() { Name = "Accepter la liaison" }).ClickAsync();
        await Expect(promoter.Page.Locator(".toasts")).ToContainTextAsync("La liaison est acceptée");
        await Expect(house.Page.Locator("#link")).ToContainTextAsync("en attente d’un premier pointage");
        await Expect(house.Page.Locator(".timeline-list")).ToContainTextAsync($"{PromoterName} accepte");
        var link = promoter.Page.Url;

        // Its own session, made for what is sent. The house validates; the page that is open here moves.
        await promoter.Page.Locator("#link-more .facts a[href^='/sessions/']").ClickAsync();
        await Expect(promoter.Page.Locator("#session-state")).ToContainTextAsync("en attente d’un premier pointage");
        var received = new Uri(promoter.Page.Url).AbsolutePath;
        await IsLive(promoter.Page);
        await Stays(promoter.Page);
        await house.Page.GotoAsync(session);
        await Validate(house, "37");
        await Expect(Sold(promoter.Page, received)).ToHaveTextAsync("37");
        await Expect(promoter.Page.Locator("#session-state")).ToContainTextAsync("en direct");
        await Expect(promoter.Page.Locator("#session-tally")).ToContainTextAsync($"Les chiffres viennent de {HouseName}");
        Assert.True(await HasStayed(promoter.Page));
        await Expect(promoter.Page.Locator("input.cell")).ToHaveCountAsync(0);
        Assert.DoesNotContain("1\u202F110", await promoter.Page.ContentAsync());
        await promoter.Sound("session-received");

        // How late it is, on both sides.
        await using var houseLink = await demo.SignIn(Demo.House);
        await houseLink.Page.GotoAsync(link);
        await Expect(houseLink.Page.Locator("#link h1")).ToContainTextAsync(new Regex(@"en direct, \d"));
        await Expect(houseLink.Page.Locator("#link .figure").First).ToContainTextAsync("37");
        await houseLink.Sound("link-live");
        await IsLive(houseLink.Page);

        await OneWay(promoter, received);
        await SuspendAndResume(house, houseLink, promoter, received, link);
        await End(houseLink, promoter, received);
    }

    /// <summary>What receives can't send: said at the first step, before anything else is asked.</summary>
    private static async Task OneWay(Visit promoter, string received)
    {
        await promoter.Page.GotoAsync($"/links/new?session={Id(received)}");
        await promoter.Ready();
        await SessionsJourney.Choose(promoter.Page, "counterpart", "Port");
        await Continue(promoter.Page);
        await Expect(promoter.Page.Locator("[data-error-summary]")).ToContainTextAsync($"« {HouseName} »");
        await Expect(promoter.Page.Locator("[data-error-summary]")).ToContainTextAsync("elle ne peut pas en envoyer");
        promoter.TakeComplaints();
        await promoter.Sound("link-one-way");
        await promoter.Page.GotoAsync(received);
        await IsLive(promoter.Page);
    }

    private static async Task SuspendAndResume(Visit house, Visit houseLink, Visit promoter, string received, string link)
    {
        await Stays(promoter.Page);
        await houseLink.Page.GetByRole(AriaRole.Button, new() { Name = "Suspendre…" }).ClickAsync();
        await houseLink.Page.Locator("#f-suspend-word").FillAsync("Billetterie en maintenance");
        await houseLink.Picture("link-suspending");
        await houseLink.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Suspendre" }).ClickAsync();
        await Expect(houseLink.Page.Locator("#link")).ToContainTextAsync("Vous avez suspendu cette liaison");
        await Expect(promoter.Page.Locator("#session-state")).ToContainTextAsync("suspendu depuis");
        await Expect(promoter.Page.Locator("#session-tally .notice")).ToContainTextAsync("La liaison est suspendue depuis");
        Assert.True(await HasStayed(promoter.Page));
        await promoter.Sound("session-suspended");

        await Validate(house, "41");
        await promoter.Page.GotoAsync(link);
        await Expect(promoter.Page.Locator("#link .notice")).ToContainTextAsync("cette structure seule peut la reprendre");
        await Expect(promoter.Page.Locator(".timeline-list")).ToContainTextAsync("Billetterie en maintenance");
        await Expect(promoter.Page.GetByRole(AriaRole.Button, new() { Name = "Reprendre" })).ToHaveCountAsync(0);
        await Expect(promoter.Page.Locator("#link .figure").First).ToContainTextAsync("37");
        await promoter.Sound("link-suspended-by-them");

        // Each side lifts its own suspension only.
        await promoter.Page.GetByRole(AriaRole.Button, new() { Name = "Suspendre…" }).ClickAsync();
        await promoter.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Suspendre" }).ClickAsync();
        await Expect(promoter.Page.Locator("#link .notice")).ToContainTextAsync("avez suspendu cette liaison");
        await Expect(houseLink.Page.Locator("#link .notice")).ToContainTextAsync("quand chacun aura repris");
        await houseLink.Page.GetByRole(AriaRole.Button, new() { Name = "Reprendre" }).ClickAsync();
        await Expect(houseLink.Page.Locator(".toasts")).ToContainTextAsync($"celle de {PromoterName} dure encore");
        await promoter.Page.GetByRole(AriaRole.Button, new() { Name = "Reprendre" }).ClickAsync();
        await Expect(promoter.Page.Locator(".toasts")).ToContainTextAsync("La liaison reprend");
        // What was validated meanwhile comes at once.
        await Expect(promoter.Page.Locator("#link .figure").First).ToContainTextAsync("41");
        await Expect(houseLink.Page.Locator("#link h1")).ToContainTextAsync("en direct");
        await promoter.Page.GotoAsync(received);
        await Expect(Sold(promoter.Page, received)).ToHaveTextAsync("41");
        await IsLive(promoter.Page);
    }

    /// <summary>What was received stays, dated; and the session can be typed in again.</summary>
    private static async Task End(Visit houseLink, Visit promoter, string received)
    {
        await Stays(promoter.Page);
        await houseLink.Page.GetByRole(AriaRole.Button, new() { Name = "Annuler la liaison…" }).ClickAsync();
        await houseLink.Page.Locator("#f-cancel-word").FillAsync("Tournée terminée");
        await houseLink.Picture("link-ending");
        await houseLink.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Annuler la liaison" }).ClickAsync();
        await Expect(houseLink.Page.Locator("#link h1")).ToContainTextAsync("plus en direct depuis");
        await Expect(promoter.Page.Locator("#session-state")).ToContainTextAsync("plus en direct depuis");
        await Expect(promoter.Page.Locator("#session-tally")).ToContainTextAsync("La liaison est terminée");
        Assert.True(await HasStayed(promoter.Page));
        await Expect(Sold(promoter.Page, received)).ToHaveTextAsync("41");
        await promoter.Ready();
        await promoter.Page.Locator("input.cell").First.FillAsync("44");
        await promoter.Page.Locator("input.cell").First.PressAsync("Control+Enter");
        await Expect(promoter.Page.Locator(".toasts")).ToContainTextAsync("validée");
        await Expect(Sold(promoter.Page, received)).ToHaveTextAsync("44");
        // They are its own figures now.
        await Expect(promoter.Page.Locator("#session-state")).Not.ToContainTextAsync("plus en direct");
        await Expect(promoter.Page.Locator("#session-tally")).Not.ToContainTextAsync(HouseName);
        await promoter.Sound("session-after-link");
        await houseLink.Sound("link-ended");
        await Mails.Open(promoter, "nadia@asterie.example", $"{HouseName} a mis fin à la liaison");
        await Expect(promoter.Page.Locator("main")).ToContainTextAsync("Tournée terminée");
        await promoter.Page.GotoAsync("/notifications");
        await Expect(promoter.Page.Locator(".notification").First).ToContainTextAsync("« Tournée terminée »");
    }

    [Fact]
    public async Task A_promoter_asks_for_a_session_that_is_offered_and_gets_the_part_the_house_accepts_with_its_revenue()
    {
        await using var house = await demo.SignIn(Demo.House);
        await using var promoter = await demo.SignIn(Demo.Promoter);
        await house.Page.GotoAsync("/notifications");
        await IsLive(house.Page);

        await promoter.Page.GotoAsync("/links/new");
        await promoter.Ready();
        await promoter.Page.Locator("input[name=side][value=Receiver]").CheckAsync();
        await SessionsJourney.Choose(promoter.Page, "counterpart", "Port");
        await Continue(promoter.Page);
        await Expect(promoter.Page.Locator("#f-description")).ToBeVisibleAsync();
        await promoter.Ready();
        // Of the sessions that it may ask for it is told title, date and place; of those that aren't offered, nothing.
        await Expect(promoter.Page.Locator("#f-session")).Not.ToContainTextAsync("Mouette");
        await SessionsJourney.Choose(promoter.Page, "session", "Vagues");
        await promoter.Sound("link-ask-2-session");
        await Continue(promoter.Page);
        await promoter.Page.Locator("input[name=detail][value=Detailed]").CheckAsync();
        await promoter.Sound("link-ask-3-terms");
        await Continue(promoter.Page);
        await Expect(promoter.Page.Locator(".facts").First).ToContainTextAsync("une nouvelle séance");
        await promoter.Sound("link-ask-4-summary");
        await promoter.Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer la demande" }).ClickAsync();
        await Expect(promoter.Page.Locator("h1")).ToContainTextAsync("en attente de réponse");

        await house.Page.Locator(".notification-open").Filter(new() { HasText = $"{PromoterName} demande à recevoir les pointages de Les Vagues immobiles" }).First.ClickAsync();
        await Expect(house.Page.Locator("#accept-terms")).ToContainTextAsync("Carré or");
        await house.Ready();
        await house.Page.GetByLabel("1re série").UncheckAsync();
        await house.Page.GetByLabel("2e série").UncheckAsync();
        await house.Page.GetByLabel("Guichet", new() { Exact = true }).UncheckAsync();
        await house.Page.GetByLabel("Ticketmaster").UncheckAsync();
        await Expect(house.Page.Locator("#shared-preview tbody")).Not.ToContainTextAsync("1re série");
        await Expect(house.Page.Locator("#shared-preview tbody")).Not.ToContainTextAsync("Ticketmaster");
        await Expect(house.Page.Locator("#shared-preview tbody tr").First).ToContainTextAsync("Carré or");
        await house.Sound("link-to-give");
        await house.Page.GetByRole(AriaRole.Button, new() { Name = "Accepter la liaison" }).ClickAsync();
        await Expect(house.Page.Locator(".toasts")).ToContainTextAsync("La liaison est acceptée");
        await Expect(house.Page.Locator("#link-more")).ToContainTextAsync("détail et recette, catégorie Carré or, réseaux Internet et Fnac Spectacles");

        await Expect(promoter.Page.Locator("#link h1")).ToContainTextAsync("en direct");
        await promoter.Page.Locator("#link-more .facts a[href^='/sessions/']").ClickAsync();
        var received = new Uri(promoter.Page.Url).AbsolutePath;
        await Expect(promoter.Page.Locator("#session-tally")).ToContainTextAsync("Carré or");
        foreach (var kept in new[] { "1re série", "2e série", "Ticketmaster" }) await Expect(promoter.Page.Locator("#page")).Not.ToContainTextAsync(kept);
        await Expect(promoter.Page.Locator("[data-live$='/gross']").First).ToContainTextAsync("€");
        await promoter.Sound("session-received-in-part");
        await IsLive(promoter.Page);
        var before = Number(await Sold(promoter.Page, received).TextContentAsync());

        // Two places more in the scope, and others beside it: the two are what moves.
        await house.Page.Locator("#link-more .facts a[href^='/sessions/']").ClickAsync();
        await house.Ready();
        await Add(house.Page, "sold|carre-or|plein|internet", 2);
        await Add(house.Page, "sold|serie-1|plein|internet", 5);
        await Add(house.Page, "sold|carre-or|plein|guichet", 7);
        await house.Page.Locator("input.cell").First.PressAsync("Control+Enter");
        await Expect(house.Page.Locator(".toasts")).ToContainTextAsync("validée");
        await Expect(Sold(promoter.Page, received)).ToHaveTextAsync((before + 2).ToString(CultureInfo.InvariantCulture));
        await Expect(promoter.Page.Locator("#session-figures [data-live$='/delta']")).ToHaveTextAsync("+2");
        await house.Page.GotoAsync(new Uri(house.Page.Url).AbsolutePath + "/links");
        await Expect(house.Page.Locator("#session-links")).ToContainTextAsync(PromoterName);
        await house.Sound("session-links");
        await promoter.Page.GotoAsync(received + "/links");
        await promoter.Sound("session-links-receiver");
        await house.Page.GotoAsync("/links");
        await Expect(house.Page.Locator("#links")).ToContainTextAsync("en direct");
        await house.Sound("links");
    }

    [Fact]
    public async Task A_request_is_refused_with_a_reason_and_another_withdrawn_and_the_other_side_sees_it_on_the_open_page()
    {
        await using var house = await demo.SignIn(Demo.House);
        await using var promoter = await demo.SignIn(Demo.Promoter);
        var refused = await Offer(house.Page, "2027-07-06");
        await promoter.Page.GotoAsync(refused);
        await promoter.Page.GetByRole(AriaRole.Button, new() { Name = "Refuser…" }).First.ClickAsync();
        await promoter.Page.Locator("#f-refuse-word").FillAsync("Cette date est vendue par un autre producteur.");
        await promoter.Picture("link-refusing");
        await promoter.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Refuser" }).ClickAsync();
        await Expect(promoter.Page.Locator("h1")).ToContainTextAsync("refusée");
        await Expect(house.Page.Locator("#link h1")).ToContainTextAsync("refusée");
        await Expect(house.Page.Locator(".timeline-list")).ToContainTextAsync("« Cette date est vendue par un autre producteur. »");
        await house.Sound("link-refused");
        await Mails.Open(house, "claire@theatre-du-port.example", $"{PromoterName} a refusé la liaison");
        await Expect(house.Page.Locator("main")).ToContainTextAsync("Cette date est vendue par un autre producteur.");

        var withdrawn = await Offer(house.Page, "2027-07-07");
        await promoter.Page.GotoAsync(withdrawn);
        await Expect(promoter.Page.Locator("#to-accept")).ToBeVisibleAsync();
        await IsLive(promoter.Page);
        await house.Page.GetByRole(AriaRole.Button, new() { Name = "Retirer la demande" }).First.ClickAsync();
        await house.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Retirer la demande" }).ClickAsync();
        await Expect(house.Page.Locator("h1")).ToContainTextAsync("retirée");
        await Expect(promoter.Page.Locator("#link h1")).ToContainTextAsync("retirée");
        // Nobody is left before a form that can only be refused.
        await Expect(promoter.Page.Locator("#to-accept")).ToHaveCountAsync(0);
        await promoter.Sound("link-withdrawn");
        await promoter.Page.GotoAsync("/notifications");
        await Expect(promoter.Page.Locator(".notification").First).ToContainTextAsync($"{HouseName} a retiré sa demande de liaison");
    }

    [Fact]
    public async Task A_partner_without_guichet_reads_at_a_csv_address_exactly_what_is_shared()
    {
        await using var house = await demo.SignIn(Demo.House);
        using var partner = new HttpClient();
        var session = await SessionsJourney.NewSession(house.Page, "2027-07-08");
        await Validate(house, "12");
        await Outside(house, session, "Tournées du Ponant", "regie@ponant.example", null);
        await Expect(house.Page.Locator(".toasts")).ToContainTextAsync("La liaison est ouverte");
        await house.Sound("link-csv");

        await Mails.Open(house, "regie@ponant.example", $"{HouseName} vous ouvre ses pointages");
        var address = await Mails.Address(house, "/shared/");
        using (var answer = await partner.GetAsync(address))
        {
            Assert.Equal(("text/csv", true), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.NoStore));
            var lines = Lines(await answer.Content.ReadAsStringAsync());
            Assert.Equal("Spectacle;Date;Lieu;Version;Validé le;Vendus;Réservés;Exonérés;Jauge", lines[0]);
            Assert.Matches(@"^La Mouette;08/07/2027 20:30;""?Théâtre du Port, studio""?;1;[^;]+;12;0;0;100$", Assert.Single(lines[1..]));
        }
        Assert.StartsWith("Show;Date;Place;", Lines(await partner.GetStringAsync(address + "?lang=en"))[0].Replace(',', ';'));

        await house.Page.GotoAsync(session);
        await Validate(house, "15");
        Assert.Contains(";15;0;0;100", await partner.GetStringAsync(address));

        var link = await LinkOf(house.Page, session);
        await house.Page.GotoAsync(link);
        await house.Page.GetByRole(AriaRole.Button, new() { Name = "Suspendre…" }).ClickAsync();
        await house.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Suspendre" }).ClickAsync();
        await Expect(house.Page.Locator("#link h1")).ToContainTextAsync("suspendue depuis");
        Assert.Equal(HttpStatusCode.Forbidden, (await partner.GetAsync(address)).StatusCode);
        await house.Page.GetByRole(AriaRole.Button, new() { Name = "Reprendre" }).ClickAsync();
        await Expect(house.Page.Locator("#link h1")).ToContainTextAsync("en direct");

        // A new address: the one before answers nobody, the partner gets the new one by mail.
        await house.Page.GetByRole(AriaRole.Button, new() { Name = "Nouvelle adresse…" }).ClickAsync();
        await house.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Faire une nouvelle adresse" }).ClickAsync();
        await Expect(house.Page.Locator(".toasts")).ToContainTextAsync("Une nouvelle adresse part");
        Assert.Equal(HttpStatusCode.NotFound, (await partner.GetAsync(address)).StatusCode);
        await Mails.Open(house, "regie@ponant.example", "Nouvelle adresse pour les pointages");
        address = await Mails.Address(house, "/shared/");
        Assert.Contains(";15;0;0;100", await partner.GetStringAsync(address));

        await house.Page.GotoAsync(link);
        await house.Page.GetByRole(AriaRole.Button, new() { Name = "Annuler la liaison…" }).ClickAsync();
        await house.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Annuler la liaison" }).ClickAsync();
        await Expect(house.Page.Locator("#link h1")).ToContainTextAsync("plus en direct depuis");
        Assert.Equal(HttpStatusCode.NotFound, (await partner.GetAsync(address)).StatusCode);
        await Mails.Open(house, "regie@ponant.example", $"{HouseName} ne partage plus ces pointages");
    }

    [Fact]
    public async Task A_partners_webhook_gets_each_version_signed_as_documented()
    {
        await using var house = await demo.SignIn(Demo.House);
        using var partner = new WebhookListener();
        var session = await SessionsJourney.NewSession(house.Page, "2027-07-09");
        await Outside(house, session, "Réseau Armor", "si@armor.example", partner.Address);
        await Expect(house.Page.Locator(".notice")).ToContainTextAsync("elle ne sera plus jamais affichée");
        var secret = (await house.Page.Locator(".notice [data-copy]").GetAttributeAsync("data-copy"))!;
        await house.Sound("link-webhook-secret");
        await house.Page.GetByRole(AriaRole.Link, new() { Name = "Voir la liaison" }).ClickAsync();
        await Expect(house.Page.Locator("#link-more")).ToContainTextAsync("aucun encore");
        Assert.DoesNotContain(secret, await house.Page.ContentAsync());
        var link = new Uri(house.Page.Url).AbsolutePath;

        await house.Page.GotoAsync(session);
        await Validate(house, "21");
        var post = await partner.Next();
        Assert.True(IsSigned(post, secret));
        Assert.False(IsSigned(post with { Body = post.Body.Replace("21", "22", StringComparison.Ordinal) }, secret));
        using (var body = JsonDocument.Parse(post.Body))
        {
            var root = body.RootElement;
            Assert.Equal(("1", 1, 21, 100), (post.Version, root.GetProperty("sourceVersion").GetInt32(), root.GetProperty("figures").GetProperty("sold").GetInt32(), root.GetProperty("capacity").GetInt32()));
            Assert.False(root.TryGetProperty("lines", out var lines) && lines.ValueKind != JsonValueKind.Null);
            Assert.DoesNotContain("63000", post.Body);
        }
        await house.Page.GotoAsync(link);
        await Expect(house.Page.Locator("#link-more")).ToContainTextAsync("version 1");

        // A partner's server that refuses is said on the open page, and nothing is lost.
        await IsLive(house.Page);
        partner.Answer = 503;
        await using var other = await demo.SignIn(Demo.House);
        await other.Page.GotoAsync(session);
        await Validate(other, "25");
        await Expect(house.Page.Locator("#link-more")).ToContainTextAsync("a répondu par une erreur (503)");
        await house.Sound("link-webhook-failing");
        partner.Answer = 204;
        // To the same machine by another name: the present tally goes there at once.
        await house.Page.GetByRole(AriaRole.Button, new() { Name = "Changer d’adresse…" }).ClickAsync();
        await house.Page.Locator("#f-webhook").FillAsync(partner.Address + "v2");
        await house.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Changer d’adresse" }).ClickAsync();
        await Expect(house.Page.Locator(".toasts")).ToContainTextAsync("L’adresse a changé");
        await Expect(house.Page.Locator("#link-more")).ToContainTextAsync("version 2");
        Assert.True(IsSigned(await partner.Next(answered: 204), secret));
    }

    /// <summary>As docs/api.md says it: nothing of the product's own code is used.</summary>
    private static bool IsSigned(WebhookListener.Post post, string secret)
    {
        var parts = post.Signature.Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["t"], CultureInfo.InvariantCulture));
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{parts["t"]}.{post.Body}"));
        return post.At - at < TimeSpan.FromMinutes(5) && CryptographicOperations.FixedTimeEquals(expected, Convert.FromHexString(parts["v1"]));
    }

    /// <summary>Offers a new session to the promoter; the link's address. The house stays on its page.</summary>
    private static async Task<string> Offer(IPage page, string date)
    {
        var session = await SessionsJourney.NewSession(page, date);
        await page.GotoAsync($"/links/new?session={Id(session)}");
        await Awake(page);
        await SessionsJourney.Choose(page, "counterpart", "Astérie");
        await Continue(page);
        await Expect(page.Locator("input[name=detail][value=TotalsOnly]")).ToBeVisibleAsync();
        await Continue(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Envoyer la demande" }).ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("en attente de réponse");
        await IsLive(page);
        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>The wizard for a partner without Guichet, totals only, up to its end.</summary>
    private static async Task Outside(Visit house, string session, string name, string email, string? webhook)
    {
        var page = house.Page;
        await page.GotoAsync($"/links/new?session={Id(session)}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Un partenaire sans Guichet" }).ClickAsync();
        await page.Locator("#f-name").FillAsync(name);
        await page.Locator("#f-email").FillAsync(email);
        if (webhook is not null)
        {
            await page.Locator("input[name=delivery][value=Webhook]").CheckAsync();
            await Continue(page);
            await Expect(page.Locator("[data-error-summary]")).ToContainTextAsync("Donnez l’adresse où envoyer les pointages");
            house.TakeComplaints();
            await page.Locator("#f-webhook").FillAsync(webhook);
        }
        await house.Sound(webhook is null ? "link-outside-csv" : "link-outside-webhook");
        await Continue(page);
        await Expect(page.Locator("#shared-preview")).ToBeVisibleAsync();
        await Continue(page);
        await Expect(page.Locator(".facts").First).ToContainTextAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la liaison" }).ClickAsync();
    }

    private static async Task<string> LinkOf(IPage page, string session)
    {
        await page.GotoAsync(session + "/links");
        return (await page.Locator("#session-links a.list-name").First.GetAttributeAsync("href"))!;
    }

    private static async Task Validate(Visit visit, string sold)
    {
        await visit.Ready();
        var cell = visit.Page.Locator("input[name='sold|placement-libre|plein-tarif|guichet']");
        await cell.FillAsync(sold);
        await cell.PressAsync("Control+Enter");
        await Expect(visit.Page.Locator(".toasts")).ToContainTextAsync($"{sold}\u00A0places vendues");
    }

    private static async Task Add(IPage page, string cell, int places)
    {
        var field = page.Locator($"input[name='{cell}']");
        await field.FillAsync((Number(await field.InputValueAsync()) + places).ToString(CultureInfo.InvariantCulture));
    }

    private static ILocator Sold(IPage page, string session) => page.Locator($"#session-figures [data-live='session/{Id(session)}/sold']");

    private static Task Continue(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Continuer" }).ClickAsync();

    private static Task Awake(IPage page) => page.WaitForFunctionAsync("() => [...document.querySelectorAll('[data-island]')].every((island) => 'ready' in island.dataset)");

    /// <summary>Until events reach the page: what happens from here on moves it.</summary>
    private static Task IsLive(IPage page) => Expect(page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");

    /// <summary>Leaves a mark that a reload would wipe out.</summary>
    private static Task Stays(IPage page) => page.EvaluateAsync("() => { window.stayed = true; }");

    private static Task<bool> HasStayed(IPage page) => page.EvaluateAsync<bool>("() => window.stayed === true");

    private static string Id(string session) => session[(session.LastIndexOf('/') + 1)..];

    private static int Number(string? shown) => int.Parse("0" + string.Concat((shown ?? "").Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture);

    private static string[] Lines(string csv) => csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
}

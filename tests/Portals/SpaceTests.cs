using System.Net;
using Guichet.Contacts;
using Guichet.Organisations;
using Guichet.Portals;
using Guichet.Support;
using Guichet.Tests.Contacts;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Portals;

/// <summary>A contact's own space, as a browser sees it.</summary>
public sealed class SpaceTests(SpaceWorld world) : IClassFixture<SpaceWorld>
{
    private const string Cookie = "guichet-space-house";

    [Fact]
    public async Task The_mailed_link_lets_choose_a_password_once_and_the_password_lets_in()
    {
        var (id, _, email) = await world.Made("Chantal", details: ContactSamples.Person with { Language = Language.English });
        await world.Do(() => world.Contact(id).OpenAccount(new OpenContactAccount(null) { Id = Guid.NewGuid(), By = world.House.Administrator }));
        await world.DrainOutbox();
        Assert.Contains("Your account at Théâtre du Port", world.Mail.Sent.Last(mail => mail.To == email).Subject, StringComparison.Ordinal);
        var link = world.Mail.LastLink(email);
        Assert.StartsWith("/space/house/password/new?link=", link, StringComparison.Ordinal);

        using var browser = world.Browser();
        Assert.Contains("guessed", (await browser.Submit(link, "new-password", new() { ["password"] = email })).Text, StringComparison.Ordinal);
        var chosen = await browser.Submit(link, "new-password", new() { ["password"] = SpaceWorld.Password });
        Assert.Equal(HttpStatusCode.Found, chosen.Status);
        var cookie = Assert.Single(chosen.SetCookies, set => set.StartsWith(Cookie, StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        // In the contact's language, unless this browser chose another.
        Assert.Contains("lang=\"en\"", (await browser.Get("/space/house/details")).Text, StringComparison.Ordinal);
        browser.SetCookie("guichet-language", "fr");
        Assert.Contains("Mes coordonnées", (await browser.Get("/space/house/details")).Text, StringComparison.Ordinal);

        using var another = world.Browser();
        Assert.Contains("already been used", (await another.Get(link)).Text, StringComparison.Ordinal);
        Assert.Contains("already been used", (await another.Get("/space/other/password/new?" + link.Split('?')[1])).Text, StringComparison.Ordinal);
        (await world.SignIn(email.ToUpperInvariant())).Dispose();
    }

    [Fact]
    public async Task Whatever_is_wrong_the_answer_is_the_same()
    {
        var (_, _, right) = await world.WithAccount("Chantal");
        var (suspended, _, suspendedEmail) = await world.WithAccount("Suspendue");
        await world.Do(() => world.Contact(suspended).SuspendAccount(new SuspendContactAccount(true) { Id = Guid.NewGuid(), By = world.House.Administrator }));
        var (waiting, _, waitingEmail) = await world.Made("Attend");
        await world.Do(() => world.Contact(waiting).OpenAccount(new OpenContactAccount(null) { Id = Guid.NewGuid(), By = world.House.Administrator }));
        var (_, _, without) = await world.Made("Sans");
        var (_, _, elsewhere) = await world.WithAccount("Ailleurs", world.Other);

        var answers = new List<string>();
        foreach (var (identifier, password) in new[] { (right, "another password"), ("nobody@port.example", SpaceWorld.Password), (suspendedEmail, SpaceWorld.Password), (waitingEmail, SpaceWorld.Password), (without, SpaceWorld.Password), (elsewhere, SpaceWorld.Password) })
        {
            using var browser = world.Browser();
            var answer = await browser.Submit("/space/house/sign-in", "sign-in", new() { ["identifier"] = identifier, ["password"] = password });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
            Assert.Null(browser.Cookie(Cookie));
            answers.Add(SpaceWorld.Plain(answer.Text).Replace($"value=\"{identifier}\"", "value=\"\"", StringComparison.Ordinal));
        }
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        (await world.SignIn(right)).Dispose();
    }

    [Fact]
    public async Task Who_forgot_the_password_is_answered_alike_and_only_who_has_an_account_gets_a_mail()
    {
        var (_, _, email) = await world.WithAccount("Oublieuse");
        var (_, _, without) = await world.Made("Sansrien");
        await world.DrainOutbox();
        var before = world.Mail.Sent.Count;
        var answers = new List<string>();
        foreach (var typed in new[] { email, without, "nobody@port.example" })
        {
            using var browser = world.Browser();
            var answer = await browser.Submit("/space/house/password/forgotten", "forgotten", new() { ["identifier"] = typed });
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            answers.Add(SpaceWorld.Plain(answer.Text).Replace(typed, "…", StringComparison.Ordinal));
        }
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        await world.DrainOutbox();
        Assert.Equal(email, Assert.Single(world.Mail.Sent.Skip(before)).To);
        using var mended = world.Browser();
        Assert.Equal(HttpStatusCode.Found, (await mended.Submit(world.Mail.LastLink(email), "new-password", new() { ["password"] = "une jument alezane" })).Status);

        // So often, and then it waits.
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            using var browser = world.Browser();
            statuses.Add((await browser.Submit("/space/house/password/forgotten", "forgotten", new() { ["identifier"] = "often@port.example" })).Status);
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    [Fact]
    public async Task A_guesser_is_held_up_whether_the_identifier_exists_or_not()
    {
        var (_, _, email) = await world.WithAccount("Devinée");
        foreach (var identifier in new[] { email, "ghost@port.example" })
        {
            using var browser = world.Browser();
            var statuses = new List<HttpStatusCode>();
            for (var i = 0; i < 12; i++)
            {
                // The network's own limit is not the one that is looked at.
                world.Time.Advance(TimeSpan.FromSeconds(4));
                statuses.Add((await browser.Submit("/space/house/sign-in", "sign-in", new() { ["identifier"] = identifier, ["password"] = "wrong" })).Status);
            }
            Assert.Equal(HttpStatusCode.UnprocessableEntity, statuses[0]);
            Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        }
    }

    [Fact]
    public async Task Each_sign_in_has_a_new_secret_and_a_new_password_ends_the_others()
    {
        var (_, _, email) = await world.WithAccount("Chantal");
        using var browser = await world.SignIn(email);
        using var elsewhere = await world.SignIn(email);
        var first = browser.Cookie(Cookie)!;
        Assert.NotEqual(first, elsewhere.Cookie(Cookie));
        var changed = await browser.Submit("/space/house/account", "password", new() { ["present"] = "not it", ["password"] = "une jument alezane" });
        Assert.Contains("isn’t your present password", changed.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.Submit("/space/house/account", "password", new() { ["present"] = SpaceWorld.Password, ["password"] = "une jument alezane" })).Status);
        Assert.NotEqual(first, browser.Cookie(Cookie));
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/space/house/account")).Status);
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.Get("/space/house/account")).Status);
        await browser.Submit("/space/house/account", null, action: "/space/house/sign-out");
        Assert.Null(browser.Cookie(Cookie));
        Assert.Equal("/space/house/sign-in?back=%2Fspace%2Fhouse%2Faccount", (await browser.Get("/space/house/account")).Location);
    }

    [Fact]
    public async Task Two_houses_are_two_accounts_and_a_session_of_one_opens_nothing_of_the_other()
    {
        var email = $"{Guid.NewGuid():N}@dupont.example";
        await world.WithAccount("Chantal", email: email);
        await world.WithAccount("Chantal", world.Other, email: email);
        using var browser = await world.SignIn(email);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/space/house/details")).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/space/other/details")).Status);
        // Its secret under the other's name.
        using (var forger = world.Browser())
        {
            forger.SetCookie("guichet-space-other", browser.Cookie(Cookie)!);
            Assert.Equal(HttpStatusCode.Found, (await forger.Get("/space/other/details")).Status);
        }
        await browser.Submit("/space/other/sign-in", "sign-in", new() { ["identifier"] = email, ["password"] = SpaceWorld.Password });
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await browser.Get("/space/other/details")).Status, (await browser.Get("/space/house/details")).Status));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get("/space/nowhere/sign-in")).Status);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/contacts")]
    [InlineData("/space/other/details")]
    public async Task Going_back_leads_to_this_houses_space_alone(string back)
    {
        var (_, _, email) = await world.WithAccount("Chantal");
        using var browser = world.Browser();
        var entered = await browser.Submit($"/space/house/sign-in?back={Uri.EscapeDataString(back)}", "sign-in", new() { ["identifier"] = email, ["password"] = SpaceWorld.Password });
        Assert.EndsWith("/space/house", entered.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_contact_changes_of_itself_is_on_its_journal_in_its_own_name()
    {
        var (id, _, email) = await world.WithAccount("Chantal");
        using var browser = await world.SignIn(email);
        var refused = await browser.Submit("/space/house/details", "own", new() { ["mobile"] = "demain", ["postcode"] = "29200", ["line1"] = "2, rue de la Porte" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("isn’t a telephone number", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"2, rue de la Porte\"", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.Submit("/space/house/details", "own", new() { ["mobile"] = "06 12 34 56 78", ["mobileCountry"] = "FR", ["phoneCountry"] = "FR", ["country"] = "FR", ["postcode"] = "29200", ["line1"] = "2, rue de la Porte", ["language"] = "French" })).Status);
        Assert.StartsWith("Chantal Dupont 3", Assert.Single(await world.Journal(id, "change-own-details")), StringComparison.Ordinal);
        using var caller = Caller.As(world.House.Administrator);
        var view = (await world.Contact(id).View())!;
        Assert.Equal(("+33612345678", "Brest", "Chantal Dupont"), (view.Details.Mobile, view.Details.Addresses[0].City, view.ChangedBy));
    }

    [Fact]
    public async Task Consents_are_given_and_withdrawn_with_the_words_that_the_page_showed()
    {
        var name = $"Programme {Guid.NewGuid():N}"[..20];
        var settings = world.House.Grain<IContactSettingsGrain>(world.Node, ContactSettingsKey.Id);
        long revision;
        using (Caller.As(world.House.Administrator)) revision = (await settings.View()).Revision;
        await world.Do(() => settings.SetCategories(new SetConsentCategories([new ConsentCategory(name, [new ConsentWording("2026", "J’accepte le programme.")])], revision) { Id = Guid.NewGuid(), By = world.House.Administrator }));
        var (id, _, email) = await world.WithAccount("Chantal");
        using var browser = await world.SignIn(email);
        Assert.Contains("J’accepte le programme.", (await browser.Get("/space/house/consents")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.Submit("/space/house/consents", null, new() { ["do"] = "give" }, "/space/house/consents/choose")).Status);
        using (Caller.As(world.House.Administrator))
        {
            var consent = Assert.Single((await world.Contact(id).View())!.Consents);
            Assert.Equal((ConsentChannel.Email, "J’accepte le programme.", "Own space, by the contact", "Chantal Dupont"), (consent.Channel, consent.Given.Wording, consent.Given.Where, consent.GivenBy));
        }
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Found, (await browser.Submit("/space/house/consents", null, new() { ["do"] = "withdraw" }, "/space/house/consents/choose")).Status);
        using (Caller.As(world.House.Administrator))
            Assert.Equal("Chantal Dupont", Assert.Single((await world.Contact(id).View())!.Consents).WithdrawnBy);
        // What the house never asked for isn't given by a form of one's own making.
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Submit("/space/house/consents", null, new() { ["do"] = "give", ["category"] = "Tout" }, "/space/house/consents/choose")).Status);
    }

    [Fact]
    public async Task Purchases_are_the_contacts_own()
    {
        var (id, _, email) = await world.WithAccount("Chantal");
        var (other, _, _) = await world.Made("Autre");
        foreach (var (contact, order) in new[] { (id, $"C-{id[^6..]}"), (other, "C-ELSE") })
            await world.Do(() => world.Contact(contact).RecordActivities(new RecordActivities([new ContactActivity("till", $"p-{contact}", 1, world.Time.GetUtcNow(),
                new Purchase(order, "EUR", [new PurchaseLine(ProductKind.Ticket, "Nuit de sel", null, null, 2, null, null, 9_000, null, null)], "Web", null))])
            { Id = Guid.NewGuid(), By = world.House.Administrator }));
        using var browser = await world.SignIn(email);
        var page = (await browser.Get("/space/house/purchases")).Text;
        Assert.Contains($"C-{id[^6..]}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("C-ELSE", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Support_opens_a_clients_space_to_read_and_every_look_is_on_the_clients_record()
    {
        var (client, number, clientEmail) = await world.WithAccount("Cliente");
        var (_, _, supportEmail) = await world.WithAccount("Gwenn", details: ContactSamples.Person with { Types = [ContactType.Support], Name = "Morvan" });
        using var support = await world.SignIn(supportEmail);
        Assert.EndsWith("/space/house/support", (await support.Get("/space/house")).Location, StringComparison.Ordinal);
        var (_, _, without) = await world.Made("Sanscompte");
        var (_, _, elsewhere) = await world.WithAccount("Ailleurs", world.Other);

        // Found by what is said whole, and nobody is answered like one without account.
        var answers = new List<string>();
        foreach (var whom in new[] { "client", without, elsewhere, supportEmail, "999999", "%", "*" })
        {
            var refused = await support.Submit("/space/house/support", "visit", new() { ["whom"] = whom, ["reason"] = "Appel du matin" });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            answers.Add(SpaceWorld.Plain(refused.Text).Replace($"value=\"{whom}\"", "", StringComparison.Ordinal));
        }
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await support.Submit("/space/house/support", "visit", new() { ["whom"] = clientEmail, ["reason"] = "?" })).Status);
        Assert.Empty(await world.Journal(client, "open-support-visit"));
        world.Time.Advance(TimeSpan.FromMinutes(10));

        foreach (var whom in new[] { number.ToString(System.Globalization.CultureInfo.InvariantCulture), clientEmail.ToUpperInvariant() })
            Assert.Equal(HttpStatusCode.Found, (await support.Submit("/space/house/support", "visit", new() { ["whom"] = whom, ["reason"] = "Appel du matin" })).Status);
        var opened = await support.Submit("/space/house/support", "visit", new() { ["whom"] = clientEmail, ["reason"] = "Commande perdue" });
        var visit = opened.Location![opened.Location!.IndexOf("/space", StringComparison.Ordinal)..];
        Assert.StartsWith("/space/house/visits/", visit, StringComparison.Ordinal);
        Assert.Equal(3, (await world.Journal(client, "open-support-visit")).Count);
        var seen = await support.Get(visit);
        Assert.Contains("Seen by support", seen.Text, StringComparison.Ordinal);
        Assert.Contains(clientEmail, seen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("form-token\" value", seen.Text.Split("<main")[1].Split("</main>")[0], StringComparison.Ordinal);
        await support.Get(visit.Replace("/details", "/consents", StringComparison.Ordinal));
        await support.Get(visit.Replace("/details", "/purchases", StringComparison.Ordinal));
        var looks = await world.Journal(client, "record-support-view");
        Assert.Equal(["details", "consents", "purchases"], looks.Select(look => System.Text.RegularExpressions.Regex.Match(look, "\"page\":\"([a-z]+)\"").Groups[1].Value));
        Assert.All(looks, look => Assert.Contains("Gwenn Morvan 3", look, StringComparison.Ordinal));
        Assert.All(looks, look => Assert.Contains("Commande perdue", look, StringComparison.Ordinal));

        // The client sees them, and so does the house.
        using var herself = await world.SignIn(clientEmail);
        Assert.Contains("Commande perdue", (await herself.Get("/space/house/account")).Text, StringComparison.Ordinal);
        using var house = world.Node.Browser(world.House.Cookie);
        Assert.Contains("Commande perdue", await house.GetStringAsync($"/contacts/{client}/administration"), StringComparison.Ordinal);

        // Another of the support has a visit of its own; an hour later it is over; who isn't of the support has none.
        var (_, _, colleague) = await world.WithAccount("Yann", details: ContactSamples.Person with { Types = [ContactType.Support] });
        using var other = await world.SignIn(colleague);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Get(visit)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await herself.Get(visit)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await herself.Get("/space/house/support")).Status);
        world.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.Gone, (await support.Get(visit)).Status);
        Assert.Equal(3, (await world.Journal(client, "record-support-view")).Count);
    }

    [Fact]
    public async Task The_quick_form_the_summary_and_the_list_open_and_mend_accounts()
    {
        using var house = world.Browser();
        house.SetCookie("guichet-session", world.House.Cookie);
        var email = $"{Guid.NewGuid():N}@dupont.example";
        Dictionary<string, string> typed = new() { ["kind"] = "Individual", ["title"] = "Madame", ["name"] = "Rapide", ["firstName"] = "Ana", ["country"] = "FR", ["postcode"] = "29200", ["account"] = "true", ["do"] = "create" };
        var refused = await house.Submit("/contacts/new", "contact", typed);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("needs an e-mail address", refused.Text, StringComparison.Ordinal);
        typed["email"] = email;
        var made = await house.Submit("/contacts/new", "contact", typed);
        Assert.Equal(HttpStatusCode.Found, made.Status);
        var record = made.Location![made.Location!.IndexOf("/contacts", StringComparison.Ordinal)..];
        var summary = (await house.Get(record)).Text;
        Assert.Contains(email, summary, StringComparison.Ordinal);
        Assert.Contains("waits for its password", summary, StringComparison.Ordinal);
        await world.DrainOutbox();
        Assert.Contains("/space/house/password/new", world.Mail.LastLink(email), StringComparison.Ordinal);

        // The same e-mail is another's: said before anything is made.
        typed["name"] = "Seconde";
        var taken = await house.Submit("/contacts/new", "contact", typed);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, taken.Status);
        Assert.Contains("RAPIDE, Ana", taken.Text, StringComparison.Ordinal);

        var before = world.Mail.Sent.Count;
        var (without, _, _) = await world.Made("Sans");
        Assert.Equal(HttpStatusCode.Found, (await house.Submit(record, null, action: $"{record}/account/link")).Status);
        var sent = await house.Submit(await house.Get("/contacts"), "/contacts", "bulk", new() { ["contact"] = record[^20..] });
        Assert.NotEqual(HttpStatusCode.InternalServerError, sent.Status);
        var token = System.Text.RegularExpressions.Regex.Match((await house.Get("/contacts")).Text, "name=\"form-token\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var picked = new FormUrlEncodedContent([new("form-token", token), new("command", Guid.NewGuid().ToString()), new("contact", record[^20..]), new("contact", without)]);
        using var links = await house.Client.PostAsync("/contacts/password-links", picked);
        Assert.Equal(HttpStatusCode.Found, links.StatusCode);
        Assert.Contains("1\u00A0link sent. 1 refused", WebUtility.HtmlDecode((await house.Get("/contacts")).Text), StringComparison.Ordinal);
        await world.DrainOutbox();
        Assert.Equal(2, world.Mail.Sent.Skip(before).Count(mail => mail.To == email));
        Assert.Contains("RAPIDE", (await house.Get("/contacts?account=true&q=Rapide")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("RAPIDE", (await house.Get("/contacts?account=false&q=Rapide")).Text, StringComparison.Ordinal);
    }
}

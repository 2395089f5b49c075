using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Guichet.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Organisations;

/// <summary>Signing in and out, as a browser does it: over HTTP, on the whole web front and a real database.</summary>
public sealed class SignInTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Password = "un cheval de trait";
    private const string Session = "guichet-session";

    private readonly ManualTime time = new();
    private readonly string email = $"{Guid.NewGuid():N}@port.example";

    [Fact]
    public async Task The_right_password_opens_the_page_that_was_asked_for()
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();

        var turnedAway = await browser.Get("/administration/timeline?who=x");
        Assert.Equal((HttpStatusCode.Found, "/sign-in?back=%2Fadministration%2Ftimeline%3Fwho%3Dx"), (turnedAway.Status, turnedAway.Location));
        var entered = await browser.Submit(turnedAway.Location!, "sign-in", new() { ["email"] = email.ToUpperInvariant(), ["password"] = Password });
        Assert.Equal((HttpStatusCode.Found, "/administration/timeline?who=x"), (entered.Status, Path(entered)));
        var cookie = Assert.Single(entered.SetCookies, set => set.StartsWith(Session, StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
        Assert.Equal("/", Path(await browser.Get("/sign-in")));
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Going_back_never_leads_elsewhere(string back)
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        var entered = await browser.Submit($"/sign-in?back={Uri.EscapeDataString(back)}", "sign-in", new() { ["email"] = email, ["password"] = Password });
        Assert.Equal("/", Path(entered));
    }

    [Fact]
    public async Task Whatever_is_wrong_the_answer_is_the_same()
    {
        await using var site = await Start();
        var house = await Found(site);
        var (disabled, invited) = ($"{Guid.NewGuid():N}@port.example", $"{Guid.NewGuid():N}@port.example");
        using (Caller.As(house.Claire))
        {
            await house.Grain.Invite(new InviteOperator(house.Hugo.Id, disabled, "Hugo", Role.Reader, Language.Browser) { Id = Guid.NewGuid(), By = house.Claire });
            await house.Grain.Invite(new InviteOperator(Ids.New(time), invited, "Ida", Role.Reader, Language.Browser) { Id = Guid.NewGuid(), By = house.Claire });
        }
        using (Caller.As(house.Hugo))
            await house.Grain.AcceptInvitation(new AcceptInvitation(house.Hugo.Id, 1, "Hugo", Language.Browser)
            {
                Id = Guid.NewGuid(),
                By = house.Hugo,
                Password = await site.Services.GetRequiredService<Passwords>().Hash(Password, CancellationToken.None),
            });
        using (Caller.As(house.Claire)) await house.Grain.DisableOperator(new DisableOperator(house.Hugo.Id) { Id = Guid.NewGuid(), By = house.Claire });

        var answers = new List<string>();
        foreach (var (address, password) in new[] { (email, "another password"), ("nobody@port.example", Password), (disabled, Password), (invited, Password), ("", ""), (email, new string('x', 10_000)) })
        {
            using var browser = site.Browser();
            var answer = await browser.Submit("/sign-in", "sign-in", new() { ["email"] = address, ["password"] = password });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
            Assert.Null(browser.Cookie(Session));
            answers.Add(WithoutToken(answer.Text).Replace(address.Length > 0 ? $"value=\"{address}\"" : "\0", "value=\"\"", StringComparison.Ordinal).Replace(" autofocus", "", StringComparison.Ordinal));
        }
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        using var right = site.Browser();
        await right.SignIn(email, Password);
    }

    [Fact]
    public async Task Each_sign_in_has_a_new_secret_and_ends_the_one_that_the_browser_had()
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        await browser.SignIn(email, Password);
        var first = browser.Cookie(Session)!;
        await browser.Submit("/account", null, action: "/sign-out");
        Assert.Null(browser.Cookie(Session));
        Assert.Equal(HttpStatusCode.Found, (await With(site, first, "/account")).Status);

        await browser.SignIn(email, Password);
        var second = browser.Cookie(Session)!;
        Assert.NotEqual(first, second);
        // Coming in by a link while still signed in.
        await browser.Submit("/password/forgotten", "forgotten", new() { ["email"] = email });
        await site.DrainOutbox();
        Assert.Equal(HttpStatusCode.Found, (await browser.Submit(site.Mail.LastLink(email), "new-password", new() { ["password"] = "une jument alezane" })).Status);
        Assert.NotEqual(second, browser.Cookie(Session));
        Assert.Equal(HttpStatusCode.Found, (await With(site, second, "/account")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
    }

    [Fact]
    public async Task A_forged_cookie_opens_nothing()
    {
        await using var site = await Start();
        await Found(site);
        foreach (var forged in new[] { Secrets.New(), "x", "", new string('0', 52), "' OR 1=1 --" })
            Assert.Equal(HttpStatusCode.Found, (await With(site, forged, "/account")).Status);
    }

    [Fact]
    public async Task A_session_ends_twelve_hours_after_it_was_last_used()
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        await browser.SignIn(email, Password);
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromHours(11.5));
            Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
        }
        time.Advance(TimeSpan.FromHours(12.2));
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/account")).Status);
    }

    [Fact]
    public async Task A_session_ends_thirty_days_after_it_began_however_much_it_is_used()
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        await browser.SignIn(email, Password);
        for (var i = 0; i < 65; i++)
        {
            time.Advance(TimeSpan.FromHours(11));
            Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
        }
        time.Advance(TimeSpan.FromHours(5.5));
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/account")).Status);
    }

    [Fact]
    public async Task A_new_password_ends_every_other_session_at_once_and_their_open_pages()
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        using var elsewhere = site.Browser();
        await browser.SignIn(email, Password);
        await elsewhere.SignIn(email, Password);
        var before = browser.Cookie(Session)!;
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.Get("/account")).Status);
        var page = await OpenPage(elsewhere);

        var wrong = await browser.Submit("/account", "password", new() { ["present"] = "not this one", ["password"] = "une jument alezane" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Contains("This isn’t your present password.", wrong.Text, StringComparison.Ordinal);
        var changed = await browser.Submit("/account", "password", new() { ["present"] = Password, ["password"] = "une jument alezane" });
        Assert.Equal((HttpStatusCode.Found, "/account"), (changed.Status, Path(changed)));

        Assert.Contains("event: ended", await page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.Get("/account")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
        Assert.NotEqual(before, browser.Cookie(Session));
        Assert.Equal(HttpStatusCode.Found, (await With(site, before, "/account")).Status);
        using var old = site.Browser();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await old.Submit("/sign-in", "sign-in", new() { ["email"] = email, ["password"] = Password })).Status);
        await site.DrainOutbox();
        Assert.Contains(site.Mail.Sent, mail => mail.To == email && mail.Subject.Contains("a changé", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disabling_someone_ends_their_sessions_at_once()
    {
        await using var site = await Start();
        var house = await Found(site);
        var (hugo, hugosEmail) = await Hugo(site, house, Role.Administrator);
        using var administrator = site.Browser();
        await administrator.SignIn(email, Password);
        using var browser = site.Browser();
        await browser.SignIn(hugosEmail, Password);
        var page = await OpenPage(browser);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/administration/tokens")).Status);

        var disabled = await administrator.Submit($"/administration/operators/{hugo.Id}", "disable");
        Assert.Equal(HttpStatusCode.Found, disabled.Status);
        Assert.Contains("event: ended", await page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/account")).Status);
        Assert.Equal(HttpStatusCode.OK, (await administrator.Get("/account")).Status);
    }

    [Fact]
    public async Task A_lesser_role_is_in_force_at_once()
    {
        await using var site = await Start();
        var house = await Found(site);
        var (hugo, hugosEmail) = await Hugo(site, house, Role.Administrator);
        using var browser = site.Browser();
        await browser.SignIn(hugosEmail, Password);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/administration/operators/new")).Status);
        using (Caller.As(house.Claire))
            await house.Grain.ChangeOperator(new ChangeOperator(hugo.Id, "Hugo", Role.Reader) { Id = Guid.NewGuid(), By = house.Claire });
        await Until(async () => (await browser.Get("/administration/operators/new")).Status == HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/administration/operators")).Status);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_and_signing_out_one_browser_only_that_one()
    {
        await using var site = await Start();
        await Found(site);
        using var one = site.Browser();
        using var two = site.Browser();
        await one.SignIn(email, Password);
        time.Advance(TimeSpan.FromSeconds(1));
        await two.SignIn(email, Password);
        var pageOfOne = await OpenPage(one);

        var ended = await two.Submit("/account", $"end-{await IdOfOther(site)}");
        Assert.Equal(HttpStatusCode.Found, ended.Status);
        Assert.Contains("event: ended", await pageOfOne, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await one.Get("/account")).Status);
        Assert.Equal(HttpStatusCode.OK, (await two.Get("/account")).Status);

        await one.SignIn(email, Password);
        Assert.Equal("/sign-in", Path(await two.Submit("/account", "everywhere")));
        Assert.Equal(HttpStatusCode.Found, (await one.Get("/account")).Status);
        Assert.Equal(HttpStatusCode.Found, (await two.Get("/account")).Status);

        async Task<string> IdOfOther(TestSite of)
        {
            var sessions = await of.Services.GetRequiredService<SignIns>().Fitting(email, Password, CancellationToken.None);
            var list = await of.Services.GetRequiredService<WebSessions>().Of(sessions[0].Organisation, sessions[0].OperatorId, CancellationToken.None);
            return list.OrderBy(session => session.Id, StringComparer.Ordinal).First().Id;
        }
    }

    [Fact]
    public async Task Too_many_tries_for_one_address_must_wait_whether_anyone_has_it_or_not()
    {
        await using var site = await Start();
        await Found(site);
        foreach (var address in new[] { email, $"{Guid.NewGuid():N}@nobody.example" })
        {
            // Each from a fresh allowance of this machine's own address.
            time.Advance(TimeSpan.FromMinutes(10));
            using var browser = site.Browser();
            for (var i = 0; i < 10; i++)
                Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Try(browser, address, "wrong")).Status);
            var refused = await Try(browser, address, Password);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
            Assert.Equal(TimeSpan.FromSeconds(30), refused.Response.Headers.RetryAfter!.Delta);
        }
        time.Advance(TimeSpan.FromSeconds(31));
        using var patient = site.Browser();
        await patient.SignIn(email, Password);
    }

    [Fact]
    public async Task Too_many_tries_from_one_network_must_wait()
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Try(browser, $"{i}@nobody.example", "wrong")).Status);
        var refused = await Try(browser, email, Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal(TimeSpan.FromSeconds(3), refused.Response.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/sign-in")).Status);
        time.Advance(TimeSpan.FromSeconds(4));
        await browser.SignIn(email, Password);
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_a_mailed_link_that_works_once()
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        var known = await browser.Submit("/password/forgotten", "forgotten", new() { ["email"] = email });
        var unknown = await browser.Submit("/password/forgotten", "forgotten", new() { ["email"] = "nobody@port.example" });
        Assert.Equal(WithoutToken(known.Text).Replace(email, "", StringComparison.Ordinal), WithoutToken(unknown.Text).Replace("nobody@port.example", "", StringComparison.Ordinal));
        await site.DrainOutbox();
        Assert.DoesNotContain(site.Mail.Sent, mail => mail.To == "nobody@port.example");
        var link = site.Mail.LastLink(email);
        Assert.StartsWith("/password/new?link=", link, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.Submit(link, "new-password", new() { ["password"] = "court" })).Status);
        var form = await browser.Get(link);
        Assert.Equal("/", Path(await browser.Submit(form, link, "new-password", new() { ["password"] = "une jument alezane" })));
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
        Assert.Contains("already been used", (await browser.Get(link)).Text, StringComparison.Ordinal);
        using var again = site.Browser();
        await again.SignIn(email, "une jument alezane");
    }

    [Fact]
    public async Task Another_address_signs_in_once_it_is_confirmed_and_the_one_before_is_told()
    {
        await using var site = await Start();
        await Found(site);
        var other = $"{Guid.NewGuid():N}@port.example";
        using var browser = site.Browser();
        await browser.SignIn(email, Password);
        var wrong = await browser.Submit("/account", "email", new() { ["email"] = other, ["proof"] = "pas celui-là" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal("/account", Path(await browser.Submit(wrong, "/account", "email", new() { ["email"] = other, ["proof"] = Password })));
        Assert.Contains($"{other} waits to be confirmed", (await browser.Get("/account")).Text, StringComparison.Ordinal);
        await site.DrainOutbox();
        Assert.DoesNotContain(site.Mail.Sent, mail => mail.To == email);
        var link = site.Mail.LastLink(other);
        Assert.StartsWith("/email?link=", link, StringComparison.Ordinal);

        using var elsewhere = site.Browser();
        var shown = await elsewhere.Get(link);
        Assert.Contains(other, shown.Text, StringComparison.Ordinal);
        using (var early = site.Browser()) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Try(early, other, Password)).Status);
        Assert.Equal("/account", Path(await elsewhere.Submit(shown, link, "confirm-email")));
        await site.DrainOutbox();

        Assert.Contains(other, Assert.Single(site.Mail.Sent, mail => mail.To == email).Text, StringComparison.Ordinal);
        Assert.Contains("already been used", (await elsewhere.Get(link)).Text, StringComparison.Ordinal);
        Assert.Contains(other, (await browser.Get("/account")).Text, StringComparison.Ordinal);
        using var before = site.Browser();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Try(before, email, Password)).Status);
        using var after = site.Browser();
        await after.SignIn(other, Password);
    }

    [Fact]
    public async Task A_reset_link_works_for_two_hours_and_only_until_the_password_changes_otherwise()
    {
        await using var site = await Start();
        var house = await Found(site);
        using var browser = site.Browser();
        await browser.Submit("/password/forgotten", "forgotten", new() { ["email"] = email });
        await site.DrainOutbox();
        var late = site.Mail.LastLink(email);
        Assert.Contains("new-password", (await browser.Get(late)).Text, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("more than 2 hours old", (await browser.Get(late)).Text, StringComparison.Ordinal);

        await browser.Submit("/password/forgotten", "forgotten", new() { ["email"] = email });
        await site.DrainOutbox();
        var overtaken = site.Mail.LastLink(email);
        using (Caller.As(house.Claire))
            await house.Grain.ChangePassword(new ChangePassword { Id = Guid.NewGuid(), By = house.Claire, Password = await site.Services.GetRequiredService<Passwords>().Hash("une jument alezane", CancellationToken.None) });
        Assert.Contains("already been used", (await browser.Get(overtaken)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_for_links_again_and_again_must_wait()
    {
        await using var site = await Start();
        using var browser = site.Browser();
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await browser.Submit("/password/forgotten", "forgotten", new() { ["email"] = email })).Status);
        var refused = await browser.Submit("/password/forgotten", "forgotten", new() { ["email"] = email });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.NotNull(refused.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task An_invited_person_chooses_a_password_by_the_mailed_link_once()
    {
        await using var site = await Start();
        await Found(site);
        using var administrator = site.Browser();
        await administrator.SignIn(email, Password);
        var ida = $"{Guid.NewGuid():N}@port.example";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await administrator.Submit("/administration/operators/new", "invite", new() { ["name"] = "Ida\r\nBcc: x", ["email"] = ida, ["role"] = "Reader" })).Status);
        Assert.Equal("/administration/operators", Path(await administrator.Submit("/administration/operators/new", "invite", new() { ["name"] = "Ida", ["email"] = ida, ["role"] = "Reader" })));
        await site.DrainOutbox();
        var link = site.Mail.LastLink(ida);

        using var browser = site.Browser();
        Assert.Equal("/", Path(await browser.Submit(link, "invitation", new() { ["name"] = "Ida Roux", ["password"] = Password })));
        Assert.Contains("Ida Roux", (await browser.Get("/account")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.Get("/administration/tokens")).Status);
        using var thief = site.Browser();
        Assert.DoesNotContain("invitation\"", (await thief.Get(link)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("invitation\"", (await thief.Get($"/invitation?link={Secrets.New()}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_address_in_two_organisations_chooses_where_its_password_fits_both()
    {
        await using var site = await Start();
        await Found(site);
        await Theatre.Founded(site.Services, time, Password, People.Details with { Name = "Astérie" }, email);
        await Theatre.Founded(site.Services, time, "un autre mot de passe", People.Details with { Name = "Zénith" }, email);
        using var browser = site.Browser();
        var choice = await browser.Submit("/sign-in?back=/account", "sign-in", new() { ["email"] = email, ["password"] = Password });
        Assert.Equal(HttpStatusCode.OK, choice.Status);
        Assert.Contains("Astérie", choice.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Zénith", choice.Text, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(Session));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.Submit(choice, "/sign-in", "choose", new() { ["way"] = "2" })).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.Submit(choice, "/sign-in", "choose", new() { ["way"] = "0", ["ways"] = "forged" })).Status);
        Assert.Equal("/account", Path(await browser.Submit(choice, "/sign-in", "choose", new() { ["way"] = "0" })));
        Assert.Contains("Astérie", (await browser.Get("/account")).Text, StringComparison.Ordinal);

        using var direct = site.Browser();
        await direct.SignIn(email, "un autre mot de passe");
        Assert.Contains("Zénith", (await direct.Get("/account")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in", "sign-in")]
    [InlineData("/sign-out", null)]
    [InlineData("/password/forgotten", "forgotten")]
    [InlineData("/account", "account")]
    [InlineData("/administration", "organisation")]
    [InlineData("/administration/operators/new", "invite")]
    [InlineData("/administration/tokens", "token")]
    [InlineData("/notifications/read", null)]
    public async Task A_form_without_its_token_does_nothing(string path, string? form)
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        await browser.SignIn(email, Password);
        var fields = new Dictionary<string, string> { ["name"] = "x" };
        if (form is not null) fields["_handler"] = form;
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post(path, fields)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);
    }

    [Fact]
    public async Task A_token_opens_the_API_and_nothing_else_until_it_is_revoked_or_expires()
    {
        await using var site = await Start();
        var house = await Found(site);
        using var administrator = site.Browser();
        await administrator.SignIn(email, Password);
        var (token, id) = await Create("365");
        Assert.Equal("BoxOffice Caisse Token", await Call(token));
        Assert.Null(await Call(null));
        Assert.Null(await Call(Secrets.TokenPrefix + Secrets.New()));
        Assert.Null(await Call(token[..^1]));
        using var program = site.Browser();
        program.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal(HttpStatusCode.Found, (await program.Get("/account")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await administrator.Get("/api/v1/who")).Status);

        using (Caller.As(house.Claire)) await house.Grain.RevokeToken(new RevokeToken(id) { Id = Guid.NewGuid(), By = house.Claire });
        await Until(async () => await Call(token) is null);

        var (short_, _) = await Create("30");
        Assert.NotNull(await Call(short_));
        time.Advance(TimeSpan.FromDays(29));
        Assert.NotNull(await Call(short_));
        time.Advance(TimeSpan.FromDays(1.1));
        Assert.Null(await Call(short_));

        async Task<(string, string)> Create(string days)
        {
            var shown = await administrator.Submit("/administration/tokens", "token", new() { ["name"] = "Caisse", ["role"] = "BoxOffice", ["lasts"] = days });
            Assert.Equal(HttpStatusCode.OK, shown.Status);
            var made = Regex.Match(shown.Text, $"{Secrets.TokenPrefix}[0-9a-z]{{52}}").Value;
            Assert.DoesNotContain(made, (await administrator.Get("/administration/tokens")).Text, StringComparison.Ordinal);
            using var caller = Caller.As(house.Claire);
            return (made, (await house.Grain.View())!.Tokens[0].Id);
        }

        async Task<string?> Call(string? bearer)
        {
            using var client = new HttpClient { BaseAddress = site.Root };
            if (bearer is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            var answer = await client.GetAsync("/api/v1/who");
            if (answer.IsSuccessStatusCode) return await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            return null;
        }
    }

    [Theory]
    [InlineData("*/*", null, HttpStatusCode.Redirect)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "navigate", HttpStatusCode.Redirect)]
    [InlineData("*/*", "cors", HttpStatusCode.Unauthorized)]
    [InlineData("text/event-stream", null, HttpStatusCode.Unauthorized)]
    public async Task Whoever_takes_a_page_is_led_to_sign_in_and_the_rest_is_told_to(string accept, string? mode, HttpStatusCode status)
    {
        await using var site = await Start();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = site.Root };
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/sessions");
        ask.Headers.Add("Accept", accept);
        if (mode is not null) ask.Headers.Add("Sec-Fetch-Mode", mode);
        using var answer = await client.SendAsync(ask);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Reading_any_page_changes_nothing()
    {
        await using var site = await Start();
        await Found(site);
        using var browser = site.Browser();
        await browser.SignIn(email, Password);
        var before = await Lines();
        foreach (var path in new[] { "/sign-out", "/notifications/read", "/account", "/administration", "/administration/operators", "/administration/operators/new", "/administration/tokens", "/notifications" })
            await browser.Get(path);
        Assert.Equal(before, await Lines());
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).Status);

        async Task<long> Lines() => (long)(await database.Owner.CreateCommand("SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM outbox)").ExecuteScalarAsync())!;
    }

    private Task<TestSite> Start() => TestSite.Start(database.Product, time, app =>
        app.MapGet("/api/v1/who", (CurrentActor current) => $"{current.Actor.Role} {current.Actor.Name} {Caller.Current!.Kind}"));

    private Task<Theatre> Found(TestSite site) => Theatre.Founded(site.Services, time, Password, email: email);

    private async Task<(Actor Hugo, string Email)> Hugo(TestSite site, Theatre house, Role role)
    {
        var address = $"{Guid.NewGuid():N}@port.example";
        var hugo = house.Hugo with { Role = role };
        using (Caller.As(house.Claire))
            await house.Grain.Invite(new InviteOperator(hugo.Id, address, "Hugo", role, Language.Browser) { Id = Guid.NewGuid(), By = house.Claire });
        using (Caller.As(hugo))
            await house.Grain.AcceptInvitation(new AcceptInvitation(hugo.Id, 1, "Hugo", Language.Browser)
            {
                Id = Guid.NewGuid(),
                By = hugo,
                Password = await site.Services.GetRequiredService<Passwords>().Hash(Password, CancellationToken.None),
            });
        return (hugo, address);
    }

    private static string WithoutToken(string page) => Regex.Replace(page, "name=\"(form-token|command)\" value=\"[^\"]*\"", "");

    private static Task<Answer> Try(TestBrowser browser, string address, string password) =>
        browser.Submit("/sign-in", "sign-in", new() { ["email"] = address, ["password"] = password });

    /// <summary>Opens the page's event stream; the task that comes back has all that it said until it was closed.</summary>
    private static async Task<Task<string>> OpenPage(TestBrowser browser)
    {
        var answer = await browser.Client.GetAsync("/live?at=-", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var stream = await answer.Content.ReadAsStreamAsync();
        var first = new byte[16];
        await stream.ReadExactlyAsync(first);
        return Rest();

        async Task<string> Rest()
        {
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    private static async Task<Answer> With(TestSite site, string secret, string path)
    {
        using var browser = site.Browser();
        browser.Client.DefaultRequestHeaders.Add("Cookie", $"{Session}={secret}");
        return await browser.Get(path);
    }

    /// <summary>For what a stream carries to this node: at once, but on a thread of its own.</summary>
    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 1000; i++)
            if (await condition())
                return;
        Assert.Fail("It never came.");
    }

    private static string? Path(Answer answer) => answer.Location is { } location && Uri.TryCreate(location, UriKind.Absolute, out var uri) && uri.Scheme.StartsWith("http", StringComparison.Ordinal) ? uri.PathAndQuery : answer.Location;
}

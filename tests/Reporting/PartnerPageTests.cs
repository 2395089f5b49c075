using System.Collections.Concurrent;
using System.Net;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guichet.Tests.Reporting;

/// <summary>The page behind a link, as a browser without a session gets it.</summary>
public sealed class PartnerPageTests : IAsyncLifetime
{
    private readonly TestDatabase database = new();
    private readonly ManualTime time = new();
    private readonly Said said = new();
    private TestNode node = null!;
    private Tenant house = null!, other = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        node = await TestNode.Start(database.Product, time, services => services.AddSingleton<ILoggerProvider>(said).Configure<LoggerFilterOptions>(options => options.MinLevel = LogLevel.Trace));
        house = await Tenant.Found(node, "house", "Théâtre du Port");
        other = await Tenant.Found(node, "other", "Zorglub");
        http = node.Browser(null);
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await node.DisposeAsync();
        await database.DisposeAsync();
        Assert.True(node.Failures.ToString().Length == 0, node.Failures.ToString());
    }

    [Fact]
    public async Task Whoever_has_the_link_sees_that_partners_figures_and_nothing_else()
    {
        var (partner, session) = await Furnish(house, "Astérie", "Le Misanthrope", 40);
        var (_, hidden) = await Furnish(house, "Cachottier", "Tartuffe", 77);
        await Furnish(other, "Zinzin", "Zizanie", 99);
        await Save(house, partner, ReportTemplate.Default with { Columns = [ReportColumn.Sold, ReportColumn.Fill] });
        var (status, text, answer) = await Get(PartnerLinks.PathOf(await Issue(partner)));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Ventes – Astérie", text, StringComparison.Ordinal);
        Assert.Contains("Le Misanthrope", text, StringComparison.Ordinal);
        Assert.Contains(">40<", text, StringComparison.Ordinal);
        foreach (var secret in new[] { "Tartuffe", "Cachottier", "Zizanie", "Zinzin", "Zorglub", ">77<", ">99<", hidden, $"/sessions/{session}", "Recette", "claire@" })
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("noindex, nofollow", Assert.Single(answer.Headers.GetValues("X-Robots-Tag")));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        using var signIn = await http.GetAsync("/sign-in");
        Assert.Equal(signIn.Headers.GetValues("Content-Security-Policy"), answer.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain(" style=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("app-", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_in_the_partners_language_on_the_houses_letterhead_and_what_people_write_stays_text()
    {
        var (partner, _) = await Furnish(house, "<script>alert(1)</script>", "\"><img src=x onerror=alert(2)>", 40, Language.English);
        using (Caller.As(house.Administrator))
        {
            var letterhead = house.Grain<ILetterheadGrain>(node, LetterheadKey.Id);
            (await letterhead.Change(new ChangeLetterhead(new LetterheadDetails("#7a1f3d", null, null, "SIRET 123\n<b>Licence</b>"), 0) { Id = Guid.NewGuid(), By = house.Administrator })).Expect();
            (await letterhead.PutLogo(new PutLogo(LetterheadCoreTests.Png) { Id = Guid.NewGuid(), By = house.Administrator })).Expect();
        }
        var path = PartnerLinks.PathOf(await Issue(partner));
        var (_, text, _) = await Get(path, "fr");
        Assert.Contains("<html lang=\"en\"", text, StringComparison.Ordinal);
        Assert.Contains("Figures validated as of", text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Licence&lt;/b&gt;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, ":root { --house: #7a1f3d }\n"), ((await Get($"{path}/colour.css")).Status, (await Get($"{path}/colour.css")).Text));
        using var logo = await http.GetAsync($"{path}/logo");
        Assert.Equal((HttpStatusCode.OK, "image/png"), (logo.StatusCode, logo.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task What_is_unknown_expired_withdrawn_or_archived_is_one_plain_page()
    {
        var (partner, _) = await Furnish(house, "Astérie", "Le Misanthrope", 40);
        var (revoked, _) = await Furnish(house, "Retirée", "Le Misanthrope", 40);
        var (archived, _) = await Furnish(house, "Archivée", "Le Misanthrope", 40);
        var (expired, old, gone, buried) = (await Issue(partner), await Issue(partner), await Issue(revoked), await Issue(archived));
        await Act(revoked, (grain, id) => grain.RevokeLinks(new RevokePartnerLinks { Id = id, By = house.Administrator }));
        await Act(archived, (grain, id) => grain.Archive(new ArchivePartner(true) { Id = id, By = house.Administrator }));
        Assert.Equal(HttpStatusCode.OK, (await Get(PartnerLinks.PathOf(old))).Status);
        await Act(partner, (grain, id) => grain.ChangeLinkDays(new ChangePartnerLinkDays(1) { Id = id, By = house.Administrator }));
        time.Advance(TimeSpan.FromDays(1));
        var pages = new List<(HttpStatusCode, string, string)>();
        foreach (var secret in new[] { Secrets.NewShort(), expired, old, gone, buried, "x", new string('a', 4_000), "%C3%A9", "..%2f" })
            foreach (var part in new[] { "", "/logo", "/colour.css" })
            {
                var (status, text, answer) = await Get(PartnerLinks.PathOf(secret) + part);
                pages.Add((status, text, string.Join('|', answer.Headers.Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}"))));
            }
        Assert.True(pages.Distinct().Count() == 1, string.Join("\n----\n", pages.Distinct().Select(page => $"{page.Item1} {page.Item3}\n{page.Item2}")));
        Assert.Equal(HttpStatusCode.NotFound, pages[0].Item1);
        Assert.Contains("Cette page n’existe pas, ou plus", pages[0].Item2, StringComparison.Ordinal);
        Assert.Contains("This page doesn’t exist, or no longer does", (await Get("/r/x", "en")).Text, StringComparison.Ordinal);
        Assert.StartsWith("event: ended", await Stream(PartnerLinks.PathOf(gone)).Next(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partner_without_a_session_gets_a_page_that_says_so()
    {
        var partner = await Partner(house, "Seule", Language.French);
        var (status, text, _) = await Get(PartnerLinks.PathOf(await Issue(partner)));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Aucune séance à vous montrer pour l’instant", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_of_which_nothing_is_new_are_shown_whatever_the_template_leaves_out_of_mails()
    {
        var (partner, session) = await Furnish(house, "Astérie", "Le Misanthrope", 40);
        await Save(house, partner, ReportTemplate.Default with { ShowsUnchanged = false });
        await using (var told = database.Owner.CreateCommand("INSERT INTO partner_reported (organisation, partner_id, session_id, version, at) VALUES ('house', $1, $2, 1, now())"))
        {
            told.Parameters.Add(new() { Value = partner });
            told.Parameters.Add(new() { Value = session });
            await told.ExecuteNonQueryAsync();
        }
        Assert.Contains("Le Misanthrope", (await Get(PartnerLinks.PathOf(await Issue(partner)))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_stream_says_that_its_own_figures_moved_and_nothing_of_anybody_elses()
    {
        var (partner, session) = await Furnish(house, "Astérie", "Le Misanthrope", 40);
        var (_, hidden) = await Furnish(house, "Cachottier", "Tartuffe", 77);
        var secret = await Issue(partner);
        await using var stream = Stream(PartnerLinks.PathOf(secret));
        Assert.Contains("event: resync", await stream.Next(), StringComparison.Ordinal);

        await Sell(house, hidden, 78);
        await Sell(house, session, 41);
        Assert.Equal("event: named\ndata: [{\"name\":\"figures\",\"detail\":\"\"}]", await stream.NextButBeats());
        Assert.Contains(">41<", (await Get(PartnerLinks.PathOf(secret))).Text, StringComparison.Ordinal);

        await Act(partner, (grain, id) => grain.RevokeLinks(new RevokePartnerLinks { Id = id, By = house.Administrator }));
        Assert.Equal("event: ended\ndata: 0", await stream.NextButBeats());
        Assert.DoesNotContain(hidden, stream.All, StringComparison.Ordinal);
        Assert.DoesNotContain(session, stream.All, StringComparison.Ordinal);
        Assert.DoesNotContain("id:", stream.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_page_ends_when_its_link_does()
    {
        var (partner, _) = await Furnish(house, "Astérie", "Le Misanthrope", 40);
        var secret = await Issue(partner);
        await using var stream = Stream(PartnerLinks.PathOf(secret));
        Assert.Contains("event: resync", await stream.Next(), StringComparison.Ordinal);
        await Act(partner, (grain, id) => grain.ChangeLinkDays(new ChangePartnerLinkDays(1) { Id = id, By = house.Administrator }));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("event: ended\ndata: 0", await stream.NextButBeats());
    }

    [Fact]
    public async Task Guessing_is_slowed_down()
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 70; i++) answers.Add((await Get(PartnerLinks.PathOf(Secrets.NewShort()))).Status);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    [Fact]
    public async Task No_log_says_what_a_link_is_and_no_post_does_anything()
    {
        var (partner, session) = await Furnish(house, "Astérie", "Le Misanthrope", 40);
        var secret = await Issue(partner);
        Assert.Equal(HttpStatusCode.OK, (await Get(PartnerLinks.PathOf(secret))).Status);
        await using (var stream = Stream(PartnerLinks.PathOf(secret)))
        {
            await stream.Next();
            await Sell(house, session, 44);
            await stream.NextButBeats();
        }
        using var posted = await http.PostAsync(PartnerLinks.PathOf(secret), new StringContent("x"));
        Assert.NotEqual(HttpStatusCode.OK, posted.StatusCode);
        // As the product is hosted: the framework's own lines of each request are warnings and above.
        Assert.DoesNotContain(said.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        Assert.NotEmpty(said.Lines);
    }

    private async Task<(HttpStatusCode Status, string Text, HttpResponseMessage Answer)> Get(string path, string language = "fr")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptLanguage.ParseAdd(language);
        var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    private EventFrames Stream(string page) => new(http, $"{page}/live", time);

    private async Task<(string Partner, string Session)> Furnish(Tenant tenant, string name, string title, int sold, Language language = Language.French)
    {
        var (_, session) = await tenant.Play(node, title);
        await Sell(tenant, session, sold);
        var partner = await Partner(tenant, name, language);
        using (Caller.As(tenant.Administrator))
            (await tenant.Grain<IPartnerGrain>(node, partner).Associate(new AssociatePartner([session], []) { Id = Guid.NewGuid(), By = tenant.Administrator })).Expect();
        return (partner, session);
    }

    private async Task<string> Partner(Tenant tenant, string name, Language language)
    {
        var partner = Ids.New(TimeProvider.System);
        using var caller = Caller.As(tenant.Administrator);
        (await tenant.Grain<IPartnerGrain>(node, partner).Create(new CreatePartner(
            new PartnerDetails(name, PartnerGroup.Partners, [new PartnerAddress("a@b.example", RecipientKind.To, null)], language, null))
        { Id = Guid.NewGuid(), By = tenant.Administrator })).Expect();
        return partner;
    }

    private async Task Sell(Tenant tenant, string session, int sold)
    {
        using var caller = Caller.As(tenant.Administrator);
        (await tenant.Grain<ISessionGrain>(node, session).Validate(new ValidateTally([Sample.Line(sold, gross: sold * 4500L)], TallySource.Typed, null, null, null, true, true) { Id = Guid.NewGuid(), By = tenant.Administrator })).Expect();
    }

    private async Task Save(Tenant tenant, string partner, ReportTemplate template)
    {
        using var caller = Caller.As(tenant.Administrator);
        (await tenant.Grain<IReportTemplateGrain>(node, ReportTemplateId.OfPartner(partner)).Save(new SaveReportTemplate(template, 0) { Id = Guid.NewGuid(), By = tenant.Administrator })).Expect();
    }

    private async Task<string> Issue(string partner)
    {
        var secret = Secrets.NewShort();
        await Act(partner, (grain, id) => grain.IssueLink(new IssuePartnerLink { Id = id, By = house.Administrator, Hash = new SecretHash(Convert.ToHexStringLower(Secrets.Hash(secret))) }));
        return secret;
    }

    private async Task Act(string partner, Func<IPartnerGrain, Guid, Task<Outcome<Done>>> act)
    {
        using var caller = Caller.As(house.Administrator);
        (await act(house.Grain<IPartnerGrain>(node, partner), Guid.NewGuid())).Expect();
    }

    /// <summary>What the product and the engine say, at any level.</summary>
    private sealed class Said : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Category(Said said, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || !name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && !name.StartsWith("Npgsql", StringComparison.Ordinal);

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel)) said.Lines.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }
    }
}

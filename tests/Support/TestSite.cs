using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Guichet.Journal;
using Guichet.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guichet.Support;

/// <summary>
/// A node as its people meet it: browsers that fill in forms, and mail that is kept for the test to read. The outbox's dispatcher doesn't
/// run by itself: tests take its turns.
/// </summary>
public sealed class TestSite : IAsyncDisposable
{
    private readonly TestNode node;

    private TestSite(TestNode node) => this.node = node;

    public IServiceProvider Services => node.Services;

    public IGrainFactory Grains => node.Grains;

    public Database Database => Services.GetRequiredService<Database>();

    public TestMail Mail => (TestMail)Services.GetRequiredService<IMailTransport>();

    public Uri Root => node.Address;

    /// <param name="map">Endpoints of the test's own.</param>
    public static async Task<TestSite> Start(NpgsqlDataSource product, TimeProvider time, Action<WebApplication>? map = null) =>
        new(await TestNode.Start(product, time, services => services.AddSingleton<IMailTransport, TestMail>(), map));

    public TestBrowser Browser() => new(Root, () => node.Failures.Last);

    /// <summary>Does effects until none is due.</summary>
    public async Task DrainOutbox()
    {
        while (await Services.GetRequiredService<OutboxDispatcher>().Turn(CancellationToken.None) > 0)
        {
        }
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();
}

/// <summary>Keeps what was sent.</summary>
public sealed class TestMail : IMailTransport
{
    private readonly ConcurrentQueue<OutgoingMail> sent = new();

    public IReadOnlyList<OutgoingMail> Sent => [.. sent];

    public Task<MailReceipt> Send(OutgoingMail mail, CancellationToken cancellation)
    {
        sent.Enqueue(mail);
        return Task.FromResult(new MailReceipt("250 kept"));
    }

    /// <summary>The path in the last mail to that address: what its button opens.</summary>
    public string LastLink(string to) =>
        Regex.Match(sent.Last(mail => mail.To == to).Text, @"https?://[^/\s]+(/\S+)").Groups[1].Value;
}

/// <summary>What a browser does, without its scripts: keeps cookies, fills in forms, doesn't follow redirects by itself.</summary>
public sealed partial class TestBrowser : IDisposable
{
    private readonly HttpClient client;
    private readonly CookieContainer cookies = new();
    private readonly Uri root;
    private readonly Func<string?> error;

    /// <param name="error">What went wrong in the site last: what an unexpected answer fails the test with.</param>
    public TestBrowser(Uri root, Func<string?> error)
    {
        (this.root, this.error) = (root, error);
        client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = root };
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        client.DefaultRequestHeaders.Add("Accept-Language", "en");
        client.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    }

    public HttpClient Client => client;

    public string? Cookie(string name) => cookies.GetCookies(root)[name]?.Value;

    public void SetCookie(string name, string value) => cookies.Add(root, new Cookie(name, value));

    public async Task<Answer> Get(string path) => await Read(await client.GetAsync(path));

    public async Task<Answer> Post(string path, Dictionary<string, string> fields) => await Read(await client.PostAsync(path, new FormUrlEncodedContent(fields)));

    /// <summary>Opens the page and sends one of its forms, its hidden fields included.</summary>
    /// <param name="form">The form's name; null for the only form whose action is <paramref name="action"/>.</param>
    public async Task<Answer> Submit(string page, string? form, Dictionary<string, string>? fields = null, string? action = null) =>
        await Submit(await Get(page), page, form, fields, action);

    public async Task<Answer> Submit(Answer shown, string page, string? form, Dictionary<string, string>? fields = null, string? action = null)
    {
        var found = Forms().Matches(shown.Text).Select(match => (Head: match.Groups[1].Value, Body: match.Groups[2].Value)).FirstOrDefault(candidate =>
            form is null
                ? candidate.Head.Contains($"action=\"{action}\"", StringComparison.Ordinal)
                : candidate.Body.Contains($"name=\"_handler\" value=\"{form}\"", StringComparison.Ordinal));
        if (found.Head is null) throw new InvalidOperationException($"{page} ({shown.Status}) has no form '{form ?? action}'.");
        var sent = Hidden().Matches(found.Body).Select(match => match.Value).ToDictionary(Attribute("name"), Attribute("value"));
        foreach (var (name, value) in fields ?? []) sent[name] = value;
        var target = Action().Match(found.Head) is { Success: true } given && given.Groups[1].Length > 0 ? WebUtility.HtmlDecode(given.Groups[1].Value) : page;
        return await Post(target, sent);
    }

    /// <summary>Signs in, and expects to be let in.</summary>
    public async Task<Answer> SignIn(string email, string password)
    {
        var answer = await Submit("/sign-in", "sign-in", new() { ["email"] = email, ["password"] = password });
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        return answer;
    }

    public void Dispose() => client.Dispose();

    private async Task<Answer> Read(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.InternalServerError) throw new InvalidOperationException($"{response.RequestMessage!.RequestUri}: {error()}");
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location?.OriginalString, response);
    }

    private static Func<string, string> Attribute(string name) =>
        tag => WebUtility.HtmlDecode(Regex.Match(tag, $"\\b{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<form([^>]*)>(.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();

    [GeneratedRegex("\\baction=\"([^\"]*)\"")]
    private static partial Regex Action();
}

public sealed record Answer(HttpStatusCode Status, string Text, string? Location, HttpResponseMessage Response)
{
    public IEnumerable<string> SetCookies => Response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [];
}

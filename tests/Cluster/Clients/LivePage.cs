using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Guichet.Tests.Cluster;

/// <summary>
/// A session's page, open in a browser: shows what it was rendered with, then what the event stream brings, and does what the page's own
/// script does when the stream is lost or says that it must fetch itself again.
/// </summary>
internal sealed partial class LivePage
{
    /// <summary>Two beats and a half.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(25);

    private readonly Browser browser;
    private readonly Ledger ledger;
    private readonly Evidence evidence;
    private readonly Action<string>? shows;
    private string at = "";

    private LivePage(Browser browser, string organisation, string session, Ledger ledger, Evidence evidence, Action<string>? shows) =>
        (this.browser, Organisation, Session, this.ledger, this.evidence, this.shows) = (browser, organisation, session, ledger, evidence, shows);

    public string Organisation { get; }

    public string Session { get; }

    /// <summary>The places sold, as the page shows them: digits, or "" without a tally.</summary>
    public string Sold { get; private set; } = "";

    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <param name="shows">Called with each figure that comes over the stream.</param>
    public static LivePage Open(Browser browser, string organisation, string session, Ledger ledger, Evidence evidence, CancellationToken closed, Action<string>? shows = null)
    {
        var page = new LivePage(browser, organisation, session, ledger, evidence, shows);
        page.Ended = page.Live(closed);
        return page;
    }

    private string Path => $"/sessions/{Session}";

    private async Task Live(CancellationToken closed)
    {
        if (!await Fetch()) return;
        TimeSpan? lost = null;
        for (var attempts = 0; !closed.IsCancellationRequested; attempts++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/live?at={Uri.EscapeDataString(at)}");
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(closed);
                silence.CancelAfter(LongestSilence);
                using var response = await browser.Client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
                response.EnsureSuccessStatusCode();
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(silence.Token));
                var (name, data) = ("", "");
                while (await reader.ReadLineAsync(silence.Token) is { } line)
                {
                    silence.CancelAfter(LongestSilence);
                    attempts = 0;
                    if (lost is { } since) ledger.WasBlind(ledger.Now - since);
                    lost = null;
                    if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                    else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
                    else if (line.StartsWith("id: ", StringComparison.Ordinal)) at = line[4..];
                    else if (line.Length == 0)
                    {
                        if (name == "moved")
                        {
                            // The node stops: another one answers.
                            attempts = -1;
                            break;
                        }
                        if (!await Happened(name, data)) return;
                        (name, data) = ("", "");
                    }
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException or OperationCanceledException)
            {
                if (closed.IsCancellationRequested) return;
            }
            lost ??= ledger.Now;
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(attempts < 0 ? 250 : Math.Min(15_000, 500 << Math.Min(attempts, 5))), TimeProvider.System, closed);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>False when there is nothing more to come.</summary>
    private async Task<bool> Happened(string name, string data)
    {
        switch (name)
        {
            case "values":
                using (var values = JsonDocument.Parse(data))
                    if (values.RootElement.TryGetProperty($"session/{Session}/sold", out var sold)) Show(sold.GetString() ?? "");
                return true;
            case "resync":
                return await Fetch();
            case "ended":
                evidence.Broken("an open page was told that nobody is signed in any more");
                return false;
            default:
                return true;
        }
    }

    private async Task<bool> Fetch()
    {
        if (await browser.Open(Path) is not { IsDone: true } page)
        {
            evidence.Broken($"the page of session {Session} can't be had");
            return false;
        }
        if (at.Length == 0) at = Position().Match(page.Text).Groups[1].Value;
        if (Regex.Match(page.Text, $"data-live=\"session/{Session}/sold\"[^>]*>([^<]*)<") is { Success: true } sold) Show(sold.Groups[1].Value);
        return true;
    }

    private void Show(string text)
    {
        Sold = string.Concat(System.Net.WebUtility.HtmlDecode(text).Where(char.IsAsciiDigit)).ToString(CultureInfo.InvariantCulture);
        shows?.Invoke(Sold);
    }

    [GeneratedRegex("data-live-at=\"([^\"]*)\"")]
    private static partial Regex Position();
}

using System.Diagnostics;
using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>The mailbox of a node without a mail server.</summary>
internal static class Mails
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Shows the newest mail to someone with this subject, as soon as it has arrived: the mailbox is asked again until it has.</summary>
    public static async Task Open(Visit visit, string to, string subject)
    {
        var page = visit.Page;
        var row = page.Locator("#mails tr[data-row]").Filter(new() { HasText = subject }).Filter(new() { HasText = to }).First;
        var waited = Stopwatch.StartNew();
        do
            await page.GotoAsync($"/mailbox?q={Uri.EscapeDataString(subject)}");
        while (await row.CountAsync() == 0 && waited.Elapsed < Longest);
        await row.Locator("a").First.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(subject);
    }

    /// <summary>The first address in the mail's text that holds this.</summary>
    public static async Task<string> Address(Visit visit, string part) =>
        (await visit.Page.Locator($"main a[href*='{part}']").First.GetAttributeAsync("href"))!;
}

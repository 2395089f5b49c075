using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>One Chromium, whose windows know nothing of each other.</summary>
public sealed class Browsers : IAsyncLifetime
{
    /// <summary>A machine that is busy with other tests is no failure; how fast pages are is measured, not asserted.</summary>
    private const float Patience = 30_000;

    /// <summary>The same pages, without a window of its own that is drawn around them: half the time.</summary>
    private const string Windowless = "/usr/bin/chromium-headless-shell";

    private IPlaywright playwright = default!;
    private IBrowser browser = default!;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? (File.Exists(Windowless) ? Windowless : "/usr/bin/chromium"),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async Task DisposeAsync()
    {
        try
        {
            if (browser is not null)
                await browser.CloseAsync().WaitAsync(TimeSpan.FromSeconds(15));
        }
        catch (TimeoutException)
        {
            // It goes with what drives it.
        }
        finally
        {
            playwright?.Dispose();
        }
    }

    /// <summary>A window of a browser that has never been at this node, or one that kept what it was given there.</summary>
    public async Task<Visit> Open(RunningNode node, Screen? screen = null, string? kept = null)
    {
        screen ??= Screen.Usual;
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = node.Address.ToString(),
            ViewportSize = new ViewportSize { Width = screen.Width, Height = screen.Height },
            ColorScheme = screen.Dark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = screen.Language,
            TimezoneId = "Europe/Paris",
            ReducedMotion = ReducedMotion.NoPreference,
            StorageState = kept,
        });
        context.SetDefaultTimeout(2 * Patience);
        return new Visit(context, await context.NewPageAsync(), screen);
    }
}

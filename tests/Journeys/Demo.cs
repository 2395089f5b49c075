using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>One node with the demo and one browser, for all journeys: each opens pages of its own.</summary>
public sealed class Demo : IAsyncLifetime
{
    public const string House = "claire@theatre-du-port.example";
    public const string Promoter = "nadia@asterie.example";
    public const string Password = "guichet-demo-2026";

    private IPlaywright playwright = default!;
    private IBrowser browser = default!;

    public RunningNode Node { get; private set; } = default!;

    public async Task InitializeAsync()
    {
        Node = await RunningNode.Start();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (Node is not null)
            await Node.DisposeAsync();
    }

    /// <summary>A window of a browser that has never been here.</summary>
    public async Task<Visit> Open(Screen? screen = null)
    {
        screen ??= Screen.Usual;
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Node.Address.ToString(),
            ViewportSize = new ViewportSize { Width = screen.Width, Height = screen.Height },
            ColorScheme = screen.Dark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = screen.Language,
            TimezoneId = "Europe/Paris",
            ReducedMotion = ReducedMotion.NoPreference,
        });
        return new Visit(context, await context.NewPageAsync(), screen);
    }

    /// <summary>The same, signed in.</summary>
    public async Task<Visit> SignIn(string email, Screen? screen = null)
    {
        var visit = await Open(screen);
        await visit.Page.GotoAsync("/sign-in");
        await visit.Page.Locator("input[name=email]").FillAsync(email);
        await visit.Page.Locator("input[name=password]").FillAsync(Password);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        return visit;
    }
}

/// <summary>What a page is looked at on.</summary>
public sealed record Screen(int Width, bool Dark, string Language = "fr-FR", int Height = 900)
{
    public static readonly Screen Usual = new(1280, Dark: false);

    /// <summary>The four that every page is looked at on.</summary>
    public static readonly IReadOnlyList<Screen> All = [new(1280, false), new(1280, true), new(820, false), new(820, true)];

    public override string ToString() => $"{Width}-{(Dark ? "dark" : "light")}-{Language[..2]}";
}

/// <summary>One window, and what went wrong in it.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    public Visit(IBrowserContext context, IPage page, Screen screen)
    {
        (this.context, Page, Screen) = (context, page, screen);
        // A refused script or style, a missing file, an exception: the console says all of them.
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => complaints.Add(error);
    }

    public IPage Page { get; }

    public Screen Screen { get; }

    /// <summary>What the browser complained of since the last call.</summary>
    public IReadOnlyList<string> TakeComplaints()
    {
        string[] taken = [.. complaints];
        complaints.Clear();
        return taken;
    }

    /// <summary>Keeps a picture under <c>TestResults/screens</c>, to be looked at.</summary>
    public async Task Picture(string name, bool whole = true)
    {
        var folder = Environment.GetEnvironmentVariable("GUICHET_SCREENS") ?? Path.Combine(AppContext.BaseDirectory, "TestResults", "screens");
        Directory.CreateDirectory(folder);
        await Page.EvaluateAsync("() => { document.activeElement?.blur(); scrollTo(0, 0); }");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{Screen}.png"), FullPage = whole });
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class DemoCollection : ICollectionFixture<Demo>
{
    public const string Name = "demo";
}

using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>One node with the demo and one browser, for all journeys: each opens pages of its own.</summary>
public sealed class Demo : IAsyncLifetime
{
    public const string House = "claire@theatre-du-port.example";
    public const string Promoter = "nadia@asterie.example";
    public const string Password = "guichet-demo-2026";

    private readonly ConcurrentDictionary<string, string> signedIn = new(StringComparer.Ordinal);
    private readonly Browsers browsers = new();

    public RunningNode Node { get; private set; } = default!;

    public async Task InitializeAsync()
    {
        // Webhooks to a listener of the tests.
        Node = await RunningNode.Start("--Guichet:Webhooks:Loopback=true");
        await browsers.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await browsers.DisposeAsync();
        if (Node is not null)
            await Node.DisposeAsync();
    }

    /// <summary>A window of a browser that has never been here.</summary>
    public Task<Visit> Open(Screen? screen = null) => browsers.Open(Node, screen);

    /// <summary>The same, signed in: with the form the first time, then as a browser that is still signed in, for nobody signs in fifty times a minute.</summary>
    public async Task<Visit> SignIn(string email, Screen? screen = null)
    {
        if (signedIn.TryGetValue(email, out var kept))
        {
            var again = await browsers.Open(Node, screen, kept);
            await again.Page.GotoAsync("/");
            return again;
        }
        var visit = await Open(screen);
        await visit.Page.GotoAsync("/sign-in");
        await visit.SignIn(email, Password);
        signedIn[email] = await visit.Page.Context.StorageStateAsync();
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
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(5);

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

    public Screen Screen { get; private set; }

    /// <summary>Fills and sends the form of the page that is shown.</summary>
    public async Task SignIn(string email, string password)
    {
        await Page.Locator("input[name=email]").FillAsync(email);
        await Page.Locator("input[name=password]").FillAsync(password);
        await Page.Keyboard.PressAsync("Enter");
        await Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }

    /// <summary>Until the scripts of what the page holds (grid, curve, calendar) answer to keys.</summary>
    public Task Ready() => Page.WaitForFunctionAsync("() => document.readyState === 'complete' && [...document.querySelectorAll('[data-island]')].every((island) => 'ready' in island.dataset)");

    /// <summary>The page as it is, looked at on several screens: a picture of each, and what is wrong with any.</summary>
    public async Task<IReadOnlyList<string>> Look(string name, IEnumerable<Screen> screens)
    {
        await Ready();
        var usual = Screen;
        var faults = new List<string>();
        foreach (var screen in screens.OrderBy(each => each with { Language = usual.Language } != usual))
        {
            await Turn(screen with { Language = usual.Language });
            await Picture(name);
            faults.AddRange((await Checks.Faults(this)).Select(fault => $"{name} on {Screen}: {fault}"));
        }
        await Turn(usual);
        return faults;
    }

    /// <summary>The same on a wide light or a narrow dark one, where anything wrong fails the test.</summary>
    public async Task Sound(string name)
    {
        // One of two screens, always the same for a name: PagesJourney looks at every page on both.
        var faults = await Look(name, [Screen.All[name.Sum(letter => letter) % 2 == 0 ? 0 : 3]]);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private async Task Turn(Screen screen)
    {
        if (screen == Screen) return;
        Screen = screen;
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = screen.Dark ? ColorScheme.Dark : ColorScheme.Light });
        await Page.SetViewportSizeAsync(screen.Width, screen.Height);
        // A page at rest, not one on its way from light to dark.
        await Page.EvaluateAsync("() => document.getAnimations().filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime)).forEach((one) => one.finish())");
    }

    /// <summary>What the browser complained of since the last call.</summary>
    public IReadOnlyList<string> TakeComplaints()
    {
        string[] taken = [.. complaints];
        complaints.Clear();
        return taken;
    }

    /// <summary>Keeps a picture in the folder named in <c>GUICHET_SCREENS</c>, to be looked at; none where no folder is named, for they take time.</summary>
    public async Task Picture(string name, bool whole = true)
    {
        if (Environment.GetEnvironmentVariable("GUICHET_SCREENS") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        await Page.EvaluateAsync("() => { document.activeElement?.blur(); scrollTo(0, 0); }");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{Screen}.png"), FullPage = whole });
    }

    /// <summary>
    /// What the test still holds of the window's requests is let go first. Chromium sometimes never closes a window that is on its way to
    /// another page: it is then left to the end of the browser.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(context.Pages.Select(page => page.UnrouteAllAsync(new PageUnrouteAllOptions { Behavior = UnrouteBehavior.Wait }))).WaitAsync(LongestClose);
            await context.CloseAsync().WaitAsync(LongestClose);
        }
        catch (TimeoutException)
        {
        }
    }
}

[CollectionDefinition(Name)]
public sealed class DemoCollection : ICollectionFixture<Demo>
{
    public const string Name = "demo";
}

/// <summary>The journeys of contacts, imports and partners, on a demo of their own: they go beside the others.</summary>
[CollectionDefinition(Name)]
public sealed class ContactsDemoCollection : ICollectionFixture<Demo>
{
    public const string Name = "contacts demo";
}

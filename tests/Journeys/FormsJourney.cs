using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>What forms do in a browser when the answer is slow, comes twice, or finds nobody signed in any more.</summary>
[Collection(DemoCollection.Name)]
public sealed class FormsJourney(Demo demo)
{
    [Theory]
    [InlineData("/shows/new", "Créer le spectacle", "title", "h1:text-is('x')")]
    [InlineData("/account", "Changer le mot de passe", "present", "#f-present-error")]
    public async Task While_the_answer_is_awaited_the_button_is_busy_keeps_its_size_and_sends_once(string path, string button, string field, string came)
    {
        await using var visit = await demo.SignIn(Demo.Promoter);
        var page = visit.Page;
        await page.GotoAsync(path);
        await page.Locator($"input[name={field}]").FillAsync("x");
        var pressed = page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        // The answer waits until it has been looked at.
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = 0;
        await page.RouteAsync("**" + path, async route =>
        {
            if (route.Request.Method == "POST")
            {
                Interlocked.Increment(ref sent);
                await looked.Task;
            }
            await route.ContinueAsync();
        });

        var answered = page.WaitForResponseAsync(response => response.Request.Method == "POST");
        // In one go: between the press and the answer the page belongs to the browser's navigation.
        var busy = await pressed.EvaluateAsync<string>("""
            (button) => {
              const box = () => { const at = button.getBoundingClientRect(); return [at.x, at.y, at.width, at.height].join(' '); };
              const before = box();
              button.click();
              const pressed = `${button.getAttribute('aria-busy')} ${box() === before}`;
              button.click();
              button.form.requestSubmit();
              return pressed;
            }
            """);
        looked.SetResult();
        await answered;
        await Expect(page.Locator(came)).ToBeVisibleAsync();

        Assert.Equal("true true", busy);
        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task What_was_typed_when_the_session_ended_is_back_in_the_form_after_signing_in()
    {
        await using var visit = await demo.SignIn(Demo.Promoter);
        var page = visit.Page;
        await page.GotoAsync("/shows/new");
        await page.Locator("input[name=title]").FillAsync("Bérénice");
        await page.Locator("input[name=producer]").FillAsync("Théâtre du Port");
        await page.Context.ClearCookiesAsync(new() { Name = "guichet-session" });

        await page.GetByRole(AriaRole.Button, new() { Name = "Créer le spectacle", Exact = true }).ClickAsync();
        await Expect(page.Locator(".notice-title")).ToHaveTextAsync("Votre session a pris fin");
        await visit.Picture("session-ended");
        await page.Locator("input[name=email]").FillAsync(Demo.Promoter);
        await page.Locator("input[name=password]").FillAsync(Demo.Password);
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync("**/shows/new");
        await Expect(page.Locator("input[name=title]")).ToHaveValueAsync("Bérénice");
        await Expect(page.Locator("input[name=producer]")).ToHaveValueAsync("Théâtre du Port");
        await Expect(page.Locator(".toast-text")).ToContainTextAsync("Votre saisie a été remise");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer le spectacle", Exact = true }).ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Bérénice");
        // Accepted: the form is empty the next time.
        await page.GotoAsync("/shows/new");
        await Expect(page.Locator("input[name=title]")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_form_of_before_signing_in_elsewhere_is_shown_again_with_what_was_typed()
    {
        await using var visit = await demo.Open();
        var page = visit.Page;
        await page.GotoAsync("/password/forgotten");
        await page.Locator("input[name=email]").FillAsync("quelquun@theatre-du-port.example");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/sign-in");
        await other.Locator("input[name=email]").FillAsync(Demo.House);
        await other.Locator("input[name=password]").FillAsync(Demo.Password);
        await other.Keyboard.PressAsync("Enter");
        await other.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));

        await page.Locator("main .btn-primary").ClickAsync();

        await Expect(page.Locator(".toast-text")).ToContainTextAsync("rien n’a été enregistré");
        await Expect(page.Locator("input[name=email]")).ToHaveValueAsync("quelquun@theatre-du-port.example");
    }
}

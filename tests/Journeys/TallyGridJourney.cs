using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>The tally grid as people use it: no mouse, and a spreadsheet beside it.</summary>
[Collection(DemoCollection.Name)]
public sealed class TallyGridJourney(Demo demo)
{
    private const string First = "sold|or|n|counter", Right = "gross|or|n|counter", Below = "sold|or|r|counter";

    [Fact]
    public async Task Arrows_enter_and_tab_go_from_cell_to_cell()
    {
        await using var visit = await Open();
        var page = visit.Page;
        await Cell(page, First).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(Cell(page, Right)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Cell(page, Below)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Shift+Enter");
        await Expect(Cell(page, First)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("120");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Cell(page, Below)).ToBeFocusedAsync();
        await Expect(Cell(page, First)).ToHaveValueAsync("120");
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Tab");
        await Expect(Cell(page, Below)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Typing_replaces_f2_edits_and_escape_takes_back()
    {
        await using var visit = await Open();
        var page = visit.Page;
        var cell = Cell(page, First);
        await cell.FillAsync("34");
        await page.Keyboard.PressAsync("Enter");
        await cell.FocusAsync();
        await page.Keyboard.TypeAsync("5");
        await Expect(cell).ToHaveValueAsync("5");
        await page.Keyboard.PressAsync("Escape");
        await Expect(cell).ToHaveValueAsync("34");
        await page.Keyboard.PressAsync("F2");
        await page.Keyboard.TypeAsync("5");
        await Expect(cell).ToHaveValueAsync("345");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(cell).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(cell).ToHaveValueAsync("34");
    }

    [Fact]
    public async Task A_block_from_a_spreadsheet_is_laid_from_the_cell_with_its_numbers_read_both_ways()
    {
        await using var visit = await Open();
        var page = visit.Page;
        await Paste(page, First, "1 234\t56\n7,0\t8.000\r\n");
        await Expect(Cell(page, First)).ToHaveValueAsync("1234");
        await Expect(Cell(page, "gross|or|n|counter")).ToHaveValueAsync("56");
        await Expect(Cell(page, Below)).ToHaveValueAsync("7");
        await Expect(Cell(page, "gross|or|r|counter")).ToHaveValueAsync("8000");
        await Expect(page.Locator("[data-grid-status]")).ToHaveTextAsync("4 cellules collées");
    }

    [Fact]
    public async Task Totals_fill_and_change_follow_and_more_than_capacity_is_red()
    {
        await using var visit = await Open();
        var page = visit.Page;
        await Cell(page, First).FillAsync("900");
        var category = page.Locator("tbody[data-category=or]");
        await Expect(category.Locator("[data-grid-fill]")).ToContainTextAsync("de trop");
        await Expect(category.Locator(".grid-category")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("grid-over"));
        await Expect(category.Locator("[data-sum='sold|or|n|']")).ToHaveTextAsync(await Sum(page, "sold|or|n|"));
        await Expect(page.Locator("[data-delta='|']")).ToContainTextAsync("+");
        await Cell(page, First).FillAsync("0");
        await Expect(category.Locator("[data-delta='or|n']")).ToContainTextAsync("−");
    }

    [Fact]
    public async Task Undo_takes_a_whole_paste_back_and_redo_makes_it_again()
    {
        await using var visit = await Open();
        var page = visit.Page;
        var before = await Cell(page, First).InputValueAsync();
        await Paste(page, First, "11\n12\n13");
        await Expect(Cell(page, First)).ToHaveValueAsync("11");
        await page.Keyboard.PressAsync("Control+z");
        await Expect(Cell(page, First)).ToHaveValueAsync(before);
        await page.Keyboard.PressAsync("Control+Shift+z");
        await Expect(Cell(page, Below)).ToHaveValueAsync("12");
    }

    [Fact]
    public async Task What_is_no_number_stays_as_typed_and_is_marked()
    {
        await using var visit = await Open();
        var page = visit.Page;
        await Paste(page, First, "douze\t3");
        await Expect(Cell(page, First)).ToHaveValueAsync("douze");
        await Expect(Cell(page, First)).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator("[data-grid-status]")).ToContainTextAsync("1 cellules ne sont pas des nombres");
    }

    [Fact]
    public async Task What_was_typed_is_found_again_and_leaving_asks()
    {
        await using var visit = await Open();
        var page = visit.Page;
        await Cell(page, First).FillAsync("321");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => Object.keys(localStorage).some((key) => key.startsWith('draft/'))");
        var asked = new TaskCompletionSource<string>();
        page.Dialog += (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            _ = dialog.AcceptAsync();
        };
        await page.ReloadAsync();
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        await page.Locator(".draft-found button").First.ClickAsync();
        await Expect(Cell(page, First)).ToHaveValueAsync("321");
    }

    private async Task<Visit> Open()
    {
        var visit = await demo.Open();
        await visit.Page.GotoAsync("/components");
        await visit.Ready();
        return visit;
    }

    private static ILocator Cell(IPage page, string name) => page.Locator($"input[name='{name}']");

    private static Task Paste(IPage page, string name, string block) => Cell(page, name).EvaluateAsync(
        """
        (cell, block) => {
          cell.focus();
          const data = new DataTransfer();
          data.setData('text/plain', block);
          cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }
        """, block);

    private static Task<string> Sum(IPage page, string prefix) => page.EvaluateAsync<string>(
        """
        (prefix) => new Intl.NumberFormat('fr-FR').format([...document.querySelectorAll(`input[name^="${prefix}"]`)].reduce((sum, cell) => sum + Number(cell.value || 0), 0))
        """, prefix);
}

using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>What every page must be, whatever it shows: named controls, one first heading, readable contrast, nothing wider than the window.</summary>
public static class Checks
{
    public static async Task IsSound(Visit visit)
    {
        var faults = await Faults(visit);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>What is wrong with the page that is shown, and what the browser complained of.</summary>
    public static async Task<IReadOnlyList<string>> Faults(Visit visit) => [.. await visit.Page.EvaluateAsync<string[]>(Script), .. visit.TakeComplaints()];

    /// <summary>Tab goes through every control once, shows where it is, and leaves at the end.</summary>
    public static async Task IsWalkedByKeyboard(IPage page, int most = 400)
    {
        await page.EvaluateAsync("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }");
        var seen = new List<string>();
        for (var i = 0; i < most; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var at = await page.EvaluateAsync<string?>("""
                () => {
                  const element = document.activeElement;
                  if (!element || element === document.body) return null;
                  if (element.dataset.walked) return 'end';
                  element.dataset.walked = '1';
                  const style = getComputedStyle(element);
                  const target = element.matches('.visually-hidden') ? getComputedStyle(element.nextElementSibling ?? element) : style;
                  const shown = target.outlineStyle !== 'none' || target.boxShadow !== 'none' || getComputedStyle(element.parentElement).outlineStyle !== 'none';
                  return shown ? 'ok' : 'no visible focus: ' + element.outerHTML.slice(0, 160);
                }
                """);
            if (at is null or "end")
                break;
            seen.Add(at);
        }
        Assert.NotEmpty(seen);
        Assert.All(seen, at => Assert.Equal("ok", at));
        Assert.True(seen.Count < most, "Tab never left the page: the focus is trapped.");
    }

    private const string Script = """
        () => {
          const faults = [];
          const about = (element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 180);
          const visible = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
          const text = (id) => id.split(/\s+/).map((one) => document.getElementById(one)?.textContent ?? '').join(' ').trim();
          const nameOf = (element) =>
            element.getAttribute('aria-labelledby') ? text(element.getAttribute('aria-labelledby'))
            : element.getAttribute('aria-label') || [...(element.labels ?? [])].map((label) => label.textContent.trim()).join(' ')
            || (element.matches('input, select, textarea') ? element.title : element.textContent.trim() || element.querySelector('[alt]:not([alt=""]), [aria-label]')?.getAttribute('aria-label') || element.title);

          for (const element of document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href], summary'))
            if (visible(element) && !element.closest('[aria-hidden="true"]') && !nameOf(element)?.trim()) faults.push('no name: ' + about(element));
          for (const image of document.querySelectorAll('img:not([alt])')) faults.push('no alt: ' + about(image));
          for (const element of document.querySelectorAll('[aria-describedby]'))
            for (const id of element.getAttribute('aria-describedby').split(/\s+/)) if (!document.getElementById(id)) faults.push('describes nothing (' + id + '): ' + about(element));
          const ids = new Map();
          for (const element of document.querySelectorAll('[id]')) ids.set(element.id, (ids.get(element.id) ?? 0) + 1);
          for (const [id, count] of ids) if (count > 1) faults.push(`id ${id} stands ${count} times`);
          if ([...document.querySelectorAll('h1')].filter(visible).length !== 1) faults.push('not exactly one first heading');
          if (!document.title.trim()) faults.push('no title');
          if (document.documentElement.scrollWidth > innerWidth + 1) {
            const wide = [...document.querySelectorAll('body *')].find((element) => visible(element) && element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.list-scroll, .grid-scroll, .tabs, dialog'));
            faults.push(`wider than the window by ${document.documentElement.scrollWidth - innerWidth}: ${wide ? about(wide) : '?'}`);
          }
          for (const [file] of performance.getEntriesByType('resource').map((entry) => [new URL(entry.name)])) if (file.origin !== location.origin) faults.push('from elsewhere: ' + file);

          // Contrast as painted: text against the nearest ground that isn't transparent.
          const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          const seen = new Map();
          const rgba = (color) => {
            if (!seen.has(color)) {
              canvas.clearRect(0, 0, 1, 1);
              canvas.fillStyle = color;
              canvas.fillRect(0, 0, 1, 1);
              const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
              seen.set(color, [r, g, b, a / 255]);
            }
            return seen.get(color);
          };
          const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
          const light = ([r, g, b]) => {
            const [x, y, z] = [r, g, b].map((part) => { const c = part / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
            return 0.2126 * x + 0.7152 * y + 0.0722 * z;
          };
          const groundOf = (element) => {
            const layers = [];
            for (let at = element; at; at = at.parentElement) {
              const color = rgba(getComputedStyle(at).backgroundColor);
              if (color[3] > 0) layers.push(color);
              if (color[3] === 1) break;
            }
            return layers.reverse().reduce((ground, layer) => over(layer, ground), matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0, 1] : [255, 255, 255, 1]);
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const told = new Set();
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (!walker.currentNode.textContent.trim() || !visible(element) || element.closest('svg, script, style, .visually-hidden, [disabled], [aria-hidden="true"]')) continue;
            const style = getComputedStyle(element);
            const ground = groundOf(element);
            const ink = over(rgba(style.color), ground);
            const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
            const key = `${style.color} on ${ground.map(Math.round)} ${element.className}`;
            if (ratio < (large ? 3 : 4.5) - 0.02 && !told.has(key)) {
              told.add(key);
              faults.push(`contrast ${ratio.toFixed(2)} (${key}): ${walker.currentNode.textContent.trim().slice(0, 40)}`);
            }
          }
          return faults;
        }
        """;
}

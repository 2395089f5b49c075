// The calendar by keyboard: arrows go from day to day through what is played, Page Up and Page Down to the other months or weeks,
// m and w change the view, t is today.

let listens = false;

// One listener for the page, whichever calendar it shows: the region comes again when a session changes, and no key may fall in between.
export function start() {
  if (listens) return;
  listens = true;
  document.addEventListener('keydown', (event) => {
    const box = document.querySelector('[data-island="calendar"]');
    if (box) onKey(event, box);
  });
}

function onKey(event, box) {
  const cells = () => [...box.querySelectorAll('.calendar-grid td')];
  const ways = () => [...box.querySelectorAll('.calendar-ways a')];
  const go = (link) => link && location.assign(link.href);

  function move(from, step) {
    const all = cells();
    let at = all.indexOf(from) + step;
    while (all[at] && !all[at].querySelector('a')) at += Math.abs(step) === 7 ? step : Math.sign(step);
    all[at]?.querySelector('a').focus();
  }

  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (document.activeElement?.matches?.('input, select, textarea')) return;
  const [previous, today, next] = ways();
  if (event.key === 'PageUp' || event.key === 'PageDown') {
    event.preventDefault();
    return go(event.key === 'PageUp' ? previous : next);
  }
  if (event.key === 't') return go(today);
  if (event.key === 'm' || event.key === 'w') return go(box.querySelector(`[data-calendar-key="${event.key}"]`));
  const entry = document.activeElement?.closest?.('.calendar-entry');
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  if (!(event.key in steps)) return;
  if (!entry) {
    if (!document.activeElement?.closest?.('.calendar') && document.activeElement !== document.body) return;
    event.preventDefault();
    (box.querySelector('.calendar-today a') ?? box.querySelector('.calendar-entry'))?.focus();
    return;
  }
  event.preventDefault();
  const sibling = event.key === 'ArrowDown' ? entry.closest('li').nextElementSibling : event.key === 'ArrowUp' ? entry.closest('li').previousElementSibling : null;
  if (sibling) return sibling.querySelector('a').focus();
  move(entry.closest('td'), steps[event.key]);
}

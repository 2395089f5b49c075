// The day's tallies by keyboard: the open session's first cell has the focus, Alt with an arrow goes to the next session or the one before,
// Enter in a session of one line validates it. What is typed and left is kept in this browser by the form itself.

export function start(list) {
  const links = [...list.querySelectorAll('[data-entry-link]')];
  const items = [...list.querySelectorAll('[data-entry]')];
  const open = list.querySelector('.entry-open');
  const target = (item) => item?.querySelector('input.cell, [data-entry-cell]');

  if (open && !document.querySelector('dialog[open], [data-error-summary]')) {
    open.scrollIntoView({ block: 'center' });
    target(open)?.focus();
    target(open)?.select?.();
  }

  list.addEventListener('focusin', (event) => { if (event.target.matches('[data-entry-cell]')) event.target.select(); });
  list.addEventListener('input', (event) => { if (event.target.matches('[data-entry-cell]')) follow(event.target); });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches?.('[data-entry-cell]')) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (!event.altKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    const here = document.activeElement?.closest?.('[data-entry]') ?? open;
    const at = items.indexOf(here) + (event.key === 'ArrowDown' ? 1 : -1);
    const item = items[at];
    if (!item) return;
    const cell = target(item);
    // A session of one line is there already; the others open in place.
    if (cell) {
      cell.focus();
      item.scrollIntoView({ block: 'center' });
    } else links[at].click();
  });
}

// The revenue of a session of one line follows its places at the tariff's price, until it is typed.
function follow(field) {
  const gross = field.form.querySelector('[data-price]');
  if (field === gross) {
    gross.dataset.typed = '';
    return;
  }
  if (!gross || 'typed' in gross.dataset || !field.name.startsWith('sold|')) return;
  const sold = Number(field.value.replace(/\D/g, '')) || 0;
  const change = (sold - Number(field.dataset.previous || 0)) * Number(gross.dataset.price);
  const minor = Number(gross.dataset.previous || 0) + change;
  const text = minor % 100 === 0 ? String(minor / 100) : (minor / 100).toFixed(2);
  gross.value = minor > 0 ? (document.body.dataset.language === 'en' ? text : text.replace('.', ',')) : '';
}

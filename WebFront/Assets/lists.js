// Lists: rows by keyboard, the choice of columns.

export function startLists() {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (document.activeElement?.matches?.('input, textarea, select')) return;
    const list = document.querySelector('[data-list]');
    if (!list) return;
    if (event.key === 'f') {
      event.preventDefault();
      (list.querySelector('[data-list-search]') ?? list.querySelector('.list-filter'))?.focus();
    } else if (event.key === 'j' || event.key === 'k') {
      event.preventDefault();
      move(list, event.key === 'j' ? 1 : -1);
    } else if (event.key === 'Enter' && !document.activeElement?.matches?.('a, button, summary')) {
      const at = list.querySelector('tr.row-at');
      if (at?.dataset.href) location.assign(at.dataset.href);
    }
  });
  document.addEventListener('change', (event) => {
    const column = event.target.closest?.('[data-column]');
    if (!column) return;
    const box = column.closest('[data-columns]');
    const chosen = box.querySelector('input[name=columns]');
    chosen.disabled = false;
    chosen.value = [...box.querySelectorAll('[data-column]:checked')].map((item) => item.dataset.column).join(',');
  }, true);
  // An address says what is asked, and nothing of what isn't.
  document.body.addEventListener('htmx:configRequest', (event) => {
    if (!event.target.matches?.('[data-list-form]')) return;
    const asked = event.detail.parameters;
    for (const name of Object.keys(asked)) if (asked[name] === '') delete asked[name];
  });
  // Rows that are picked: all at once, and how many.
  document.addEventListener('change', (event) => {
    if (!event.target.matches?.('[data-pick-all], [data-pick]')) return;
    const table = event.target.closest('table');
    if (event.target.matches('[data-pick-all]')) for (const box of table.querySelectorAll('[data-pick]')) box.checked = event.target.checked;
    countPicked(table);
  });
  const showPicks = () => { for (const all of document.querySelectorAll('[data-pick-all]')) { all.hidden = false; countPicked(all.closest('table')); } };
  document.body.addEventListener('htmx:afterSettle', showPicks);
  addEventListener('pageshow', showPicks);
  showPicks();
  // Swapping a list gives the focus back to the field that was typed in, with its caret.
  let caret = null;
  document.body.addEventListener('htmx:beforeSwap', (event) => {
    const field = document.activeElement;
    caret = field?.id && event.detail.target?.contains?.(field) ? { id: field.id, at: field.selectionStart, value: field.value, menu: field.closest('details')?.open } : null;
  });
  document.body.addEventListener('htmx:afterSettle', () => {
    if (!caret) return;
    const field = document.getElementById(caret.id);
    if (field && field !== document.activeElement) {
      // A menu in which one ticks stays open for the next tick.
      if (caret.menu) field.closest('details').open = true;
      field.focus();
      if (typeof field.setSelectionRange === 'function' && caret.at !== null && field.matches('input:not([type=checkbox])')) {
        field.value = caret.value;
        field.setSelectionRange(caret.at, caret.at);
      }
    }
    caret = null;
  });
}

function countPicked(table) {
  const boxes = [...table.querySelectorAll('[data-pick]')];
  const picked = boxes.filter((box) => box.checked).length;
  const all = table.querySelector('[data-pick-all]');
  all.checked = picked > 0 && picked === boxes.length;
  all.indeterminate = picked > 0 && picked < boxes.length;
  for (const count of document.querySelectorAll('[data-picked]')) count.textContent = String(picked);
}

function move(list, step) {
  const rows = [...list.querySelectorAll('tbody tr[data-row]')];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.classList.contains('row-at'));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  rows[at]?.classList.remove('row-at');
  next.classList.add('row-at');
  next.scrollIntoView({ block: 'nearest' });
  next.querySelector('a')?.focus({ preventScroll: true });
}

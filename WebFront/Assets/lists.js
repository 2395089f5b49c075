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

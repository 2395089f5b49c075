// Rows typed one after the other: the last is always empty, Enter and the arrows go from row to row, Alt with an arrow moves the row,
// a block pasted from a spreadsheet fills rows. Names are name[0].key and are counted again after every change.
import { parseBlock } from './numbers.js';

export function start(box) {
  const name = box.dataset.rows;
  const body = box.querySelector('tbody');
  const lines = () => [...body.querySelectorAll('tr[data-line]')];
  const cells = (line) => [...line.querySelectorAll('input:not([type=hidden])')];
  const empty = (line) => cells(line).every((cell) => cell.value.trim() === '');

  function count() {
    lines().forEach((line, i) => {
      for (const field of line.querySelectorAll('input')) {
        field.name = field.name.replace(/^(.*)\[\d+\]\.([^.]*)$/, `$1[${i}].$2`);
        if (field.type === 'hidden') continue;
        field.id = `f-${field.name.replace(/[^A-Za-z0-9]/g, '-')}`;
        field.ariaLabel = `${field.dataset.aria} ${i + 1}`;
      }
    });
    box.dispatchEvent(new CustomEvent('rows:changed', { bubbles: true, detail: name }));
  }

  function add() {
    const all = lines();
    const line = all.at(-1).cloneNode(true);
    for (const field of line.querySelectorAll('input')) {
      field.value = '';
      field.defaultValue = '';
      field.removeAttribute('aria-invalid');
      field.removeAttribute('placeholder');
    }
    body.append(line);
    count();
    return line;
  }

  function remove(line) {
    const next = line.nextElementSibling?.matches('.rows-error') ? line.nextElementSibling : null;
    next?.remove();
    const all = lines();
    const at = all.indexOf(line);
    if (all.length === 1) for (const field of line.querySelectorAll('input')) field.value = '';
    else line.remove();
    if (!empty(lines().at(-1))) add();
    count();
    cells(lines()[Math.min(at, lines().length - 1)])[0].focus();
  }

  function go(line, column) {
    const cell = cells(line)[column];
    cell?.focus();
    if (cell?.type === 'text') cell.select();
  }

  box.addEventListener('input', () => {
    if (!empty(lines().at(-1))) add();
    box.dispatchEvent(new CustomEvent('rows:changed', { bubbles: true, detail: name }));
  });
  box.addEventListener('click', (event) => {
    if (event.target.closest('[data-rows-add]')) {
      event.preventDefault();
      const last = lines().at(-1);
      go(empty(last) ? last : add(), 0);
    }
    const button = event.target.closest('[data-rows-remove]');
    if (button) {
      remove(button.closest('tr'));
      box.closest('form')?.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  box.addEventListener('keydown', (event) => {
    const line = event.target.closest('tr[data-line]');
    if (!line || !event.target.matches('input')) return;
    const all = lines();
    const at = all.indexOf(line);
    const column = cells(line).indexOf(event.target);
    if (event.key === 'Enter') {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) return box.closest('form').requestSubmit(box.closest('form').querySelector('.btn-primary'));
      return go(all[at + 1] ?? add(), column);
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || (event.target.type !== 'text' && !event.altKey)) return;
    const other = all[at + step];
    event.preventDefault();
    if (!other) return;
    if (!event.altKey) return go(other, column);
    if (empty(line) || empty(other)) return;
    other[step > 0 ? 'after' : 'before'](line);
    count();
    go(line, column);
  });
  box.addEventListener('paste', (event) => {
    const line = event.target.closest('tr[data-line]');
    const text = event.clipboardData.getData('text/plain');
    // "a@x.fr; b@y.fr" is two rows; what is in quotation marks stays together.
    const parts = box.dataset.split && !text.includes('\t') ? text.match(new RegExp(`(?:"[^"]*"|[^${box.dataset.split}\\r\\n])+`, 'g')) ?? [] : [];
    const block = parts.length > 1 ? parts.map((part) => [part.trim()]).filter(([part]) => part !== '') : parseBlock(text);
    if (!line || (block.length === 1 && block[0].length === 1)) return;
    event.preventDefault();
    const column = cells(line).indexOf(event.target);
    let at = lines().indexOf(line);
    for (const values of block) {
      const target = lines()[at++] ?? add();
      values.forEach((value, i) => { if (cells(target)[column + i]) cells(target)[column + i].value = value.trim(); });
    }
    if (!empty(lines().at(-1))) add();
    count();
    box.closest('form')?.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

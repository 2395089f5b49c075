// The tally grid as a spreadsheet: arrows, Enter, Tab, F2, Escape; a block pasted from another; totals, fill and change as one types; undo.
// Cells are the form's own fields, so what is sent is what is seen. Field names are measure|category|tariff|channel.
import { parseBlock, parseNumber } from './numbers.js';

export function start(table) {
  const grid = new TallyGrid(table);
  grid.recount();
}

class TallyGrid {
  constructor(table) {
    this.table = table;
    this.french = table.dataset.language !== 'en';
    this.digits = Number(table.dataset.digits);
    this.whole = new Intl.NumberFormat(this.french ? 'fr-FR' : 'en-GB', { maximumFractionDigits: 0 });
    this.percent = new Intl.NumberFormat(this.french ? 'fr-FR' : 'en-GB', { style: 'percent', maximumFractionDigits: 0 });
    this.form = table.closest('form');
    this.tools = table.closest('.grid-scroll').previousElementSibling;
    this.status = this.tools.querySelector('[data-grid-status]');
    this.cells = [...table.querySelectorAll('input.cell')];
    this.undoButton = this.tools.querySelector('[data-grid-undo]');
    this.done = [];
    this.undone = [];
    this.before = new Map(this.cells.map((cell) => [cell, cell.value]));
    this.editing = null;
    this.anchor = null;
    this.followed = [];
    this.selected = [];

    table.addEventListener('focusin', (event) => this.enter(event.target));
    table.addEventListener('focusout', (event) => this.leave(event.target));
    table.addEventListener('keydown', (event) => this.key(event));
    table.addEventListener('input', (event) => { if (event.target.matches('.cell')) { this.edit(event.target); this.follow(event.target); this.recount(); } });
    table.addEventListener('dblclick', (event) => { if (event.target.matches('.cell')) this.edit(event.target, true); });
    table.addEventListener('mousedown', (event) => { if (event.shiftKey && this.at && event.target.matches('.cell')) { event.preventDefault(); this.anchor ??= this.at; this.go(event.target, true); } });
    table.addEventListener('paste', (event) => this.paste(event));
    table.addEventListener('copy', (event) => this.copy(event));
    this.tools.addEventListener('click', (event) => this.tool(event));
    this.tools.addEventListener('change', (event) => this.choose(event));
    this.undoButton?.addEventListener('click', () => this.undo());
    this.scroll = table.closest('.grid-scroll');
    this.more = this.scroll.nextElementSibling;
    this.scroll.addEventListener('scroll', () => this.hint(), { passive: true });
    new ResizeObserver(() => this.hint()).observe(this.scroll);
    this.recall();
    this.mark();
  }

  // Whether columns are hidden on the right. The sentence stays once it is there: scrolling to the end moves nothing.
  hint() {
    const wider = this.scroll.scrollWidth > this.scroll.clientWidth + 1;
    this.scroll.classList.toggle('grid-scroll-more', wider && this.scroll.scrollLeft + this.scroll.clientWidth < this.scroll.scrollWidth - 1);
    if (this.more?.matches('[data-grid-more]')) this.more.hidden = !wider;
  }

  // Rows and columns as they are seen: hidden measures are skipped.
  get rows() {
    return [...this.table.querySelectorAll('tr[data-tariff]')].map((row) => [...row.querySelectorAll('input.cell')].filter((cell) => cell.offsetParent !== null));
  }

  place(cell) {
    const rows = this.rows;
    for (let row = 0; row < rows.length; row++) {
      const column = rows[row].indexOf(cell);
      if (column >= 0) return { rows, row, column };
    }
    return null;
  }

  enter(cell) {
    if (!cell.matches?.('.cell')) return;
    this.at = cell;
    if (this.editing !== cell) {
      this.editing = null;
      cell.select();
    }
    this.entered = cell.value;
    cell.closest('.grid-scroll').style.scrollPaddingTop = '60px';
  }

  leave(cell) {
    if (!cell.matches?.('.cell')) return;
    cell.classList.remove('cell-editing');
    this.editing = null;
    this.tidy(cell);
    this.commit([[cell, this.entered, cell.value], ...this.followed]);
    this.followed = [];
  }

  edit(cell, caret = false) {
    if (this.editing === cell) return;
    this.editing = cell;
    cell.classList.add('cell-editing');
    this.range([]);
    if (caret) cell.setSelectionRange(cell.value.length, cell.value.length);
  }

  key(event) {
    const cell = event.target;
    if (!cell.matches('.cell')) return;
    const control = event.ctrlKey || event.metaKey;
    const editing = this.editing === cell;
    const step = (rows, columns, extend = false) => {
      event.preventDefault();
      this.step(cell, rows, columns, extend);
    };
    if (control && event.key.toLowerCase() === 'z') { event.preventDefault(); return event.shiftKey ? this.redo() : this.undo(); }
    if (control && event.key.toLowerCase() === 'y') { event.preventDefault(); return this.redo(); }
    if (control && event.key === 'Enter') {
      event.preventDefault();
      cell.blur();
      return this.form?.requestSubmit(this.form.querySelector('[data-validate]') ?? undefined);
    }
    switch (event.key) {
      case 'Enter': return step(event.shiftKey ? -1 : 1, 0);
      case 'Tab': {
        // Leaves the grid at its ends, so that the keyboard is never trapped.
        const place = this.place(cell);
        const flat = place.rows.flat();
        const next = flat[flat.indexOf(cell) + (event.shiftKey ? -1 : 1)];
        if (next) { event.preventDefault(); this.go(next); }
        return;
      }
      case 'F2': event.preventDefault(); return this.edit(cell, true);
      case 'Escape':
        if (cell.value !== this.entered) {
          event.preventDefault();
          event.stopPropagation();
          cell.value = this.entered;
          this.follow(cell);
          this.recount();
        }
        this.editing = null;
        cell.classList.remove('cell-editing');
        this.range([]);
        return cell.select();
      case 'ArrowDown': return control ? this.jump(event, cell, 1, 0) : step(1, 0, event.shiftKey);
      case 'ArrowUp': return control ? this.jump(event, cell, -1, 0) : step(-1, 0, event.shiftKey);
      case 'ArrowRight': return editing ? undefined : control ? this.jump(event, cell, 0, 1) : step(0, 1, event.shiftKey);
      case 'ArrowLeft': return editing ? undefined : control ? this.jump(event, cell, 0, -1) : step(0, -1, event.shiftKey);
      case 'Home': return editing ? undefined : this.jump(event, cell, 0, -1);
      case 'End': return editing ? undefined : this.jump(event, cell, 0, 1);
      case 'Delete':
      case 'Backspace':
        if (editing) return;
        event.preventDefault();
        this.change((this.selected.length > 0 ? this.selected : [cell]).map((each) => [each, '']));
    }
  }

  step(cell, rows, columns, extend) {
    const place = this.place(cell);
    const row = Math.min(place.rows.length - 1, Math.max(0, place.row + rows));
    const column = Math.min(place.rows[row].length - 1, Math.max(0, place.column + columns));
    if (extend) this.anchor ??= cell;
    this.go(place.rows[row][column], extend);
  }

  jump(event, cell, rows, columns) {
    event.preventDefault();
    this.step(cell, rows * 1000, columns * 1000, false);
  }

  go(cell, extend = false) {
    if (!extend) this.anchor = null;
    cell.focus();
    cell.select();
    this.range(extend && this.anchor ? this.between(this.anchor, cell) : []);
  }

  between(one, other) {
    const a = this.place(one);
    const b = this.place(other);
    const cells = [];
    for (let row = Math.min(a.row, b.row); row <= Math.max(a.row, b.row); row++)
      cells.push(...a.rows[row].slice(Math.min(a.column, b.column), Math.max(a.column, b.column) + 1));
    return cells;
  }

  range(cells) {
    this.selected.forEach((cell) => cell.classList.remove('cell-in-range'));
    this.selected = cells.length > 1 ? cells : [];
    this.selected.forEach((cell) => cell.classList.add('cell-in-range'));
    if (cells.length === 0 && this.editing) this.anchor = null;
  }

  copy(event) {
    if (this.selected.length === 0) return;
    const lines = Map.groupBy ? Map.groupBy(this.selected, (cell) => cell.closest('tr')) : new Map();
    event.clipboardData.setData('text/plain', [...lines.values()].map((cells) => cells.map((cell) => cell.value).join('\t')).join('\n'));
    event.preventDefault();
  }

  paste(event) {
    const cell = event.target;
    if (!cell.matches('.cell')) return;
    const block = parseBlock(event.clipboardData.getData('text/plain'));
    if (block.length === 1 && block[0].length === 1 && this.editing === cell) return;
    event.preventDefault();
    // A single value fills the cells that are selected; a block is laid from the upper left one.
    const changes = [];
    if (block.length === 1 && block[0].length === 1 && this.selected.length > 1)
      for (const each of this.selected) changes.push([each, block[0][0]]);
    else {
      const from = this.selected.length > 1 ? this.selected[0] : cell;
      const { rows, row, column } = this.place(from);
      block.forEach((line, i) => line.forEach((text, j) => {
        const target = rows[row + i]?.[column + j];
        if (target) changes.push([target, text]);
      }));
    }
    let refused = 0;
    const clean = changes.map(([target, text]) => {
      const value = parseNumber(text, this.money(target) ? this.digits : 0);
      if (value === undefined) refused++;
      return [target, value === undefined ? text.trim() : value === null ? '' : this.plain(value, this.money(target))];
    });
    this.change(clean);
    this.entered = cell.value;
    cell.select();
    this.say(refused > 0 ? this.table.dataset.wordRefused.replace('{0}', refused) : this.table.dataset.wordPasted.replace('{0}', clean.length));
  }

  money(cell) { return cell.name.startsWith('gross|'); }

  plain(value, money) {
    const text = money && !Number.isInteger(value) ? value.toFixed(this.digits) : String(value);
    return this.french ? text.replace('.', ',') : text;
  }

  // What was typed is shown as it will be read: "1.234" becomes 1234. What isn't a number stays, marked.
  tidy(cell) {
    const value = parseNumber(cell.value, this.money(cell) ? this.digits : 0);
    if (value !== undefined) cell.value = value === null ? '' : this.plain(value, this.money(cell));
  }

  change(changes) {
    const made = changes.map(([cell, text]) => [cell, cell.value, text]);
    for (const [cell, , text] of made) cell.value = text;
    // Revenue that the same change brings is taken as it is; where it brings none, revenue follows.
    const brought = new Set(made.map(([cell]) => cell));
    for (const [cell, before, after] of [...made]) {
      const gross = this.grossOf(cell);
      if (!gross || brought.has(gross)) continue;
      const was = gross.value;
      gross.value = this.followedBy(cell, before, after, was);
      made.push([gross, was, gross.value]);
    }
    this.commit(made);
  }

  commit(changes) {
    const real = changes.filter(([, before, after]) => before !== after);
    if (real.length > 0) {
      this.done.push(real);
      this.undone = [];
      this.entered = this.at?.value;
      this.form?.dispatchEvent(new Event('input', { bubbles: true }));
    }
    this.mark();
    this.recount();
  }

  // Revenue follows the places sold at the tariff's price, over what it was: two more at 38 € make 76 € more, whatever the average before.
  // A revenue that is typed is left alone until the places change again.
  grossOf(cell) {
    return cell.name.startsWith('sold|') && cell.closest('tr').dataset.price ? this.cells.find((other) => other.name === `gross${cell.name.slice(4)}`) : undefined;
  }

  followedBy(cell, before, after, gross) {
    const from = parseNumber(before, 0) ?? 0;
    const to = parseNumber(after, 0);
    if (to === undefined) return gross;
    if (!to) return '';
    const price = Number(cell.closest('tr').dataset.price);
    const value = (parseNumber(gross, this.digits) ?? 0) + ((to - from) * price) / 10 ** this.digits;
    return value > 0 || price === 0 ? this.plain(Math.round(value * 10 ** this.digits) / 10 ** this.digits, true) : '';
  }

  follow(cell) {
    const gross = this.grossOf(cell);
    if (!gross) return;
    const was = this.followed.find(([other]) => other === gross)?.[1] ?? gross.value;
    gross.value = this.followedBy(cell, this.entered, cell.value, was);
    this.followed = [[gross, was, gross.value]];
  }

  undo() {
    if (this.at && this.at.value !== this.entered) this.leave(this.at);
    this.replay(this.done, this.undone, 1);
  }

  redo() { this.replay(this.undone, this.done, 2); }

  replay(from, to, side) {
    const changes = from.pop();
    if (!changes) return;
    for (const change of changes) change[0].value = change[side];
    to.push(changes);
    const cell = changes[0][0];
    this.editing = null;
    cell.focus();
    cell.select();
    this.entered = cell.value;
    this.say(this.table.dataset.wordUndone);
    this.form?.dispatchEvent(new Event('input', { bubbles: true }));
    this.mark();
    this.recount();
  }

  mark() {
    for (const cell of this.cells) {
      cell.classList.toggle('cell-changed', cell.value !== (cell.dataset.previousText ?? '') && this.cells.some((other) => other.dataset.previous));
      if (parseNumber(cell.value, this.money(cell) ? this.digits : 0) === undefined) cell.ariaInvalid = 'true';
      else cell.removeAttribute('aria-invalid');
    }
    if (this.undoButton) this.undoButton.disabled = this.done.length === 0;
  }

  tool(event) {
    if (event.target.closest('[data-grid-previous]')) this.change(this.cells.map((cell) => [cell, cell.dataset.previousText ?? '']));
    if (event.target.closest('[data-grid-gross]')) {
      const changes = [];
      for (const row of this.table.querySelectorAll('tr[data-price]'))
        if (row.dataset.price)
          for (const cell of row.querySelectorAll('input[name^="gross|"]')) {
            const sold = parseNumber(row.querySelector(`input[name="${CSS.escape(cell.name.replace('gross|', 'sold|'))}"]`).value, 0) ?? 0;
            changes.push([cell, sold ? this.plain((sold * Number(row.dataset.price)) / 10 ** this.digits, true) : '']);
          }
      this.change(changes);
    }
  }

  choose(event) {
    const measures = [...this.tools.querySelectorAll('[data-grid-measure]')];
    if (!measures.includes(event.target)) return;
    if (!measures.some((each) => each.checked)) event.target.checked = true;
    const shown = measures.filter((each) => each.checked).map((each) => each.dataset.gridMeasure);
    this.show(shown);
    localStorage.setItem('grid/shown', shown.join(' '));
  }

  show(shown) {
    this.table.dataset.show = shown.join(' ');
    for (const head of this.table.querySelectorAll('[data-span]')) head.colSpan = shown.length + Number(head.dataset.span || 0);
    this.hint();
  }

  // The columns that this browser chose last.
  recall() {
    const shown = localStorage.getItem('grid/shown')?.split(' ').filter(Boolean);
    if (!shown?.length) return;
    for (const each of this.tools.querySelectorAll('[data-grid-measure]')) each.checked = shown.includes(each.dataset.gridMeasure);
    this.show(shown);
  }

  say(text) {
    this.status.textContent = text;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => { this.status.textContent = ''; }, 6000);
  }

  recount() {
    const sums = new Map();
    const deltas = new Map();
    // Where revenue is known, and where places are sold for an unknown one: the same rule as TallyFigures.Of.
    const known = new Set();
    const soldForUnknown = new Set();
    const said = new Set(this.cells.filter((cell) => this.money(cell) && cell.value.trim()).map((cell) => cell.name.slice(6)));
    const add = (map, name, value) => map.set(name, (map.get(name) ?? 0) + value);
    let compared = false;
    for (const cell of this.cells) {
      const [measure, category, tariff, channel] = cell.name.split('|');
      const value = parseNumber(cell.value, measure === 'gross' ? this.digits : 0) ?? 0;
      const places = [[category, tariff], [category, ''], ['', '']].flatMap(([c, t]) => [channel, ''].map((n) => `${c}|${t}|${n}`));
      for (const place of places) add(sums, `${measure}|${place}`, value);
      if (measure === 'gross' ? cell.value.trim() : value > 0 && measure === 'sold' && cell.closest('tr').dataset.price) places.forEach((place) => known.add(place));
      else if (measure === 'sold' && value > 0 && !said.has(cell.name.slice(5))) places.forEach((place) => soldForUnknown.add(place));
      if (measure !== 'sold') continue;
      const before = Number(cell.dataset.previous || 0);
      compared ||= cell.dataset.previous !== undefined;
      for (const name of [`${category}|${tariff}`, `${category}|`, '|']) add(deltas, name, value - before);
    }
    for (const target of [...this.table.querySelectorAll('[data-sum]'), ...this.tools.querySelectorAll('[data-sum]')]) {
      const money = target.dataset.sum.startsWith('gross|');
      const value = sums.get(target.dataset.sum) ?? 0;
      const place = target.dataset.sum.slice(target.dataset.sum.indexOf('|') + 1);
      const part = soldForUnknown.has(place);
      put(target, !money ? this.number(value) : !part ? this.moneyText(value) : known.has(place) ? `≥\u00a0${this.moneyText(value)}` : '–');
    }
    for (const target of this.table.querySelectorAll('[data-delta]')) {
      const value = compared ? (deltas.get(target.dataset.delta) ?? 0) : 0;
      put(target, value === 0 ? '' : value > 0 ? `+${this.number(value)}` : `−${this.number(-value)}`);
      target.classList.toggle('grid-up', value > 0);
      target.classList.toggle('grid-down', value < 0);
    }
    for (const target of this.table.querySelectorAll('[data-grid-fill]')) {
      const body = target.closest('tbody');
      const capacity = Number(body ? body.dataset.capacity : target.dataset.capacity);
      // Exempt places are taken too: the same rule as TallyRules.Unconfirmed.
      const taken = ['sold', 'free'].reduce((sum, measure) => sum + (sums.get(body ? `${measure}|${body.dataset.category}||` : `${measure}|||`) ?? 0), 0);
      const over = taken - capacity;
      put(target, over > 0 ? this.table.dataset.wordOver.replace('{0}', this.number(over)).replace('{1}', this.percentText(taken / capacity)) : this.percentText(taken / capacity));
      target.closest('tr').classList.toggle('grid-over', over > 0);
    }
  }

  number(value) { return this.whole.format(value); }

  percentText(share) { return this.percent.format(share).replace(/\s%/, '\u202F%'); }

  moneyText(value) {
    const symbol = this.table.dataset.symbol;
    return this.french ? `${this.number(value)}\u00A0${symbol}` : symbol.length === 3 ? `${symbol}\u00A0${this.number(value)}` : `${symbol}${this.number(value)}`;
  }
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

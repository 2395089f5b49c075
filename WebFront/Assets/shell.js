// Menus, dialogs, hints, messages, and the keys that work on every page.

const typing = (element) => element?.matches?.('input, textarea, select, [contenteditable]');
const words = document.body.dataset.language === 'en'
  ? { failed: 'That did not work. Nothing was changed.', reference: 'Reference', unreachable: 'Guichet can’t be reached. What you typed is kept; try again in a moment.', close: 'Close' }
  : { failed: 'L’action n’a pas abouti. Rien n’a changé.', reference: 'Référence', unreachable: 'Guichet est injoignable. Votre saisie est conservée ; réessayez dans un instant.', close: 'Fermer' };

export function startShell() {
  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onKey);
  document.addEventListener('toggle', onToggle, true);
  document.addEventListener('pointerover', (event) => hint(event.target.closest?.('[data-hint]')));
  document.addEventListener('focusin', (event) => hint(event.target.closest?.('[data-hint]')));
  document.addEventListener('focusout', () => hint(null));
  // Tab leads out of a menu, which closes behind it.
  document.addEventListener('focusin', (event) => {
    for (const menu of document.querySelectorAll('details[data-menu][open]')) if (!menu.contains(event.target)) menu.open = false;
  });
  for (const dialog of document.querySelectorAll('dialog[data-open]')) dialog.showModal();
  startFinding();
  document.querySelectorAll('[data-toast]').forEach(leaveByItself);
  document.body.addEventListener('htmx:responseError', (event) => {
    const reference = event.detail.xhr.getResponseHeader('X-Reference');
    toast(reference ? `${words.failed} ${words.reference} ${reference}` : words.failed, 'bad');
  });
  document.body.addEventListener('htmx:sendError', () => toast(words.unreachable, 'bad'));
}

function onClick(event) {
  const target = event.target.closest?.('[data-opens], [data-closes], [data-copy], [data-toast-close], [data-back], [data-print], [data-reveals]');
  for (const menu of document.querySelectorAll('details[data-menu][open]')) if (!menu.contains(event.target)) menu.open = false;
  if (event.target.matches?.('dialog') && event.target.open) {
    const box = event.target.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) event.target.close();
  }
  if (!target) return;
  const { opens, copy, reveals } = target.dataset;
  if (opens !== undefined) {
    target.closest('details[data-menu]')?.removeAttribute('open');
    document.getElementById(opens)?.showModal();
  } else if ('closes' in target.dataset) target.closest('dialog').close();
  else if (copy !== undefined)
    navigator.clipboard?.writeText(copy).then(() => toast(`${target.dataset.copied} : ${copy}`, 'good'));
  else if ('toastClose' in target.dataset) target.closest('[data-toast]').remove();
  else if ('back' in target.dataset) history.back();
  else if ('print' in target.dataset) print();
  else if (reveals !== undefined) {
    const input = document.getElementById(reveals);
    input.type = input.type === 'password' ? 'text' : 'password';
    input.focus();
  }
}

// One menu at a time.
function onToggle(event) {
  if (!event.target.matches?.('details[data-menu][open]')) return;
  for (const other of document.querySelectorAll('details[data-menu][open]')) if (other !== event.target && !other.contains(event.target)) other.open = false;
}

let first = '';
let firstAt = 0;
const places = { t: '/', s: '/sessions', p: '/tallies', c: '/calendar', l: '/links', r: '/partners', o: '/contacts', e: '/reports', x: '/operations', i: '/imports', n: '/notifications', a: '/administration' };

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') return find(event);
  if (document.activeElement?.matches?.('[data-find] [data-search]') && walkFound(event, document.activeElement)) return;
  if (event.key === 'Escape') {
    const menu = document.activeElement?.closest?.('details[data-menu][open]');
    if (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
      event.preventDefault();
    } else if (document.activeElement?.matches?.('[data-search]')) document.activeElement.blur();
    return;
  }
  const menu = document.activeElement?.closest?.('details[data-menu][open]');
  if (menu && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    const items = [...menu.querySelectorAll('.menu-panel :is(a, button, input:not([type=hidden]))')];
    const at = items.indexOf(document.activeElement);
    items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1) + (at < 0 && event.key === 'ArrowUp' ? 1 : 0)) % items.length]?.focus();
    event.preventDefault();
    return;
  }
  if (typing(document.activeElement) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (event.key === '/') return find(event);
  if (event.key === '?') {
    event.preventDefault();
    document.getElementById('keys')?.showModal();
    return;
  }
  if (first === 'g' && performance.now() - firstAt < 1500 && places[event.key]) {
    first = '';
    event.preventDefault();
    location.assign(places[event.key]);
    return;
  }
  first = event.key;
  firstAt = performance.now();
}

function find(event) {
  const search = document.querySelector('[data-search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

// What the search on top finds as one types: lines to go to, walked with the arrows while the caret stays in the field.
function startFinding() {
  const field = document.querySelector('[data-find] [data-search]');
  if (!field) return;
  const list = document.getElementById(field.getAttribute('aria-controls'));
  const lines = () => [...list.querySelectorAll('[data-find-line]')];
  const show = (text) => {
    if (text !== undefined) {
      list.textContent = text;
      list.classList.toggle('search-says', text !== '');
    }
    list.hidden = field.value.trim() === '' || list.childNodes.length === 0;
    field.ariaExpanded = String(!list.hidden);
    field.removeAttribute('aria-activedescendant');
  };
  field.addEventListener('input', () => {
    // At once: what is shown is of other words, or nothing yet.
    if (field.value.trim() === '' || lines().length === 0) show(field.value.trim() === '' ? '' : list.dataset.searching);
    field.removeAttribute('aria-activedescendant');
    for (const line of lines()) line.ariaSelected = 'false';
  });
  field.addEventListener('htmx:configRequest', (event) => { if (field.value.trim() === '') event.preventDefault(); });
  list.addEventListener('htmx:afterSwap', () => {
    lines().forEach((line, at) => {
      line.role = 'option';
      line.id = `search-found-${at}`;
      line.tabIndex = -1;
      line.ariaSelected = 'false';
    });
    list.classList.remove('search-says');
    show(lines().length === 0 ? list.dataset.empty : undefined);
  });
  field.addEventListener('focus', () => show());
  field.closest('form').addEventListener('focusout', (event) => { if (!field.closest('form').contains(event.relatedTarget)) { list.hidden = true; field.ariaExpanded = 'false'; } });
  // The pointer must not take the focus away before it is let go.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
}

function walkFound(event, field) {
  const list = document.getElementById(field.getAttribute('aria-controls'));
  const lines = [...list.querySelectorAll('[data-find-line]')];
  const at = lines.findIndex((line) => line.id === field.getAttribute('aria-activedescendant'));
  if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && lines.length > 0) {
    event.preventDefault();
    list.hidden = false;
    field.ariaExpanded = 'true';
    const next = lines[(at + (event.key === 'ArrowDown' ? 1 : lines.length - 1) + (at < 0 && event.key === 'ArrowUp' ? 1 : 0)) % lines.length];
    for (const line of lines) line.ariaSelected = String(line === next);
    field.setAttribute('aria-activedescendant', next.id);
    next.scrollIntoView({ block: 'nearest' });
    return true;
  }
  if (event.key === 'Enter' && at >= 0 && !list.hidden) {
    event.preventDefault();
    location.assign(lines[at].href);
    return true;
  }
  if (event.key === 'Escape' && !list.hidden) {
    event.preventDefault();
    list.hidden = true;
    field.ariaExpanded = 'false';
    field.removeAttribute('aria-activedescendant');
    return true;
  }
  return false;
}

let bubble = null;
function hint(element) {
  bubble?.remove();
  bubble = null;
  if (!element) return;
  bubble = document.createElement('div');
  bubble.className = 'hint-bubble';
  bubble.textContent = element.dataset.hint;
  (element.closest('dialog') ?? document.body).append(bubble);
  const box = element.getBoundingClientRect();
  const own = bubble.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + box.width / 2 - own.width / 2), innerWidth - own.width - 8);
  const top = box.bottom + 6 + own.height > innerHeight ? box.top - own.height - 6 : box.bottom + 6;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${top}px`;
}

/** Shows a sentence for a while. `tone` is good, bad, warn or info. */
export function toast(text, tone = 'info') {
  const line = document.createElement('div');
  line.className = `toast-line tone-${tone}`;
  line.dataset.toast = '';
  if (tone === 'bad') line.role = 'alert';
  const body = document.createElement('div');
  body.className = 'toast-text';
  body.textContent = text;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'icon-button';
  close.dataset.toastClose = '';
  close.ariaLabel = words.close;
  close.textContent = '×';
  line.append(body, close);
  document.querySelector('[data-toasts]')?.append(line);
  leaveByItself(line);
}

// Time to read, longer for what went wrong; stays while the pointer or the focus is on it.
function leaveByItself(line) {
  const wait = line.classList.contains('tone-bad') ? 12000 : 5000;
  const leave = () => setTimeout(() => (line.matches(':hover, :focus-within') ? leave() : line.remove()), wait);
  leave();
}

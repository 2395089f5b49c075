// Figures that move by themselves. One stream of server-sent events per page; the page carries the number of the last event
// it was rendered with, and gets what came since, or is told to fetch itself again when that is too far behind.
// Contract with WebFront/Live: `values` {key: text}, `named` [{name, detail}], `resync`, `beat`, `moved`, `ended`; ids are "epoch-number".
// A page for who isn't signed in names the stream of its own in `data-live-source`; it has no numbers, and begins with `resync`.
// After `resync` the stream goes on: what it brings while the page is fetched is newer than the page, and is applied after it.

const silence = 25000;
let source = null;
let at = '';
let lostSince = null;
let attempts = 0;
let watchdog = 0;
let retry = 0;
let rest = 0;
let ended = false;
let index = null;
let held = null;

export function startLive() {
  at = document.body.dataset.liveAt ?? '';
  if (!at) return;
  document.body.addEventListener('htmx:afterSwap', () => { index = null; });
  // What the reader opened or closed stays so when the region comes again.
  let folds = new Map();
  const placeOf = (fold) => {
    const near = fold.closest('[id]');
    return `${near.id}/${[...near.querySelectorAll('details')].indexOf(fold)}`;
  };
  document.body.addEventListener('htmx:beforeSwap', ({ detail }) => {
    folds = new Map('asks' in detail.requestConfig.elt.dataset ? [...detail.target.querySelectorAll('details')].map((fold) => [placeOf(fold), fold.open]) : []);
  });
  document.body.addEventListener('htmx:afterSwap', ({ detail }) => {
    if (folds.size > 0) for (const fold of document.getElementById(detail.target.id)?.querySelectorAll('details') ?? []) fold.open = folds.get(placeOf(fold)) ?? fold.open;
    folds.clear();
  });
  // Where people type by now, nothing is fetched over it.
  document.body.addEventListener('htmx:beforeRequest', (event) => {
    if ('asks' in event.detail.elt.dataset && event.detail.target?.querySelector('form[data-guard]')) event.preventDefault();
  });
  addEventListener('pageshow', (event) => { if (event.persisted) connect(); });
  addEventListener('online', () => reconnect(0));
  addEventListener('offline', lose);
  // A form on its way must not be cut short by what it does itself: a new password ends the session that this page listens in.
  addEventListener('submit', (event) => {
    if (event.defaultPrevented || event.target.method !== 'post') return;
    clearTimeout(watchdog);
    clearTimeout(retry);
    source?.close();
    source = null;
    retry = setTimeout(connect, 20000);
  });
  addEventListener('pagehide', () => { clearTimeout(watchdog); clearTimeout(retry); source?.close(); source = null; });
  // A browser keeps six connections to a site over HTTP/1.1: a page that nobody looks at gives its own back, and catches up when seen again.
  document.addEventListener('visibilitychange', () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(pause, 10000);
    else if (!source || lostSince) reconnect(0);
  });
  show('waiting');
  if (!document.hidden) connect();
}

function connect() {
  source?.close();
  // A fetch that a lost stream asked for may not have happened: ask again.
  if (held) at = '-';
  held = null;
  const stream = new EventSource(document.body.dataset.liveSource ?? `/live?at=${encodeURIComponent(at)}`);
  source = stream;
  watch();
  const on = (name, handle) => stream.addEventListener(name, (event) => {
    if (stream !== source) return;
    if (event.lastEventId) at = event.lastEventId;
    watch();
    if (lostSince !== null || attempts > 0) {
      lostSince = null;
      attempts = 0;
    }
    show('live');
    const happened = () => handle?.(JSON.parse(event.data));
    if (held && name !== 'ended') held.push(happened);
    else happened();
  });
  on('values', apply);
  on('named', (events) => events.forEach(({ name, detail }) => {
    document.body.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true, detail }));
    if (name === 'figures' || name === 'sessions' || name === 'partners') derive();
  }));
  on('beat');
  on('resync', resync);
  // The node stops: another one answers, and the page isn't behind yet. Not all pages at once.
  stream.addEventListener('moved', () => {
    if (stream !== source) return;
    pause();
    retry = setTimeout(connect, 100 + Math.random() * 400);
  });
  on('ended', () => {
    ended = true;
    source.close();
    clearTimeout(watchdog);
    show('ended');
    if (document.body.dataset.liveSource) location.reload();
    else location.assign(`/sign-in?back=${encodeURIComponent(location.pathname + location.search)}`);
  });
  stream.onerror = () => { if (stream === source) lose(); };
}

function pause() {
  source?.close();
  source = null;
  clearTimeout(watchdog);
  clearTimeout(retry);
}

function watch() {
  clearTimeout(watchdog);
  watchdog = setTimeout(lose, silence);
}

function lose() {
  if (ended) return;
  source?.close();
  source = null;
  clearTimeout(watchdog);
  lostSince ??= new Date();
  show('lost');
  reconnect(Math.min(15000, 500 * 2 ** attempts) * (0.75 + Math.random() / 2));
}

function reconnect(delay) {
  if (ended || document.hidden || (source && !lostSince)) return;
  clearTimeout(retry);
  retry = setTimeout(() => {
    attempts++;
    connect();
  }, delay);
}

function show(state) {
  const pill = document.querySelector('[data-live-pill]');
  document.body.dataset.live = state;
  if (!pill || (pill.dataset.state === state && state !== 'lost')) return;
  pill.hidden = false;
  pill.dataset.state = state;
  const english = document.body.dataset.language === 'en';
  const time = lostSince && (english
    ? lostSince.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    : `${lostSince.getHours()}\u00A0h\u00A0${String(lostSince.getMinutes()).padStart(2, '0')}`);
  const word = pill.dataset[`word${state[0].toUpperCase()}${state.slice(1)}`].replace('{0}', time);
  const target = pill.querySelector('[data-live-word]');
  if (target.textContent !== word) target.textContent = word;
}

function targets(key) {
  if (!index) {
    index = new Map();
    for (const element of document.querySelectorAll('[data-live], [data-live-width]'))
      for (const name of [element.dataset.live, element.dataset.liveWidth]) if (name) (index.get(name) ?? index.set(name, []).get(name)).push(element);
  }
  return index.get(key) ?? [];
}

function apply(values) {
  for (const [key, text] of Object.entries(values))
    for (const element of targets(key)) put(element, key, text);
}

/** Puts a value in place: text or width only, never a field, never under the caret. */
function put(element, key, text) {
  if (element.dataset.liveWidth === key) {
    const share = Number(text);
    element.setAttribute('width', String(Math.min(1, Math.max(0, share)) * 100));
    element.closest('[data-fill]')?.classList.toggle('fill-over', share > 1);
    return;
  }
  if (element.matches('input, textarea, select, [contenteditable]') || element.textContent === text) return;
  element.textContent = text;
  if ('liveSign' in element.dataset) {
    element.classList.toggle('delta-up', text.startsWith('+'));
    element.classList.toggle('delta-down', text.startsWith('−'));
    element.classList.toggle('delta-none', !/^[+−]/.test(text));
  }
  element.classList.remove('changed');
  void element.offsetWidth;
  element.classList.add('changed');
}

// Too far behind: the page is fetched again and every live figure copied in place.
async function resync() {
  const stream = source;
  const waiting = [];
  held = waiting;
  try {
    const page = await asked();
    if (!page || stream !== source) return;
    copy(page, () => true);
    copyParts(page);
    held = null;
    document.body.dispatchEvent(new CustomEvent('live:resync', { bubbles: true }));
    waiting.forEach((happened) => happened());
  } catch {
    if (stream === source) {
      at = '-';
      lose();
    }
  }
}

// Sums and changes since yesterday are made of many figures and are in no event: the page is asked for them, once for many events.
let deriving = 0;
const derived = (key) => key.startsWith('totals/') || key.endsWith('/day');

function derive() {
  clearTimeout(deriving);
  deriving = setTimeout(async () => {
    const parts = document.querySelectorAll('[data-live-part]');
    if (parts.length === 0 && !document.querySelector('[data-live^="totals/"]')) return;
    const page = await asked(parts.length).catch(() => null);
    if (!page) return;
    copy(page, derived);
    copyParts(page);
  }, 600);
}

// Parts of a page that are more than a text (a state with its shape, a table): each as it is now, those alone that say something else. Only
// what is new in them moves the eye.
function copyParts(page) {
  const now = new Map([...page.querySelectorAll('[data-live-part]')].map((part) => [part.dataset.livePart, part]));
  for (const own of document.querySelectorAll('[data-live-part]')) {
    const part = now.get(own.dataset.livePart);
    if (!part || part.innerHTML === own.innerHTML) continue;
    // What scripts have made of it since is no change.
    if (own.querySelector('[data-island]') && part.textContent === own.textContent) continue;
    const before = leaves(own).map((leaf) => leaf.textContent);
    const after = leaves(part);
    const place = controls(own).indexOf(document.activeElement);
    const address = document.activeElement?.getAttribute('href');
    const open = [...own.querySelectorAll('details')].map((fold) => fold.open);
    own.replaceWith(part);
    // What a reader has opened stays open, and the keyboard stays where it was.
    [...part.querySelectorAll('details')].forEach((fold, at) => (fold.open = open[at] ?? fold.open));
    if (place >= 0) (controls(part).find((one) => address && one.getAttribute('href') === address) ?? controls(part)[place])?.focus({ preventScroll: true });
    for (const leaf of after.filter((one, at) => (before.length === after.length ? one.textContent !== before[at] : !before.includes(one.textContent)))) leaf.classList.add('changed');
    part.dispatchEvent(new CustomEvent('live:part', { bubbles: true }));
  }
}

function controls(part) {
  return [...part.querySelectorAll('a[href], button, input, select, textarea, summary')];
}

/** The innermost elements that say something. */
function leaves(part) {
  return [part, ...part.querySelectorAll('*')].filter((element) => !element.firstElementChild && element.textContent.trim());
}

/** This page as it is now, its list with at least as many rows as are shown; null when one has to sign in again. */
async function asked(rows = 0) {
  const address = new URL(location.href);
  if (rows > 100) address.searchParams.set('rows', String(rows));
  const answer = await fetch(address, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  if (answer.redirected && new URL(answer.url).pathname.startsWith('/sign-in')) {
    location.assign(answer.url);
    return null;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

function copy(page, wanted) {
  index = null;
  for (const element of page.querySelectorAll('[data-live]'))
    if (wanted(element.dataset.live))
      for (const own of targets(element.dataset.live)) if (own.dataset.live === element.dataset.live) put(own, '', element.textContent);
  for (const element of page.querySelectorAll('[data-live-width]'))
    if (wanted(element.dataset.liveWidth))
      for (const own of targets(element.dataset.liveWidth)) own.setAttribute('width', element.getAttribute('width'));
}

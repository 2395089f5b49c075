// What every page runs. Nothing here is needed to read a page or to send a form; it makes both quicker.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { startForms } from './forms.js';
import { startLists } from './lists.js';
import { startLive } from './live.js';
import { startShell } from './shell.js';

const islands = {
  curve: () => import('./islands/curve.js'),
  'tally-grid': () => import('./islands/tally-grid.js'),
  calendar: () => import('./islands/calendar.js'),
  entry: () => import('./islands/entry.js'),
  postcode: () => import('./islands/postcode.js'),
  rows: () => import('./islands/rows.js'),
  select: () => import('./islands/select.js'),
};

// Each island's script is fetched only by pages that have one.
function wake(root) {
  for (const element of root.querySelectorAll('[data-island]:not([data-awake])')) {
    element.dataset.awake = '';
    islands[element.dataset.island]?.().then((island) => {
      island.start(element);
      // For who must know that its keys are there: the tests.
      element.dataset.ready = '';
    });
  }
}

// The reader's zone: pages name the organisation's where the two differ.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`guichet-zone=${zone}`)) document.cookie = `guichet-zone=${zone};path=/;max-age=31536000;samesite=lax`;

window.htmx = htmx;
startShell();
startForms();
startLists();
startLive();
wake(document);
document.body.addEventListener('htmx:load', (event) => wake(event.detail.elt.parentElement ?? document));
document.body.addEventListener('live:part', (event) => wake(event.target.parentElement));

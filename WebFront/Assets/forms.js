// Forms: the first refusal gets the focus, sending twice is prevented, drafts are kept, leaving with changes asks, what couldn't be taken
// because the session had ended is put back after signing in.
import { toast } from './shell.js';

const organisation = () => document.querySelector('[data-organisation]')?.dataset.organisation ?? '';
const key = (form) => `draft/${organisation()}/${form.dataset.draft}`;
const kept = (form) => [...form.elements].filter((field) => field.name && !['hidden', 'password', 'file', 'submit', 'button'].includes(field.type) && !field.disabled);
const valueOf = (field) => (field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.multiple ? [...field.selectedOptions].map((option) => option.value).join('\n') : field.value);
const initialOf = (field) =>
  field.type === 'checkbox' || field.type === 'radio' ? field.defaultChecked
  : field.options ? [...field.options].filter((option) => option.defaultSelected).map((option) => option.value).join('\n') || (field.multiple ? '' : (field.options[0]?.value ?? ''))
  : field.defaultValue;
const changed = (form) => kept(form).some((field) => valueOf(field) !== initialOf(field));
const nameOf = (field) => (field.type === 'radio' || field.type === 'checkbox' ? `${field.name}=${field.value}` : field.name);
const typedIn = (form) => Object.fromEntries(kept(form).filter((field) => valueOf(field) !== initialOf(field)).map((field) => [nameOf(field), valueOf(field)]));

function putBack(form, values) {
  for (const field of kept(form)) {
    const own = nameOf(field);
    if (!(own in values)) continue;
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = values[own];
    else if (field.multiple) for (const option of field.options) option.selected = values[own].split('\n').includes(option.value);
    else field.value = values[own];
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
}
let leaving = false;

export function startForms() {
  document.querySelector('[data-error-summary]')?.focus();
  document.addEventListener('submit', onSubmit);
  addEventListener('pageshow', (event) => {
    document.querySelectorAll('form[data-sending]').forEach(restore);
    // A page that the browser kept and shows again: what its form sends from here is another command than what it sent before.
    if (event.persisted) for (const command of document.querySelectorAll('[data-command]')) command.value = crypto.randomUUID?.() ?? '';
  });
  for (const form of document.querySelectorAll('form[data-draft]')) keepDraft(form);
  document.body.addEventListener('htmx:load', (event) => event.detail.elt.querySelectorAll?.('form[data-draft]').forEach(keepDraft));
  document.addEventListener('input', preview);
  document.addEventListener('change', preview);
  takeUpUnsent();
  addEventListener('beforeunload', (event) => {
    if (!leaving && [...document.querySelectorAll('form[data-guard]')].some(changed)) event.preventDefault();
  });
  for (const drop of document.querySelectorAll('[data-drop]')) takeDrops(drop);
  for (const part of document.querySelectorAll('[data-when]')) showWhen(part);
  document.addEventListener('change', (event) => event.target.closest?.('form[data-auto]')?.requestSubmit());
  // A choice that writes a text into another field, where it can be changed: data-fills="wording".
  document.addEventListener('change', (event) => {
    const into = event.target.form?.elements[event.target.dataset?.fills];
    const text = event.target.selectedOptions?.[0]?.dataset.note;
    if (into && text) into.value = text;
  });
}

// What a form sent stays in this tab until a page says what became of it. Where the server took nothing, because the session had ended or
// another had begun, the page of the form says so ("here") and it is put back; a page where one signs in keeps it for the page after ("later").
function takeUpUnsent() {
  const said = document.querySelector('[data-unsent]')?.dataset.unsent;
  const between = document.querySelector('.plain') !== null && said !== 'here';
  for (const name of Object.keys(sessionStorage).filter((item) => item.startsWith('sent/'))) {
    const sent = JSON.parse(sessionStorage.getItem(name));
    const old = Date.now() - sent.at > 3600e3;
    const [path, id] = name.slice('sent/'.length).split('#');
    const here = path === location.pathname;
    if (between && !old) {
      if (said === 'later') sessionStorage.setItem(name, JSON.stringify({ ...sent, waits: true }));
      continue;
    }
    const form = here && (said === 'here' || sent.waits) && !old ? document.getElementById(id) : null;
    if (form?.matches('form[method=post]') && (said === 'here' || sent.organisation === organisation())) {
      form.closest('dialog')?.showModal();
      putBack(form, sent.values);
      if (sent.waits) toast(form.dataset.putBack, 'warn');
    }
    if (here || !sent.waits || old) sessionStorage.removeItem(name);
  }
}

// A part of a form that is asked only for one answer of another field: data-when="show=new"; with nothing after the sign, for a box left open.
function showWhen(part) {
  const [name, value] = part.dataset.when.split('=');
  const form = part.closest('form');
  const answer = (field) => (field?.type === 'checkbox' && !field.checked ? '' : field?.value);
  const show = () => { part.hidden = answer(form.elements[name]) !== value; };
  form.addEventListener('change', show);
  show();
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  const button = event.submitter;
  // Answered elsewhere (a preview in its frame, a file): this page stays as it is.
  if (button?.formTarget && button.formTarget !== '_self') return;
  // A second click sends nothing, whichever button it is on; the command's id would make it harmless, but the page would be answered twice.
  if (form.hasAttribute('data-sending')) {
    event.preventDefault();
    return;
  }
  form.setAttribute('data-sending', '');
  button?.setAttribute('aria-busy', 'true');
  leaving = true;
  // Not form.id: a field may be called that.
  const id = form.getAttribute('id');
  if (id && !form.dataset.draft) sessionStorage.setItem(`sent/${location.pathname}#${id}`, JSON.stringify({ at: Date.now(), organisation: organisation(), values: typedIn(form) }));
  // Who stops the page from loading can send again.
  setTimeout(() => { leaving = false; restore(form); }, 8000);
}

// What a form makes is shown again when typing pauses, by the button that data-previews names.
let previewing;
function preview(event) {
  const part = event.target.closest?.('[data-previews]');
  if (!part) return;
  clearTimeout(previewing);
  previewing = setTimeout(() => {
    const button = document.getElementById(part.dataset.previews);
    if (button?.isConnected) button.form.requestSubmit(button);
  }, event.type === 'change' ? 50 : 600);
}

function restore(form) {
  form.removeAttribute('data-sending');
  for (const button of document.querySelectorAll('[aria-busy="true"]')) if (button.form === form) button.removeAttribute('aria-busy');
}

// What is typed stays in this browser until it is sent and accepted: an accepted form leads to a page without it.
function keepDraft(form) {
  if ('kept' in form.dataset) return;
  form.dataset.kept = '';
  const name = key(form);
  const sent = `${name}/sent`;
  const refused = form.querySelector('[data-error-summary]') !== null;
  if (sessionStorage.getItem(sent)) {
    sessionStorage.removeItem(sent);
    if (!refused) localStorage.removeItem(name);
  }
  const found = read(name);
  if (found && !refused) offer(form, found, name);
  let waiting = 0;
  const save = () => {
    const values = typedIn(form);
    if (Object.keys(values).length > 0) localStorage.setItem(name, JSON.stringify({ at: Date.now(), values }));
    else localStorage.removeItem(name);
  };
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 300);
  });
  form.addEventListener('submit', () => {
    save();
    sessionStorage.setItem(sent, '1');
  });
  // The answer to a sent form is another page; it clears the draft that this one left.
  addEventListener('pagehide', () => clearTimeout(waiting));
}

function read(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(name));
    return draft && Date.now() - draft.at < 7 * 86400e3 ? draft : null;
  } catch {
    return null;
  }
}

function offer(form, draft, name) {
  const line = document.createElement('div');
  line.className = 'draft-found';
  line.role = 'status';
  const english = document.body.dataset.language === 'en';
  const when = new Date(draft.at).toLocaleString(english ? 'en-GB' : 'fr-FR', { dateStyle: 'medium', timeStyle: 'short' });
  const text = document.createElement('span');
  text.textContent = form.dataset.draftFound.replace('{0}', when);
  const take = document.createElement('button');
  const drop = document.createElement('button');
  for (const [button, word] of [[take, form.dataset.draftTake], [drop, form.dataset.draftDrop]]) {
    button.type = 'button';
    button.className = 'btn btn-sm';
    button.textContent = word;
  }
  take.addEventListener('click', () => {
    putBack(form, draft.values);
    line.remove();
  });
  drop.addEventListener('click', () => {
    localStorage.removeItem(name);
    line.remove();
  });
  line.append(text, take, drop);
  form.prepend(line);
}

// After an accepted form, the page that follows drops the draft: those marked as sent whose form isn't on it.
// A page that says something went wrong, or asks to sign in again, is no acceptance.
const accepted = document.querySelector('.plain') === null;
for (let i = sessionStorage.length - 1; accepted && i >= 0; i--) {
  const item = sessionStorage.key(i);
  if (!item?.startsWith('draft/') || !item.endsWith('/sent')) continue;
  const name = item.slice(0, -'/sent'.length);
  if ([...document.querySelectorAll('form[data-draft]')].some((form) => key(form) === name)) continue;
  sessionStorage.removeItem(item);
  localStorage.removeItem(name);
}

function takeDrops(drop) {
  const input = drop.querySelector('input[type=file]');
  for (const type of ['dragenter', 'dragover']) drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add('drop-over'); });
  for (const type of ['dragleave', 'drop']) drop.addEventListener(type, () => drop.classList.remove('drop-over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
  });
}

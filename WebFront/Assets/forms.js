// Forms: the first refusal gets the focus, sending twice is prevented, drafts are kept, leaving with changes asks.

const key = (form) => `draft/${document.querySelector('[data-organisation]')?.dataset.organisation ?? ''}/${form.dataset.draft}`;
const kept = (form) => [...form.elements].filter((field) => field.name && !['hidden', 'password', 'file', 'submit', 'button'].includes(field.type) && !field.disabled);
const valueOf = (field) => (field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.multiple ? [...field.selectedOptions].map((option) => option.value).join('\n') : field.value);
const initialOf = (field) =>
  field.type === 'checkbox' || field.type === 'radio' ? field.defaultChecked
  : field.options ? [...field.options].filter((option) => option.defaultSelected).map((option) => option.value).join('\n') || (field.multiple ? '' : (field.options[0]?.value ?? ''))
  : field.defaultValue;
const changed = (form) => kept(form).some((field) => valueOf(field) !== initialOf(field));
let leaving = false;

export function startForms() {
  document.querySelector('[data-error-summary]')?.focus();
  document.addEventListener('submit', onSubmit);
  document.addEventListener('pageshow', () => document.querySelectorAll('[aria-busy="true"]').forEach((button) => button.removeAttribute('aria-busy')));
  for (const form of document.querySelectorAll('form[data-draft]')) keepDraft(form);
  document.body.addEventListener('htmx:load', (event) => event.detail.elt.querySelectorAll?.('form[data-draft]').forEach(keepDraft));
  addEventListener('beforeunload', (event) => {
    if (!leaving && [...document.querySelectorAll('form[data-guard]')].some(changed)) event.preventDefault();
  });
  for (const drop of document.querySelectorAll('[data-drop]')) takeDrops(drop);
  for (const part of document.querySelectorAll('[data-when]')) showWhen(part);
  document.addEventListener('change', (event) => event.target.closest?.('form[data-auto]')?.requestSubmit());
}

// A part of a form that is asked only for one answer of another field: data-when="show=new".
function showWhen(part) {
  const [name, value] = part.dataset.when.split('=');
  const form = part.closest('form');
  const show = () => { part.hidden = form.elements[name]?.value !== value; };
  form.addEventListener('change', show);
  show();
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  const button = event.submitter;
  // A second click sends nothing; the command's id would make it harmless, but the page would be answered twice.
  if (button?.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    return;
  }
  button?.setAttribute('aria-busy', 'true');
  leaving = true;
  // A page that is sent a file stays where it is.
  setTimeout(() => { leaving = false; button?.removeAttribute('aria-busy'); }, 8000);
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
    const values = Object.fromEntries(kept(form).filter((field) => valueOf(field) !== initialOf(field)).map((field) => [field.type === 'radio' || field.type === 'checkbox' ? `${field.name}=${field.value}` : field.name, valueOf(field)]));
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
  const fields = kept(form);
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
    for (const field of fields) {
      const own = field.type === 'radio' || field.type === 'checkbox' ? `${field.name}=${field.value}` : field.name;
      if (!(own in draft.values)) continue;
      if (field.type === 'radio' || field.type === 'checkbox') field.checked = draft.values[own];
      else if (field.multiple) for (const option of field.options) option.selected = draft.values[own].split('\n').includes(option.value);
      else field.value = draft.values[own];
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
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

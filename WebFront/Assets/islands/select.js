// A select whose list narrows as one types, blind to case and accents; or shows what the server finds, in the server's order (data-as-found).
import TomSelect from 'tom-select/base';

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function start(select) {
  // The wrapper would take the select's own frame as well as its own.
  select.classList.remove('form-select');
  const { from, empty, failed, searching, hint, createText } = select.dataset;
  const asFound = 'asFound' in select.dataset;
  let asking = null;
  let broken = false;
  let confirmed = false;
  // What was typed before is no longer asked for: its answer, should it still come, is not shown.
  const ask = (words, found) => {
    asking?.abort();
    asking = null;
    if (asFound && words !== control.inputValue()) return found([]);
    const own = (asking = new AbortController());
    const answer = (rows, failure) => {
      const last = own === asking;
      if (last) {
        broken = failure;
        asking = null;
        if (asFound) forget();
      }
      found(last ? rows : []);
      if (last) takeConfirmed();
    };
    fetch(`${from}${from.includes('?') ? '&' : '?'}q=${encodeURIComponent(words)}`, { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: own.signal })
      .then((reply) => (reply.ok ? reply.json() : Promise.reject(reply.status)))
      .then((rows) => answer(rows, false), () => answer([], true));
  };
  const control = new TomSelect(select, {
    allowEmptyOption: !select.multiple && !asFound,
    maxOptions: 400,
    diacritics: true,
    selectOnTab: true,
    hidePlaceholder: true,
    // Too many to send: those that match are asked for as one types.
    ...(from && {
      load: ask,
      // What the server looks in, the list looks in too.
      searchField: ['text', 'note'],
    }),
    ...(asFound && {
      loadThrottle: 60,
      shouldLoad: (words) => words.trim().length > 0,
      score: () => () => 1,
      sortField: [{ field: '$order' }],
      highlight: false,
      // Nobody makes a contact because the answer was slow.
      createFilter: () => asking === null && control.loading === 0,
      create: createText ? make : false,
    }),
    // Who types and confirms at once means what the list would show.
    refreshThrottle: 0,
    render: {
      option: (item) => `<div class="option"><span>${escape(item.text)}</span>${item.note ? `<span class="option-note">${escape(item.note)}</span>` : ''}</div>`,
      item: (item) => `<div class="item">${escape(item.text)}</div>`,
      no_results: () => `<div class="no-results" role="status">${escape(broken ? failed : empty)}</div>`,
      not_loading: () => (hint ? `<div class="no-results">${escape(hint)}</div>` : null),
      loading: () => (asFound && Object.keys(control.options).length === 0 ? `<div class="no-results" role="status">${escape(searching)}</div>` : null),
      option_create: () => `<div class="create" role="option" id="${control.inputId}-create">${escape(createText)}</div>`,
    },
  });

  // Of what was found for other words, only what is picked stays; the same words are asked for again.
  function forget() {
    control.loadedSearches = {};
    control.clearOptions((option, value) => control.items.includes(value));
  }

  function make(words) {
    const wish = new CustomEvent('picker:create', { bubbles: true, cancelable: true, detail: { words } });
    if (!select.dispatchEvent(wish)) return false;
    const to = select.dataset.create;
    const dialog = to?.startsWith('#') ? document.getElementById(to.slice(1)) : null;
    if (dialog) dialog.showModal();
    // What is typed in this page's form stays where it is.
    else if (to) window.open(`${to}${to.includes('?') ? '&' : '?'}name=${encodeURIComponent(words)}`, '_blank');
    return false;
  }

  function takeConfirmed() {
    if (!confirmed) return;
    confirmed = false;
    const best = control.dropdown_content.querySelector('.option[data-selectable]');
    if (best && control.isOpen) control.onOptionSelect(new Event('keydown'), best);
  }

  if (asFound) {
    control.hook('after', 'refreshOptions', () => {
      const own = control.dropdown_content.querySelector('.create');
      if (own) control.dropdown_content.append(own);
    });
    control.on('type', () => {
      confirmed = false;
      if (control.inputValue().trim() === '') {
        asking?.abort();
        asking = null;
        forget();
        control.refreshOptions();
      }
    });
    // Enter means the best of what is being looked for, not of what was found before.
    control.control_input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || (asking === null && control.loading === 0)) return;
      confirmed = true;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }
  // The label now names the control; the select only carries the answer.
  select.setAttribute('aria-hidden', 'true');
  const described = select.getAttribute('aria-describedby');
  if (described) control.control_input.setAttribute('aria-describedby', described);
  if (select.ariaInvalid) control.control_input.ariaInvalid = select.ariaInvalid;
}

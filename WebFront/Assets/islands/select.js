// A select whose list narrows as one types, blind to case and accents.
import TomSelect from 'tom-select/base';

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function start(select) {
  // The wrapper would take the select's own frame as well as its own.
  select.classList.remove('form-select');
  const control = new TomSelect(select, {
    allowEmptyOption: !select.multiple,
    maxOptions: 400,
    diacritics: true,
    selectOnTab: true,
    hidePlaceholder: true,
    // Too many to send: those that match are asked for as one types.
    ...(select.dataset.from && {
      load: (words, found) => fetch(`${select.dataset.from}&q=${encodeURIComponent(words)}`, { headers: { Accept: 'application/json' }, credentials: 'same-origin' })
        .then((answer) => (answer.ok ? answer.json() : []))
        .then(found, () => found()),
      // The server folds accents as the list would, and looks in places too.
      score: () => () => 1,
    }),
    // Who types and confirms at once means what the list would show.
    refreshThrottle: 0,
    render: {
      option: (item) => `<div class="option"><span>${escape(item.text)}</span>${item.note ? `<span class="option-note">${escape(item.note)}</span>` : ''}</div>`,
      item: (item) => `<div class="item">${escape(item.text)}</div>`,
      no_results: () => `<div class="no-results">${escape(select.dataset.empty)}</div>`,
    },
  });
  // The label now names the control; the select only carries the answer.
  select.setAttribute('aria-hidden', 'true');
  const described = select.getAttribute('aria-describedby');
  if (described) control.control_input.setAttribute('aria-describedby', described);
  if (select.ariaInvalid) control.control_input.ariaInvalid = select.ariaInvalid;
}

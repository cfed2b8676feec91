// Keys that act while no field has the focus. A page lists its own; `?` shows those that do something here.

import { button, el } from './dom.js';

const names = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→' };
let page_keys = [];

// Each: { keys: ['k', ' '], says: 'Play or pause', act }.
export function set_page_keys(keys) {
  page_keys = keys;
}

const own = [
  { keys: ['/'], says: 'Find a moment', act: () => document.querySelector('[data-find]')?.focus() },
  { keys: ['?'], says: 'All keys', act: show_all },
];

function is_typing(target) {
  return target.closest('input:not([type=range]), textarea, select, [contenteditable]') !== null;
}

// A focused button or link keeps the space bar for itself.
function is_taken(event) {
  return event.key === ' ' && event.target.closest('button, a, summary') !== null;
}

document.addEventListener('keydown', (event) => {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    is_typing(event.target) ||
    is_taken(event) ||
    document.querySelector('dialog[open]')
  )
    return;
  const found = [...page_keys, ...own].find((each) =>
    each.keys.includes(event.key.length === 1 ? event.key.toLowerCase() : event.key),
  );
  if (!found) return;
  event.preventDefault();
  found.act();
});

function show_all() {
  const rows = [...page_keys, ...own].flatMap(({ keys, says }) => [
    el(
      'dt',
      {},
      keys.map((key) => el('kbd', { class: 'kbd' }, names[key] ?? key.toUpperCase())),
    ),
    el('dd', {}, says),
  ]);
  const close = button('Close', { press: () => dialog.close() });
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-label': 'All keys', on: { close: () => dialog.remove() } },
    el('h2', {}, 'All keys'),
    el('dl', { class: 'keylist' }, rows),
    el('div', { class: 'dialog__foot' }, close),
  );
  document.body.append(dialog);
  dialog.showModal();
}

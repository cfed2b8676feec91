// What a person writes in place of what was heard: a field for each segment; an empty one says that nothing was said.

import { button, el } from './dom.js';
import { clock } from './format.js';
import { notice_for } from './notices.js';

const letters_in_row = 34;

function field_of(segment) {
  const rows = Math.ceil(segment.text.length / letters_in_row);
  const label = `What is said at ${clock(segment.start)}`;
  const field = el('textarea', { class: 'textarea', rows, 'aria-label': label, dir: 'auto' });
  field.value = segment.text;
  return field;
}

// `send(changes)`, `{ id, text }` for each segment that was changed, may reject: what was written stays. `end()` is called when it
// is given up, or nothing was changed.
export function correction_form(segments, { send, end }) {
  const fields = segments.map(field_of);
  const above = el('div', { class: 'maybe' });
  const save = button('Save', { kind: 'primary sm', type: 'submit' });
  const changes = () =>
    segments
      .map(({ id, text }, at) => ({ id, text: fields[at].value.trim(), was: text }))
      .filter(({ text, was }) => text !== was)
      .map(({ id, text }) => ({ id, text }));
  const submitted = async (event) => {
    event.preventDefault();
    const changed = changes();
    if (!changed.length) return end();
    save.disabled = true;
    try {
      await send(changed);
    } catch (error) {
      above.replaceChildren(notice_for(error));
    }
    save.disabled = false;
  };
  const typed = (event) => {
    event.stopPropagation(); // letters are keys of the player
    if (event.key === 'Escape') end();
  };
  return el(
    'form',
    { class: 'stack turn', on: { submit: submitted, keydown: typed } },
    above,
    fields,
    el('div', { class: 'row' }, save, button('Cancel', { kind: 'sm', press: end })),
  );
}

// A moment is a link that can be copied and opened in a tab; a plain press plays it where you are.

import { el, glyph } from './dom.js';
import { clock } from './format.js';

export const address_of = ({ video_id, start }) => `/watch/${video_id}?t=${Math.floor(start * 10) / 10}`;

export const is_plain_press = (event) =>
  event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

// The page decides where a moment plays: it hears `play-moment`, whose detail is the moment.
function press(moment) {
  return (event) => {
    if (!is_plain_press(event)) return;
    event.preventDefault();
    event.currentTarget.dispatchEvent(
      new CustomEvent('play-moment', { bubbles: true, detail: { moment, link: event.currentTarget } }),
    );
  };
}

const from = (moment) => [el('span', { class: 'vh' }, 'Play from '), el('span', { class: 'num' }, clock(moment.start))];

export function chip(moment, { what } = {}) {
  return el(
    'a',
    { class: 'moment moment--cite', href: address_of(moment), on: { click: press(moment) } },
    glyph(),
    from(moment),
    what && ' ',
    what && el('span', { class: 'moment__what', dir: 'auto' }, what),
  );
}

// A row with what was said; `words` of the question are marked.
export function row(moment, { words = [], meta } = {}) {
  const said = el('span', { class: 'mrow__said', dir: 'auto' }, marked(moment.text, words));
  return el(
    'a',
    { class: 'mrow mrow--said', href: address_of(moment), on: { click: press(moment) } },
    el('span', {}, el('span', { class: 'moment' }, glyph(), from(moment))),
    el('span', {}, said, meta && el('span', { class: 'mrow__meta', dir: 'auto' }, meta)),
  );
}

// The text with the words of a question in <mark>. Letters and digits make a word, in any script.
export function marked(text, words) {
  const wanted = new Set(words.map((word) => word.toLowerCase()));
  return text.split(/([\p{L}\p{N}]+)/u).map((piece) => (wanted.has(piece.toLowerCase()) ? el('mark', {}, piece) : piece));
}

const small_words = new Set(
  'a an and are as at be by can did do does for from have how in is it of on or our that the this to was we were what when where which who why will with you your'.split(
    ' ',
  ),
);
export const words_of = (text) => (text.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !small_words.has(word.toLowerCase()));

// Marks the playing moment among links; only one is current.
export function set_current(root, link) {
  for (const each of root.querySelectorAll('[aria-current="true"]')) each.removeAttribute('aria-current');
  link?.setAttribute('aria-current', 'true');
}

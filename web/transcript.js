// What was said, word by word. A word seeks; the one being said is lit. Only what is near the view is in the page: two hours of
// speech are twenty thousand words.

import { correction_form } from './correction.js';
import { button, calm, el, set_text } from './dom.js';
import { count, clock } from './format.js';
import { is_plain_press, marked, words_of } from './moments.js';

const turn_letters_max = 320;
const turn_pause_s = 2;
const block_turns = 12;
const unsure_below = 0.5;
const hands_off_ms = 5000; // after a person scrolled

// A segment without word times is one long word. Some scripts have no gaps between words.
function words_in(segment) {
  const words = segment.words?.length ? segment.words : [segment];
  const gap = words.length > 1 && !/\s/.test(segment.text.trim()) ? '' : ' ';
  return words.map((word) => ({ start: word.start, end: word.end, text: word.text.trim(), confidence: word.confidence, gap }));
}

export const all_words = (transcript) => transcript.segments.flatMap(words_in);

// Segments are breath groups; turns are what reads well: cut at speakers, pauses, and when they get long.
function turns_of(segments) {
  const turns = [];
  for (const segment of segments) {
    const last = turns.at(-1);
    const goes_on =
      last && last.speaker === segment.speaker_id && segment.start - last.end < turn_pause_s && last.letters < turn_letters_max;
    if (!goes_on) turns.push({ start: segment.start, speaker: segment.speaker_id, letters: 0, words: [], segments: [] });
    const turn = turns.at(-1);
    turn.words.push(...words_in(segment));
    turn.segments.push(segment);
    turn.letters += segment.text.length;
    turn.end = segment.end;
  }
  return turns;
}

const text_of = (turn) => turn.words.map((word) => word.text + word.gap).join('');

function blocks_of(turns) {
  const blocks = [];
  for (let at = 0; at < turns.length; at += block_turns) blocks.push(turns.slice(at, at + block_turns));
  return blocks;
}

// The last of sorted items that has started at `time`; -1 before the first.
function last_started(items, time) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].start <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class Transcript {
  #words;
  #turns;
  #speakers;
  #play_from;
  #correct;
  #drawn = new Map(); // word -> its element
  #lit = null;
  #sought = null; // the time of a word that is not drawn yet
  #touched_at = -hands_off_ms;
  #observer = null;

  #list = el('ol', { class: 'transcript' });
  #found = el('p', { class: 'muted small', role: 'status' });
  #results = el('ol', { class: 'transcript', hidden: true });
  node = el(
    'div',
    { class: 'side__scroll', tabindex: '0', 'aria-label': 'Transcript' },
    this.#found,
    this.#results,
    this.#list,
  );

  // `play_from(seconds)` is called for a word or a time that was pressed. `correct(changes)` sends what a person wrote in place of
  // what was heard, `{ id, text }` for each segment, and may reject; without it nothing can be corrected.
  constructor(transcript, play_from, correct = null) {
    this.#turns = turns_of(transcript.segments);
    this.#words = this.#turns.flatMap((turn) => turn.words);
    this.#speakers = new Map((transcript.speakers ?? []).map((speaker) => [speaker.id, speaker.label]));
    this.#play_from = play_from;
    this.#correct = correct;
    this.#found.hidden = true;
    this.node.lang = transcript.language ?? '';
    this.node.addEventListener('click', (event) => this.#press(event));
    for (const event of ['wheel', 'touchmove', 'keydown'])
      this.node.addEventListener(event, () => this.#touch(), { passive: true });
    this.#list.append(...blocks_of(this.#turns).map((turns) => this.#block(turns)));
  }

  // Starts drawing; call it once the node is in the page. On a phone the page scrolls, not the node.
  start() {
    const scrolls = getComputedStyle(this.node).overflowY === 'auto';
    const draw = (entries) => {
      entries.forEach((entry) => this.#draw(entry));
      if (this.#sought !== null) this.show_time(this.#sought); // what was drawn is of another height than was thought
    };
    this.#observer = new IntersectionObserver(draw, { root: scrolls ? this.node : null, rootMargin: '900px 0px' });
    for (const block of this.#list.children) this.#observer.observe(block);
  }

  #touch() {
    this.#touched_at = performance.now();
  }

  #block(turns) {
    const block = el('li', {}, el('ol', { class: 'transcript' }));
    block.turns = turns;
    const lines = turns.reduce((sum, turn) => sum + Math.ceil(turn.letters / 34), 0);
    block.style.setProperty('min-height', `${lines * 28 + turns.length * 38}px`);
    return block;
  }

  #draw({ target: block, isIntersecting: near }) {
    const list = block.firstElementChild;
    if (near && !list.childElementCount) {
      list.append(...block.turns.map((turn) => this.#turn(turn)));
      block.style.removeProperty('min-height');
    } else if (!near && list.childElementCount && !list.querySelector('form')) {
      block.style.setProperty('min-height', `${block.offsetHeight}px`);
      for (const turn of block.turns) for (const word of turn.words) this.#drawn.delete(word);
      list.replaceChildren();
    }
  }

  #turn(turn) {
    const time = el(
      'a',
      { href: `?t=${Math.floor(turn.start)}`, 'aria-label': `Play from ${clock(turn.start)}`, 'data-start': turn.start },
      clock(turn.start),
    );
    const speaker = this.#speakers.get(turn.speaker);
    const text = el(
      'p',
      { class: 'turn__text', dir: 'auto' },
      turn.words.flatMap((word) => [this.#word(word), word.gap]),
    );
    const edit =
      this.#correct && button('Correct', { kind: 'quiet sm', press: () => this.#edit(turn, item, edit) });
    const who = el('div', { class: 'turn__who' }, time, speaker && el('b', {}, speaker), edit);
    const item = el('li', { class: 'turn' }, who, text);
    return item;
  }

  #edit(turn, item, edit) {
    const end = () => {
      form.replaceWith(item);
      edit.focus();
    };
    const form = correction_form(turn.segments, { send: this.#correct, end });
    item.replaceWith(form);
    form.querySelector('textarea').focus();
  }

  #word(word) {
    const unsure = word.confidence != null && word.confidence < unsure_below;
    const node = el('span', { class: unsure ? 'w is-unsure' : 'w', 'data-start': word.start }, word.text);
    this.#drawn.set(word, node);
    return node;
  }

  #press(event) {
    const target = event.target.closest('[data-start]');
    if (!target || (target.tagName === 'A' && !is_plain_press(event)) || String(getSelection())) return;
    event.preventDefault();
    this.#touched_at = -hands_off_ms;
    this.#play_from(Number(target.dataset.start));
  }

  // Lights the word said at `time` and keeps it in view, unless a person is reading elsewhere.
  show_time(time) {
    const word = this.#words[last_started(this.#words, time)];
    const said = word && time < word.end + 1 ? word : null;
    const node = said ? this.#drawn.get(said) : null;
    this.#sought = said && !node ? time : null;
    if (node !== this.#lit) this.#light(node);
    if (this.#results.hidden && performance.now() - this.#touched_at > hands_off_ms) this.#keep_in_view(node, time);
  }

  #light(node) {
    this.#lit?.classList.remove('is-now');
    this.#lit?.closest('.turn')?.classList.remove('is-now');
    node?.classList.add('is-now');
    node?.closest('.turn')?.classList.add('is-now');
    this.#lit = node;
  }

  #keep_in_view(node, time) {
    if (getComputedStyle(this.node).overflowY !== 'auto') return; // on a phone the page is the reader's to scroll
    const place = node ?? this.#block_at(time);
    if (!place) return;
    const [box, view] = [place.getBoundingClientRect(), this.node.getBoundingClientRect()];
    if (!view.height || (box.top >= view.top + 40 && box.bottom <= view.bottom - 60)) return;
    if (!node && box.top < view.bottom && box.bottom > view.top) return;
    this.node.scrollBy({ top: box.top - view.top - view.height / 3, behavior: calm() || !node ? 'auto' : 'smooth' });
  }

  #block_at(time) {
    const turn = last_started(this.#turns, time);
    return turn < 0 ? null : this.#list.children[Math.floor(turn / block_turns)];
  }

  // Turns that hold all of these letters; an empty text shows the whole transcript again.
  find(text) {
    const wanted = text.trim().toLowerCase();
    this.#list.hidden = wanted !== '';
    this.#results.hidden = this.#found.hidden = wanted === '';
    if (wanted) this.#show_found(wanted);
  }

  #show_found(wanted) {
    const hits = this.#turns.filter((turn) => text_of(turn).toLowerCase().includes(wanted));
    set_text(
      this.#found,
      hits.length ? `${count(hits.length, 'place')}${hits.length > 50 ? ', the first 50' : ''}` : 'Nobody says this here.',
    );
    this.#results.replaceChildren(...hits.slice(0, 50).map((turn) => this.#hit(turn, words_of(wanted).concat(wanted))));
  }

  #hit(turn, words) {
    const time = el(
      'a',
      { href: `?t=${Math.floor(turn.start)}`, 'aria-label': `Play from ${clock(turn.start)}`, 'data-start': turn.start },
      clock(turn.start),
    );
    const text = turn.words.flatMap((word) => [
      el('span', { class: 'w', 'data-start': word.start }, marked(word.text, words)),
      word.gap,
    ]);
    return el(
      'li',
      { class: 'turn' },
      el('div', { class: 'turn__who' }, time),
      el('p', { class: 'turn__text', dir: 'auto' }, text),
    );
  }
}

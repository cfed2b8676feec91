// Where a video stands, out of the states of its stages: what people wait for, not what the machine calls it.

import { el, set_attribute, set_text, set_vars } from './dom.js';
import { Estimate } from './estimate.js';
import { sentence, time_left } from './format.js';

// `slow` is the stage whose progress stands for the whole.
const parts = [
  { label: 'Playable', doing: 'Making it playable', stages: ['fetch', 'probe', 'first_rung'], slow: 'first_rung' },
  { label: 'Words', doing: 'Hearing speech', stages: ['audio', 'transcribe', 'captions'], slow: 'transcribe' },
  { label: 'Summary', doing: 'Writing the summary', stages: ['chapters', 'summary'], slow: 'summary' },
  { label: 'Search', doing: 'Making it searchable', stages: ['chunk', 'embed', 'index'], slow: 'embed' },
];
const over = new Set(['done', 'skipped']);
const broken = new Set(['failed', 'cancelled']);

function state_of(stages) {
  if (stages.some((stage) => broken.has(stage.state))) return 'failed';
  if (stages.every((stage) => stage.state === 'skipped')) return 'skipped';
  if (stages.every((stage) => over.has(stage.state))) return 'done';
  return stages.some((stage) => stage.state === 'running' || over.has(stage.state)) ? 'now' : 'waiting';
}

function part_of(part, all) {
  const stages = all.filter((stage) => part.stages.includes(stage.name));
  if (!stages.length) return null;
  const slow = stages.find((stage) => stage.name === part.slow);
  const failed = stages.find((stage) => broken.has(stage.state));
  return {
    ...part,
    state: state_of(stages),
    is_running: stages.some((stage) => stage.state === 'running'),
    is_measured: slow?.state === 'running',
    percent: Math.round(slow?.progress ?? 0),
    error: failed?.error && sentence(failed.error.message),
  };
}

export const parts_of = (video) => parts.map((part) => part_of(part, video.stages ?? [])).filter(Boolean);
const is_in = (video, label, state) => parts_of(video).some((part) => part.label === label && part.state === state);
export const is_playable = (video) => video.status === 'ready' || is_in(video, 'Playable', 'done');
export const has_words = (video) => is_in(video, 'Words', 'done');
// Known once its sound has been looked at: there is none, or nobody speaks.
export const has_no_speech = (video) => ['Words', 'Search'].some((label) => is_in(video, label, 'skipped'));
export const is_over = (video) => video.status === 'ready' || video.status === 'failed';
// Something to show beside the video: work that goes on, or a part that could not be made.
export const is_working = (video) => !is_over(video) || parts_of(video).some((part) => part.state === 'failed');

function headline(video, all) {
  const running = all.find((part) => part.is_running);
  if (running) return { text: running.doing, percent: running.percent };
  const failed = all.find((part) => part.state === 'failed');
  if (failed) return { text: `${failed.label} failed`, note: failed.error };
  return is_over(video)
    ? { text: 'Ready', note: '' }
    : { text: 'Waiting', note: 'Other videos are ahead. It goes on by itself.' };
}

// A view of the work that redraws itself in place; nothing around it moves.
export class WorkView {
  #estimates = new Map();
  #title = el('b');
  #percent = el('span', { class: 'num' });
  #note = el('p', { class: 'work__eta', role: 'status' });
  #list = el('ol', { class: 'stages' });
  node = el('div', { class: 'work' }, el('p', { class: 'work__now' }, this.#title, this.#percent), this.#note, this.#list);

  constructor(video, { big = false } = {}) {
    if (big) this.#list.classList.add('stages--big');
    this.show(video);
  }

  show(video) {
    const all = parts_of(video);
    const { text, percent, note } = headline(video, all);
    set_text(this.#title, text);
    set_text(this.#percent, percent ? `${percent} %` : '');
    set_text(this.#note, note ?? this.#time_left(all.find((part) => part.is_running)));
    this.#list.replaceChildren(...all.map(part_item));
    set_vars(this.#list, { '--parts': String(all.length) });
  }

  #time_left(part) {
    const estimate = this.#estimates.get(part.label) ?? new Estimate();
    this.#estimates.set(part.label, estimate);
    if (part.is_measured) estimate.add(part.percent);
    const seconds = estimate.seconds_left();
    return seconds === null ? 'No estimate yet.' : sentence(time_left(seconds));
  }
}

const spoken = { done: 'done', now: 'under way', waiting: 'waiting', skipped: 'not needed', failed: 'failed' };

function part_item(part) {
  const item = el('li', { class: `is-${part.state}` }, part.label, el('span', { class: 'vh' }, `, ${spoken[part.state]}`));
  set_attribute(item, 'title', part.error);
  if (part.state === 'now') set_vars(item, { '--p': `${part.percent}%` });
  return item;
}

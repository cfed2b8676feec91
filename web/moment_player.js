// Plays a moment beside what one is doing, and stops at its end. Wide: a panel beside the list; on a phone: a bar above the
// navigation.

import { button, el, icon, set_text, set_vars } from './dom.js';
import { clock } from './format.js';
import { address_of, set_current } from './moments.js';
import { words_for } from './notices.js';
import { Playback } from './playback.js';

const narrow = matchMedia('(max-width: 860px)');
const lead_s = 0.15; // a word cut at its first sound is hard to understand
const tail_s = 0.35;

export class MomentPlayer {
  #moment = null;
  #playback = null;
  #video_id = null;
  #opening = null;
  #ended = false;

  #video = el('video', { playsinline: true, preload: 'auto', class: 'fill screen' });
  #message = el('p', { class: 'fill fill--none small', role: 'status' });
  #screen = el('div', { class: 'mplayer__screen' }, this.#video, this.#message);
  #head = el('i', { class: 'span__head' });
  #span = el(
    'div',
    { class: 'span', 'aria-hidden': 'true', vars: { '--a': '0%', '--w': '100%' } },
    el('i', { class: 'span__in' }),
    this.#head,
  );
  #title = el('b', { dir: 'auto', class: 'clamp-2' });
  #range = el('p', { class: 'muted small num' });
  #toggle = button('Pause', { kind: 'sm', press: () => this.toggle() });
  #open = el('a', { class: 'btn btn--sm' }, 'Open video');
  #short_title = el('b', { dir: 'auto' });
  #short_range = el('span', { class: 'num' });
  #short_toggle = button('', { kind: 'quiet icon', press: () => this.toggle() });
  #bar_screen = el('div', { class: 'dockplayer__screen' });

  aside = el(
    'aside',
    { 'aria-label': 'Playing moment', hidden: true },
    el(
      'div',
      { class: 'mplayer' },
      this.#screen,
      el(
        'div',
        { class: 'mplayer__body' },
        this.#span,
        this.#title,
        this.#range,
        el('div', { class: 'row' }, this.#toggle, this.#open),
      ),
    ),
  );
  bar = el(
    'aside',
    { class: 'dockplayer', 'aria-label': 'Playing moment', hidden: true },
    this.#bar_screen,
    el('div', { class: 'dockplayer__what' }, this.#short_title, this.#short_range),
    this.#short_toggle,
  );

  // Hears `play-moment` from links in `root`.
  constructor(root, signal) {
    root.addEventListener('play-moment', ({ detail }) => {
      set_current(root, detail.link);
      this.play(detail.moment);
    });
    this.#video.addEventListener('timeupdate', () => this.#show_time());
    for (const event of ['play', 'pause']) this.#video.addEventListener(event, () => this.#show_playing());
    narrow.addEventListener('change', () => this.#place(), { signal });
    signal.addEventListener('abort', () => this.#close());
    this.#place();
  }

  #place() {
    if (narrow.matches) this.#bar_screen.append(this.#video, this.#message);
    else this.#screen.append(this.#video, this.#message);
  }

  async play(moment) {
    this.#moment = moment;
    this.#ended = false;
    this.#show_moment();
    try {
      if (this.#video_id !== moment.video_id) this.#opening = this.#load(moment);
      await this.#opening;
      if (this.#moment !== moment) return;
      this.#video.currentTime = Math.max(0, moment.start - lead_s);
      await this.#video.play();
    } catch (error) {
      if (error.name !== 'AbortError' && error.name !== 'NotAllowedError') this.#say(words_for(error)[0]);
    }
  }

  async #load(moment) {
    this.#playback?.close();
    this.#video_id = moment.video_id;
    const playback = (this.#playback = new Playback(this.#video, moment.video_id));
    playback.on_failed = () => {
      this.#video_id = null; // the next press opens it anew
      this.#say('The stream broke off. Play it again.');
    };
    try {
      await playback.open(Math.max(0, moment.start - lead_s));
    } catch (error) {
      if (this.#playback === playback) this.#video_id = null;
      throw error;
    }
  }

  #say(text) {
    this.#message.hidden = !text;
    set_text(this.#message, text);
  }

  #show_moment() {
    const { title, start, end } = this.#moment;
    this.aside.hidden = this.bar.hidden = false;
    document.body.classList.add('has-dock');
    this.#say('');
    for (const node of [this.#title, this.#short_title]) set_text(node, title ?? '');
    for (const node of [this.#range, this.#short_range]) set_text(node, `${clock(start)} to ${clock(end)}`);
    this.#open.href = address_of(this.#moment);
  }

  // A moment that has ended goes on when asked to.
  toggle() {
    if (!this.#video.paused) return this.#video.pause();
    this.#video.play().catch(() => {});
  }

  #show_time() {
    if (!this.#moment) return;
    const { start, end } = this.#moment;
    const part = Math.min(1, Math.max(0, (this.#video.currentTime - start) / Math.max(0.1, end - start)));
    for (const node of [this.#head, this.bar]) set_vars(node, { '--at': `${part * 100}%` });
    if (this.#ended || this.#video.seeking || this.#video.currentTime < end + tail_s) return;
    this.#ended = true;
    this.#video.pause();
  }

  #show_playing() {
    const paused = this.#video.paused;
    const label = !paused ? 'Pause' : this.#ended ? 'Go on' : 'Play';
    this.#toggle.replaceChildren(icon(paused ? 'play' : 'pause'), label);
    this.#short_toggle.replaceChildren(icon(paused ? 'play' : 'pause'));
    this.#short_toggle.setAttribute('aria-label', label);
  }

  #close() {
    document.body.classList.remove('has-dock');
    this.#playback?.close();
  }
}

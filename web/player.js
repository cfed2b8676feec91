// The big player of the watch page. Dark in both themes; amber is what has played.

import { el, icon, set_attribute, set_text, set_vars } from './dom.js';
import { clock } from './format.js';
import { Playback } from './playback.js';

const speeds = [1, 1.25, 1.5, 2, 0.75];
const frame_s = 1 / 25;

const pbtn = (label, content, press, class_name = 'pbtn') =>
  el('button', { type: 'button', class: class_name, 'aria-label': label, on: { click: press } }, content);

export class Player {
  #playback = null;
  #levels = [];
  #track = null;

  video = el('video', { playsinline: true, preload: 'metadata', class: 'fill screen' });
  #message = el('p', { class: 'fill fill--none', role: 'status' });
  #screen = el('div', { class: 'player__screen' }, this.video, this.#message);
  #range = el('input', {
    class: 'seek__range',
    type: 'range',
    min: '0',
    max: '1',
    step: '0.1',
    value: '0',
    'aria-label': 'Position',
  });
  #bar = el('i');
  #seek = el(
    'div',
    { class: 'seek seek--plain' },
    el('div', { class: 'seek__chapters' }, this.#bar),
    el('div', { class: 'seek__head' }),
    this.#range,
  );
  #play = pbtn('Play', icon('play'), () => this.toggle());
  #now = el('span', { class: 'on' }, '0:00');
  #all = el('span');
  #time = el('span', { class: 'player__time' }, this.#now, this.#all);
  #note = el('span', { class: 'player__chapter', role: 'status' });
  #captions = pbtn('Captions', icon('cc'), () => this.toggle_captions());
  #speed = pbtn('Speed 1×', '1×', () => this.next_speed());
  #quality = pbtn('Quality', 'Auto', () => this.#next_quality(), 'pbtn only-wide');
  #full = pbtn('Full screen', icon('full'), () => this.toggle_full_screen());
  #controls = el(
    'div',
    { class: 'player__controls' },
    this.#play,
    this.#time,
    this.#note,
    this.#captions,
    this.#speed,
    this.#quality,
    this.#full,
  );
  node = el('section', { class: 'player', 'aria-label': 'Player' }, this.#screen, this.#seek, this.#controls);

  constructor() {
    this.#set_idle(true);
    this.#show_time();
    this.#captions.hidden = true;
    this.#quality.hidden = true;
    this.#screen.addEventListener('click', () => this.toggle());
    this.#range.addEventListener('input', () => this.seek(Number(this.#range.value)));
    this.#range.addEventListener('keydown', (event) => this.#range_key(event));
    for (const event of ['timeupdate', 'durationchange', 'seeking'])
      this.video.addEventListener(event, () => this.#show_time());
    for (const event of ['play', 'pause', 'ended']) this.video.addEventListener(event, () => this.#show_playing());
    this.video.addEventListener('waiting', () => set_text(this.#note, 'Loading'));
    for (const event of ['playing', 'seeked']) this.video.addEventListener(event, () => set_text(this.#note, ''));
  }

  // Before there is something to play, nothing can be pressed.
  #set_idle(is_idle) {
    for (const part of [this.#seek, this.#controls]) set_attribute(part, 'inert', is_idle);
  }

  // What stands on the screen while there is no picture.
  say(text) {
    this.#message.hidden = !text;
    set_text(this.#message, text);
  }

  // Rejects with an ApiError while it cannot be played.
  async open(video, start) {
    this.#playback = new Playback(this.video, video.id);
    this.#playback.on_levels = (levels) => this.#show_levels(levels);
    this.#playback.on_failed = () => this.say('The stream broke off. Load the page again.');
    await this.#playback.open(start);
    this.#set_idle(false);
    this.say(video.width ? '' : 'Sound only');
  }

  refresh() {
    this.#playback?.refresh();
  }

  #show_levels(levels) {
    this.#levels = levels;
    this.#quality.hidden = levels.length < 2;
    if (this.#quality.textContent !== 'Auto') this.#choose_quality(this.#quality.textContent);
  }

  get time() {
    return this.video.currentTime;
  }

  seek(seconds) {
    const end = this.video.duration || Infinity;
    this.video.currentTime = Math.min(Math.max(0, seconds), end);
    this.#show_time();
  }

  play_from(seconds) {
    this.seek(seconds);
    this.play();
  }

  play() {
    if (this.#controls.inert) return;
    this.video.play().catch(() => {}); // a browser that wants a press first leaves it paused
  }

  toggle() {
    if (this.video.paused) this.play();
    else this.video.pause();
  }

  step(frames) {
    this.video.pause();
    this.seek(this.time + frames * frame_s);
  }

  set_captions({ url, language, label }) {
    this.#track?.remove();
    this.#track = el('track', { kind: 'captions', label, srclang: language, src: url });
    this.video.append(this.#track);
    this.#captions.hidden = false;
    this.#show_captions(localStorage.getItem('kinora.captions') !== 'off');
  }

  toggle_captions() {
    if (this.#captions.hidden) return;
    const shown = this.#captions.getAttribute('aria-pressed') !== 'true';
    localStorage.setItem('kinora.captions', shown ? 'on' : 'off');
    this.#show_captions(shown);
  }

  #show_captions(shown) {
    this.#track.track.mode = shown ? 'showing' : 'hidden';
    this.#captions.setAttribute('aria-pressed', String(shown));
  }

  next_speed() {
    const speed = speeds[(speeds.indexOf(this.video.playbackRate) + 1) % speeds.length];
    this.video.playbackRate = speed;
    set_text(this.#speed, `${speed}×`);
    this.#speed.setAttribute('aria-label', `Speed ${speed}×`);
  }

  get #qualities() {
    return ['Auto', ...this.#levels.map((level) => `${level.height}p`)];
  }

  #next_quality() {
    const names = this.#qualities;
    this.#choose_quality(names[(names.indexOf(this.#quality.textContent) + 1) % names.length]);
  }

  // Kept when the stream is loaded anew; what it no longer has is left to it.
  #choose_quality(name) {
    const index = Math.max(0, this.#qualities.indexOf(name));
    this.#playback.level = index - 1;
    set_text(this.#quality, this.#qualities[index]);
    this.#quality.setAttribute('aria-label', `Quality ${this.#qualities[index]}`);
  }

  toggle_full_screen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.node.requestFullscreen) this.node.requestFullscreen();
    else this.video.webkitEnterFullscreen?.(); // phones that give full screen to videos only
  }

  #range_key(event) {
    const steps = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    event.stopPropagation();
    this.seek(this.time + steps[event.key]);
  }

  #show_time() {
    const [time, duration] = [this.video.currentTime, this.video.duration || 0];
    set_text(this.#now, clock(time));
    set_text(this.#all, ` / ${clock(duration)}`);
    this.#range.max = String(duration || 1);
    this.#range.value = String(time);
    this.#range.setAttribute('aria-valuetext', `${clock(time)} of ${clock(duration)}`);
    const played = `${duration ? (time / duration) * 100 : 0}%`;
    set_vars(this.#seek, { '--played': played });
    set_vars(this.#bar, { '--p': played, '--w': '1' });
  }

  #show_playing() {
    const paused = this.video.paused;
    this.#play.replaceChildren(icon(paused ? 'play' : 'pause'));
    this.#play.setAttribute('aria-label', paused ? 'Play' : 'Pause');
  }

  close() {
    this.#playback?.close();
  }
}

// Gives a video element its stream: HLS by hls.js, or by the browser where it has no Media Source Extensions.

import * as api from './api.js';

const settings = {
  enableWorker: false, // segments are fragmented MP4, which the browser takes as they are
  capLevelToPlayerSize: true,
  backBufferLength: 60,
  // Captions are our own track; those that hls.js makes need a data: address, which the policy forbids.
  renderTextTracksNatively: false,
  enableID3MetadataCues: false,
  enableEmsgMetadataCues: false,
};

const same_place_s = 10;

async function asked(video_id, signal) {
  const watch = await api.get(`/videos/${video_id}/watch`, signal);
  return watch.playback_url ?? watch.url;
}

const first_of = (target, events, signal) =>
  new Promise((came) => events.forEach((event) => target.addEventListener(event, came, { once: true, signal })));

export class Playback {
  #element;
  #video_id;
  #hls = null;
  #closing = new AbortController();
  #is_renewed = false; // and nothing has come by the new link yet
  #recovered_at = -Infinity;
  on_levels = () => {};
  on_failed = () => {};

  constructor(element, video_id) {
    this.#element = element;
    this.#video_id = video_id;
  }

  // Rejects with an ApiError, 409 while nothing can be played yet; with an AbortError when it was closed meanwhile.
  async open(start = 0) {
    const { signal } = this.#closing;
    const [url, { default: Hls }] = await Promise.all([asked(this.#video_id, signal), import('./hls.mjs')]);
    signal.throwIfAborted();
    if (Hls.isSupported()) this.#open_with(Hls, url, start);
    else this.#element.src = `${url}#t=${start}`;
  }

  #open_with(Hls, url, start) {
    this.#hls = new Hls({ ...settings, startPosition: start });
    this.#hls.on(Hls.Events.MANIFEST_PARSED, () => this.on_levels(this.#hls.levels));
    this.#hls.on(Hls.Events.ERROR, (_, error) => this.#failed(Hls, error));
    this.#hls.loadSource(url);
    this.#hls.attachMedia(this.#element);
  }

  // A link that has expired is never good again, so what hls.js would try with it is not waited for.
  #failed(Hls, error) {
    if (error.response?.code === 403 && !this.#is_renewed) return this.#renew(Hls);
    if (!error.fatal) return;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && this.#is_elsewhere()) return this.#recover();
    this.on_failed();
  }

  // What cannot be decoded breaks again at the same place; recovering there would never end.
  #is_elsewhere() {
    return Math.abs(this.#element.currentTime - this.#recovered_at) > same_place_s;
  }

  #recover() {
    this.#recovered_at = this.#element.currentTime;
    this.#hls.recoverMediaError();
  }

  // Links to media expire: a new one goes on at the same second.
  async #renew(Hls) {
    this.#is_renewed = true;
    const { signal } = this.#closing;
    try {
      this.#go_on_with(await asked(this.#video_id, signal));
      this.#hls.once(Hls.Events.FRAG_LOADED, () => (this.#is_renewed = false));
    } catch {
      if (!signal.aborted) this.on_failed();
    }
  }

  // Takes in the rungs that were made since it was opened. What plays is left alone until it is paused or sought.
  async refresh() {
    const { signal } = this.#closing;
    if (!this.#hls) return;
    if (!this.#element.paused) await first_of(this.#element, ['pause', 'seeking'], signal);
    try {
      this.#go_on_with(await asked(this.#video_id, signal));
    } catch {
      // it plays on with the rungs it has
    }
  }

  // Another source empties the element, which pauses it.
  #go_on_with(url) {
    const was_playing = !this.#element.paused;
    if (this.#element.readyState) this.#hls.config.startPosition = this.#element.currentTime;
    this.#hls.loadSource(url);
    if (was_playing) this.#element.play().catch(() => {});
  }

  // -1 lets the stream choose.
  set level(index) {
    if (this.#hls) this.#hls.nextLevel = index;
  }

  close() {
    this.#closing.abort();
    this.#hls?.destroy();
    this.#element.removeAttribute('src');
    this.#element.load();
  }
}

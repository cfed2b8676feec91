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

async function asked(video_id, signal) {
  const watch = await api.get(`/videos/${video_id}/watch`, signal);
  return watch.playback_url ?? watch.url;
}

export class Playback {
  #element;
  #video_id;
  #hls = null;
  #closing = new AbortController();
  #renewed = false;
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

  #failed(Hls, error) {
    if (!error.fatal) return;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !this.#renewed) return this.#again(() => this.#hls.recoverMediaError());
    if (error.response?.code === 403 && !this.#renewed) return this.#again(() => this.#renew());
    this.on_failed();
  }

  #again(action) {
    this.#renewed = true;
    action();
  }

  // Links to media expire: a new one goes on at the same second.
  async #renew() {
    const at = this.#element.currentTime;
    const { signal } = this.#closing;
    try {
      const url = await asked(this.#video_id, signal);
      this.#hls.loadSource(url);
      this.#hls.startLoad(at);
      this.#element.currentTime = at;
    } catch {
      if (!signal.aborted) this.on_failed();
    }
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

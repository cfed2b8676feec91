// Files on their way to the server, one after the other. They go on while one looks at other pages.

import * as api from './api.js';
import { Estimate } from './estimate.js';
import * as session from './session.js';

// A cut line is tried again at once, then more and more seldom; how often it was is forgotten when bytes arrive.
const retry_delays_ms = [0, 1000, 2000, 5000, 10_000, 20_000, ...Array(20).fill(30_000)];

// tus-js-client is no module: it puts itself on the window.
async function tus() {
  await import('./tus.js');
  return window.tus;
}

function error_in({ originalResponse: response }) {
  return response ? api.error_of(response.getStatus(), response.getBody(), response.getHeader('Retry-After')) : new api.ApiError(0);
}

const may_pass = (status) => status === 0 || [401, 409, 423, 429].includes(status) || status >= 500;

// States: waiting, sending, done (with `video`), failed (with `error`), gone (stopped while it was sent).
class Upload {
  state = 'waiting';
  sent = 0;
  is_cut = false;
  video = null;
  error = null;
  estimate = new Estimate();
  #sender = null;
  #is_stopped = false;
  #end = () => {};

  constructor(file) {
    this.file = file;
  }

  percent() {
    return this.file.size ? Math.floor((this.sent / this.file.size) * 100) : 0;
  }

  async run(changed) {
    this.state = 'sending';
    changed();
    try {
      const id = await this.#send(changed);
      if (!this.#is_stopped) this.video = await api.get(`/videos/${id}`);
      this.state = this.#is_stopped ? 'gone' : 'done';
    } catch (error) {
      this.error = error;
      this.state = 'failed';
    }
    changed();
  }

  // Yields the id of the video, or nothing when it was stopped. What was sent of this file before, and not to its end, is not
  // sent again.
  async #send(changed) {
    const { Upload: Sender } = await tus();
    let video_id = null;
    const ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#sender = new Sender(this.file, {
        endpoint: '/files',
        metadata: { filename: this.file.name, filetype: this.file.type },
        retryDelays: retry_delays_ms,
        removeFingerprintOnSuccess: true,
        onBeforeRequest: (request) => request.setHeader('Authorization', `Bearer ${session.access_token()}`),
        onAfterResponse: async (_, response) => {
          video_id = response.getHeader('X-Video-Id') ?? video_id;
          if (response.getStatus() === 401) await session.renew();
        },
        onShouldRetry: (error) => {
          this.is_cut = true;
          changed();
          return may_pass(error_in(error).status);
        },
        onProgress: (sent) => {
          this.sent = sent;
          this.is_cut = false;
          this.estimate.add((sent / this.file.size) * 100);
          changed();
        },
        onSuccess: () => resolve(video_id),
        onError: (error) => reject(error_in(error)),
      });
    });
    const [earlier] = await this.#sender.findPreviousUploads();
    if (earlier) this.#sender.resumeFromPreviousUpload(earlier);
    if (this.#is_stopped) this.stop();
    else this.#sender.start();
    return ended;
  }

  // What the server has of it goes too. A sender that was told to abort tells nothing more, so the end is told here.
  stop() {
    this.#is_stopped = true;
    this.#end(null);
    this.#sender?.abort(true).catch(() => {});
  }
}

const events = new EventTarget();
const changed = () => events.dispatchEvent(new Event('changed'));
let running = false;

export const uploads = [];
export const on_changed = (listener, signal) => events.addEventListener('changed', listener, { signal });
export const under_way = () => uploads.filter((upload) => upload.state === 'waiting' || upload.state === 'sending');

export function add(files) {
  uploads.push(...[...files].map((file) => new Upload(file)));
  changed();
  run_all();
}

export function remove(upload) {
  uploads.splice(uploads.indexOf(upload), 1);
  if (upload.state !== 'done') upload.stop();
  changed();
}

export function again(upload) {
  Object.assign(upload, { state: 'waiting', is_cut: false, error: null, estimate: new Estimate() });
  changed();
  run_all();
}

async function run_all() {
  if (running) return;
  running = true;
  for (let next = waiting(); next; next = waiting()) await next.run(changed);
  running = false;
}

const waiting = () => uploads.find((upload) => upload.state === 'waiting');

addEventListener('beforeunload', (event) => {
  if (under_way().length) event.preventDefault();
});

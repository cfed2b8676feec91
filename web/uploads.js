// Files on their way to the server, one after the other. They go on while one looks at other pages.

import * as api from './api.js';
import { Estimate } from './estimate.js';
import * as session from './session.js';

// States: waiting, sending, done (with `video`), failed (with `error`).
class Upload {
  state = 'waiting';
  sent = 0;
  video = null;
  error = null;
  estimate = new Estimate();
  #request = null;

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
      this.video = (await this.#send_twice(changed)).video;
      this.state = 'done';
    } catch (error) {
      this.error = error;
      this.state = 'failed';
    }
    changed();
  }

  async #send_twice(changed) {
    try {
      return await this.#send(changed);
    } catch (error) {
      if (error.status !== 401 || !(await session.renew())) throw error;
      return this.#send(changed);
    }
  }

  #send(changed) {
    const body = new FormData();
    body.append('file', this.file);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.#request = request;
      request.open('POST', `${api.base}/videos/upload`);
      request.setRequestHeader('Authorization', `Bearer ${session.access_token()}`);
      request.upload.onprogress = ({ loaded, total }) => {
        this.sent = Math.min(this.file.size, Math.round((loaded / total) * this.file.size));
        this.estimate.add((loaded / total) * 100);
        changed();
      };
      request.onload = () => {
        if (request.status < 300) resolve(JSON.parse(request.responseText));
        else reject(api.error_of(request.status, request.responseText, request.getResponseHeader('Retry-After')));
      };
      request.onerror = () => reject(new api.ApiError(0));
      request.onabort = () => reject(new api.ApiError(0));
      request.send(body);
    });
  }

  stop() {
    this.#request?.abort();
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
  upload.stop();
  changed();
}

export function again(upload) {
  Object.assign(upload, { state: 'waiting', sent: 0, error: null, estimate: new Estimate() });
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

// Uploads through lines that break, by tus-js-client. cuts.py starts it, tells it where the server is and who asks, a line of
// JSON each time that changes, and reads a line of JSON for each upload that is over.
//
//     node cuts.mjs TUS_JS UPLOADS SEED AT_ONCE

import { createCipheriv, createHash } from 'node:crypto';
import http from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { breaking_line, patch_in } from '../browser/cutting_line.mjs';

const [tus_js, uploads, seed, at_once] = process.argv.slice(2);
const tus = createRequire(import.meta.url)(tus_js);

const mib = 1 << 20;
const size_max = 24 * mib;
const cuts_max = 20;
const head_bytes = 300; // of a request, at least
const flush_bytes = 8 * mib; // what a killed server may ask for again
const on_the_way_bytes = 4 * mib; // half a second of a line, when the server has no time to read
const retries = Array(1200).fill(100, 1).fill(0, 0, 1); // in ms: the server may be away for two minutes

const server = { port: null, token: null, life: 0 };

// https://gist.github.com/tommyettinger/46a874533244883189143505d203312c: mulberry32
function dice_of(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function content_of(size, number) {
  const key = createHash('md5').update(`${seed}/${number}`).digest();
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

// What one upload was told, what it gave away, and what is wrong with that.
class Trail {
  constructor() {
    this.acknowledged = 0;
    this.reach = 0; // the end of what the server was given
    this.is_sending = false;
    this.life = null; // of the server that was given it
    this.sent_again = { by_cuts: 0, by_kills: 0 }; // the most at once
    this.fell_silent = false;
    this.handover_ms = 0;
  }

  passes(piece) {
    const patch = patch_in(piece);
    if (patch) {
      if (patch.offset < this.acknowledged) end_with_wrong(`${patch.offset} is sent again, and ${this.acknowledged} was acknowledged`);
      Object.assign(this, { reach: patch.offset, is_sending: true, life: server.life });
    }
    if (this.is_sending) this.reach += patch ? patch.size : piece.length;
  }

  hears(method, status, offset, took_ms) {
    this.is_sending = false;
    const is_same_life = this.life === server.life;
    if (method === 'HEAD' && this.fell_silent && is_same_life) {
      if (status === 423) end_with_wrong(`a client that came back is told that another one is sending, after ${took_ms} ms`);
      this.handover_ms = Math.max(this.handover_ms, took_ms);
    }
    if (offset === undefined) return;
    this.fell_silent = false;
    if (offset < this.acknowledged) end_with_wrong(`the upload stands at ${offset}, and ${this.acknowledged} was acknowledged`);
    this.acknowledged = offset;
    if (method === 'HEAD') this.counts_again(Math.max(0, this.reach - offset), is_same_life);
    this.reach = offset;
  }

  counts_again(bytes, is_same_life) {
    const [reason, most] = is_same_life ? ['by_cuts', on_the_way_bytes] : ['by_kills', flush_bytes + on_the_way_bytes];
    if (bytes > most) end_with_wrong(`${bytes} bytes are to be sent again, ${reason}`);
    this.sent_again[reason] = Math.max(this.sent_again[reason], bytes);
  }
}

function end_with_wrong(what) {
  console.log(JSON.stringify({ wrong: what }));
  process.exit(1);
}

// Between tus-js-client and Node's HTTP.
class Request {
  constructor(method, url, agent, trail) {
    Object.assign(this, { method, url, agent, trail, headers: {} });
  }
  getMethod() {
    return this.method;
  }
  getURL() {
    return this.url;
  }
  setHeader(name, value) {
    this.headers[name] = value;
  }
  getHeader(name) {
    return this.headers[name];
  }
  setProgressHandler() {}
  getUnderlyingObject() {
    return this.request;
  }
  async abort() {
    this.request?.destroy();
  }
  async send(blob) {
    const body = blob ? Buffer.from(await blob.arrayBuffer()) : undefined;
    const began = performance.now();
    const answer = await new Promise((resolve, reject) => {
      this.request = http.request(this.url, { method: this.method, headers: this.headers, agent: this.agent }, resolve);
      this.request.on('error', reject);
      this.request.end(body);
    });
    let text = '';
    for await (const piece of answer) text += piece;
    const told = answer.headers['upload-offset'];
    this.trail.hears(this.method, answer.statusCode, told && Number(told), performance.now() - began);
    return {
      getStatus: () => answer.statusCode,
      getHeader: (name) => answer.headers[name.toLowerCase()],
      getBody: () => text,
      getUnderlyingObject: () => answer,
    };
  }
}

// Where the line of an upload breaks: each time behind so many bytes of a connection, or instead of an answer.
function plan_of(size, dice) {
  const cuts = 1 + Math.floor(dice() * cuts_max);
  return Array.from({ length: cuts }, (_, nth) => ({
    behind: 1 + Math.floor(dice() * (nth === 0 ? size + head_bytes : (2 * size) / cuts + 2 * head_bytes)),
    how: ['end', 'reset', 'silence'][Math.floor(dice() * 3)],
    is_of_answer: dice() < 0.2,
  }));
}

function rules_of(plan, trail) {
  return () => ({
    cut(sent, piece) {
      const next = plan[0];
      if (!next || next.is_of_answer || sent + piece.length < next.behind) return null;
      plan.shift();
      trail.fell_silent ||= next.how === 'silence';
      return { keep: Math.max(0, next.behind - sent), how: next.how };
    },
    passes: (piece) => trail.passes(piece),
    loses_answer: () => Boolean(plan[0]?.is_of_answer && plan.shift()),
  });
}

async function upload(number) {
  const dice = dice_of(Number(seed) * 1_000_003 + number);
  const content = content_of(Math.floor(size_max ** dice()), number);
  const plan = plan_of(content.length, dice);
  const planned = plan.length;
  const trail = new Trail();
  const line = await breaking_line(() => server.port, rules_of(plan, trail));
  const agent = new http.Agent({ keepAlive: true });
  const from_life = server.life;
  let video = null;
  await new Promise((resolve) =>
    new tus.Upload(new Blob([content]), {
      endpoint: `${line.url}/files/`,
      httpStack: { createRequest: (method, url) => new Request(method, url, agent, trail), getName: () => 'cuts' },
      retryDelays: retries,
      uploadDataDuringCreation: dice() < 0.2,
      chunkSize: dice() < 0.5 ? Infinity : 1 + Math.floor(dice() * size_max),
      metadata: { filename: `${number}.mp4` },
      onBeforeRequest: (request) => request.setHeader('Authorization', `Bearer ${server.token}`),
      onAfterResponse: (_, answer) => (video = answer.getHeader('X-Video-Id') ?? video),
      onError: (error) => end_with_wrong(error.message),
      onSuccess: resolve,
    }).start(),
  );
  agent.destroy();
  await line.close();
  const sha256 = createHash('sha256').update(content).digest('hex');
  const { sent_again, handover_ms } = trail;
  return { video, sha256, size: content.length, cuts: planned - plan.length, kills: server.life - from_life, sent_again, handover_ms };
}

async function upload_one_after_the_other(numbers) {
  for (const number of numbers) console.log(JSON.stringify({ number, ...(await upload(number)) }));
}

const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function learn() {
  const { value, done } = await told.next();
  if (done) return false;
  Object.assign(server, JSON.parse(value), { life: server.life + 1 });
  return true;
}

await learn();
(async () => {
  while (await learn());
  process.exit(2); // whoever asked for this is gone
})();
const numbers = Array.from({ length: Number(uploads) }, (_, number) => number).values();
await Promise.all(Array.from({ length: Number(at_once) }, () => upload_one_after_the_other(numbers)));
process.exit(0);

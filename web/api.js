// The native API, and what can go wrong with it as one kind of error.

import * as session from './session.js';

export const base = '/api/v1';

// `status` 0: no answer came. `fields` maps a field of the body to what is wrong with it.
export class ApiError extends Error {
  constructor(status, problem = {}, retry_after_s = null) {
    super(problem.detail ?? problem.title ?? '');
    this.status = status;
    this.code = problem.code ?? '';
    this.request_id = problem.request_id;
    this.retry_after_s = retry_after_s;
    this.fields = Object.fromEntries((problem.errors ?? []).map((each) => [each.pointer.split('/').at(-1), each.message]));
  }
}

export function error_of(status, text, retry_after) {
  let problem = {};
  try {
    problem = JSON.parse(text);
  } catch {
    // A proxy's page: the status says all there is.
  }
  return new ApiError(status, problem, Number(retry_after) || null);
}

async function send(method, path, json, signal, headers = {}) {
  if (session.access_token()) headers.Authorization = `Bearer ${session.access_token()}`;
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(base + path, { method, headers, signal, body: json === undefined ? undefined : JSON.stringify(json) });
  } catch (error) {
    throw error.name === 'AbortError' ? error : new ApiError(0);
  }
}

async function renewed() {
  try {
    return await session.renew();
  } catch {
    throw new ApiError(0);
  }
}

async function answered(method, path, { json, signal, headers }) {
  let response = await send(method, path, json, signal, headers);
  if (response.status === 401 && session.access_token() && (await renewed()))
    response = await send(method, path, json, signal, headers);
  if (!response.ok) throw error_of(response.status, await response.text(), response.headers.get('Retry-After'));
  return response;
}

async function call(method, path, options = {}) {
  const response = await answered(method, path, options);
  return response.status === 204 ? null : response.json();
}

// With the tag of what was read, which a change names, so that nobody writes over what somebody else wrote meanwhile.
async function tagged(method, path, options) {
  const response = await answered(method, path, options);
  return { value: await response.json(), tag: response.headers.get('ETag') };
}

export const get_tagged = (path, signal) => tagged('GET', path, { signal });
export const patch_tagged = (path, json, tag) => tagged('PATCH', path, { json, headers: { 'If-Match': tag } });
export const get = (path, signal) => call('GET', path, { signal });
export const post = (path, json, signal) => call('POST', path, { json, signal });
export const patch = (path, json, signal) => call('PATCH', path, { json, signal });
export const remove = (path, signal) => call('DELETE', path, { signal });

const pages_max = 50;

// All of a list, page by page; of one without end what comes first.
export async function get_all(path, signal) {
  const found = [];
  let cursor = null;
  for (let pages = 0; pages < pages_max; ++pages) {
    const page = await get(`${path}?${query({ limit: 100, cursor })}`, signal);
    found.push(...page.data);
    if (!page.has_more) break;
    cursor = page.next_cursor;
  }
  return found;
}

// Calls `on_event({ id, type, data })` for each server-sent event until the stream ends or `signal` aborts. Not by EventSource,
// which sends no access token.
export async function events(path, on_event, { signal, last_id, on_open }) {
  const headers = last_id === null ? {} : { 'Last-Event-ID': last_id };
  const response = await answered('GET', path, { signal, headers });
  on_open();
  await read_events(response, on_event);
}

// The same of an answer that comes piece by piece.
export async function post_for_events(path, json, on_event) {
  await read_events(await answered('POST', path, { json, headers: { Accept: 'text/event-stream' } }), on_event);
}

async function read_events(response, on_event) {
  let text = '';
  for await (const piece of pieces_of(response.body.pipeThrough(new TextDecoderStream()))) {
    const frames = (text + piece).split('\n\n');
    text = frames.pop();
    frames.map(event_of).filter(Boolean).forEach(on_event);
  }
}

async function* pieces_of(stream) {
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}

// Our server writes one data line per event, and a comment when there is nothing to say.
function event_of(frame) {
  const fields = Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/s, 2)));
  if (!fields.id && !fields.event) return null;
  return { id: fields.id ?? null, type: fields.event ?? '', data: fields.data ? JSON.parse(fields.data) : null };
}

export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();

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

async function send(method, path, json, signal) {
  const headers = {};
  if (session.access_token()) headers.Authorization = `Bearer ${session.access_token()}`;
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(base + path, { method, headers, signal, body: json === undefined ? undefined : JSON.stringify(json) });
  } catch (error) {
    throw error.name === 'AbortError' ? error : new ApiError(0);
  }
}

async function call(method, path, { json, signal } = {}) {
  let response = await send(method, path, json, signal);
  if (response.status === 401 && session.access_token() && (await session.renew()))
    response = await send(method, path, json, signal);
  if (!response.ok) throw error_of(response.status, await response.text(), response.headers.get('Retry-After'));
  return response.status === 204 ? null : response.json();
}

export const get = (path, signal) => call('GET', path, { signal });
export const post = (path, json, signal) => call('POST', path, { json, signal });

export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();

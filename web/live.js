// How videos go on: told by the server as it happens; asked for by turns while it cannot tell.

import * as api from './api.js';

const pause_ms = 1500;
const at_once = 3;

const followers = [];
let timer = null;
let is_looking = false;
let stream = null; // { controller, is_open } while there is one, or one is asked for
let last_id = null; // up to here the log was told

// Calls `on_change(video)` after each look, until `signal` aborts or on_change returns false.
export function follow(id, on_change, signal) {
  const follower = { id, on_change, signal, stale: true };
  followers.push(follower);
  signal.addEventListener('abort', () => drop(follower));
  listen();
  schedule();
}

function drop(follower) {
  const at = followers.indexOf(follower);
  if (at >= 0) followers.splice(at, 1);
  if (!followers.length) stream?.controller.abort();
}

// One stream for all that is followed. When it cannot be had, or ends, asking goes on and it is tried again later.
async function listen() {
  if (stream !== null || !followers.length) return;
  const mine = { controller: new AbortController(), is_open: false };
  stream = mine;
  try {
    const on_open = () => (mine.is_open = true);
    await api.events('/events', hear, { signal: mine.controller.signal, last_id, on_open });
  } catch {
    // Asking finds out what is wrong, and says so where people look.
  }
  stream = null;
}

function hear({ id, type, data }) {
  last_id = id ?? last_id;
  const thing = data?.data;
  if (type === 'reset') followers.forEach((each) => (each.stale = true));
  else if (type === 'job.updated') concerned(thing.subject.id).forEach((each) => (each.stale = true));
  else if (thing?.stages) concerned(thing.id).forEach((each) => show(each, thing));
}

const concerned = (id) => followers.filter((each) => each.id === id);

function show(follower, video) {
  follower.stale = false;
  if (follower.on_change(video) === false) drop(follower);
}

function schedule(in_ms = pause_ms) {
  if (timer === null && !is_looking && followers.length && !document.hidden) timer = setTimeout(look, in_ms);
}

// What the stream has not told of is left alone.
async function look() {
  timer = null;
  is_looking = true;
  listen();
  const turn = followers.filter((each) => each.stale || !stream?.is_open).slice(0, at_once);
  turn.forEach((each) => followers.push(...followers.splice(followers.indexOf(each), 1)));
  await Promise.all(turn.map(look_at));
  is_looking = false;
  schedule();
}

async function look_at(follower) {
  try {
    show(follower, await api.get(`/videos/${follower.id}`, follower.signal));
  } catch (error) {
    if (error.status >= 400 && error.status < 500 && error.status !== 429) drop(follower); // gone, or signed out
  }
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(timer);
  timer = null;
  schedule(0);
});

// How videos go on, by asking again. Followers take turns, so many working videos cost no more requests than a few.

import * as api from './api.js';

const pause_ms = 1500;
const at_once = 3;

const followers = [];
let timer = null;

// Calls `on_change(video)` after each look, until `signal` aborts or on_change returns false.
export function follow(id, on_change, signal) {
  const follower = { id, on_change, signal };
  followers.push(follower);
  signal.addEventListener('abort', () => drop(follower));
  schedule();
}

function drop(follower) {
  const at = followers.indexOf(follower);
  if (at >= 0) followers.splice(at, 1);
}

function schedule() {
  if (timer === null && followers.length && !document.hidden) timer = setTimeout(look, pause_ms);
}

async function look() {
  const turn = followers.splice(0, at_once);
  followers.push(...turn);
  await Promise.all(turn.map(look_at));
  timer = null;
  schedule();
}

async function look_at(follower) {
  try {
    const video = await api.get(`/videos/${follower.id}`, follower.signal);
    if (follower.on_change(video) === false) drop(follower);
  } catch (error) {
    if (error.status >= 400 && error.status < 500 && error.status !== 429) drop(follower); // gone, or signed out
  }
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(timer);
  timer = null;
  if (!document.hidden && followers.length) timer = setTimeout(look, 0);
});

// Who is signed in. Tokens live in this tab, and in others of the same browser that ask for them, so that a moment opened in a
// new tab plays without a second sign-in; closing the last tab forgets them.

const key = 'kinora.session';
const channel = new BroadcastChannel(key);
const events = new EventTarget();
const answer_ms = 200;

let current = read();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(session) {
  current = session;
  if (session) sessionStorage.setItem(key, JSON.stringify(session));
  else sessionStorage.removeItem(key);
}

export const user = () => current?.user;
export const access_token = () => current?.access_token;
export const on_ended = (listener) => events.addEventListener('ended', listener);

// An answer of sign-up, sign-in or refresh. Other tabs take it over, because a refresh token works once.
export function begin({ user: who, access_token: access, refresh_token: refresh_with }) {
  keep({ user: who, access_token: access, refresh_token: refresh_with });
  channel.postMessage({ session: current });
}

function end() {
  keep(null);
  events.dispatchEvent(new Event('ended'));
}

export function sign_out() {
  keep(null);
  channel.postMessage({ session: null });
}

channel.addEventListener('message', ({ data }) => {
  if (data === 'who?') {
    if (current) channel.postMessage({ session: current });
  } else if (data.session) {
    if (!current || current.user.id === data.session.user.id) keep(data.session);
    events.dispatchEvent(new Event('answered'));
  } else if (current) {
    end();
  }
});

// Whether someone is signed in, here or in another tab.
export function restore() {
  if (current) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = () => resolve(current !== null);
    events.addEventListener('answered', settle, { once: true });
    setTimeout(settle, answer_ms);
    channel.postMessage('who?');
  });
}

let renewing = null;

// Gets new tokens, once for all who wait. False when the session is over.
export function renew() {
  renewing ??= ask_for_tokens().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function ask_for_tokens() {
  if (!current) return false;
  const response = await fetch('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refresh_token: current.refresh_token }),
  });
  if (response.ok) begin(await response.json());
  else if (response.status < 500 && response.status !== 429) end();
  return response.ok;
}

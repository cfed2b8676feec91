// What is told when something failed: first what happened, then what to do.

import { el, icon } from './dom.js';
import { sentence } from './format.js';

export function words_for(error, doing = 'requests') {
  if (error.status === 0)
    return navigator.onLine
      ? ['The server does not answer', 'Check that it runs, then try again.']
      : ['You are offline', 'Try again when the network is back.'];
  if (error.status === 401) return ['Please sign in again', 'What you typed is kept.'];
  if (error.status === 429) return [`Too many ${doing}`, `Try again in ${error.retry_after_s ?? 60} s.`];
  if (error.status >= 500) return ['Something failed here', 'Try again, or send this id to your admin:'];
  if (error.status === 404) return ['This is not here', 'It was deleted, or it belongs to someone else.'];
  return ['This did not work', error.message && sentence(error.message)];
}

export function notice(title, text, { kind = 'bad', id, action } = {}) {
  const body = el('p', {}, text, id && ' ', id && el('code', {}, id));
  return el(
    'div',
    { class: `notice notice--${kind}`, role: 'alert' },
    icon(kind === 'ok' ? 'check' : 'warn'),
    el('div', {}, el('b', {}, title), body),
    action,
  );
}

export function notice_for(error, { doing, action } = {}) {
  if (!('status' in error)) console.error(error); // ours: the page goes on, the console of the browser has the place
  const [title, text] = 'status' in error ? words_for(error, doing) : ['Something failed here', 'Load the page again.'];
  return notice(title, text, { id: error.status >= 500 ? error.request_id : undefined, action });
}

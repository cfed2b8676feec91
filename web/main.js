// Start, addresses and pages.

import { el } from './dom.js';
import { set_page_keys } from './keys.js';
import { is_plain_press } from './moments.js';
import { ask_page } from './pages/ask.js';
import { docs_page } from './pages/docs.js';
import { library_page } from './pages/library.js';
import { search_page } from './pages/search.js';
import { setup_page } from './pages/setup.js';
import { sign_in_page } from './pages/sign_in.js';
import { upload_page } from './pages/upload.js';
import { watch_page } from './pages/watch.js';
import * as session from './session.js';
import { Shell } from './shell.js';

// A page is a function of { url, id, signal, navigate } that yields { title, body, place?, keys?, wide_class?, started? };
// `signal` aborts when the page is left, `started` runs once its body stands in the document.
const pages = [
  { path: /^\/library$/, open: library_page },
  { path: /^\/upload$/, open: upload_page },
  { path: /^\/watch\/([^/]+)$/, open: watch_page },
  { path: /^\/search$/, open: search_page },
  { path: /^\/ask(?:\/([^/]+))?$/, open: ask_page },
  { path: /^\/docs$/, open: docs_page, is_public: true },
  { path: /^\/setup$/, open: setup_page, is_public: true },
  { path: /^\/sign-in$/, open: sign_in_page, is_public: true },
];

const app = document.querySelector('#app');
let shell = null;
let leaving = new AbortController();

export function navigate(address, { replace = false } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  show();
}

const sign_in_first = (url) => navigate(`/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`, { replace: true });

async function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const url = new URL(location.href);
  const signed_in = await session.restore();
  if (signal.aborted) return;
  if (url.pathname === '/') return navigate(signed_in ? '/library' : '/sign-in', { replace: true });
  const found = pages.find((page) => page.path.test(url.pathname));
  if (!found) return navigate('/library', { replace: true });
  if (!found.is_public && !signed_in) return sign_in_first(url);
  place(found, found.open({ url, id: url.pathname.match(found.path)[1], signal, navigate }));
}

function place(found, page) {
  document.title = page.title === 'kinora' ? 'kinora' : `${page.title} · kinora`;
  document.body.classList.toggle('has-tabbar', !found.is_public);
  set_page_keys(page.keys ?? []);
  if (found.is_public) place_alone(page);
  else place_in_shell(page);
  scrollTo(0, 0);
  page.started?.();
}

function place_alone(page) {
  shell = null;
  app.replaceChildren(page.body);
}

function place_in_shell(page) {
  const first = !shell;
  if (first) {
    shell = new Shell(navigate);
    app.replaceChildren(shell.node);
  }
  shell.show(page);
  if (!first && !shell.main.contains(document.activeElement)) shell.main.focus({ preventScroll: true });
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (
    !link ||
    event.defaultPrevented ||
    !is_plain_press(event) ||
    link.origin !== location.origin ||
    link.target ||
    link.getAttribute('href').startsWith('#')
  )
    return;
  event.preventDefault();
  navigate(link.href);
});

addEventListener('popstate', show);
app.replaceChildren(el('p', { class: 'vh', role: 'status' }, 'Loading'));
show();

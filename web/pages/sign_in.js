import * as api from '../api.js';
import { brand } from '../brand.js';
import { el } from '../dom.js';
import { email_field, field, form } from '../forms.js';
import * as session from '../session.js';

export function sign_in_form(done) {
  const password = field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' });
  const send = async (values) => {
    session.begin(await api.post('/auth/login', values));
    done();
  };
  return form([email_field(), password], { label: 'Sign in', send });
}

// Only addresses of our own are gone back to.
function next_of(url) {
  const next = url.searchParams.get('next') ?? '';
  return next.startsWith('/') && !next.startsWith('//') ? next : '/library';
}

export function sign_in_page({ url, navigate }) {
  const first = el(
    'p',
    { class: 'hint' },
    'First time here? Open the set-up link that kinora printed when it started, or ask for a new one: ',
    el('code', {}, 'kinora user setup-link'),
  );
  const body = el(
    'main',
    { class: 'alone', id: 'main', tabindex: '-1' },
    brand(),
    el(
      'div',
      { class: 'stack stack--loose' },
      el('h1', {}, 'Sign in'),
      sign_in_form(() => navigate(next_of(url), { replace: true })),
      first,
    ),
  );
  return { title: 'Sign in', body, started: () => body.querySelector('input').focus() };
}

import * as api from '../api.js';
import { brand } from '../brand.js';
import { el, icon, link_button } from '../dom.js';
import { email_field, field, form } from '../forms.js';
import * as session from '../session.js';

const spent_codes = new Set(['not_found', 'expired', 'conflict', 'forbidden']);

function steps(at) {
  const item = (number, label) =>
    el('li', { class: number < at && 'is-done', 'aria-current': number === at && 'step' }, `${number} ${label}`);
  return el('ol', { class: 'steps' }, item(1, 'Your account'), item(2, 'First video'));
}

const head = (title, text) =>
  el('div', { class: 'stack stack--tight' }, el('h1', { tabindex: '-1' }, title), el('p', { class: 'soft' }, text));

// What a link of this page is for.
const link_of = ({ searchParams: said }) => {
  const [token, invite] = [said.get('token'), said.get('invite')];
  if (invite)
    return {
      title: 'Make your account',
      text: 'You are invited. The link works once.',
      life: 'a week',
      again: ['Whoever invited you can send another, or type on the machine kinora runs on:', 'kinora user invite'],
      join: (values) => api.post('/auth/signup', { invite, ...values }),
    };
  return {
    title: 'Make the first account',
    text: 'It runs this server. The link works once.',
    life: '24 hours',
    again: ['On the machine kinora runs on, type:', 'kinora user setup-link'],
    join: token && ((values) => api.post('/setup', { token, ...values })),
  };
};

function used({ life, again: [how, command] }) {
  return [
    head('This link was used or has expired', `It works once, for ${life}. If you made the account, sign in.`),
    el('div', { class: 'row' }, link_button('Sign in', '/sign-in', { kind: 'primary' })),
    el(
      'div',
      { class: 'panel stack stack--tight' },
      el('h2', { class: 'h3' }, 'Need a new link?'),
      el('p', { class: 'soft' }, how),
      el('p', { class: 'cmd' }, el('code', {}, command)),
    ),
  ];
}

function done() {
  const [first_name] = session.user().name.split(' ');
  return [
    steps(2),
    head(`Welcome, ${first_name}`, 'Put in a first video: every page then has something to show.'),
    el(
      'div',
      { class: 'row' },
      link_button('Upload a video', '/upload', { kind: 'primary', icon: 'up' }),
      link_button('Later', '/library', { kind: 'quiet' }),
    ),
  ];
}

function account_form(links_to, show) {
  const fields = [
    field({ name: 'name', label: 'Name', autocomplete: 'name', maxlength: '255' }),
    email_field('Stays on this machine. You sign in with it.'),
    field({
      name: 'password',
      label: 'Password',
      type: 'password',
      autocomplete: 'new-password',
      minlength: '8',
      hint: '8 characters or more. A short sentence is good.',
    }),
  ];
  const send = async (values) => {
    try {
      session.begin(await links_to.join(values));
      show(done());
    } catch (error) {
      if (!spent_codes.has(error.code)) throw error;
      show(used(links_to));
    }
  };
  return form(fields, { label: 'Make account', send });
}

function promise(symbol, title, text) {
  return el('li', {}, icon(symbol), el('div', {}, el('b', {}, title), el('p', {}, text)));
}

function aside() {
  return el(
    'aside',
    { class: 'setup__side stack', 'aria-label': 'What you get' },
    el(
      'div',
      { class: 'stack stack--tight' },
      el('h2', {}, 'What you get'),
      el('p', { class: 'soft' }, 'Every moment of your videos, on one press.'),
    ),
    el(
      'ul',
      { class: 'facts' },
      promise('play', 'Watch', 'It plays within minutes, while its words are still being heard.'),
      promise('search', 'Search', 'Finds what was said, by words and by meaning, and plays from that second.'),
      promise('chat', 'Ask', 'Answers quote what was said and show their moments.'),
    ),
  );
}

export function setup_page({ url }) {
  const links_to = link_of(url);
  const place = el('div', { class: 'stack stack--loose' });
  const show = (parts) => {
    place.replaceChildren(...parts);
    place.querySelector('h1').focus();
  };
  const start = links_to.join ? [steps(1), head(links_to.title, links_to.text), account_form(links_to, show)] : used(links_to);
  place.append(...start);
  const body = el(
    'main',
    { class: 'setup', id: 'main', tabindex: '-1' },
    el('div', { class: 'setup__form' }, brand(), place),
    aside(),
  );
  return { title: 'Set-up', body };
}

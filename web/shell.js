// What stands around every page: bar, find field, tabs on a phone, account, and the question to sign in again.

import * as api from './api.js';
import { brand } from './brand.js';
import { button, el, icon, link_button, set_attribute } from './dom.js';
import { initials } from './format.js';
import { sign_in_form } from './pages/sign_in.js';
import * as session from './session.js';

const places = [
  { path: '/library', label: 'Library', icon: 'grid' },
  { path: '/search', label: 'Search', icon: 'search' },
  { path: '/upload', label: 'Upload', icon: 'up', only_phone: true },
  { path: '/ask', label: 'Ask', icon: 'chat' },
];

export class Shell {
  #navigate;
  #links = [];
  main = el('main', { class: 'main', id: 'main', tabindex: '-1' });
  node;

  constructor(navigate) {
    this.#navigate = navigate;
    this.node = el('div', {}, this.#bar(), this.main, this.#tabs());
    session.on_ended(() => this.#ask_to_sign_in());
  }

  #place_link(place, content) {
    const link = el('a', { href: place.path }, content);
    this.#links.push(link);
    return link;
  }

  #bar() {
    const nav = el(
      'nav',
      { class: 'nav', 'aria-label': 'Main' },
      places.filter((place) => !place.only_phone).map((place) => this.#place_link(place, place.label)),
    );
    const end = el(
      'div',
      { class: 'row topbar__end' },
      el('span', { class: 'only-wide' }, link_button('Upload', '/upload', { icon: 'up' })),
      this.#account(),
    );
    return el('header', { class: 'topbar' }, brand(), nav, this.#find(), end);
  }

  #find() {
    const input = el('input', {
      class: 'input',
      type: 'search',
      name: 'q',
      'aria-label': 'Find a moment',
      placeholder: 'Find a moment',
      'data-find': true,
    });
    const search = (event) => {
      event.preventDefault();
      const q = input.value.trim();
      input.value = '';
      if (q) this.#navigate(`/search?${api.query({ q })}`);
    };
    return el(
      'form',
      { class: 'find topbar__find', role: 'search', 'aria-label': 'Everything', on: { submit: search } },
      icon('search'),
      input,
      el('span', { class: 'kbd', 'aria-hidden': 'true' }, '/'),
    );
  }

  #tabs() {
    return el(
      'nav',
      { class: 'tabbar tabbar--four', 'aria-label': 'Main, phone' },
      places.map((place) => this.#place_link(place, [icon(place.icon), place.label])),
    );
  }

  #account() {
    const { name, email } = session.user();
    const leave = button('Sign out', { kind: 'sm', press: () => this.#sign_out() });
    const menu = el(
      'div',
      { class: 'panel account', id: 'account', popover: 'auto' },
      el('b', { dir: 'auto' }, name),
      el('p', { class: 'muted small' }, email),
      leave,
    );
    const face = el(
      'button',
      {
        type: 'button',
        class: 'avatar',
        popovertarget: 'account',
        'aria-label': `${initials(name)}, your account`,
        title: name,
      },
      initials(name),
    );
    return [face, menu];
  }

  async #sign_out() {
    await api.post('/auth/logout').catch(() => {}); // signed out here in any case; the token ends by itself
    session.sign_out();
    this.#navigate('/sign-in');
  }

  show({ body, place, wide_class }) {
    for (const link of this.#links) set_attribute(link, 'aria-current', link.getAttribute('href') === place ? 'page' : null);
    this.main.className = wide_class ? `main ${wide_class}` : 'main';
    this.main.replaceChildren(body);
  }

  // Over the page, which stays as it is.
  #ask_to_sign_in() {
    if (document.querySelector('#sign-in-again')) return;
    const form = sign_in_form(() => dialog.close());
    const dialog = el(
      'dialog',
      { class: 'dialog', id: 'sign-in-again', 'aria-label': 'Please sign in again', on: { close: () => dialog.remove() } },
      el('h2', {}, 'Please sign in again'),
      el('p', { class: 'soft' }, 'Your session ended. What you typed is kept.'),
      form,
    );
    document.body.append(dialog);
    dialog.showModal();
  }
}

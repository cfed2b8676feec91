import * as api from '../api.js';
import { art, button, el, icon, link_button, set_text } from '../dom.js';
import { clock, count, day, language, sentence } from '../format.js';
import { follow } from '../live.js';
import { notice_for } from '../notices.js';
import { is_over, is_playable, is_working, WorkView } from '../stages.js';
import * as uploads from '../uploads.js';

const page_size = 24;

function poster_art(video) {
  if (video.poster_url) return el('img', { class: 'art', src: video.poster_url, alt: '', loading: 'lazy' });
  return el(
    'span',
    { class: 'fill fill--none poster__art' },
    icon(video.status === 'ready' && !video.width ? 'sound' : 'film'),
  );
}

function state_of(video, work) {
  if (video.status === 'failed')
    return el(
      'div',
      { class: 'card__fail' },
      el('b', {}, icon('warn'), 'Could not be made playable'),
      el('span', {}, sentence(video.status_message ?? 'upload another file')),
      el('div', { class: 'row' }, el('a', { class: 'btn btn--sm', href: '/upload' }, 'Upload another')),
    );
  return is_working(video) ? work.node : null;
}

class Card {
  #work;
  #poster;
  #meta = el('p', { class: 'card__meta' });
  #state = el('div', { class: 'card__state' });
  node;

  constructor(video) {
    const href = `/watch/${video.id}`;
    this.#work = new WorkView(video);
    this.#poster = el('a', { class: 'poster', href, tabindex: '-1', 'aria-hidden': 'true' });
    const title = el('a', { class: 'card__title clamp-2', dir: 'auto', href }, video.title);
    this.node = el(
      'li',
      { class: 'card' },
      this.#poster,
      el('div', { class: 'card__body card__body--alone' }, title, this.#meta),
      this.#state,
    );
    this.show(video);
  }

  show(video) {
    this.#work.show(video);
    this.node.classList.toggle('card--failed', video.status === 'failed');
    this.#poster.replaceChildren(
      poster_art(video),
      ...(video.duration ? [el('span', { class: 'poster__time' }, clock(video.duration))] : []),
    );
    const said_in = video.language ? language(video.language) : is_playable(video) && !is_over(video) && 'playable';
    this.#meta.replaceChildren(...[day(video.created_at), said_in].filter(Boolean).map((text) => el('span', {}, text)));
    const state = state_of(video, this.#work);
    if (this.#state.firstElementChild !== state) this.#state.replaceChildren(...(state ? [state] : []));
  }
}

function first_empty() {
  return el(
    'div',
    { class: 'empty' },
    art('first'),
    el('h2', {}, 'Put in the first video'),
    el('p', {}, 'It plays within minutes; its words and search follow by themselves.'),
    link_button('Upload', '/upload', { kind: 'primary', icon: 'up' }),
  );
}

// Uploads go on while one looks at other pages; this leads back to them.
function on_their_way() {
  const line = el('p', { class: 'muted', role: 'status' });
  const link = el('a', { href: '/upload' });
  const show = () => {
    const files = uploads.under_way().length;
    set_text(link, files ? `Sending ${count(files, 'file')}` : '');
    line.replaceChildren(...(files ? [link] : []));
  };
  return { line, show };
}

export function library_page({ signal }) {
  const sub = el('p');
  const cards = el('ul', { class: 'cards' });
  const below = el('div', { class: 'row row--center below' });
  const sending = on_their_way();
  const body = el(
    'div',
    {},
    el('div', { class: 'page-head' }, el('div', {}, el('h1', {}, 'Library'), sub), sending.line),
    cards,
    below,
  );

  const add = (video) => {
    const card = new Card(video);
    cards.append(card.node);
    if (is_over(video)) return;
    follow(
      video.id,
      (now) => {
        card.show(now);
        return !is_over(now);
      },
      signal,
    );
  };

  const load = async (cursor) => {
    below.replaceChildren(el('p', { class: 'muted', role: 'status' }, 'Loading')); // and nothing that could be pressed twice
    try {
      const page = await api.get(`/videos/list?${api.query({ limit: page_size, cursor })}`, signal);
      page.data.forEach(add);
      below.replaceChildren(...(page.has_more ? [button('Show more', { press: () => load(page.next_cursor) })] : []));
      const shown = cards.childElementCount;
      set_text(sub, shown ? (page.has_more ? `The newest ${shown} videos` : count(shown, 'video')) : 'No videos yet');
      if (!shown) below.replaceChildren(first_empty());
    } catch (error) {
      if (!signal.aborted)
        below.replaceChildren(notice_for(error, { action: button('Try again', { kind: 'sm', press: () => load(cursor) }) }));
    }
  };

  sending.show();
  uploads.on_changed(sending.show, signal);
  load();
  return { title: 'Library', body, place: '/library' };
}

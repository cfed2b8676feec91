import * as api from '../api.js';
import { art, button, el, icon } from '../dom.js';
import { count } from '../format.js';
import { MomentPlayer } from '../moment_player.js';
import { row, words_of } from '../moments.js';
import { notice_for } from '../notices.js';

const hits_max = 40;
const modes = [
  ['', 'Words and meaning'],
  ['keyword', 'Exact words'],
];

function by_video(moments) {
  const groups = new Map();
  for (const moment of moments) groups.set(moment.video_id, [...(groups.get(moment.video_id) ?? []), moment]);
  return [...groups.values()];
}

function group_of(moments, words) {
  const [{ video_id, title }] = moments;
  const head = el(
    'div',
    { class: 'hit__head' },
    el('h2', { dir: 'auto' }, el('a', { href: `/watch/${video_id}` }, title)),
    el('span', { class: 'hit__count' }, count(moments.length, 'moment')),
  );
  return el(
    'section',
    {},
    head,
    moments.map((moment) => row(moment, { words })),
  );
}

function empty(title, text, action) {
  return el('div', { class: 'empty' }, art('none'), el('h2', {}, title), el('p', { role: 'status' }, text), action);
}

const before = () =>
  empty('Find a moment', 'Type what was said, or what it was about. A press on a hit plays it from that second.');

function nothing(q, mode) {
  const how = mode === 'keyword' ? 'by exact words' : 'by words and by meaning';
  const ask = el('a', { class: 'btn', href: `/ask?${api.query({ q })}` }, icon('chat'), 'Ask it instead');
  return empty(
    'No moment says this',
    `Searched everything that was heard, ${how}. Videos that are still being heard may say it later.`,
    ask,
  );
}

function results(moments, q, player) {
  const groups = by_video(moments);
  const says = el(
    'p',
    { class: 'muted', role: 'status' },
    `${count(moments.length, 'moment')} in ${count(groups.length, 'video')}${moments.length === hits_max ? ', the best ones' : ''}.`,
  );
  return el(
    'div',
    { class: 'with-player' },
    el(
      'div',
      { class: 'hits' },
      says,
      groups.map((group) => group_of(group, words_of(q))),
    ),
    player.aside,
  );
}

function search_form(q, mode, navigate) {
  const input = el('input', {
    class: 'input',
    type: 'search',
    name: 'q',
    value: q,
    'aria-label': 'Find a moment',
    placeholder: 'What was said',
    'data-find': true,
  });
  const go = (to_mode) => input.value.trim() && navigate(`/search?${api.query({ q: input.value.trim(), mode: to_mode })}`);
  const form = el(
    'form',
    {
      class: 'find find--big',
      role: 'search',
      'aria-label': 'Moments',
      on: { submit: (event) => event.preventDefault() || go(mode) },
    },
    icon('search'),
    input,
    button('Search', { kind: 'primary', type: 'submit' }),
  );
  const choice = modes.map(([name, label]) =>
    el('button', { type: 'button', 'aria-pressed': String(name === mode), on: { click: () => go(name) } }, label),
  );
  return {
    input,
    node: el(
      'div',
      {},
      form,
      el('div', { class: 'filters' }, el('span', { class: 'segmented', role: 'group', 'aria-label': 'How to match' }, choice)),
    ),
  };
}

// N and P go from hit to hit.
function step_through(body, by) {
  const links = [...body.querySelectorAll('.mrow')];
  const at = links.findIndex((link) => link.hasAttribute('aria-current'));
  const next = links[Math.min(links.length - 1, Math.max(0, at + by))];
  next?.click();
  next?.scrollIntoView({ block: 'nearest' });
}

export function search_page({ url, signal, navigate }) {
  const [q, mode] = [url.searchParams.get('q') ?? '', url.searchParams.get('mode') ?? ''];
  const form = search_form(q, mode, navigate);
  const place = el(
    'div',
    {},
    q
      ? el(
          'p',
          { class: 'stage-line', role: 'status' },
          el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
          'Searching',
        )
      : before(),
  );
  const body = el('div', {}, el('h1', { class: 'vh' }, 'Search'), form.node, place);
  const player = new MomentPlayer(body, signal);
  body.append(player.bar);

  const load = async () => {
    try {
      const { data } = await api.get(`/search?${api.query({ q, mode, limit: hits_max })}`, signal);
      place.replaceChildren(data.length ? results(data, q, player) : nothing(q, mode));
    } catch (error) {
      if (!signal.aborted)
        place.replaceChildren(
          notice_for(error, { doing: 'searches', action: button('Try again', { kind: 'sm', press: load }) }),
        );
    }
  };
  if (q) load();

  const keys = [
    { keys: ['n'], says: 'Next moment', act: () => step_through(body, 1) },
    { keys: ['p'], says: 'Previous moment', act: () => step_through(body, -1) },
    { keys: ['k', ' '], says: 'Play or pause', act: () => player.toggle() },
  ];
  return { title: q ? `${q}, search` : 'Search', body, place: '/search', keys, started: () => !q && form.input.focus() };
}

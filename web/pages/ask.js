import * as api from '../api.js';
import { button, el, link_button } from '../dom.js';
import { MomentPlayer } from '../moment_player.js';
import { notice_for } from '../notices.js';
import { Thread } from '../thread.js';

const chats_shown = 30;

function session_link(chat, current_id) {
  return el(
    'a',
    { href: `/ask/${chat.id}`, dir: 'auto', 'aria-current': chat.id === current_id && 'page' },
    chat.title || 'A question',
  );
}

function beginning() {
  return el(
    'div',
    { class: 'empty' },
    el('h2', {}, 'Ask your library'),
    el('p', {}, 'Answers quote what was said. Each shows its moments, and a press plays them.'),
  );
}

export function ask_page({ url, id, signal }) {
  const sessions = el('div', { class: 'sessions' });
  const anew = link_button('New question', '/ask');
  anew.hidden = !id;
  const earlier = el('p', { class: 'muted small', hidden: true }, 'Earlier questions');
  const list_chats = async () => {
    const { data } = await api.get(`/chats?${api.query({ limit: chats_shown })}`, signal);
    earlier.hidden = !data.length;
    sessions.append(...data.map((chat) => session_link(chat, id)));
  };
  const above = el('div', { class: 'maybe' });
  const thread = new Thread({
    chat_id: id ?? null,
    label: 'Ask your library',
    on_chat: (chat) => {
      history.replaceState(null, '', `/ask/${chat.id}`);
      sessions.prepend(session_link(chat, chat.id));
      anew.hidden = earlier.hidden = false;
    },
  });
  thread.composer.classList.add('composer--dock');
  thread.composer.addEventListener('submit', () => above.replaceChildren());
  const nav = el('nav', { 'aria-label': 'Earlier questions' }, anew, earlier, sessions);
  const middle = el('div', { class: 'stack' }, el('h1', { class: 'vh' }, 'Ask'), above, thread.node, thread.composer);
  const body = el('div');
  const player = new MomentPlayer(body, signal);
  body.append(el('div', { class: 'chat' }, nav, middle, player.aside), player.bar);

  const load = async () => {
    try {
      const messages = await api.get_all(`/chats/${id}/messages`, signal);
      above.replaceChildren();
      thread.show(messages);
    } catch (error) {
      if (!signal.aborted)
        above.replaceChildren(notice_for(error, { action: button('Try again', { kind: 'sm', press: load }) }));
    }
  };

  list_chats().catch(() => {}); // a list that does not come takes nothing away
  if (id) load();
  else above.append(beginning());
  const keys = [
    { keys: ['a'], says: 'Ask', act: () => thread.focus() },
    { keys: ['k', ' '], says: 'Play or pause', act: () => player.toggle() },
  ];
  return { title: 'Ask', body, place: '/ask', keys, started: () => thread.focus(url.searchParams.get('q')) };
}

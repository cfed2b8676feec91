// Questions of this tab, to go back to. To be replaced by the account's own list once the API has one.

import * as session from './session.js';

const key = 'kinora.chats';
const kept = 30;

function all() {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

export const earlier_chats = () => all().filter((chat) => chat.user_id === session.user()?.id);

export function remember_chat({ id, title }) {
  sessionStorage.setItem(key, JSON.stringify([{ id, title, user_id: session.user().id }, ...all()].slice(0, kept)));
}

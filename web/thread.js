// Questions and answers. An answer shows its moments; what is no answer never looks like one.

import * as api from './api.js';
import { button, el, set_text } from './dom.js';
import { chip, row, words_of } from './moments.js';
import { notice_for } from './notices.js';

const title_max = 80;
const closest = 3;
// Of an answer without a word.
const unfinished = {
  streaming: 'This is still being answered.',
  failed: 'This was not answered: something failed.',
  cancelled: 'This answer was stopped.',
};
const doing = { searching: 'Reading what was said', thinking: 'Writing an answer from it' };

// The text with a chip in place of each [n] that has a citation, and what was said verbatim in serif.
function answer_parts(paragraph, citations, show_titles) {
  return paragraph.split(/\s*(\[\d+\])/).flatMap((piece) => {
    const number = piece.match(/^\[(\d+)\]$/)?.[1];
    const citation = citations.find((each) => String(each.index) === number);
    if (citation) return [' ', chip(citation, { what: show_titles ? citation.title : '' })];
    if (number) return [];
    return piece
      .split(/(“[^”]*”)/)
      .filter(Boolean)
      .map((part) => (part.startsWith('“') ? el('span', { class: 'said' }, part) : part));
  });
}

// An answer on its way: what is there of it stands where the whole will stand.
class Waiting {
  #says = el('span', {}, doing.searching);
  #content = '';
  #citations = [];
  #show;
  node = el(
    'div',
    { role: 'status' },
    el('p', { class: 'stage-line' }, el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')), this.#says),
  );

  // `show(message)` makes the view of an answer.
  constructor(show) {
    this.#show = show;
  }

  add({ type, data }) {
    if (type === 'status') set_text(this.#says, doing[data.stage] ?? doing.searching);
    if (type === 'citation') this.#citations.push(data.citation);
    if (type !== 'delta') return;
    this.#content += data.text;
    if (this.#citations.length) this.node.replaceChildren(this.#show({ content: this.#content, citations: this.#citations }));
  }
}

export class Thread {
  #chat_id;
  #scope;
  #show_titles;
  #on_chat;
  #input;
  #submit = button('Ask', { kind: 'sm primary', type: 'submit' });
  #above = el('div', { class: 'maybe' });
  #list = el('div', { class: 'thread' });
  node = el('div', { class: 'stack' }, this.#list);
  composer;

  // `scope` as the API takes it; `on_chat(chat)` is told of a chat made by the first question.
  constructor({ chat_id = null, scope = {}, label, show_titles = true, on_chat = () => {} }) {
    this.#chat_id = chat_id;
    this.#scope = scope;
    this.#show_titles = show_titles;
    this.#on_chat = on_chat;
    this.#input = el('textarea', {
      rows: '2',
      maxlength: '8000',
      'aria-label': label,
      placeholder: label,
      on: { keydown: (event) => this.#key(event) },
    });
    this.composer = el(
      'form',
      { class: 'composer', on: { submit: (event) => this.#ask(event) } },
      this.#above,
      this.#input,
      el('div', { class: 'row row--end' }, this.#submit),
    );
  }

  // With a question that came along from elsewhere, ready to be sent.
  focus(question) {
    if (question) this.#input.value = question;
    this.#input.focus();
  }

  show(messages) {
    this.#list.replaceChildren();
    let question = '';
    for (const message of messages) {
      if (message.role === 'user') this.#add_question((question = message.content));
      else this.#list.append(this.#answer(message, question));
    }
  }

  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.composer.requestSubmit();
  }

  #add_question(text) {
    const node = el('p', { class: 'msg--me', dir: 'auto' }, text);
    this.#list.append(node);
    return node;
  }

  async #ask(event) {
    event.preventDefault();
    const question = this.#input.value.trim();
    if (!question || this.#submit.disabled) return;
    const waiting = new Waiting((message) => this.#quotes(message));
    const mine = this.#add_question(question);
    this.#begin(waiting.node);
    try {
      const reply = await this.#reply_to(question, (event) => waiting.add(event));
      waiting.node.replaceWith(this.#answer(reply, question, { is_new: true }));
    } catch (error) {
      // the question goes back to its field
      mine.remove();
      waiting.node.remove();
      if (!this.#input.value) this.#input.value = question;
      this.#above.replaceChildren(notice_for(error, { doing: 'questions' }));
    }
    this.#submit.disabled = false;
  }

  #begin(waiting) {
    this.#submit.disabled = true;
    this.#input.value = '';
    this.#above.replaceChildren();
    this.#list.append(waiting);
    waiting.scrollIntoView({ block: 'nearest' });
  }

  async #reply_to(question, on_event) {
    if (!this.#chat_id) {
      const chat = await api.post('/chats', { title: question.slice(0, title_max), scope: this.#scope });
      this.#chat_id = chat.id;
      this.#on_chat(chat);
    }
    let reply = null;
    await api.post_for_events(`/chats/${this.#chat_id}/messages`, { content: question }, (event) => {
      if (event.type === 'error') throw new api.ApiError(event.data.problem.status, event.data.problem);
      if (event.type === 'message.completed') reply = event.data.message;
      else on_event(event);
    });
    if (!reply) throw new api.ApiError(0);
    return reply;
  }

  #answer(message, question, { is_new = false } = {}) {
    return message.citations?.length ? this.#quotes(message) : this.#no_answer(message, question, is_new);
  }

  #quotes(message) {
    const paragraphs = message.content.split(/\n+/).filter(Boolean);
    return el(
      'div',
      { class: 'msg--answer' },
      paragraphs.map((text) => el('p', { dir: 'auto' }, answer_parts(text, message.citations, this.#show_titles))),
    );
  }

  // Of a conversation that is read again each refusal would be a search: there they are asked for.
  #no_answer(message, question, is_new) {
    const rows = el('div');
    const says = el('p', { dir: 'auto' }, el('b', {}, message.content || unfinished[message.status]));
    const ask = button('Closest moments', { kind: 'sm', press: () => this.#show_closest(question, says, rows, ask) });
    if (is_new) this.#show_closest(question, says, rows, ask);
    return el(
      'div',
      { class: 'msg--none', role: 'group', 'aria-label': 'No answer' },
      says,
      rows,
      el(
        'div',
        { class: 'msg__foot' },
        ask,
        el('a', { class: 'btn btn--sm', href: `/search?${api.query({ q: question })}` }, 'Search for it'),
      ),
    );
  }

  async #show_closest(question, says, rows, ask) {
    const only = this.#scope.video_ids?.[0];
    ask.disabled = true;
    try {
      const { data } = await api.get(`/search?${api.query({ q: question, video_id: only, limit: closest })}`);
      says.append(data.length ? ' The closest moments:' : ' No moment comes close.');
      rows.append(...data.map((moment) => row(moment, { words: words_of(question), meta: moment.title })));
      ask.remove();
    } catch {
      ask.disabled = false; // there is no answer either way; both can be pressed again
    }
  }
}

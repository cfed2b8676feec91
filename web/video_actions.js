// What the owner of a video can do with it, beside its title: give it another name, delete it, and take that back.

import * as api from './api.js';
import { button, el } from './dom.js';
import { notice, notice_for } from './notices.js';
import * as session from './session.js';

const title_max = 500;

export const is_mine = (video) => video.user_id === session.user()?.id;

export class VideoActions {
  #id;
  #title;
  #above;
  #gone;
  #rename = button('Rename', { press: () => this.#ask_name() });
  #delete = button('Delete', { press: () => this.#ask_deletion() });
  node = el('div', { class: 'row', hidden: true }, this.#rename, this.#delete);

  // `title` is the heading that a new name is written in place of, `above` a place for what went wrong; `gone(notice)` is called
  // once the video is deleted.
  constructor(id, { title, above, gone }) {
    this.#id = id;
    this.#title = title;
    this.#above = above;
    this.#gone = gone;
  }

  show(video) {
    this.node.hidden = !is_mine(video);
  }

  get is_asking() {
    return this.node.firstChild !== this.#rename;
  }

  #rest() {
    this.node.replaceChildren(this.#rename, this.#delete);
    this.#above.replaceChildren();
  }

  async #try(act) {
    for (const each of this.node.querySelectorAll('button')) each.disabled = true;
    try {
      await act();
    } catch (error) {
      this.#above.replaceChildren(notice_for(error));
    }
    for (const each of this.node.querySelectorAll('button')) each.disabled = false;
  }

  #ask_name() {
    const input = el('input', { class: 'input', 'aria-label': 'Name', required: true, maxlength: title_max });
    input.value = this.#title.textContent;
    const end = () => {
      form.replaceWith(this.#title);
      this.#rest();
      this.#rename.focus();
    };
    const save = (event) => {
      event.preventDefault();
      this.#try(async () => {
        const { title } = await api.patch(`/videos/${this.#id}`, { title: input.value.trim() });
        this.#title.textContent = title;
        document.title = `${title} · kinora`;
        end();
      });
    };
    const form = el('form', { id: 'rename', on: { submit: save } }, input);
    input.addEventListener('keydown', (event) => {
      event.stopPropagation(); // letters are keys of the player
      if (event.key === 'Escape') end();
    });
    this.node.replaceChildren(
      button('Save', { kind: 'primary', type: 'submit', form: 'rename' }),
      button('Cancel', { press: end }),
    );
    this.#title.replaceWith(form);
    input.select();
  }

  #ask_deletion() {
    const keep = button('Keep it', { press: () => this.#rest() || this.#delete.focus() });
    const go_on = button('Delete it', { kind: 'danger', press: () => this.#try(() => this.#remove()) });
    this.node.replaceChildren(el('p', { role: 'status' }, 'Delete it, and all that was made of it?'), go_on, keep);
    keep.focus();
  }

  async #remove() {
    await api.remove(`/videos/${this.#id}`);
    const undo = button('Undo', { kind: 'sm', press: () => this.#try_undo(said) });
    const said = notice('It is deleted', 'For ten minutes this can be undone.', { kind: 'ok', action: undo });
    this.#gone(said);
  }

  async #try_undo(said) {
    try {
      await api.post(`/videos/${this.#id}/restore`);
      location.reload();
    } catch (error) {
      said.replaceWith(notice_for(error));
    }
  }
}

import { button, el, icon, set_attribute, set_text, set_vars } from '../dom.js';
import { count, sentence, size, time_left } from '../format.js';
import { follow } from '../live.js';
import { words_for } from '../notices.js';
import { has_no_speech, is_over, is_playable, is_working, WorkView } from '../stages.js';
import * as uploads from '../uploads.js';

function failure(error) {
  if (error.status === 413) return 'Too large for this server. Make it smaller, or ask your admin to raise the limit.';
  if (error.status === 415 || error.code === 'unsupported_media') return 'This is not a video or sound. Choose another file.';
  if (error.status === 0)
    return navigator.onLine
      ? 'The connection broke. Send it again: it goes on where it stopped.'
      : 'You are offline. Send it again when the network is back: it goes on where it stopped.';
  return words_for(error, 'uploads').join('. ');
}

const may_work_again = ({ status }) => status === 0 || status === 401 || status === 429 || status >= 500;

function sending_line(upload) {
  if (upload.is_cut) return `The line broke. It goes on by itself, from ${size(upload.sent)}.`;
  const seconds = upload.estimate.seconds_left();
  if (upload.sent >= upload.file.size) return 'Sent. The server is keeping it.';
  return `Sending. ${size(upload.sent)} of ${size(upload.file.size)}, ${seconds === null ? 'no estimate yet' : time_left(seconds)}.`;
}

function waiting_line(upload) {
  const ahead = uploads.under_way().indexOf(upload);
  return `Waiting. ${count(ahead, 'file')} ahead.`;
}

// One row per file; it lives as long as the page.
class FileRow {
  #upload;
  #signal;
  #told;
  #shown = '';
  #work = null;
  #thumb = el('div', { class: 'file__thumb' });
  #bar;
  #line = el('p', { class: 'file__line' });
  #act = el('div', { class: 'file__act' });
  #main;
  node;

  // `told` is called when the server's word on the file has changed.
  constructor(upload, signal, told) {
    const { name, size: bytes } = upload.file;
    this.#upload = upload;
    this.#signal = signal;
    this.#told = told;
    this.#bar = el('div', {
      class: 'progress',
      role: 'progressbar',
      'aria-label': name,
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    });
    this.#main = el(
      'div',
      { class: 'file__main' },
      el('p', { class: 'file__name' }, el('b', { dir: 'auto' }, name), el('span', { class: 'num muted' }, size(bytes))),
      this.#bar,
      this.#line,
    );
    this.node = el('li', { class: 'file' }, this.#thumb, this.#main, this.#act);
    this.show();
  }

  show() {
    const { state } = this.#upload;
    if (this.#shown !== state) this.#begin(state);
    this.#shown = state;
    this.#bar.setAttribute('aria-valuenow', String(this.#upload.percent()));
    set_vars(this.#bar, { '--p': `${this.#upload.percent()}%` });
    if (state === 'sending') this.#say(sending_line(this.#upload));
    if (state === 'waiting') this.#say(waiting_line(this.#upload));
  }

  #say(text) {
    set_text(this.#line, text);
  }

  #begin(state) {
    this.#thumb.replaceChildren(icon({ waiting: 'clock', failed: 'warn' }[state] ?? 'film'));
    this.#line.classList.toggle('file__line--bad', state === 'failed');
    this.#bar.hidden = state === 'failed' || state === 'done';
    this.#act.replaceChildren(...this.#actions(state));
    if (state === 'failed') this.#line.replaceChildren(icon('warn', 'sm'), el('span', {}, failure(this.#upload.error)));
    if (state === 'done') this.#follow(this.#upload.video);
  }

  #actions(state) {
    if (state === 'done') return [];
    const label = `${state === 'failed' ? 'Remove' : 'Cancel'} ${this.#upload.file.name}`;
    const drop = button('', {
      kind: 'quiet icon sm',
      icon: 'x',
      press: () => uploads.remove(this.#upload),
      'aria-label': label,
    });
    if (state !== 'failed' || !may_work_again(this.#upload.error)) return [drop];
    return [button('Send again', { kind: 'sm', press: () => uploads.again(this.#upload) }), drop];
  }

  #follow(video) {
    this.#work = new WorkView(video);
    this.#line.replaceWith(this.#work.node);
    this.#show_video(video);
    if (is_over(video)) return;
    follow(
      video.id,
      (now) => {
        this.#upload.video = now;
        this.#work.show(now);
        this.#show_video(now);
        this.#told();
        return !is_over(now);
      },
      this.#signal,
    );
  }

  #show_video(video) {
    if (video.poster_url && !this.#thumb.querySelector('img'))
      this.#thumb.replaceChildren(el('img', { class: 'art', src: video.poster_url, alt: '' }));
    if (is_playable(video) && !this.#act.childElementCount)
      this.#act.append(el('a', { class: 'btn btn--sm', href: `/watch/${video.id}` }, 'Watch'));
    if (video.status === 'failed') this.#end('warn', sentence(video.status_message ?? 'it could not be made playable'));
    else if (!is_working(video))
      this.#end(
        'check',
        has_no_speech(video) ? 'Here: you can watch it. Nobody speaks in it.' : 'Here: you can watch, search and ask it.',
      );
  }

  #end(symbol, text) {
    this.#line.classList.toggle('file__line--bad', symbol === 'warn');
    this.#line.replaceChildren(icon(symbol, 'sm'), el('span', {}, text));
    this.#work.node.replaceWith(this.#line);
  }
}

function drop_area(choose) {
  const title = el('h2', {}, 'Drop videos or sound here');
  const hint = el('p', { class: 'muted' }, 'MP4, MOV, MKV, WebM, AVI, M4A, MP3 and more');
  const area = el(
    'div',
    { class: 'drop' },
    icon('up'),
    el('div', {}, title, hint),
    button('Choose files', { kind: 'primary', press: choose }),
  );
  area.firstElementChild.classList.add('drop__ico');
  const over = (is_over_it) => (event) => {
    event.preventDefault();
    area.classList.toggle('is-over', is_over_it);
    set_text(title, is_over_it ? 'Let go to send' : 'Drop videos or sound here');
  };
  for (const event of ['dragenter', 'dragover']) area.addEventListener(event, over(true));
  for (const event of ['dragleave', 'drop']) area.addEventListener(event, over(false));
  area.addEventListener('drop', (event) => uploads.add(event.dataTransfer.files));
  return area;
}

function summary(all) {
  if (!all.length) return 'Your files stay on this server';
  const [going, failed] = [
    uploads.under_way().length,
    all.filter((upload) => upload.state === 'failed' || upload.video?.status === 'failed').length,
  ];
  const parts = [
    [going, 'on the way'],
    [failed, failed === 1 ? 'needs you' : 'need you'],
    [all.length - going - failed, 'on this server'],
  ].filter(([number]) => number);
  if (parts.length === 1) return `${count(all.length, 'file')} ${parts[0][1]}`;
  return `${count(all.length, 'file')}: ${parts.map(([number, what]) => `${number} ${what}`).join(', ')}`;
}

export function upload_page({ signal }) {
  const input = el('input', { type: 'file', multiple: true, accept: 'video/*,audio/*,.mkv', hidden: true });
  input.addEventListener('change', () => {
    uploads.add(input.files);
    input.value = '';
  });
  const sub = el('p', { role: 'status' });
  const list = el('ul', { class: 'files', 'aria-label': 'Files' });
  const rows = new Map();

  const summarise = () => set_text(sub, summary(uploads.uploads));
  const show = () => {
    const row_of = (upload) => rows.get(upload) ?? rows.set(upload, new FileRow(upload, signal, summarise)).get(upload);
    const nodes = uploads.uploads.map((upload) => row_of(upload).node);
    if (nodes.length !== list.childElementCount || nodes.some((node, at) => list.children[at] !== node))
      list.replaceChildren(...nodes);
    uploads.uploads.forEach((upload) => row_of(upload).show());
    set_attribute(list, 'hidden', !nodes.length);
    summarise();
  };

  show();
  uploads.on_changed(show, signal);
  const body = el(
    'div',
    { class: 'narrow stack' },
    el('div', { class: 'page-head page-head--flat' }, el('div', {}, el('h1', {}, 'Upload'), sub)),
    drop_area(() => input.click()),
    input,
    list,
  );
  return { title: 'Upload', body, place: '/upload' };
}

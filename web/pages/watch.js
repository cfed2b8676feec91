import * as api from '../api.js';
import { button, el, icon, set_text } from '../dom.js';
import { clock, day, language } from '../format.js';
import { follow } from '../live.js';
import { set_current } from '../moments.js';
import { notice_for } from '../notices.js';
import { Player } from '../player.js';
import { has_no_speech, has_words, is_over, is_playable, is_working, WorkView } from '../stages.js';
import { Thread } from '../thread.js';
import { all_words, Transcript } from '../transcript.js';
import { is_mine, VideoActions } from '../video_actions.js';

function tabs(panels) {
  const select = (at) =>
    panels.forEach(({ tab, node }, index) => {
      tab.setAttribute('aria-selected', String(index === at));
      tab.tabIndex = index === at ? 0 : -1;
      node.hidden = index !== at;
    });
  const choose = (at) => {
    select(at);
    panels[at].tab.focus();
  };
  const by_arrows = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.stopPropagation();
    choose((panels.findIndex(({ tab }) => tab === event.currentTarget) + by + panels.length) % panels.length);
  };
  panels.forEach((panel, at) => {
    panel.tab = el(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${panel.name}`,
        'aria-controls': `panel-${panel.name}`,
        on: { click: () => choose(at), keydown: by_arrows },
      },
      panel.label,
    );
    panel.node = el(
      'div',
      { class: 'side__panel', role: 'tabpanel', id: `panel-${panel.name}`, 'aria-labelledby': `tab-${panel.name}` },
      panel.parts,
    );
  });
  select(0);
  const row = el(
    'div',
    { class: 'tabs', role: 'tablist', 'aria-label': 'Beside the video' },
    panels.map(({ tab }) => tab),
  );
  return {
    node: el(
      'section',
      { class: 'side', 'aria-label': 'Beside the video' },
      row,
      panels.map(({ node }) => node),
    ),
    select,
  };
}

const meta_of = (video) =>
  [video.duration && clock(video.duration), video.language && language(video.language), day(video.created_at)]
    .filter(Boolean)
    .join(' · ');

function asking_hint(video) {
  if (has_no_speech(video)) return 'Nobody speaks in this video, so it has no answers.';
  if (!is_over(video)) return 'It can be asked once its words are heard and searchable.';
  return 'Answers quote what is said in this video. A press plays the moment.';
}

// The transcript's panel: words once they are heard, before that what is awaited.
class Words {
  #place = el('div', { class: 'side__panel' });
  #input = el('input', {
    class: 'input',
    type: 'search',
    'aria-label': 'Search this transcript',
    placeholder: 'Search this transcript',
  });
  #head = el('div', { class: 'side__head', hidden: true }, el('div', { class: 'find grow' }, icon('search'), this.#input));
  parts = [this.#head, this.#place];
  transcript = null;

  constructor() {
    this.#input.addEventListener('input', () => this.transcript?.find(this.#input.value));
  }

  say(text) {
    if (this.#place.textContent !== text)
      this.#place.replaceChildren(el('div', { class: 'side__scroll' }, el('p', { class: 'muted', role: 'status' }, text)));
  }

  focus() {
    this.#input.focus();
  }

  show(transcript, { play_from, correct }) {
    if (!all_words(transcript).length) return this.say('Nobody speaks in this video.');
    this.transcript = new Transcript(transcript, play_from, correct);
    this.#head.hidden = false;
    this.#place.replaceChildren(this.transcript.node);
    this.transcript.start();
  }
}

class WatchPage {
  #id;
  #signal;
  #start;
  #video = null;
  #work = null;
  #playing = false;
  #is_partial = false; // opened while rungs were still to come
  #hearing = false;
  #deleted = false;
  #corrected = false;

  #player = new Player();
  #title = el('h1', { dir: 'auto' });
  #meta = el('p', { class: 'muted' });
  #working = el('section', { class: 'panel', 'aria-label': 'Still working', hidden: true });
  #above = el('div', { class: 'maybe' });
  #actions;
  #words = new Words();
  #thread;
  #asking = el('p', { class: 'muted' });
  #tabs;
  body;

  constructor({ url, id, signal }) {
    this.#id = id;
    this.#signal = signal;
    this.#start = Number(url.searchParams.get('t')) || 0;
    this.#thread = new Thread({ scope: { video_ids: [id] }, label: 'Ask about this video', show_titles: false });
    this.#thread.composer.addEventListener('submit', () => this.#asking.remove());
    const thread = el(
      'div',
      { class: 'side__scroll', tabindex: '0', 'aria-label': 'Questions and answers' },
      this.#asking,
      this.#thread.node,
    );
    this.#tabs = tabs([
      { name: 'words', label: 'Transcript', parts: this.#words.parts },
      { name: 'ask', label: 'Ask', parts: [thread, el('div', { class: 'side__foot' }, this.#thread.composer)] },
    ]);
    this.#actions = new VideoActions(id, { title: this.#title, above: this.#above, gone: (notice) => this.#show_gone(notice) });
    const left = el(
      'div',
      { class: 'watch__left' },
      this.#player.node,
      el('div', { class: 'title-row' }, el('div', {}, this.#title, this.#meta), this.#actions.node),
      this.#above,
      this.#working,
    );
    this.body = el('div', { class: 'watch' }, left, this.#tabs.node);
    this.body.addEventListener('play-moment', (event) => this.#play_moment(event.detail));
    this.#player.video.addEventListener('timeupdate', () => this.#words.transcript?.show_time(this.#player.time));
    signal.addEventListener('abort', () => this.#player.close());
    this.#player.say('Loading');
    this.#words.say('Loading');
  }

  #play_moment({ moment, link }) {
    set_current(this.body, link);
    this.#player.play_from(moment.start);
  }

  async load() {
    try {
      this.#show(await api.get(`/videos/${this.#id}`, this.#signal));
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#hide_player();
      this.#above.replaceChildren(notice_for(error));
      return;
    }
    if (!is_over(this.#video)) follow(this.#id, (video) => this.#show(video), this.#signal);
  }

  // Each look at the video; false ends looking.
  #show(video) {
    if (this.#deleted) return false;
    this.#video = video;
    this.#actions.show(video);
    document.title = `${video.title} · kinora`;
    if (!this.#actions.is_asking) set_text(this.#title, video.title);
    set_text(this.#meta, meta_of(video));
    set_text(this.#asking, asking_hint(video));
    this.#show_work(video);
    this.#show_player(video);
    this.#show_words(video);
    this.#show_captions(video);
    return !is_over(video);
  }

  #show_work(video) {
    if (video.status === 'failed') return this.#show_failure(video);
    this.#work ??= new WorkView(video, { big: true });
    if (!this.#working.firstChild) this.#working.append(this.#work.node);
    this.#work.show(video);
    this.#working.hidden = !is_working(video);
  }

  #show_failure(video) {
    const another = el('a', { class: 'btn btn--sm', href: '/upload' }, 'Upload another');
    this.#hide_player();
    this.#above.replaceChildren(
      notice_for({ status: 422, message: video.status_message ?? 'Upload another file.' }, { action: another }),
    );
    this.#above.querySelector('b').textContent = 'This video could not be made playable';
  }

  #show_gone(notice) {
    this.#deleted = true;
    this.#player.close();
    this.#hide_player();
    this.#actions.node.hidden = true;
    this.#above.replaceChildren(notice);
  }

  // Without a video there is nothing to play, read or ask.
  #hide_player() {
    for (const node of [this.#player.node, this.#working, this.#tabs.node]) node.hidden = true;
  }

  #show_player(video) {
    if (this.#playing || video.status === 'failed') return this.#show_all_rungs(video);
    if (!is_playable(video)) return this.#player.say('It plays here as soon as the first part is ready.');
    this.#playing = true;
    this.#is_partial = !is_over(video);
    this.#open(video);
  }

  // Once all are made.
  #show_all_rungs(video) {
    if (!this.#is_partial || !is_over(video)) return;
    this.#is_partial = false;
    this.#player.refresh();
  }

  async #open(video) {
    this.#above.replaceChildren();
    try {
      await this.#player.open(video, this.#start);
      if (this.#start) this.#player.play();
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#playing = error.status !== 409; // not ready after all: the next look tries again
      if (this.#playing)
        this.#above.replaceChildren(
          notice_for(error, { action: button('Try again', { kind: 'sm', press: () => this.#open(video) }) }),
        );
    }
  }

  #show_words(video) {
    if (this.#hearing || video.status === 'failed') return;
    if (!has_words(video) && !is_over(video)) return this.#words.say('The words come here when they are heard.');
    this.#hearing = true;
    if (video.captions.length) this.#player.set_captions(video.captions[0]);
    this.#load_words();
  }

  async #load_words() {
    try {
      this.#show_transcript(await api.get_tagged(this.#transcript_path, this.#signal));
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#words.say(
        error.status === 404 ? 'Nobody speaks in this video.' : 'The words could not be loaded. Load the page again.',
      );
    }
  }

  get #transcript_path() {
    return `/videos/${this.#id}/transcript`;
  }

  #show_transcript({ value: transcript, tag }) {
    const correct = async (segments) => {
      this.#show_transcript(await api.patch_tagged(this.#transcript_path, { segments }, tag));
      this.#corrected = true;
      follow(this.#id, (video) => this.#show(video), this.#signal);
    };
    this.#words.show(transcript, {
      play_from: (seconds) => this.#player.play_from(seconds),
      correct: is_mine(this.#video) ? correct : null,
    });
  }

  // Once they are written anew.
  #show_captions(video) {
    if (!this.#corrected || !is_over(video)) return;
    this.#corrected = false;
    if (video.captions.length) this.#player.set_captions(video.captions[0]);
  }

  keys() {
    const player = this.#player;
    const seek = (seconds) => () => player.seek(player.time + seconds);
    return [
      { keys: ['k', ' '], says: 'Play or pause', act: () => player.toggle() },
      { keys: ['j'], says: 'Ten seconds back', act: seek(-10) },
      { keys: ['l'], says: 'Ten seconds on', act: seek(10) },
      { keys: ['ArrowLeft'], says: 'Five seconds back', act: seek(-5) },
      { keys: ['ArrowRight'], says: 'Five seconds on', act: seek(5) },
      { keys: [','], says: 'One frame back', act: () => player.step(-1) },
      { keys: ['.'], says: 'One frame on', act: () => player.step(1) },
      { keys: ['c'], says: 'Captions', act: () => player.toggle_captions() },
      { keys: ['f'], says: 'Full screen', act: () => player.toggle_full_screen() },
      { keys: ['t'], says: 'Transcript', act: () => this.#tabs.select(0) || this.#words.focus() },
      { keys: ['a'], says: 'Ask', act: () => this.#tabs.select(1) || this.#thread.focus() },
    ];
  }
}

export function watch_page(context) {
  const page = new WatchPage(context);
  return {
    title: 'Video',
    body: page.body,
    place: '/library',
    wide_class: 'main--watch',
    keys: page.keys(),
    started: () => page.load(),
  };
}

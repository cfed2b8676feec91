// People cancel, leave, press twice and lose the network, while something is under way.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { make_account, plays_after, processing_ms, run_all, show, test } from './suite.mjs';

const bytes = readFileSync(new URL('short.mp4', import.meta.url));
const file = (name) => ({ name, mimeType: 'video/mp4', buffer: bytes });
const row_of = (page, name) => page.getByRole('listitem').filter({ hasText: name });

// The first of these requests waits until it is let go; `came` resolves when it is there.
async function hold_back(page, address, method = 'GET') {
  const { promise: came, resolve } = Promise.withResolvers();
  let held = null;
  const keep_first = (route) => {
    if (held || route.request().method() !== method) return route.fallback();
    held = route;
    resolve();
  };
  await page.route(address, keep_first);
  return { came, let_go: () => held.continue().then(() => page.unroute(address, keep_first)) };
}

// As the page asks, with its tokens.
const posts = (page, path, bodies) =>
  page.evaluate(
    async ([to, all]) => {
      const { post } = await import(new URL('api.js', document.querySelector('script[type=module]').src));
      const answers = [];
      for (const body of all) answers.push(await post(to, body));
      return answers;
    },
    [path, bodies],
  );

test('a long conversation is read to its end, and searches for nothing by itself', async ({ page, server }) => {
  await make_account(page, server);
  const [searches, pages] = [[], []];
  page.on('request', (request) => request.url().includes('/api/v1/search?') && searches.push(request.url()));
  const [chat] = await posts(page, '/chats', [{ title: 'Depths' }]);
  const questions = [...Array(11).keys()].map((at) => ({ content: `How deep is trench number ${at}?` }));
  await posts(page, `/chats/${chat.id}/messages`, questions);
  await page.route('**/messages?*', (route) => {
    pages.push(route.request().url());
    return route.fallback({ url: route.request().url().replace('limit=100', 'limit=10') });
  });
  await show(page, `/ask/${chat.id}`);

  await page.locator('.msg--me', { hasText: 'number 10?' }).waitFor();
  assert.equal(await page.locator('.msg--me').count(), 11);
  assert.equal(await page.locator('.msg--none').count(), 11);
  assert.equal(pages.length, 3);
  assert.deepEqual(searches, []);
});

test('an old refusal shows its closest moments when asked to', async ({ page }) => {
  const refusal = page.locator('.msg--none').last();
  await refusal.getByRole('button', { name: 'Closest moments' }).click();

  await refusal.getByText('No moment comes close.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Closest moments' }).count(), 10);
});

test('when a file is cancelled while it is sent, the server drops it and the next one goes', async ({ page }) => {
  await show(page, '/upload');
  const sending = await hold_back(page, '**/files/*', 'PATCH');
  await page.locator('input[type=file]').setInputFiles([file('dropped.mp4'), file('kept.mp4')]);
  await sending.came;
  const deleted = page.waitForRequest((request) => request.method() === 'DELETE');
  await page.getByRole('button', { name: 'Cancel dropped.mp4' }).click();

  await row_of(page, 'kept.mp4').locator('.work').waitFor();
  assert.equal((await (await deleted).response()).status(), 204);
  assert.equal(await row_of(page, 'dropped.mp4').count(), 0);
});

test('a file that is cancelled before anything of it was sent is never sent', async ({ page }) => {
  const sent = [];
  page.on('request', (request) => {
    const [, name] = request.headers()['upload-metadata']?.match(/filename (\S+?)(?:,|$)/) ?? [];
    if (name) sent.push(Buffer.from(name, 'base64').toString());
  });
  const sender = await hold_back(page, '**/tus.js');
  await page.reload();
  await page.locator('input[type=file]').setInputFiles([file('regretted.mp4'), file('wanted.mp4')]);
  await sender.came;
  await page.getByRole('button', { name: 'Cancel regretted.mp4' }).click();
  await sender.let_go();

  await row_of(page, 'wanted.mp4').locator('.work').waitFor();
  assert.deepEqual(sent, ['wanted.mp4']);
});

// Leaves while the answer to "where does it play from?" is awaited; then another page plays, and the first must not.
async function leaves_before_it_plays(page, begin) {
  const answer = await hold_back(page, '**/api/v1/videos/*/watch');
  await begin();
  await answer.came;
  await page.evaluate(() => (window.left = document.querySelector('video')));
  await page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Library' }).click();
  await answer.let_go();
  await page.locator('.card__title', { hasText: 'wanted' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await plays_after(page, 2);
  return page.evaluate(() => ({ is_paused: window.left.paused, source: window.left.currentSrc }));
}

test('a video whose page is left before it can play stays silent', async ({ page, memory }) => {
  await show(page, '/library');
  await page.locator('.card__title', { hasText: 'wanted' }).click();
  await page.locator('.w').first().waitFor({ timeout: processing_ms });
  await page.getByRole('region', { name: 'Still working' }).waitFor({ state: 'hidden', timeout: processing_ms });
  memory.watch_path = new URL(page.url()).pathname;

  const left = await leaves_before_it_plays(page, () => show(page, `${memory.watch_path}?t=1`));

  assert.deepEqual(left, { is_paused: true, source: '' });
});

test('a moment whose page is left before it can play stays silent', async ({ page }) => {
  await show(page, '/search?q=sample sounds and configuration files');

  const left = await leaves_before_it_plays(page, () => page.locator('.mrow').first().click());

  assert.deepEqual(left, { is_paused: true, source: '' });
});

test('before a video can play, its controls cannot be pressed', async ({ page, memory }) => {
  const answer = await hold_back(page, '**/api/v1/videos/*/watch');
  await show(page, memory.watch_path);
  await answer.came;
  assert.equal(await page.locator('.player__controls').evaluate((controls) => controls.inert), true);
  await answer.let_go();

  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await plays_after(page, 1);
});

test('a moment that plays can be seen and paused, however wide the page is', async ({ page }) => {
  await show(page, '/ask');
  await page.getByLabel('Ask your library').fill('Which sample sounds and configuration files are installed?');
  await page.keyboard.press('Enter');
  const moment = page.locator('.msg--answer .moment').first();
  for (const width of [390, 800, 1000, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await moment.click();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();

    assert.equal(await page.locator('video').isVisible(), true, `${width} wide`);
  }
});

// The first link is good for two segments, the next for four, the third for all; the first ends while the video plays.
test('a video plays on when its link expires, and when the next one does', async ({ page, memory }) => {
  const segments = /\/media\/.*\/(\d+)\.m4s$/;
  const playing = Promise.withResolvers();
  let links = 0;
  await page.route(/\/videos\/[^/]+\/watch$/, async (route) => {
    links += 1;
    await route.fallback();
  });
  await page.route(segments, async (route) => {
    const [, number] = segments.exec(route.request().url());
    const good_for = [2, 4, Infinity][links - 1];
    if (Number(number) < good_for) return route.fallback();
    await playing.promise;
    await route.fulfill({ status: 403 });
  });
  await show(page, `${memory.watch_path}?t=1`);
  await plays_after(page, 2);
  playing.resolve();

  await plays_after(page, 12);
  assert.equal(links, 3);
  await page.unroute(segments);
});

test('"Show more" pressed twice shows what follows once', async ({ page }) => {
  await page.route('**/videos/list?*', (route) => route.fallback({ url: route.request().url().replace('limit=24', 'limit=1') }));
  await show(page, '/library');
  const next = await hold_back(page, '**/videos/list?*cursor=*');
  await page.getByRole('button', { name: 'Show more' }).dblclick();
  await next.let_go();

  await page.getByText('2 videos').waitFor();
  assert.equal(await page.locator('.card').count(), 2);
});

test('a page that is hidden and shown while it looks goes on looking once', async ({ context, memory, page }) => {
  const tab = await context.newPage();
  await tab.goto(new URL('/library', page.url()).href);
  await tab.getByRole('heading', { name: 'Library' }).waitFor();
  const id = memory.watch_path.split('/').at(-1);
  const looks = [];
  const is_look = (request) => request.url().endsWith(`/videos/${id}`);
  tab.on('request', (request) => is_look(request) && looks.push(request));
  await tab.route('**/api/v1/events', (route) => route.abort());
  await tab.clock.install();
  await tab.clock.pauseAt(Date.now() + 60_000);
  const look = await hold_back(tab, `**/videos/${id}`);
  await tab.evaluate(async (video_id) => {
    const { follow } = await import(new URL('live.js', document.querySelector('script[type=module]').src));
    follow(video_id, () => (window.has_seen = true), new AbortController().signal);
  }, id);
  await tab.clock.runFor(1500);
  await look.came;
  await tab.evaluate(() => {
    for (const hidden of [true, false]) {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }
  });
  await tab.clock.runFor(1000);

  assert.equal(looks.length, 1);
  await look.let_go();
  await tab.waitForFunction(() => window.has_seen);
  const next = tab.waitForRequest(is_look);
  await tab.clock.runFor(1500);
  await next;
  await tab.close();
});

test('who loses the network while a session is renewed is told that no answer came', async ({ page }) => {
  await page.route('**/api/v1/auth/refresh', (route) => route.abort());
  await page.evaluate(() => {
    const session = JSON.parse(sessionStorage.getItem('kinora.session'));
    sessionStorage.setItem('kinora.session', JSON.stringify({ ...session, access_token: 'expired' }));
  });
  await page.reload();
  await page.getByText('The server does not answer').waitFor();
  await page.unroute('**/api/v1/auth/refresh');
  await page.getByRole('button', { name: 'Try again' }).click();

  await page.locator('.card').first().waitFor();
});

test('no page broke its policy or threw', async ({ faults }) => {
  assert.deepEqual(faults, []);
});

await run_all();

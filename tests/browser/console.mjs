// The console in a real browser, from the printed link to an answer that plays.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cutting_line } from './cutting_line.mjs';
import { plays_after, processing_ms, run_all, show, sign_in, test } from './suite.mjs';

const video_file = fileURLToPath(new URL('short.mp4', import.meta.url));
const three_rungs_file = fileURLToPath(new URL('three rungs.mp4', import.meta.url));

const time_of = (page) => page.evaluate(() => document.querySelector('video').currentTime);

test('a stranger who opens the root is asked to sign in', async ({ page, server }) => {
  await page.goto(server.url);

  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('the set-up page says at each field what is wrong, and keeps what was typed', async ({ page, server }) => {
  await page.goto(server.setup_link);
  await page.getByLabel('Name').fill('Mara Kovač');
  await page.getByLabel('Email').fill('mara');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Make account' }).click();

  await page.getByText('This address is not whole.').waitFor();
  await page.getByText('5 characters. Use 8 or more.').waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), 'Mara Kovač');
});

test('the printed link makes the first admin', async ({ page }) => {
  await page.getByLabel('Email').fill('mara@example.test');
  await page.getByLabel('Password').fill('a gauge on the jetty');
  await page.getByRole('button', { name: 'Make account' }).click();

  await page.getByRole('heading', { name: 'Welcome, Mara' }).waitFor();
});

test('an empty library offers an upload', async ({ page }) => {
  await page.getByRole('link', { name: 'Later' }).click();

  await page.getByText('Put in the first video').waitFor();
});

test('an uploaded video becomes playable, and estimates come from measured progress only', async ({ page }) => {
  const seen = new Set();
  await page.exposeFunction('saw_estimate', (text) => seen.add(text));
  await page.getByRole('main').getByRole('link', { name: 'Upload' }).click();
  await page.evaluate(() => {
    const look = () => document.querySelectorAll('.work__eta').forEach((line) => window.saw_estimate(line.textContent));
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await page.locator('input[type=file]').setInputFiles(video_file);

  await page.getByRole('link', { name: 'Watch' }).waitFor({ timeout: processing_ms });
  for (const text of seen) assert.match(text, /^$|^No estimate yet\.$|It goes on by itself\.$|left\.$/);
});

test('its words and search follow by themselves', async ({ page }) => {
  await page.getByText('Here: you can watch, search and ask it.').waitFor({ timeout: processing_ms });
});

test('it stands in the library under its name', async ({ page }) => {
  await page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Library' }).click();

  await page.locator('.card__title', { hasText: 'short' }).waitFor();
  assert.equal(await page.locator('.card').count(), 1);
});

test('it plays, with pictures', async ({ page, memory }) => {
  await page.locator('.card__title').click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();

  await plays_after(page, 1);
  assert.ok((await page.evaluate(() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames)) > 10);
  memory.watch_path = new URL(page.url()).pathname;
});

test('the space bar pauses it', async ({ page }) => {
  await page.locator('#main').focus();
  await page.keyboard.press(' ');

  await page.waitForFunction(() => document.querySelector('video').paused);
});

test('a word of the transcript seeks to the second it is said', async ({ page }) => {
  const word = page.locator('.w').nth(20);
  const start = Number(await word.getAttribute('data-start'));
  await word.click();

  await plays_after(page, start);
  assert.ok((await time_of(page)) < start + 5);
  await page.locator('.w.is-now').waitFor();
});

test('captions show what is said', async ({ page }) => {
  await page.waitForFunction(() => document.querySelector('video').textTracks[0]?.activeCues?.length > 0);

  assert.equal(await page.getByRole('button', { name: 'Captions' }).getAttribute('aria-pressed'), 'true');
});

test('the transcript finds a word', async ({ page }) => {
  await page.getByLabel('Search this transcript').fill('installed');

  await page
    .locator('mark', { hasText: /installed/i })
    .first()
    .waitFor();
});

test('a search hit plays in place', async ({ page }) => {
  await page.getByRole('search', { name: 'Everything' }).getByRole('searchbox').fill('sample sounds and configuration files');
  await page.keyboard.press('Enter');
  await page.locator('.mrow').first().click();

  await plays_after(page, 0.5);
  assert.equal(new URL(page.url()).pathname, '/search');
  assert.equal(await page.locator('.mrow[aria-current=true]').count(), 1);
});

test('a moment opens in a new tab and plays from its second, without another sign-in', async ({ page, context }) => {
  const address = await page.locator('.mrow').first().getAttribute('href');
  const seconds = Number(new URL(address, page.url()).searchParams.get('t'));
  const tab = await context.newPage();
  await tab.goto(new URL(address, page.url()).href);

  await plays_after(tab, seconds);
  await tab.close();
});

test('a question is answered with a citation that plays', async ({ page }) => {
  await page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Ask' }).click();
  await page.getByLabel('Ask your library').fill('Which sample sounds and configuration files are installed?');
  await page.keyboard.press('Enter');
  const citation = page.locator('.msg--answer .moment').first();
  await citation.click();

  await plays_after(page, 0.5);
  assert.equal(await citation.getAttribute('aria-current'), 'true');
  assert.match(new URL(page.url()).pathname, /^\/ask\//);
});

test('what nothing answers does not look like an answer', async ({ page }) => {
  await page.getByLabel('Ask your library').fill('How deep is the Pacific Ocean?');
  await page.keyboard.press('Enter');

  await page.locator('.msg--none').waitFor();
  assert.equal(await page.locator('.msg--answer').count(), 1);
});

test('a conversation is there again after loading its page', async ({ page }) => {
  await page.reload();

  await page.locator('.msg--answer .moment').first().waitFor();
  assert.equal(await page.locator('.msg--me').count(), 2);
});

test('a question about one video is answered beside it', async ({ page, memory }) => {
  await show(page, memory.watch_path);
  await page.getByRole('tab', { name: 'Ask' }).click();
  await page.getByLabel('Ask about this video').fill('What have I successfully installed?');
  await page.keyboard.press('Enter');
  await page.locator('.msg--answer .moment').first().click();

  await plays_after(page, 0.5);
});

test('a word that was heard wrongly is corrected, and captions follow', async ({ page, memory }) => {
  await show(page, memory.watch_path);
  await page.locator('.turn').first().hover();
  await page.getByRole('button', { name: 'Correct' }).first().click();
  const field = page.getByLabel('What is said at 0:00').first();
  await field.fill('Felicitations!');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.w', { hasText: 'Felicitations!' }).waitFor();
  await page.getByRole('region', { name: 'Still working' }).waitFor({ state: 'hidden', timeout: processing_ms });

  await page.waitForFunction(() =>
    [...(document.querySelector('video').textTracks[0]?.cues ?? [])].some((cue) => cue.text.includes('Felicitations!')),
  );
});

test('on a phone nothing runs over the side, and the moment player is a bar', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ['/library', '/upload', '/ask', '/search?q=installed']) {
    await show(page, path);
    await page.locator('.tabbar').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, path);
  }
  await page.locator('.mrow').first().click();

  await page.locator('.dockplayer video').waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('an estimate needs a measured basis, and falls with work that starts anew', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { Estimate } = await import(new URL('estimate.js', document.querySelector('script[type=module]').src));
    const estimate = new Estimate();
    return [
      [0, 0],
      [50, 1_000],
      [50, 10_000],
      [10, 11_000],
    ].map(([percent, now]) => {
      estimate.add(percent, now);
      return estimate.seconds_left();
    });
  });

  assert.deepEqual(seen, [null, null, 10, null]);
});

test('of a long transcript only what is near the view is in the page', async ({ page }) => {
  await page.evaluate(async () => {
    const { Transcript } = await import(new URL('transcript.js', document.querySelector('script[type=module]').src));
    const word = (at) => ({ start: at / 3, end: at / 3 + 0.3, text: `word${at}`, confidence: 1 });
    const segment = (at) => ({
      start: at * 3,
      end: at * 3 + 3,
      text: 'nine words',
      words: [...Array(9).keys()].map((each) => word(at * 9 + each)),
    });
    const view = new Transcript({ segments: [...Array(2400).keys()].map(segment) }, () => {});
    const side = document.createElement('div');
    side.className = 'side';
    side.append(view.node);
    document.querySelector('main').replaceChildren(side);
    view.start(new AbortController().signal);
    view.show_time(5400);
  });

  await page.locator('.w', { hasText: /^word16200$/ }).waitFor();
  assert.ok((await page.locator('.w').count()) < 4000);
});

test('an upload whose line is cut goes on where it stopped', async ({ browser, server }) => {
  const line = await cutting_line(new URL(server.url).port, { cuts: 3, after_bytes: 100_000 });
  const context = await browser.newContext({ baseURL: line.url });
  try {
    const page = await context.newPage();
    await page.goto('/upload');
    await sign_in(page);
    await page.locator('input[type=file]').setInputFiles(video_file);

    await page.getByRole('link', { name: 'Watch' }).waitFor({ timeout: processing_ms });
    assert.equal(line.cuts_left(), 0);
    assert.ok(line.offsets().at(-1) >= 64_000, `offsets ${line.offsets()}`);
  } finally {
    await context.close();
    await line.close();
  }
});

// How often the picture stood still while five seconds were played. A film that ends before, because the quality came late on a
// busy machine, begins anew.
const stalls_in_five_seconds = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const video = document.querySelector('video');
        let [stalls, begun] = [0, null];
        video.addEventListener('waiting', () => (stalls += begun === null ? 0 : 1));
        video.addEventListener('timeupdate', () => {
          begun ??= video.currentTime;
          if (video.currentTime > begun + 5) resolve(stalls);
        });
        video.addEventListener('ended', () => {
          begun = null;
          video.currentTime = 0;
          video.play();
        });
        setTimeout(() => reject(new Error(`five seconds were not played in 60; it stands at ${video.currentTime}`)), 60_000);
        video.play();
      }),
  );

const still_working = (page) => page.getByRole('region', { name: 'Still working' });

test('a video is offered and plays before it is ready', async ({ page }) => {
  await show(page, '/upload');
  await page.locator('input[type=file]').setInputFiles(three_rungs_file);
  await page.getByRole('link', { name: 'Watch' }).click({ timeout: processing_ms });
  await page.getByRole('button', { name: 'Play', exact: true }).click();

  await plays_after(page, 1);
  assert.ok(await still_working(page).isVisible());
  await writeFile(new URL('let go', import.meta.url), '');
});

test('who watched before it was ready has its other rungs without loading the page again', async ({ page }) => {
  await still_working(page).waitFor({ state: 'hidden', timeout: processing_ms });
  const quality = page.getByRole('button', { name: 'Quality' });
  const pause = page.getByRole('button', { name: 'Pause', exact: true });
  if (await pause.isVisible()) await pause.click();

  await quality.waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await plays_after(page, 1);
});

test('each rung plays for five seconds without a stall', async ({ page }) => {
  await page.reload();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const quality = page.getByRole('button', { name: 'Quality' });
  for (const height of [360, 480, 720]) {
    await quality.click();
    assert.equal(await quality.textContent(), `${height}p`);
    await page.evaluate(() => (document.querySelector('video').currentTime = 0));
    await page.waitForFunction((wanted) => document.querySelector('video').videoHeight === wanted, height);

    assert.equal(await stalls_in_five_seconds(page), 0, `${height}p`);
  }
});

test('its owner gives a video another name', async ({ page }) => {
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Name').fill('Steps, in three rungs');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Steps, in three rungs' }).waitFor();
  await page.reload();

  await page.getByRole('heading', { name: 'Steps, in three rungs' }).waitFor();
});

const delete_it = async (page) => {
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.getByText('For ten minutes this can be undone.').waitFor();
};

test('a deletion is asked about first, and can be undone', async ({ page }) => {
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await delete_it(page);
  await page.getByRole('button', { name: 'Undo' }).click();

  await page.getByRole('heading', { name: 'Steps, in three rungs' }).waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await plays_after(page, 0.5);
});

test('what is deleted is no longer in the library', async ({ page }) => {
  await delete_it(page);
  await show(page, '/library');

  await page.locator('.card').first().waitFor();
  assert.equal(await page.locator('.card__title', { hasText: 'three rungs' }).count(), 0);
});

test('the interface is told to who has no account too', async ({ browser, server }) => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${server.url}/docs`);
    const upload = page.locator('details', { hasText: 'POST /api/v1/videos/upload' });
    await upload.locator('summary').click();

    await upload.getByText('multipart/form-data').waitFor();
    await upload.getByText('Idempotency-Key').waitFor();
  } finally {
    await context.close();
  }
});

test('a spent link says so', async ({ page, server }) => {
  await page.goto(server.setup_link);
  await page.getByLabel('Name').fill('Second');
  await page.getByLabel('Email').fill('second@example.test');
  await page.getByLabel('Password').fill('a second long password');
  await page.getByRole('button', { name: 'Make account' }).click();

  await page.getByText('This link was used or has expired').waitFor();
});

test('who signs out must sign in again, and a wrong password is told', async ({ page }) => {
  await show(page, '/library');
  await page.getByRole('button', { name: 'your account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Email').fill('mara@example.test');
  await page.getByLabel('Password').fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Email or password is wrong').waitFor();
  await sign_in(page);

  await page.getByRole('heading', { name: 'Library' }).waitFor();
});

test('no page broke its policy or threw', async ({ faults }) => {
  assert.deepEqual(faults, []);
});

await run_all();

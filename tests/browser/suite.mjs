// Tests in Chromium against the server whose set-up link is the first argument. They run in order, as one person would go, and
// on one page.

import { execFileSync } from 'node:child_process';
import { chromium } from './playwright/index.mjs';

const step_ms = 20_000;
export const processing_ms = 240_000;

const tests = [];
export const test = (name, run) => tests.push({ name, run });

export const make_account = async (page, { setup_link }) => {
  await page.goto(setup_link);
  await page.getByLabel('Name').fill('Mara Kovač');
  await fill_in(page);
  await page.getByRole('button', { name: 'Make account' }).click();
  await page.getByRole('heading', { name: 'Welcome, Mara' }).waitFor();
};
export const sign_in = async (page) => {
  await fill_in(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
};
const fill_in = async (page) => {
  await page.getByLabel('Email').fill('mara@example.test');
  await page.getByLabel('Password').fill('a gauge on the jetty');
};
export const show = (page, path) => page.goto(new URL(path, page.url()).href);
export const plays_after = (page, seconds) =>
  page.waitForFunction((from) => document.querySelector('video').currentTime > from, seconds);

// A refused request is logged by the browser too; pages tell those themselves.
function keep_faults(context, faults) {
  context.on('weberror', (event) => faults.push(String(event.error().stack)));
  context.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
}

async function run_each(world) {
  let failed = 0;
  for (const { name, run } of tests) {
    try {
      await run(world);
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      const picture = `failed-${failed}.png`;
      await world.page.screenshot({ path: picture });
      console.log(`FAILED  ${name}\n        at ${world.page.url()}, seen in ${picture}\n${error.stack}`);
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  return failed;
}

export async function run_all() {
  const server = { setup_link: process.argv[2], url: new URL(process.argv[2]).origin };
  const browser = await chromium.launch({
    executablePath: execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim(),
    args: ['--autoplay-policy=no-user-gesture-required'],
    chromiumSandbox: process.env.SANDBOX === 'on',
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(step_ms);
  const faults = [];
  keep_faults(context, faults);
  const page = await context.newPage();
  try {
    process.exitCode = (await run_each({ server, browser, context, page, faults, memory: {} })) ? 1 : 0;
  } finally {
    await browser.close();
  }
}

// One `kinora serve` process in a data folder of its own.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const start_ms = 60_000;
const stop_ms = 30_000;

export async function start_server(kinora) {
  const folder = await mkdtemp(join(tmpdir(), 'kinora-browser-'));
  const environment = { ...process.env, KINORA_DATA: join(folder, 'data'), PORT: '0' };
  const child = spawn(kinora, ['serve'], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const setup_link = await printed_link(child);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const patience = setTimeout(() => child.kill('SIGKILL'), stop_ms);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(patience);
    await rm(folder, { recursive: true, force: true });
  };
  return { url: new URL(setup_link).origin, setup_link, stop };
}

function printed_link(child) {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error('the server printed no set-up link')), start_ms);
    child.once('exit', (code) => reject(new Error(`the server ended with code ${code} before it was ready`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const link = line.match(/https?:\/\/\S+\/setup\?token=\S+/)?.[0];
      if (!link) return;
      clearTimeout(patience);
      resolve(link);
    });
  });
}

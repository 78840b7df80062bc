// Makes the pictures of the documentation anew, from a host that runs and a music server that it writes to:
// node scripts/screenshots.ts. Needs what the demo needs, and Chromium.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { repository } from '../tests/support/repository.ts';
import { DemoWorld } from './demo/demo-world.ts';
import { terminalPage } from './demo/terminal-page.ts';

const folder = join(repository, 'docs', 'images');
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

mkdirSync(folder, { recursive: true });
await using world = await DemoWorld.create(interrupted.signal);
await world.startHost();
await world.output('octogen', 'generate');
await changeTaste();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  await pictureOfTerminal(browser);
  await pictureOfApi(browser);
} finally {
  await browser.close();
}

/** Some songs of one list are disliked from now on, so that a run has something to change. */
async function changeTaste(): Promise<void> {
  const list = (await world.api.playlists()).find(({ name }) => name === 'Drive Time');
  for (const song of (await world.api.songs(list?.id ?? '')).slice(0, 3)) {
    await world.api.call('setRating', { id: song.id, rating: '1' });
  }
}

/** A session on the command line, as it was printed. */
async function pictureOfTerminal(chrome: Browser): Promise<void> {
  const page = await chrome.newPage({ viewport: { width: 1100, height: 600 }, deviceScaleFactor: 1.5 });
  const commands = [
    ['plugins', 'check', 'octogen'],
    ['octogen', 'generate', '--dry-run'],
  ];
  const session = [];
  for (const args of commands) {
    session.push({ command: `atoll ${args.join(' ')}`, output: await world.output(...args) });
  }
  await page.setContent(terminalPage(session));
  await page.locator('main').screenshot({ path: join(folder, 'generate.png') });
  await page.close();
}

/** The page that shows the API, signed in, with the routes of octogen. */
async function pictureOfApi(chrome: Browser): Promise<void> {
  const page = await chrome.newPage({ viewport: { width: 1100, height: 826 }, deviceScaleFactor: 1.5 });
  await page.goto(`${world.host.url}/api/docs`);
  await page.getByLabel('API token').fill(world.host.token);
  await page.getByRole('button', { name: 'Show the API' }).click();
  const admin = page.locator('.opblock-tag[data-tag="atoll"]');
  await admin.click();
  await page.locator('.opblock-tag[data-tag="octogen"]').waitFor();
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, 'api.png') });
  await page.close();
}

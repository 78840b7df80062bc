import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithout } from './peers/missing-programs.js';
import { AtollFolder } from './support/atoll-folder.ts';
import type { HostProcess } from './support/host-process.ts';
import { programPath } from './support/program-path.ts';
import { probePlugin, repository } from './support/repository.ts';
import { type View, WebPage } from './support/web-page.ts';

const views: Record<string, View> = {
  'desk-light': { width: 1440, height: 900, colorScheme: 'light' },
  'desk-dark': { width: 1440, height: 900, colorScheme: 'dark' },
  'phone-light': { width: 390, height: 844, colorScheme: 'light' },
  'phone-dark': { width: 390, height: 844, colorScheme: 'dark' },
};
const screenshots = join(repository, 'coverage', 'screenshots');

describe.skipIf(skipWithout('chromium'))('the pages in a browser', () => {
  let folder: AtollFolder;
  let host: HostProcess;
  let browser: Browser;
  /** The same host, on loopback and under a name that is not, where a browser grants less. */
  const origins = {
    loopback: () => host.url,
    lan: () => host.url.replace('127.0.0.1', 'atoll.lan'),
  };

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    folder = new AtollFolder();
    host = await folder.start({ plugins: [probePlugin] });
    browser = await chromium.launch({
      executablePath: programPath('chromium'),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--host-resolver-rules=MAP atoll.lan 127.0.0.1',
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await folder?.[Symbol.asyncDispose]();
  });

  describe.each(Object.keys(origins) as (keyof typeof origins)[])('over plain HTTP on %s', (place) => {
    it.each(Object.keys(views))('shows what runs here (%s)', async (name) => {
      const origin = origins[place]();
      await using web = await WebPage.open(browser, `${origin}/`, views[name]!);
      const { page } = web;
      await page.screenshot({ path: join(screenshots, `landing-${place}-${name}.png`) });
      expect(await page.title()).toBe('Atoll');
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Atoll');
      expect(await web.overflow()).toBe(0);
      await page.getByRole('link', { name: /API/ }).click();
      await page.getByLabel(/token/i).waitFor();
      expect(page.url()).toBe(`${origin}/api/docs`);
      expect(web.complaints).toEqual([]);
      expect(web.foreign(origin)).toEqual([]);
    });

    it.each(Object.keys(views))('shows the API of the host and of its plugins (%s)', async (name) => {
      const origin = origins[place]();
      await using web = await WebPage.open(browser, `${origin}/api/docs`, views[name]!);
      const { page } = web;
      await page.screenshot({ path: join(screenshots, `docs-sign-in-${place}-${name}.png`) });
      expect(await web.overflow()).toBe(0);

      await page.getByLabel(/token/i).fill(host.token);
      await page.getByRole('button', { name: /show/i }).click();
      await page.locator('.opblock').first().waitFor();
      const operations = (await page.locator('.opblock-summary-path').allTextContents()).map((path) =>
        // The page may break long paths with invisible characters.
        path.replaceAll('\u200b', ''),
      );
      for (const path of [
        '/api/v1/plugins',
        '/api/v1/runs/{runId}/cancel',
        '/health/ready',
        '/api/plugins/octogen/match',
        '/api/plugins/probe/echo/{word}',
      ])
        expect(operations).toContain(path);
      await page.screenshot({ path: join(screenshots, `docs-${place}-${name}.png`) });
      expect(await web.overflow()).toBe(0);

      const operation = page.locator('.opblock', { hasText: 'Says a word back' });
      await operation.locator('.opblock-summary-control').click();
      await operation.getByRole('button', { name: 'Try it out' }).click();
      await operation.getByPlaceholder('word').fill('lagoon');
      await operation.getByRole('button', { name: 'Execute' }).click();
      const answer = operation.locator('.live-responses-table .response-col_description .microlight').first();
      await answer.waitFor();
      expect(await answer.textContent()).toMatch(/"word": "lagoon"/);
      expect(await page.content()).not.toContain(host.token);
      await operation.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(screenshots, `docs-tried-${place}-${name}.png`) });
      expect(await web.overflow()).toBe(0);
      expect(web.complaints).toEqual([]);
      expect(web.foreign(origin)).toEqual([]);
    });

    it('says why a token is refused, and takes the next one', async () => {
      const origin = origins[place]();
      await using web = await WebPage.open(browser, `${origin}/api/docs`, views['desk-light']!);
      const { page } = web;
      await page.getByLabel(/token/i).fill('atoll_wrong');
      await page.getByRole('button', { name: /show/i }).click();
      await page.getByText('The token is unknown, expired or revoked.').waitFor();
      await page.screenshot({ path: join(screenshots, `docs-refused-${place}.png`) });
      await page.getByLabel(/token/i).fill(host.token);
      await page.getByLabel(/token/i).press('Enter');
      await page.locator('.opblock').first().waitFor();
    });
  });
});

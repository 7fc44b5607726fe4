import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { chromiumPath } from '@lockstep/testing';

/** A real browser for the pages; remembers what they did that they must not do. */
export class ConsoleBrowser {
  /** Errors, refused content, requests to other hosts. */
  readonly offences: string[] = [];
  private browser: Browser | null = null;

  async start(): Promise<void> {
    this.browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox'] });
  }

  async stop(): Promise<void> {
    await this.browser?.close();
  }

  /** A page in a context of its own. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser!.newContext(options);
    await context.addInitScript({ path: join(__dirname, 'low-contrast-texts.js') });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.offences.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // The browser reports every failed request by itself; those are told on the page.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.offences.push(`console: ${message.text()}`);
      }
    });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      // What the page itself has made is saved by a blob URL.
      if (protocol !== 'blob:' && origin !== new URL(url).origin) {
        this.offences.push(`foreign request: ${request.url()}`);
      }
    });
    await page.goto(url);
    return page;
  }
}

/** Waits until the page says that what it shows is of this freshness. */
export function freshness(page: Page, expected: string, timeout = 20_000): Promise<unknown> {
  return page.waitForSelector(`.stream-pill[data-freshness="${expected}"]`, { timeout });
}

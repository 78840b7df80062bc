import type { Browser, Page } from 'playwright-core';

/** How somebody looks at a page. */
export interface View {
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
}

// As text: it runs in the page, whose types are not those of the tests.
const reportViolations = `document.addEventListener('securitypolicyviolation', (event) =>
  complain('policy: ' + event.violatedDirective + ' ' + event.blockedURI));`;

/** A page in a browser of its own, and everything that went wrong on it. */
export class WebPage implements AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and violations of the content security policy. */
  readonly complaints: string[] = [];
  /** Addresses of everything it asked for. */
  readonly requests: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.complaints.push(`exception: ${error.message}`));
    page.on('requestfailed', (request) =>
      this.complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`),
    );
    page.on('request', (request) => this.requests.push(request.url()));
  }

  static async open(browser: Browser, url: string, { width, height, colorScheme }: View): Promise<WebPage> {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    const web = new WebPage(await context.newPage());
    await web.page.exposeFunction('complain', (text: string) => web.complaints.push(text));
    await web.page.addInitScript({ content: reportViolations });
    await web.page.goto(url, { waitUntil: 'networkidle' });
    return web;
  }

  /** How many pixels of the page stick out at the side. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  }

  /** Addresses outside of `origin`. */
  foreign(origin: string): string[] {
    return this.requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}

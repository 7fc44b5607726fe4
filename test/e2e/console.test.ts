import { MongoClient, ObjectId } from 'mongodb';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { eventually, LockstepInstance, testServers, uniqueName } from '@lockstep/testing';
import { ConsoleBrowser, freshness } from './console-browser';

const { mongodbUrl, elasticsearchUrl } = testServers();

const browser = new ConsoleBrowser();
const openPage = (url: string, options: BrowserContextOptions = {}): Promise<Page> => browser.open(url, options);
const connectorRow = (page: Page, name: string) => page.locator('#connectors tbody', { hasText: name });

beforeAll(async () => {
  await browser.start();
}, 60_000);

afterAll(async () => {
  await browser.stop();
}, 30_000);

afterEach(() => {
  expect(browser.offences.splice(0)).toEqual([]);
});

describe('the console', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('console');
  const name = 'from the page';
  let page: Page;

  beforeAll(async () => {
    await client.connect();
    await client
      .db(database)
      .collection('orders')
      .insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
    await lockstep.start();
    page = await openPage(`${lockstep.api.url}/`);
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await client.close();
  }, 60_000);

  it('says what to do where there is nothing yet, and shows the worker', async () => {
    await freshness(page, 'live');
    await page.getByText('No connector yet').waitFor();
    await page.getByText('No job yet').waitFor();
    await page.locator('#workers tbody tr', { hasText: 'Alive' }).waitFor({ timeout: 20_000 });
  }, 60_000);

  it('points at every field that cannot be right', async () => {
    await page.getByRole('button', { name: 'New connector' }).first().click();
    await page.getByRole('button', { name: 'Create connector' }).click();
    expect(
      await page.locator('[aria-invalid="true"]').evaluateAll((fields) => fields.map((field) => field.id)),
    ).toEqual(['name', 'uri', 'database']);
    expect(await page.evaluate('document.activeElement.id')).toBe('name');
  }, 30_000);

  it('creates a connector whose URI leaves the browser sealed, and watches it until it streams', async () => {
    const uri = new URL(mongodbUrl);
    uri.searchParams.set('appName', 'canary-of-the-page');
    await page.fill('#name', name);
    await page.fill('#uri', uri.href);
    await page.fill('#database', database);
    await page.fill('#collections', 'orders');
    await page.fill('#index', `${database}-{collection}`);
    await page.getByText('Partitions, drops, lost history').click();
    await page.fill('#partitions', '33');
    await page.getByLabel('Follow its name', { exact: true }).check();
    await page.getByRole('button', { name: 'Create connector' }).click();
    expect(await page.getAttribute('#partitions', 'aria-invalid')).toBe('true');
    await page.fill('#partitions', '2');
    const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/connectors'));
    await page.getByRole('button', { name: 'Create connector' }).click();
    const body = (await sent).postDataJSON() as { source: { uri: { sealed: string } } };
    expect(body.source).toMatchObject({ partitions: 2, onDrop: 'follow' });
    expect(body.source).not.toHaveProperty('onHistoryLost');
    expect(body.source.uri.sealed.split('.')).toHaveLength(5);
    expect(JSON.stringify(body)).not.toContain('canary-of-the-page');
    await page.waitForURL(/#\/connectors\/con_/);
    await page.locator('.title-card', { hasText: 'Streaming' }).waitFor({ timeout: 60_000 });
    await page.locator('[data-job-type="bulk_sync"]', { hasText: 'Completed' }).waitFor();
    await page.locator('[data-job-type="stream_sync"]', { hasText: 'Running' }).waitFor();
    await page
      .locator('#config', { hasText: /Partitions\s*2/ })
      .getByText('Follow its name')
      .waitFor();
    expect(await page.content()).not.toContain('canary-of-the-page');
  }, 90_000);

  it('shows a change with its operation, namespace and id a moment after it was made', async () => {
    await page.getByRole('link', { name: 'Overview' }).click();
    const orders = client.db(database).collection('orders');
    const id = new ObjectId();
    await orders.insertOne({ _id: id, secret: 'never-on-the-page' });
    const rows = page.locator('#changes tbody tr', { hasText: id.toHexString() });
    await rows.filter({ hasText: 'insert' }).waitFor({ timeout: 20_000 });
    await orders.deleteOne({ _id: id });
    await rows.filter({ hasText: 'delete' }).waitFor({ timeout: 20_000 });
    expect(await rows.first().textContent()).toContain(`${database}.orders`);
    expect(await page.content()).not.toContain('never-on-the-page');
  }, 60_000);

  it('pauses, resumes, resyncs and stops by its buttons', async () => {
    const row = connectorRow(page, name);
    await page.getByRole('button', { name: `Pause ${name}` }).click();
    await row.getByText('Paused').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: `Resume ${name}` }).click();
    await row.getByText('Streaming').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: `Resync ${name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resync' }).click();
    await eventually(
      async () => (await page.locator('[data-job-type="bulk_sync"]', { hasText: 'Completed' }).count()) === 2,
      {
        timeoutMs: 60_000,
        what: 'two completed bulk syncs on the page',
      },
    );
    await page.getByRole('button', { name: `Stop ${name}` }).click();
    await row.getByText('Idle').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: `Start ${name}` }).click();
    await row.getByText('Streaming').waitFor({ timeout: 30_000 });
  }, 180_000);

  it('sets the position of a connector that does not run, and says what becomes of what it leaves out', async () => {
    await page.getByRole('link', { name, exact: true }).click();
    const title = page.locator('.title-card');
    const setPosition = page.getByRole('button', { name: `Set the position of ${name}` });
    await title.getByText('Streaming').waitFor();
    expect(await setPosition.count()).toBe(0);
    await page.getByRole('button', { name: `Pause ${name}` }).click();
    await title.getByText('Paused', { exact: true }).waitFor({ timeout: 30_000 });
    await setPosition.click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Set position' });
    await confirm.click();
    expect(await dialog.locator('[aria-invalid="true"]').count()).toBe(2);
    await dialog.getByLabel('Reason').fill('an entry cannot be read');
    await dialog.locator('#positionTime').fill('soon');
    await confirm.click();
    await dialog.getByText('API_REQUEST_INVALID').waitFor();
    expect(await dialog.locator('[aria-invalid="true"]').getAttribute('id')).toBe('positionTime');
    await eventually(
      async () => {
        await dialog.locator('#positionTime').fill(new Date().toISOString());
        return (await dialog.locator('#positionTime-note').textContent())?.startsWith('Forward') ?? false;
      },
      { timeoutMs: 30_000, what: 'a time ahead of the position' },
    );
    await confirm.click();
    await page.getByText('a bulk sync in place begins').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: `Resume ${name}` }).click();
    await page.locator('[data-job-type="bulk_sync"]', { hasText: 'Completed' }).nth(2).waitFor({ timeout: 60_000 });
    await title.getByText('Streaming').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Overview' }).click();
  }, 180_000);

  it('shows all of it on the status page, without a button that changes anything', async () => {
    const status = await openPage(`${lockstep.api.url}/status.html`);
    await freshness(status, 'live');
    await connectorRow(status, name).getByText('Streaming').waitFor();
    await status.locator('#jobs [data-job-type="stream_sync"]').first().waitFor();
    await status.locator('#workers tbody tr').first().waitFor();
    expect(await status.locator('#connectors button, #connectors [role=button], #jobs td button').count()).toBe(0);
    await status.context().close();
  }, 60_000);

  it.each(['light', 'dark'] as const)(
    'is readable in %s',
    async (colorScheme) => {
      for (const path of ['', 'status.html', '#/connectors/new', 'errors.html']) {
        const themed = await openPage(`${lockstep.api.url}/${path}`, { colorScheme });
        await themed.locator('main h1, main h2').first().waitFor({ state: 'attached' });
        expect(await themed.evaluate('lowContrastTexts()')).toEqual([]);
        await themed.context().close();
      }
    },
    60_000,
  );

  it('fits a narrow screen', async () => {
    const narrow = await openPage(`${lockstep.api.url}/`, { viewport: { width: 360, height: 800 } });
    await connectorRow(narrow, name).waitFor();
    expect(await narrow.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await narrow.context().close();
  }, 60_000);

  it('keeps the chosen theme', async () => {
    const button = page.getByRole('button', { name: /^Theme:/ });
    await button.click();
    await button.click();
    await page.reload();
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
  }, 30_000);

  it('says that it is stale while the API is gone, and recovers by itself', async () => {
    await freshness(page, 'live');
    await lockstep.api.stop();
    await page.getByTestId('stale-banner').waitFor({ timeout: 20_000 });
    await connectorRow(page, name).waitFor();
    await lockstep.api.start();
    await freshness(page, 'live', 40_000);
    await page.getByTestId('stale-banner').waitFor({ state: 'detached' });
  }, 120_000);

  it('deletes a connector only after its name was typed', async () => {
    await page.getByRole('button', { name: `Delete ${name}` }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Delete' });
    await dialog.getByRole('textbox').fill('from the');
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill(name);
    await confirm.click();
    await page.getByText(`${name} is deleted`).waitFor({ timeout: 30_000 });
    await connectorRow(page, name).waitFor({ state: 'detached' });
  }, 60_000);
});

describe('the console of an API with a token', () => {
  const token = 'a-token-for-the-page-0123456789abcdef';
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: { LOCKSTEP_API_TOKEN: token } });

  beforeAll(async () => {
    await lockstep.start(0);
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
  }, 60_000);

  it('asks for the token, refuses a wrong one, and keeps the right one for this tab only', async () => {
    const page = await openPage(`${lockstep.api.url}/`);
    await page.getByText('This API needs a token').waitFor();
    await page.fill('#token', 'wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The token was refused').waitFor();
    await page.fill('#token', token);
    await page.keyboard.press('Enter');
    await freshness(page, 'live');
    await page.getByText('No connector yet').waitFor();
    await page.reload();
    await freshness(page, 'live');
    expect(await page.content()).not.toContain(token);
    expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
    await page.context().close();
  }, 60_000);
});

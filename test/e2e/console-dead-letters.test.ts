import { readFile } from 'node:fs/promises';
import { MongoClient, type Collection } from 'mongodb';
import type { Locator, Page } from 'playwright-core';
import { eventually, expectInLockstep, httpJson, LockstepInstance, testServers, uniqueName } from '@lockstep/testing';
import { ConsoleBrowser, freshness } from './console-browser';

const { mongodbUrl, elasticsearchUrl } = testServers();
const TOKEN = 'a-token-for-the-letters-0123456789abcdef';

/** Twelve documents, of which five are refused: three because of `amount`, two because of `due`. */
const DOCUMENTS = Array.from({ length: 12 }, (_, n) => ({
  _id: `order-${String(n)}`,
  amount: n < 3 ? `about ${String(n)}` : n,
  due: n === 3 || n === 4 ? 'one day' : '2026-01-01',
}));

describe('dead letters in the console', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const browser = new ConsoleBrowser();
  const database = uniqueName('letters');
  let orders: Collection<{ _id: string; amount: unknown; due: string }>;
  let id: string;
  let page: Page;

  const rows = (): Locator => page.locator('#dead-letters tbody tr');
  const rowOf = (name: string): Locator => rows().filter({ has: page.getByText(name, { exact: true }) });
  const untilRows = async (count: number): Promise<void> => {
    if (count > 0)
      await rows()
        .nth(count - 1)
        .waitFor({ timeout: 30_000 });
    await rows().nth(count).waitFor({ state: 'detached', timeout: 30_000 });
  };

  beforeAll(async () => {
    await Promise.all([client.connect(), browser.start()]);
    orders = client.db(database).collection('orders');
    await orders.insertMany(DOCUMENTS);
    await lockstep.start();
    id = await lockstep.sync({
      name: 'refusing',
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: {
        index: `${database}-{collection}`,
        deadLetterContent: true,
        mappings: { properties: { amount: { type: 'long' }, due: { type: 'date' } } },
      },
    });
    page = await browser.open(`${lockstep.api.url}/`);
  }, 150_000);

  afterEach(() => {
    expect(browser.offences.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser.stop();
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await client.close();
  }, 60_000);

  it('are counted where the connector is shown, and lead to their list', async () => {
    await freshness(page, 'live');
    await page.getByRole('link', { name: '5 dead letters open' }).click();
    await untilRows(5);
    expect(await page.getByRole('navigation', { name: 'Breadcrumb' }).textContent()).toContain('refusing');
  }, 60_000);

  it('are narrowed by field, by error type and by state', async () => {
    await page.getByLabel('Field').fill('due');
    await page.keyboard.press('Enter');
    await untilRows(2);
    await page.getByLabel('Error type').fill('nonsense');
    await page.keyboard.press('Enter');
    await page.getByText('No open dead letter matches the filter').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await untilRows(5);
    await page.getByLabel('State').selectOption('resolved');
    await page.getByText('No resolved dead letter').waitFor();
    await page.getByLabel('State').selectOption('open');
    await untilRows(5);
  }, 60_000);

  it('say what was refused, why, and what to do, by keyboard alone', async () => {
    const inspect = rowOf('order-1').getByRole('button', { name: 'Inspect order-1' });
    await inspect.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('change the mapping or the document').waitFor();
    const text = await dialog.textContent();
    for (const part of ['document_parsing_exception', 'SINK_DOCUMENT_REJECTED', 'amount', `${database}.orders`]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('"amount": "about 1"');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => inspect.evaluate((element) => element.matches(':focus')), {
      what: 'the focus to be back on the button',
    });
  }, 60_000);

  it('stay, counted again, when nothing was mended', async () => {
    await page.getByRole('button', { name: 'Retry order-0' }).click();
    await rowOf('order-0').getByText('2 times').waitFor({ timeout: 30_000 });
    await rowOf('order-0').getByText('Open', { exact: true }).waitFor();
  }, 60_000);

  it('are gone when the document is mended, or the mapping and the selected are tried again', async () => {
    await orders.updateOne({ _id: 'order-3' }, { $set: { due: '2026-02-02' } });
    await untilRows(4);
    const mending = { properties: { amount: { type: 'long', ignore_malformed: true } } };
    const put = await httpJson(`${elasticsearchUrl}/${database}-orders/_mapping`, { method: 'PUT', body: mending });
    expect(put.status).toBe(200);
    for (const name of ['order-0', 'order-1']) await page.getByLabel(`Select ${name}`).check();
    await page.getByRole('button', { name: 'Retry selected' }).click();
    await untilRows(2);
    await page.getByLabel('Field').fill('amount');
    await page.keyboard.press('Enter');
    await untilRows(1);
    await page.getByRole('button', { name: 'Retry all', exact: true }).click();
    await page.getByText('No open dead letter matches the filter').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await untilRows(1);
  }, 120_000);

  it('are exported line by line', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export NDJSON' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { documentId: string }).documentId)).toEqual(['order-4']);
  }, 60_000);

  it.each([
    ['light', 1_280],
    ['dark', 400],
  ] as const)(
    'are readable in %s, %d pixels wide',
    async (colorScheme, width) => {
      const url = `${lockstep.api.url}/#/connectors/${id}/dead-letters`;
      const themed = await browser.open(url, { colorScheme, viewport: { width, height: 800 } });
      await themed.locator('#dead-letters tbody tr').first().waitFor();
      expect(await themed.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await themed.getByRole('button', { name: 'Inspect order-4' }).click();
      await themed.getByRole('dialog').waitFor();
      expect(await themed.evaluate('lowContrastTexts()')).toEqual([]);
      expect(await themed.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await themed.context().close();
    },
    60_000,
  );

  it('are given up only with a reason, which is kept', async () => {
    await page.getByRole('button', { name: 'Discard order-4' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Discard' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('   ');
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('test data');
    await confirm.click();
    await page.getByText('No open dead letter').waitFor({ timeout: 30_000 });
    await page.getByLabel('State').selectOption('discarded');
    await rowOf('order-4').getByText('test data').waitFor();
    await page.getByRole('link', { name: 'refusing' }).click();
    await page.getByRole('link', { name: 'no dead letters' }).waitFor({ timeout: 30_000 });
    await orders.deleteOne({ _id: 'order-4' });
    const sides = { mongodbUrl, elasticsearchUrl, database, collection: 'orders', index: `${database}-orders` };
    expect((await expectInLockstep(sides)).checked).toBe(DOCUMENTS.length - 1);
  }, 90_000);
});

describe('dead letters behind a token', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: { LOCKSTEP_API_TOKEN: TOKEN } });
  const browser = new ConsoleBrowser();

  beforeAll(async () => {
    await Promise.all([lockstep.start(0), browser.start()]);
  }, 120_000);

  afterAll(async () => {
    await browser.stop();
    await lockstep.stop();
  }, 60_000);

  it('are exported with the token, and an unknown connector is told with its code', async () => {
    const made = await httpJson(`${lockstep.api.url}/api/v1/connectors`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: {
        name: 'empty',
        source: { uri: mongodbUrl, database: 'nowhere', collections: ['orders'] },
        sink: { index: 'nowhere-{collection}' },
      },
    });
    const { id } = made.body as { id: string };
    const page = await browser.open(`${lockstep.api.url}/#/connectors/${id}/dead-letters`);
    await page.fill('#token', TOKEN);
    await page.keyboard.press('Enter');
    await page.getByText('No open dead letter').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export NDJSON' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toBe('');
    await page.goto(`${lockstep.api.url}/#/connectors/con_00000000000000000000000000/dead-letters`);
    await page.getByRole('link', { name: 'CONNECTOR_UNKNOWN' }).waitFor();
    expect(browser.offences).toEqual([]);
  }, 60_000);
});

import { MongoClient } from 'mongodb';
import type { Locator, Page } from 'playwright-core';
import { eventually, httpJson, LockstepInstance, testServers, uniqueName } from '@lockstep/testing';
import { ConsoleBrowser, freshness } from './console-browser';

const { mongodbUrl, elasticsearchUrl } = testServers();
const COUNT = 120;
const NAME = 'turning';
const SOON = { timeout: 60_000 };

describe('generations in the console', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const browser = new ConsoleBrowser();
  const database = uniqueName('turning');
  let id: string;
  let page: Page;

  const rowOf = (number: number): Locator => page.locator(`#generations tr[data-generation="${String(number)}"]`);
  const untilState = (number: number, state: string): Promise<void> =>
    rowOf(number).getByText(state, { exact: true }).waitFor(SOON);
  const documents = (number: number, count: number): Promise<void> =>
    rowOf(number).getByText(String(count), { exact: true }).waitFor(SOON);
  const button = (number: number, name: string): Locator =>
    rowOf(number).getByRole('button', { name: `${name} generation ${String(number)} of ${NAME}` });
  const served = async (): Promise<string> =>
    Object.keys((await httpJson(`${elasticsearchUrl}/_alias/${database}-orders`)).body as object).join();
  const indexOf = (number: number): string => `${database}-orders-${String(number).padStart(6, '0')}`;
  /** A generation serves a moment before the job that brought it is over; until then another one is refused. */
  const untilBulkSyncsEnd = (): Promise<unknown> => {
    const open = page.locator('#jobs [data-job-type="bulk_sync"]', { hasText: /Running|Pending/ });
    return eventually(async () => (await open.count()) === 0, { timeoutMs: 60_000, what: 'the bulk syncs to end' });
  };
  const resync = async (): Promise<void> => {
    await untilBulkSyncsEnd();
    await page.getByRole('button', { name: `Resync ${NAME}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resync' }).click();
  };

  beforeAll(async () => {
    await Promise.all([client.connect(), browser.start()]);
    await client
      .db(database)
      .collection<{ _id: number; half: number }>('orders')
      .insertMany(Array.from({ length: COUNT }, (_, n) => ({ _id: n, half: n % 2 })));
    await lockstep.start();
    id = await lockstep.sync({
      name: NAME,
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: { index: `${database}-{collection}` },
    });
    page = await browser.open(`${lockstep.api.url}/#/connectors/${id}`);
  }, 150_000);

  afterEach(() => {
    expect(browser.offences.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser.stop();
    await lockstep.stop();
    for (let number = 1; number <= 4; number += 1) {
      await httpJson(`${elasticsearchUrl}/${indexOf(number)}`, { method: 'DELETE' });
    }
    await client.db(database).dropDatabase();
    await client.close();
  }, 60_000);

  it('begin with one that serves; a resync fills another one, which takes its place', async () => {
    await freshness(page, 'live');
    await untilState(1, 'Serving');
    await documents(1, COUNT);
    await rowOf(1).getByText(indexOf(1)).waitFor();
    await resync();
    await untilState(2, 'Serving');
    await untilState(1, 'Retired');
    await documents(2, COUNT);
    expect(await served()).toBe(indexOf(2));
  }, 120_000);

  it('wait for a confirmation where one would serve far less, which asks for the name', async () => {
    await lockstep.call('PATCH', `/api/v1/connectors/${id}`, { source: { filter: { half: 1 } } });
    await resync();
    await untilState(3, 'Filling');
    await button(3, 'Confirm takeover:').click(SOON);
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`${String(COUNT / 2)} of ${String(COUNT)} documents`).waitFor();
    expect(await served()).toBe(indexOf(2));
    await dialog.getByRole('textbox').fill(NAME);
    await dialog.getByRole('button', { name: 'Let it serve' }).click();
    await untilState(3, 'Serving');
    await documents(3, COUNT / 2);
    expect(await served()).toBe(indexOf(3));
  }, 120_000);

  it('return by a rollback, which is offered for the one that served last', async () => {
    await untilState(2, 'Retired');
    await untilBulkSyncsEnd();
    expect(await button(1, 'Roll back to').count()).toBe(0);
    await button(2, 'Roll back to').click(SOON);
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await untilState(2, 'Serving');
    await untilState(3, 'Retired');
    expect(await served()).toBe(indexOf(2));
  }, 120_000);

  it('are given up by canceling what fills them', async () => {
    await resync();
    await button(4, 'Confirm takeover:').waitFor(SOON);
    await button(4, 'Cancel:').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
    await rowOf(4).waitFor({ ...SOON, state: 'detached' });
    await untilState(2, 'Serving');
  }, 120_000);

  it.each([
    ['light', 1_280],
    ['dark', 400],
  ] as const)(
    'are readable in %s, %d pixels wide',
    async (colorScheme, width) => {
      const url = `${lockstep.api.url}/#/connectors/${id}`;
      const themed = await browser.open(url, { colorScheme, viewport: { width, height: 900 } });
      await themed.locator('#generations tbody tr').nth(2).waitFor();
      expect(await themed.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await themed.getByRole('button', { name: `Delete generation 3 of ${NAME}` }).click();
      await themed.getByRole('dialog').waitFor();
      expect(await themed.evaluate('lowContrastTexts()')).toEqual([]);
      await themed.context().close();
    },
    60_000,
  );

  it('are deleted only after the name was typed', async () => {
    await button(3, 'Delete').click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Delete' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill(NAME);
    await confirm.click();
    await rowOf(3).waitFor({ ...SOON, state: 'detached' });
    await eventually(async () => (await httpJson(`${elasticsearchUrl}/${indexOf(3)}/_count`)).status === 404, {
      timeoutMs: 30_000,
      what: 'the index to be gone',
    });
    expect(await served()).toBe(indexOf(2));
  }, 90_000);
});

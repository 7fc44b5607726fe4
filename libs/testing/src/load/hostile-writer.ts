import type { ClientSession, Collection, MongoClient } from 'mongodb';
import type { SourceHistory } from '../comparer/compare-both-sides.js';
import { eventually } from '../eventually.js';
import { HostileDocuments, type HostileDocument } from './hostile-document.js';
import { SeededRandom } from './seeded-random.js';

export interface HostileWriterOptions {
  /** Goes to the servers themselves, not through what a test breaks. */
  readonly client: MongoClient;
  readonly collection: Collection<HostileDocument>;
  readonly seed: number;
  /** Time between two writes, milliseconds. @defaultValue 10 */
  readonly pauseMs?: number;
  /** Beyond it the oldest documents are removed by the hundred. @defaultValue 20 000 */
  readonly maxDocuments?: number;
}

export interface WriteCounts {
  inserted: number;
  updated: number;
  deleted: number;
  reinserted: number;
  transactions: number;
  /** Writes whose outcome nobody knows: the server was away. */
  failed: number;
}

interface Reinsertion {
  readonly id: string;
  readonly dueMs: number;
}

const HOT_KEYS = Array.from({ length: 10 }, (_, i) => `hot${i}`);
const MAX_REINSERT_MS = 900;
const WRITE_TIMEOUT_MS = 10_000;

/**
 * Writes what is hard to follow until it is paused: 76 % updates and replacements, 14 % inserts of up to three
 * documents, 5 % deletes, 5 % transactions that touch one document several times; hot keys; documents that are deleted
 * and inserted again within a second; 5 % of all states are refused by the index. Goes on when the server is away for a
 * while.
 */
export class HostileWriter {
  readonly counts: WriteCounts = { inserted: 0, updated: 0, deleted: 0, reinserted: 0, transactions: 0, failed: 0 };
  readonly #options: HostileWriterOptions;
  readonly #random: SeededRandom;
  readonly #documents: HostileDocuments;
  #ids: string[] = [];
  #made = 0;
  #reinsertions: Reinsertion[] = [];
  #isPausing = false;
  #running: Promise<void> | null = null;

  constructor(options: HostileWriterOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
    this.#documents = new HostileDocuments(this.#random, options.collection.collectionName.replace(/\W/g, '_'));
  }

  /** Writes that were carried out so far. */
  get writes(): number {
    const { inserted, updated, deleted, reinserted, transactions } = this.counts;
    return inserted + updated + deleted + reinserted + transactions;
  }

  /** What it has written, for a comparison. Ids are text that Elasticsearch has as it is. */
  get history(): SourceHistory {
    return {
      hasHeld: (id) => HOT_KEYS.includes(id) || (/^k\d+$/.test(id) && Number(id.slice(1)) < this.#made),
      revisionField: 'revision',
    };
  }

  /** Inserts documents at once, refused ones among them. */
  async fill(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1_000) await this.#insert(Math.min(left, 1_000));
  }

  resume(): void {
    this.#isPausing = false;
    this.#running ??= this.#run();
  }

  /** Returns once nothing is being written. */
  async pause(): Promise<void> {
    this.#isPausing = true;
    await this.#running;
    this.#running = null;
  }

  /** Waits until so many more writes are done. */
  async writesOn(count: number, timeoutMs = 60_000): Promise<void> {
    const until = this.writes + count;
    await eventually(() => this.writes >= until, { timeoutMs, what: 'the writer to go on' });
  }

  async #run(): Promise<void> {
    while (!this.#isPausing) {
      try {
        await this.#step();
      } catch {
        this.counts.failed += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, this.#options.pauseMs ?? 10));
    }
  }

  async #step(): Promise<void> {
    await this.#reinsertDue();
    if (this.#ids.length > (this.#options.maxDocuments ?? 20_000)) await this.#removeOldest();
    const kind = this.#random.pickWeighted({ update: 76, insert: 14, remove: 5, transact: 5 });
    if (kind === 'update') await this.#update(this.#oneId());
    if (kind === 'insert') await this.#insert(this.#random.int(1, 3));
    if (kind === 'remove') await this.#remove(this.#oneId());
    if (kind === 'transact') await this.#transact();
  }

  #oneId(): string {
    const isHot = this.#ids.length === 0 || this.#random.next() < 0.6;
    return this.#random.pick(isHot ? HOT_KEYS : this.#ids);
  }

  async #insert(count: number): Promise<void> {
    const documents = Array.from({ length: count }, () => this.#documents.of(`k${this.#made++}`));
    this.#ids.push(...documents.map(({ _id }) => _id));
    await this.#options.collection.insertMany(documents, { timeoutMS: WRITE_TIMEOUT_MS });
    this.counts.inserted += count;
  }

  /** A hot key that is not there is made by its update. */
  async #update(id: string): Promise<void> {
    const { collection } = this.#options;
    const timeoutMS = WRITE_TIMEOUT_MS;
    if (this.#random.next() < 0.5) {
      const { _id, ...rest } = this.#documents.of(id);
      await collection.replaceOne({ _id }, rest, { upsert: id.startsWith('hot'), timeoutMS });
    } else {
      const change = { $set: { amount: this.#documents.amount(), revision: this.#documents.revision() } };
      await collection.updateOne({ _id: id }, change, { timeoutMS });
    }
    this.counts.updated += 1;
  }

  async #remove(id: string): Promise<void> {
    await this.#options.collection.deleteOne({ _id: id }, { timeoutMS: WRITE_TIMEOUT_MS });
    this.counts.deleted += 1;
    if (this.#random.next() < 0.7) {
      this.#reinsertions.push({ id, dueMs: performance.now() + this.#random.int(0, MAX_REINSERT_MS) });
    }
  }

  async #reinsertDue(): Promise<void> {
    const due = this.#reinsertions.filter(({ dueMs }) => dueMs <= performance.now());
    this.#reinsertions = this.#reinsertions.filter((one) => !due.includes(one));
    for (const { id } of due) {
      const { _id, ...rest } = this.#documents.of(id);
      const options = { upsert: true, timeoutMS: WRITE_TIMEOUT_MS };
      await this.#options.collection.replaceOne({ _id }, rest, options);
      this.counts.reinserted += 1;
    }
  }

  async #removeOldest(): Promise<void> {
    const oldest = this.#ids.slice(0, 500);
    await this.#options.collection.deleteMany({ _id: { $in: oldest } }, { timeoutMS: WRITE_TIMEOUT_MS });
    this.#ids = this.#ids.slice(oldest.length);
    this.counts.deleted += oldest.length;
  }

  /** Several changes at one cluster time, some of them of one document. */
  async #transact(): Promise<void> {
    const { client, collection } = this.#options;
    const [kept, gone] = [this.#random.pick(HOT_KEYS), this.#oneId()];
    const made = this.#documents.of(`k${this.#made++}`);
    const again = this.#documents.of(gone);
    const work = async (session: ClientSession): Promise<void> => {
      await collection.insertOne(made, { session });
      await collection.updateOne({ _id: kept }, { $set: { revision: this.#documents.revision() } }, { session });
      await collection.deleteOne({ _id: gone }, { session });
      await collection.insertOne(again, { session });
      const change = { ...this.#documents.newField(), revision: this.#documents.revision() };
      await collection.updateOne({ _id: made._id }, { $set: change }, { session });
    };
    await client.withSession({ defaultTimeoutMS: WRITE_TIMEOUT_MS }, (session) => session.withTransaction(work));
    this.#ids.push(made._id);
    this.counts.transactions += 1;
  }
}

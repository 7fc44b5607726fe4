#!/usr/bin/env node
// Writes random changes into the shop until Ctrl-C: inserts, updates, replacements, deletes, some transactions.
// --rate changes per second (20) · --seconds stop after (0: never) · --seed · --url MongoDB
import { MongoClient } from 'mongodb';
import { readArguments, runMain, wholeNumber } from './arguments.mjs';
import { Random } from './random.mjs';
import { order } from './shop.mjs';

const KNOWN_IDS = 2_000;
const TICK_MS = 100;

/** Picks what comes next and does it; remembers ids that are there. */
class Writer {
  /** @param {MongoClient} client @param {Random} random */
  constructor(client, random) {
    this.client = client;
    this.random = random;
    this.orders = client.db('shop').collection('orders');
    this.ordinal = Math.floor(Date.now() / 1_000) % 10_000_000;
    this.ids = [];
    this.counts = { inserted: 0, updated: 0, replaced: 0, deleted: 0, transactions: 0 };
  }

  async loadIds() {
    const found = await this.orders
      .find({}, { projection: { _id: 1 } })
      .limit(KNOWN_IDS)
      .toArray();
    this.ids = found.map(({ _id }) => _id);
  }

  async change() {
    const dice = this.random.next();
    if (this.ids.length < 10 || dice < 0.35) return this.insert();
    if (dice < 0.7) return this.update();
    if (dice < 0.8) return this.replace();
    if (dice < 0.97) return this.remove();
    return this.transaction();
  }

  fresh() {
    this.ordinal += 1;
    return { ...order(new Random(Math.floor(this.random.next() * 2 ** 32)), this.ordinal), placedAt: new Date() };
  }

  async insert() {
    const document = this.fresh();
    await this.orders.insertOne(document);
    this.ids.push(document._id);
    this.counts.inserted += 1;
  }

  async update() {
    await this.orders.updateOne(
      { _id: this.random.pick(this.ids) },
      { $inc: { version: 1 }, $set: { state: 'paid', changedAt: new Date() } },
    );
    this.counts.updated += 1;
  }

  async replace() {
    const { _id, ...rest } = this.fresh();
    void _id;
    await this.orders.replaceOne({ _id: this.random.pick(this.ids) }, rest);
    this.counts.replaced += 1;
  }

  async remove() {
    const [id] = this.ids.splice(this.random.int(0, this.ids.length - 1), 1);
    await this.orders.deleteOne({ _id: id });
    this.counts.deleted += 1;
  }

  /** Moves stock between two orders and adds a third, all or nothing. */
  async transaction() {
    const [a, b] = [this.random.pick(this.ids), this.random.pick(this.ids)];
    const document = this.fresh();
    await this.client.withSession((session) =>
      session.withTransaction(async () => {
        await this.orders.updateOne({ _id: a }, { $inc: { moved: -1 } }, { session });
        await this.orders.updateOne({ _id: b }, { $inc: { moved: 1 } }, { session });
        await this.orders.insertOne(document, { session });
      }),
    );
    this.ids.push(document._id);
    this.counts.transactions += 1;
  }

  summary() {
    const { inserted, updated, replaced, deleted, transactions } = this.counts;
    return `inserted ${inserted} · updated ${updated} · replaced ${replaced} · deleted ${deleted} · transactions ${transactions}`;
  }
}

/** One line that is drawn again on a terminal, and now and then elsewhere. */
function lineWriter() {
  let lastMs = 0;
  return (text, isLast = false) => {
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}${isLast ? '\n' : ''}`);
    else if (isLast || performance.now() - lastMs > 3_000) {
      lastMs = performance.now();
      process.stdout.write(`${text}\n`);
    }
  };
}

runMain(async () => {
  const args = readArguments({
    url: { type: 'string', fallback: process.env.LOCKSTEP_MONGODB_URL },
    rate: { type: 'string', fallback: '20' },
    seconds: { type: 'string', fallback: process.env.SECONDS_TO_RUN ?? '0' },
    seed: { type: 'string', fallback: String(Date.now() % 1_000_000) },
  });
  if (typeof args.url !== 'string') throw new Error('name a MongoDB with --url or LOCKSTEP_MONGODB_URL');
  const rate = wholeNumber(args.rate, 'rate', { min: 1, max: 5_000 });
  const seconds = wholeNumber(args.seconds, 'seconds', { min: 0, max: 86_400 });
  const client = new MongoClient(args.url, { serverSelectionTimeoutMS: 10_000 });
  let isStopped = false;
  process.on('SIGINT', () => (isStopped = true));
  process.on('SIGTERM', () => (isStopped = true));
  try {
    const writer = new Writer(client, new Random(wholeNumber(args.seed, 'seed', { min: 0, max: 0xffff_ffff })));
    await writer.loadIds();
    const show = lineWriter();
    process.stdout.write(`writing ${rate} changes a second into shop.orders (Ctrl-C ends it)\n`);
    const startedAt = performance.now();
    let done = 0;
    while (!isStopped && (seconds === 0 || performance.now() - startedAt < seconds * 1_000)) {
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * rate);
      const changes = Array.from({ length: Math.min(200, due - done) }, () => writer.change());
      await Promise.all(changes);
      done += changes.length;
      show(writer.summary());
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    show(writer.summary(), true);
  } finally {
    await client.close();
  }
});

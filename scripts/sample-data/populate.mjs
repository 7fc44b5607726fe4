#!/usr/bin/env node
// Fills MongoDB with the sample data: `shop` (generated, seeded) and `samples` (real open data).
// --size documents of the shop (50000) · --seed (1) · --force replaces what is there · --url MongoDB
import { MongoClient } from 'mongodb';
import { readArguments, runMain, wholeNumber } from './arguments.mjs';
import { insertAll } from './insert-all.mjs';
import { airports, earthquakes, films } from './open-data.mjs';
import { Random } from './random.mjs';
import { customer, order, product } from './shop.mjs';

/** Customers and products are a small part; the rest are orders. @param {number} size */
function shares(size) {
  const customers = Math.floor(size * 0.2);
  const products = Math.floor(size * 0.1);
  return { customers, products, orders: size - customers - products };
}

/** @param {MongoClient} client @param {number} size @param {number} seed */
async function populateShop(client, size, seed) {
  const db = client.db('shop');
  const counts = shares(size);
  const makers = { customers: customer, products: product, orders: order };
  for (const [name, make] of Object.entries(makers)) {
    const random = new Random(seed);
    await insertAll(db.collection(name), counts[name], (ordinal) => make(random, ordinal));
  }
}

/** @param {MongoClient} client */
async function populateSamples(client) {
  const db = client.db('samples');
  for (const [name, documents] of Object.entries({
    films: films(),
    airports: airports(),
    earthquakes: earthquakes(),
  })) {
    await insertAll(db.collection(name), documents.length, (ordinal) => documents[ordinal]);
  }
}

runMain(async () => {
  const args = readArguments({
    url: { type: 'string', fallback: process.env.LOCKSTEP_MONGODB_URL },
    size: { type: 'string', fallback: '50000' },
    seed: { type: 'string', fallback: '1' },
    force: { type: 'boolean' },
  });
  if (typeof args.url !== 'string') throw new Error('name a MongoDB with --url or LOCKSTEP_MONGODB_URL');
  const size = wholeNumber(args.size, 'size', { min: 10, max: 100_000_000 });
  const seed = wholeNumber(args.seed, 'seed', { min: 0, max: 0xffff_ffff });
  const client = new MongoClient(args.url, { serverSelectionTimeoutMS: 10_000 });
  try {
    // Orders are filled in last: when they are there, the data is whole.
    const isThere = (await client.db('shop').collection('orders').estimatedDocumentCount()) > 0;
    if (isThere && !args.force) {
      process.stdout.write('  ✔ the sample data is there already (FORCE=1 makes it anew)\n');
      return;
    }
    for (const name of ['samples', 'shop']) await client.db(name).dropDatabase();
    await populateSamples(client);
    await populateShop(client, size, seed);
  } finally {
    await client.close();
  }
});

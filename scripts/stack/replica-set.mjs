import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { StackError } from './progress.mjs';

const ELECTION_TIMEOUT_MS = 60_000;
const CODE_ALREADY_INITIALIZED = 23;
const CODE_NOT_YET_INITIALIZED = 94;

/**
 * Makes servers a replica set (does nothing when they are one) and waits for a primary that takes writes.
 * @param {string} name
 * @param {readonly { host: string, priority?: number }[]} members the first one is asked
 * @param {{ settings?: object }} [options]
 */
export async function ensureReplicaSet(name, members, { settings } = {}) {
  const client = new MongoClient(`mongodb://${members[0].host}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: 10_000,
  });
  try {
    const admin = client.db('admin');
    const config = { _id: name, members: members.map((member, _id) => ({ _id, ...member })) };
    if (settings !== undefined) config.settings = settings;
    await admin.command({ replSetInitiate: config }).catch((error) => {
      if (error.code !== CODE_ALREADY_INITIALIZED) throw error;
    });
    await waitForPrimary(admin, members[0].host);
  } finally {
    await client.close();
  }
}

async function waitForPrimary(admin, host) {
  const deadlineMs = performance.now() + ELECTION_TIMEOUT_MS;
  for (;;) {
    const hello = await admin.command({ hello: 1 }).catch((error) => {
      if (error.code !== CODE_NOT_YET_INITIALIZED) throw error;
      return {};
    });
    if (hello.isWritablePrimary === true || typeof hello.primary === 'string') return;
    if (performance.now() > deadlineMs) throw new StackError(`the replica set of ${host} elected no primary in 60 s`);
    await delay(50);
  }
}

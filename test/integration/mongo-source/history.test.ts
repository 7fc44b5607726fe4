import { eventually, startReplicaSet, uniqueName } from '@lockstep/testing';
import { createMongoSource } from '@lockstep/mongo-source';
import { MongoClient } from 'mongodb';
import { drain, signal } from './source-fixture.js';

describe('a position that the oplog no longer covers', () => {
  it('is lost, by token and by time, and the oldest history says so', async () => {
    await using set = await startReplicaSet({ oplogSizeMb: 16 });
    const database = uniqueName('source');
    const client = await new MongoClient(set.url).connect();
    const source = createMongoSource({
      uri: set.url,
      database,
      connectorId: 'con_x',
      events: { emit: () => undefined },
    });
    try {
      const collection = client.db(database).collection('a');
      await collection.insertOne({});
      const time = await source.majorityTime(signal);
      const reader = await source.openStream({ collections: ['a'], start: { kind: 'at', time }, signal });
      const token = (await drain(source, reader)).at(-1)!.token;
      await reader.close();
      const text = 'x'.repeat(1_000_000);
      // The server cuts its oplog about once a minute.
      await eventually(
        async () => {
          await collection.insertMany(Array.from({ length: 10 }, () => ({ text })));
          const oplog = await source.readOplog(signal);
          return oplog.kind === 'known' && oplog.oldest > time;
        },
        { timeoutMs: 100_000, intervalMs: 500, what: 'the oplog to be truncated' },
      );
      const open = (start: Parameters<typeof source.openStream>[0]['start']) => async () => {
        const opened = await source.openStream({ collections: ['a'], start, signal });
        try {
          await drain(source, opened);
        } finally {
          await opened.close();
        }
      };
      await expect(open({ kind: 'resumeAfter', token })()).rejects.toMatchObject({ code: 'SOURCE_HISTORY_LOST' });
      await expect(open({ kind: 'at', time })()).rejects.toMatchObject({ code: 'SOURCE_HISTORY_LOST' });
    } finally {
      await source.close();
      await client.close();
    }
  }, 150_000);
});

import { eventually, httpJson } from '@lockstep/testing';
import { PATIENCE_MS } from '../chaos-harness';
import type { Followed, KillLane } from './kill-lane';
import type { KillScenario } from './kill-scenario';

const LATE_DOCUMENTS = 3_000;
const OWN_DOCUMENTS = 300;
/** Enough to be divided. */
const DIVIDED_DOCUMENTS = 2_400;

const documents = (count: number) => Array.from({ length: count }, (_, n) => ({ _id: `${n}`, amount: n, revision: 0 }));

/** A collection appears, while a worker runs or while none does, and is taken up by the connector. */
export const newCollection = (times = 1): KillScenario => ({
  times,
  prepare: async (lane) => {
    const name = lane.newName('late');
    const settled = (): Promise<number> => lane.settled({ ...lane.main, collection: name });
    const isThereBefore = lane.random.next() < 0.5;
    const insert = async (): Promise<void> => {
      await lane.collection(name).insertMany(documents(LATE_DOCUMENTS));
    };
    if (isThereBefore) await insert();
    return {
      provoke: async () => (isThereBefore ? undefined : insert()),
      finish: async () => {
        expect(await settled()).toBe(LATE_DOCUMENTS);
        await lane.collection(name).deleteMany({});
        await settled();
      },
    };
  },
});

export interface OwnConnectorStory {
  /** @defaultValue 300 */
  readonly documents?: number;
  /** How often the point is reached at least. @defaultValue 1 */
  readonly times?: number;
  /** What happens before the doomed worker starts; absent: the connector is new to it. */
  readonly before?: (lane: KillLane, own: Followed) => Promise<void>;
  readonly provoke?: (lane: KillLane, own: Followed) => Promise<void>;
  readonly finish: (lane: KillLane, own: Followed) => Promise<void>;
}

/** A connector of its own for a small collection; what is done to it leads there. */
export const ownConnector = (story: OwnConnectorStory): KillScenario => ({
  times: story.times ?? 1,
  prepare: async (lane) => {
    const name = lane.newName('own');
    await lane.collection(name).insertMany(documents(story.documents ?? OWN_DOCUMENTS));
    const own = await lane.follow(name, name);
    if (story.before !== undefined) {
      const worker = await lane.chaos.lockstep.startWorker();
      await lane.chaos.lockstep.untilStreaming(own.id, PATIENCE_MS);
      await story.before(lane, own);
      await worker.stop('SIGTERM');
    }
    return {
      provoke: async () => story.provoke?.(lane, own),
      finish: async () => {
        await story.finish(lane, own);
        await lane.remove(own);
      },
    };
  },
});

const settles = async (lane: KillLane, own: Followed): Promise<void> => {
  await lane.chaos.lockstep.untilStreaming(own.id, PATIENCE_MS);
  expect(await lane.settled(own)).toBe(await lane.collection(own.collection).countDocuments());
};

export const newConnector = ownConnector({ finish: settles });

/** A divided collection is dropped: its target is kept, and the connector asks for attention. */
export const droppedCollection = (times = 1): KillScenario =>
  ownConnector({
    times,
    documents: DIVIDED_DOCUMENTS,
    before: () => Promise.resolve(),
    provoke: async (lane, { collection }) => {
      await lane.collection(collection).drop();
    },
    finish: async ({ chaos }, { id, name, collection }) => {
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      const url = `${chaos.elasticsearchUrl}/${chaos.index(name, collection)}`;
      await httpJson(`${url}/_refresh`, { method: 'POST' });
      expect((await httpJson(`${url}/_count`)).body.count).toBe(DIVIDED_DOCUMENTS);
    },
  });

/** Somebody deletes the target by mistake: only a resync helps, and it is asked for. */
export const lostTarget = ownConnector({
  before: async ({ chaos }, { name, collection }) => {
    const url = `${chaos.elasticsearchUrl}/${chaos.index(name, collection)}-000001`;
    expect((await httpJson(url, { method: 'DELETE' })).status).toBe(200);
  },
  provoke: async ({ chaos: { lockstep } }, { id }) => {
    await eventually(async () => (await lockstep.connector(id)).observedState === 'resync_required', {
      timeoutMs: PATIENCE_MS,
      what: 'resync_required',
    });
    await lockstep.act(id, 'resync', { mode: 'inPlace' });
  },
  finish: settles,
});

/** A generation that no longer serves is deleted. */
export const deletedGeneration = ownConnector({
  before: async ({ chaos }, { id }) => chaos.untilJob((await chaos.lockstep.act(id, 'resync'))!, 'completed'),
  provoke: async ({ chaos: { lockstep } }, { id }) => {
    expect((await lockstep.call('DELETE', `/api/v1/connectors/${id}/generations/1`)).status).toBe(202);
  },
  finish: async (lane, own) => {
    await lane.untilGenerations(own, ['serving']);
    const first = `${lane.chaos.elasticsearchUrl}/${lane.chaos.index(own.name, own.collection)}-000001/_mapping`;
    expect((await httpJson(first)).status).toBe(404);
    await settles(lane, own);
  },
});

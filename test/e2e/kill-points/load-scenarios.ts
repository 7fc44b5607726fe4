import { setTimeout as delay } from 'node:timers/promises';
import { eventually, SeededRandom, type ServiceProcess } from '@lockstep/testing';
import { PATIENCE_MS } from '../chaos-harness';
import type { KillLane } from './kill-lane';
import type { KillScenario } from './kill-scenario';

/** Time between two states of a document that changes again and again, milliseconds. */
const TURN_MS = 400;

/** The load alone leads there. */
export const underLoad = (times = 1): KillScenario => ({ times, prepare: () => Promise.resolve({}) });

/** One document changes again and again. @param change the fields of its nth state */
const changing = (times: number, change: (n: number, lane: KillLane) => object): KillScenario => ({
  times,
  prepare: (lane) =>
    Promise.resolve({
      provoke: async (doomed) => {
        const orders = lane.collection('orders');
        for (let n = 0; doomed.isRunning; n += 1) {
          await orders.updateOne({ _id: 'fickle' }, { $set: change(n, lane) }, { upsert: true });
          await delay(TURN_MS);
        }
      },
    }),
});

/** One document is refused and taken by turns. */
export const refusedAndTaken = (times = 1): KillScenario =>
  changing(times, (n) => ({ amount: n % 2 === 0 ? `about ${n}` : n }));

/** One document has a field that nobody has seen, time and again. */
export const newFields = (times = 1): KillScenario =>
  changing(times, (n, lane) => ({ amount: n, [lane.newName('field')]: n }));

/** Every open dead letter is tried again. */
export const repaired: KillScenario = {
  times: 1,
  prepare: async ({ chaos: { lockstep }, main }) => {
    const path = `/api/v1/connectors/${main.id}/dead-letters`;
    const { body } = await lockstep.call('POST', `${path}/actions/retry`);
    if (!(body.count > 0)) throw new Error(`no dead letter to try again: ${JSON.stringify(body)}`);
    const isSettled = async (): Promise<boolean> =>
      !(await (await fetch(`${lockstep.api.url}${path}/export`)).text()).includes('requestedAt');
    return {
      finish: async () => {
        await eventually(isSettled, { timeoutMs: PATIENCE_MS, intervalMs: 200, what: 'all retries to be made' });
      },
    };
  },
};

async function untilFollowing(doomed: ServiceProcess): Promise<void> {
  await eventually(() => doomed.output.includes('"connector is streaming"'), {
    timeoutMs: PATIENCE_MS,
    what: 'the doomed worker to follow the load',
  });
}

/** The worker is told to stop while it follows the load. */
export const stopped: KillScenario = {
  times: 1,
  prepare: (lane) =>
    Promise.resolve({
      provoke: async (doomed) => {
        await untilFollowing(doomed);
        await lane.writer.writesOn(20);
        doomed.kill('SIGTERM');
      },
    }),
};

/** The connector is paused, and goes on later. */
export const paused: KillScenario = {
  times: 1,
  prepare: ({ chaos: { lockstep }, main: { id } }) =>
    Promise.resolve({
      provoke: async (doomed) => {
        await untilFollowing(doomed);
        await lockstep.act(id, 'pause');
      },
      recover: async () => {
        await eventually(async () => (await lockstep.connector(id)).observedState === 'paused', {
          timeoutMs: PATIENCE_MS,
          what: 'the pause to be settled',
        });
        await lockstep.act(id, 'resume');
      },
    }),
};

/** Elasticsearch refuses some operations for lack of room. */
export const throttled: KillScenario = {
  times: 2,
  prepare: ({ chaos: { elasticsearch } }) => {
    const random = new SeededRandom(1);
    const refusal = { status: 429, type: 'es_rejected_execution_exception' };
    elasticsearch.refuseBulkItems(() => (random.next() < 0.3 ? refusal : undefined));
    return Promise.resolve({});
  },
};

/** The connections to MongoDB are cut. */
export const cutOff: KillScenario = {
  times: 1,
  prepare: ({ chaos: { mongodb } }) =>
    Promise.resolve({
      provoke: async (doomed) => {
        await untilFollowing(doomed);
        mongodb.inject({ kind: 'reset' });
      },
    }),
};

import { eventually } from '@lockstep/testing';
import { PATIENCE_MS } from '../chaos-harness';
import type { KillLane } from './kill-lane';
import type { KillScenario } from './kill-scenario';

const FEW_ORPHANS = 40;
/** More than the brakes let pass. */
const MANY_ORPHANS = 2_000;

const IN_PLACE = { mode: 'inPlace', collections: ['orders'] };
const BRAKES = { inPlace: 'SWEEP_BRAKE_ENGAGED', newGeneration: 'GENERATION_BRAKE_ENGAGED' } as const;

type Step = (lane: KillLane, jobId: string) => Promise<void>;

const isBraked = async (lane: KillLane, jobId: string, mode: keyof typeof BRAKES = 'inPlace'): Promise<void> => {
  await eventually(async () => (await lane.chaos.lockstep.job(jobId)).condition?.code === BRAKES[mode], {
    timeoutMs: PATIENCE_MS,
    what: BRAKES[mode],
  });
};

const command = async (lane: KillLane, jobId: string, action: 'confirm' | 'cancel'): Promise<void> => {
  const { status, body } = await lane.chaos.lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/${action}`);
  if (status !== 202) throw new Error(`${action}: ${status} ${JSON.stringify(body)}`);
};

const resync = async (lane: KillLane, wish: object): Promise<string> => {
  await lane.chaos.lockstep.untilStreaming(lane.main.id, PATIENCE_MS);
  return (await lane.chaos.lockstep.act(lane.main.id, 'resync', wish))!;
};

const confirmed: Step = async (lane, jobId) => {
  await isBraked(lane, jobId);
  await command(lane, jobId, 'confirm');
  await lane.chaos.untilJob(jobId, 'completed');
};

/** A resync of the collection under load, with documents in the index that are no longer in the source. */
const resynced = (orphans: number, wish: object, steps: { provoke?: Step; recover: Step }): KillScenario => ({
  times: 1,
  prepare: async (lane) => {
    await lane.plantOrphans(orphans);
    const jobId = (await lane.chaos.lockstep.act(lane.main.id, 'resync', wish))!;
    return { provoke: async () => steps.provoke?.(lane, jobId), recover: () => steps.recover(lane, jobId) };
  },
});

export const swept = resynced(FEW_ORPHANS, IN_PLACE, {
  recover: (lane, jobId) => lane.chaos.untilJob(jobId, 'completed'),
});

export const braked = resynced(MANY_ORPHANS, IN_PLACE, { recover: confirmed });

/** What would be too large a removal is canceled. Another resync is confirmed later. */
export const canceled = resynced(MANY_ORPHANS, IN_PLACE, {
  provoke: async (lane, jobId) => {
    await isBraked(lane, jobId);
    await command(lane, jobId, 'cancel');
  },
  recover: async (lane, jobId) => {
    await lane.chaos.untilJob(jobId, 'canceled');
    await confirmed(lane, await resync(lane, IN_PLACE));
  },
});

/** A new generation that would serve far less is canceled, and discarded. */
export const discarded = resynced(
  MANY_ORPHANS,
  { mode: 'newGeneration' },
  {
    provoke: async (lane, jobId) => {
      await isBraked(lane, jobId, 'newGeneration');
      await command(lane, jobId, 'cancel');
    },
    recover: async (lane, jobId) => {
      await lane.chaos.untilJob(jobId, 'canceled');
      await confirmed(lane, await resync(lane, IN_PLACE));
      await eventually(async () => (await lane.generations(lane.main)).every(({ state }) => state !== 'discarding'), {
        timeoutMs: PATIENCE_MS,
        what: 'the discarded generation to be gone',
      });
    },
  },
);

const canReturn = async (lane: KillLane): Promise<boolean> =>
  (await lane.generations(lane.main)).some(({ state }) => state === 'retired') && lane.random.next() < 0.5;

/** Another generation takes over under load. */
const takenOver = (choose: (lane: KillLane) => Promise<'resync' | 'rollback'>): KillScenario => ({
  times: 1,
  prepare: async (lane) => {
    const jobId = (await lane.chaos.lockstep.act(lane.main.id, await choose(lane)))!;
    return {
      recover: () => lane.chaos.untilJob(jobId, 'completed'),
      finish: async () => {
        const [, ...older] = (await lane.generations(lane.main))
          .filter(({ state }) => state === 'retired')
          .map(({ number }) => number)
          .reverse();
        for (const number of older) {
          await lane.chaos.lockstep.call('DELETE', `/api/v1/connectors/${lane.main.id}/generations/${number}`);
        }
        await lane.untilGenerations(lane.main, ['retired', 'serving']);
        expect(await lane.servingIndices()).toHaveLength(1);
      },
    };
  },
});

/** A new one, or the one before comes back. */
export const succession = takenOver(async (lane) => ((await canReturn(lane)) ? 'rollback' : 'resync'));

export const newGeneration = takenOver(() => Promise.resolve('resync'));

import { readFile } from 'node:fs/promises';
import { eventually } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS } from './chaos-harness';

const MIB = 1_024 * 1_024;
const BATCH_DOCS = 500;
const DOCUMENT_BYTES = 8_192;
/** Batches that a worker has seen before it is measured. */
const WARM_UP = 8;
const BACKLOG = 32;

/** Resident memory of a process, bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1_024;
}

/** What a worker did while every bulk took long. */
export interface SlowRun {
  /** How much larger the worker became at most, bytes. */
  readonly growthBytes: number;
  readonly backlogBytes: number;
  /** The largest that was told. */
  readonly lagMs: number;
  /** Documents that both sides have in the end. */
  readonly checked: number;
  readonly written: number;
}

/**
 * Lets changes pile up behind bulks that are answered late, then lets the target recover.
 * @param answerAfterMs how long every bulk takes
 * @param bulks how many of them are waited for
 */
export async function runAgainstSlowTarget(
  chaos: ChaosHarness,
  { answerAfterMs, bulks }: { readonly answerAfterMs: number; readonly bulks: number },
): Promise<SlowRun> {
  const events = chaos.db.collection('events');
  const text = 'x'.repeat(DOCUMENT_BYTES);
  const insert = async (from: number, to: number): Promise<void> => {
    for (let batch = from; batch < to; batch += 1) {
      await events.insertMany(Array.from({ length: BATCH_DOCS }, (_, i) => ({ number: batch * BATCH_DOCS + i, text })));
    }
  };
  await insert(0, WARM_UP / 2);
  const id = await chaos.lockstep.sync(chaos.definition('slow', ['events']));
  await insert(WARM_UP / 2, WARM_UP);
  await chaos.expectInLockstep('slow', 'events');
  const { pid } = chaos.lockstep.workers[0]!;
  const before = await residentBytes(pid);

  let answered = 0;
  let peak = 0;
  chaos.elasticsearch.refuseRequests(({ path }) => {
    if (!path.startsWith('/_bulk')) return undefined;
    answered += 1;
    return { answerAfterMs };
  });
  await insert(WARM_UP, WARM_UP + BACKLOG);
  const [stream] = await chaos.lockstep.jobs(id, 'stream_sync');
  let lagMs = 0;
  await eventually(
    async () => {
      peak = Math.max(peak, await residentBytes(pid));
      lagMs = Math.max(lagMs, (await chaos.lockstep.job(stream!.id)).progress.lagMs ?? 0);
      // What is told of the lag is some seconds old.
      return answered > bulks && lagMs > answerAfterMs;
    },
    { timeoutMs: PATIENCE_MS + bulks * answerAfterMs, intervalMs: 250, what: 'bulks that take long, and a lag' },
  );
  chaos.elasticsearch.heal();
  const checked = await chaos.expectInLockstep('slow', 'events');
  await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
  return {
    growthBytes: peak - before,
    backlogBytes: BACKLOG * BATCH_DOCS * DOCUMENT_BYTES,
    lagMs,
    checked,
    written: (WARM_UP + BACKLOG) * BATCH_DOCS,
  };
}

/** What reading ahead and writes in flight may take, of a backlog that is larger; bytes. */
export const MAX_GROWTH_BYTES = 96 * MIB;

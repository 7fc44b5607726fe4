import type { DomainEvent } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import { createLogger } from './create-logger.js';
import { logSubscriber } from './log-subscriber.js';

class ManualClock {
  monotonic = 0;
  nowMs = (): number => 0;
  monotonicMs = (): number => this.monotonic;
}

function recorder() {
  const lines: string[] = [];
  const parsed = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { lines, parsed, write: (line: string) => void lines.push(line) };
}

const WAITING = {
  reason: 'SourceUnreachable',
  code: 'SOURCE_UNREACHABLE',
  message: 'no answer',
  since: 't',
  remedy: 'r',
} as const;

describe('logger', () => {
  it('writes the fixed keys', () => {
    const out = recorder();
    createLogger('info', 'connector-worker', out).info({ event: 'worker.started', workerId: 'wrk_1' }, 'hello');
    const [line] = out.parsed();
    expect(Object.keys(line ?? {})).toEqual(['level', 'time', 'name', 'event', 'workerId', 'msg']);
    expect(line).toMatchObject({ level: 'info', name: 'connector-worker', msg: 'hello' });
    expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('never lets a secret out, wherever it stands', () => {
    const out = recorder();
    const logger = createLogger('trace', 'test', out);
    const uri = 'mongodb://user:canary@h/db';
    const driverError = Object.assign(new Error(`cannot reach ${uri}`), { options: { password: 'canary' } });
    const error = new LockstepError('SOURCE_UNREACHABLE', undefined, { cause: driverError });
    logger.error({ err: error }, `opening ${uri}`);
    logger.error(driverError);
    logger.warn({ password: 'canary', nested: { apiKey: 'canary', list: [{ token: 'canary' }] } });
    logger.child({ authorization: 'canary' }).info('child');
    logger.info('format %s and %j', uri, { uri });
    logger.info({ headers: { authorization: 'Bearer canary' }, error: driverError });
    expect(out.lines).toHaveLength(6);
    expect(out.lines.join('')).not.toContain('canary');
    expect(out.parsed()[0]).toMatchObject({ err: { code: 'SOURCE_UNREACHABLE', cause: { type: 'Error' } } });
  });
});

describe('log subscriber', () => {
  const clock = new ManualClock();
  let out: ReturnType<typeof recorder>;
  let tell: (event: DomainEvent) => void;
  beforeEach(() => {
    clock.monotonic = 0;
    out = recorder();
    tell = logSubscriber(createLogger('info', 'test', out), clock);
  });

  it('writes one line when a lease changes hands', () => {
    const lease = { connectorId: 'con_1', partition: 'con_1:1:0', epoch: 2 };
    tell({ type: 'lease.claimed', ...lease, isTakeover: true });
    tell({ type: 'lease.lost', ...lease });
    expect(out.parsed()).toMatchObject([
      { level: 'info', event: 'lease.claimed', msg: 'lease taken over', ...lease },
      { level: 'warn', event: 'lease.lost', errCode: 'JOB_LEASE_LOST', errKind: 'job' },
    ]);
  });

  it.each([
    [0, 'sweep of shop.orders: 2 of 9 removed'],
    [3, 'sweep of shop.orders: 2 of 9 removed, 3 left because nothing tells their _id'],
  ])('tells what a sweep could not decide: %i', (undecided, msg) => {
    const swept = { connectorId: 'con_1', namespace: 'shop.orders', walked: 9, removed: 2, undecided, durationMs: 5 };
    tell({ type: 'sweep.finished', ...swept });
    expect(out.parsed()).toMatchObject([{ level: 'info', event: 'sweep.finished', msg }]);
  });

  it('says nothing per document, per batch or per request', () => {
    const counts = { items: 1, bytes: 1, durationMs: 1, indexed: 1, deleted: 0, conflicts: 0, deadLettered: 0 };
    tell({ type: 'bulk.answered', connectorId: 'c', ...counts, retried: 0 });
    tell({ type: 'scan.turned', connectorId: 'c', namespace: 'd.c', documents: 1, bytes: 1, durationMs: 1 });
    tell({ type: 'stream.batched', connectorId: 'c', changes: 1, documents: 1, bytes: 1, durationMs: 1 });
    tell({ type: 'checkpoint.saved', connectorId: 'c', partition: 'p', durationMs: 1 });
    const change = { operation: 'insert', connectorId: 'c', namespace: 'd.c', id: '1', at: 't' } as const;
    tell({ type: 'change.applied', change });
    tell({ type: 'lag.measured', connectorId: 'c', partition: 'c:1:0', lagMs: 5 });
    const headroom = { headroomMs: 1, windowMs: 2, unknownCode: null };
    tell({ type: 'headroom.measured', connectorId: 'c', partition: 'c:1:0', headroom });
    expect(out.lines).toEqual([]);
  });

  it('says the state of a connector once while it stays the same', () => {
    const of = { connectorId: 'c', partition: 'c:1:0' };
    const waiting = { type: 'connector.observed', ...of, state: 'waiting', conditions: [WAITING] } as const;
    tell(waiting);
    tell({ ...waiting, partition: 'c:2:0', state: 'scanning', conditions: [] });
    tell({ ...waiting, conditions: [{ ...WAITING, since: 'later' }] });
    tell({ ...waiting, state: 'streaming', conditions: [] });
    tell(waiting);
    expect(out.parsed().map(({ level, stage }) => [level, stage])).toEqual([
      ['warn', 'waiting'],
      ['info', 'scanning'],
      ['info', 'streaming'],
      ['warn', 'waiting'],
    ]);
  });

  it('reminds of a lasting trouble once a minute', () => {
    for (let second = 0; second <= 120; second += 3) {
      clock.monotonic = second * 1_000;
      tell({ type: 'heartbeat.failed', code: 'SINK_UNREACHABLE' });
    }
    expect(out.lines).toHaveLength(3);
  });

  it('warns when the lag grows beyond a minute and tells when it is over', () => {
    for (const lagMs of [59_000, 61_000, 300_000, 20_000, 9_000, 10, 62_000, null, 63_000]) {
      tell({ type: 'lag.measured', connectorId: 'c', partition: 'c:1:0', lagMs });
    }
    expect(out.parsed().map(({ level, lagMs }) => [level, lagMs])).toEqual([
      ['warn', 61_000],
      ['info', 9_000],
      ['warn', 62_000],
      ['warn', 63_000],
    ]);
  });

  it('tells what a sample was, and warns when it is smaller than it could be', () => {
    const sample = { connectorId: 'c', namespace: 'd.c', documents: 10, fields: 3, durationMs: 5 };
    tell({ type: 'collection.sampled', ...sample, code: null });
    tell({ type: 'collection.sampled', ...sample, documents: 0, fields: 0, code: 'SOURCE_PERMISSION_MISSING' });
    expect(out.parsed()).toMatchObject([
      { level: 'info', msg: 'sample of d.c: 10 documents, 3 fields', durationMs: 5 },
      { level: 'warn', msg: 'sample of d.c: 0 documents, 0 fields', errCode: 'SOURCE_PERMISSION_MISSING' },
    ]);
  });

  it('tells a failed job as an error with its code', () => {
    const job = { connectorId: 'c', jobId: 'job_1', jobType: 'bulk_sync' } as const;
    tell({ type: 'job.changed', ...job, state: 'failed', code: 'SOURCE_AUTH_FAILED' });
    expect(out.parsed()).toMatchObject([{ level: 'error', jobId: 'job_1', errCode: 'SOURCE_AUTH_FAILED' }]);
  });
});

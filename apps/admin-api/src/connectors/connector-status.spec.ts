import type { PartitionState } from '@lockstep/contracts';
import type { WorkerListing } from '@lockstep/jobs';
import { connectorStatus, isHeld, type StatusInput } from './connector-status.js';

const partition = (change: Partial<PartitionState>): PartitionState =>
  ({ observedState: 'idle', conditions: [], lease: null, ...change }) as PartitionState;
const worker = (change: Partial<WorkerListing> = {}): WorkerListing =>
  ({ id: 'wrk_a', incarnation: 'i', isAlive: true, beatAt: '2026-01-01T00:00:05.000Z', ...change }) as WorkerListing;
const lease = { workerId: 'wrk_a', incarnation: 'i' };
const input = (change: Partial<StatusInput>): StatusInput => ({
  desiredState: 'running',
  updatedAt: '2026-01-01T00:00:00.000Z',
  partitions: [],
  workers: [worker()],
  ...change,
});
const observed = (change: Partial<StatusInput>): string => connectorStatus(input(change)).observedState;
const condition = (since: string, reason = 'SourceUnreachable') => ({
  reason,
  code: 'SOURCE_UNREACHABLE' as const,
  message: '',
  since,
  remedy: '',
});

describe('what is seen of a connector', () => {
  it.each([
    ['running, nothing claimed yet', { partitions: [] }, 'starting'],
    ['running, paused partition not yet resumed', { partitions: [partition({ observedState: 'paused' })] }, 'starting'],
    ['running', { partitions: [partition({ observedState: 'streaming' })] }, 'streaming'],
    [
      'the worst of its partitions',
      { partitions: [partition({ observedState: 'streaming' }), partition({ observedState: 'scanning' })] },
      'scanning',
    ],
    ['no worker', { workers: [], partitions: [partition({ observedState: 'streaming' })] }, 'waiting'],
    ['only dead workers', { workers: [worker({ isAlive: false })] }, 'waiting'],
    ['failed, no worker', { workers: [], partitions: [partition({ observedState: 'failed' })] }, 'failed'],
    ['paused', { desiredState: 'paused', partitions: [partition({ observedState: 'streaming' })] }, 'paused'],
    [
      'about to pause',
      { desiredState: 'paused', partitions: [partition({ observedState: 'streaming', lease })] },
      'streaming',
    ],
    ['stopped', { desiredState: 'stopped', partitions: [partition({ observedState: 'streaming' })] }, 'idle'],
    [
      'stopped, held by a dead worker',
      {
        desiredState: 'stopped',
        workers: [worker({ isAlive: false })],
        partitions: [partition({ observedState: 'streaming', lease })],
      },
      'idle',
    ],
    [
      'stopped, with work for a person',
      { desiredState: 'stopped', partitions: [partition({ observedState: 'resync_required' })] },
      'resync_required',
    ],
  ] as [string, Partial<StatusInput>, string][])('%s', (_what, change, expected) => {
    expect(observed(change)).toBe(expected);
  });

  it('tells each condition once, since its earliest time', () => {
    const partitions = [
      partition({ observedState: 'waiting', conditions: [condition('2026-01-02'), condition('2026-01-03', 'Other')] }),
      partition({ observedState: 'waiting', conditions: [condition('2026-01-01')] }),
    ];
    expect(connectorStatus(input({ partitions })).conditions.map((c) => `${c.reason} ${c.since}`)).toEqual([
      'SourceUnreachable 2026-01-01',
      'Other 2026-01-03',
    ]);
  });

  it('says since when there is no worker', () => {
    const [missing] = connectorStatus(input({ workers: [worker({ isAlive: false })] })).conditions;
    expect(missing).toMatchObject({ code: 'JOB_WORKER_MISSING', since: '2026-01-01T00:00:05.000Z' });
  });

  it('counts a lease only while the very worker that took it lives', () => {
    const partitions = [partition({ lease })];
    expect(isHeld(partitions, [worker()])).toBe(true);
    expect(isHeld(partitions, [worker({ incarnation: 'other' })])).toBe(false);
    expect(isHeld(partitions, [worker({ isAlive: false })])).toBe(false);
    expect(isHeld([partition({})], [worker()])).toBe(false);
  });
});

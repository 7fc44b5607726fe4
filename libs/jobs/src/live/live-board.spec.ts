import { NO_COUNTERS, type DomainEvent } from '@lockstep/contracts';
import { LIVE_RING_CHANGES, LiveBoard } from './live-board.js';

const figures = { ratePerSecond: 1, etaSeconds: 1, lagMs: null, headroom: null } as const;
const progress = { phase: 'scanning', done: 1, total: 2, ...figures } as const;

function progressed(jobId: string, done: number): DomainEvent {
  return {
    type: 'job.progressed',
    connectorId: 'con_1',
    jobId,
    jobType: 'bulk_sync',
    progress: { ...progress, done },
    counters: NO_COUNTERS,
  };
}

function changed(id: string): DomainEvent {
  const change = { operation: 'insert', connectorId: 'con_1', namespace: 'shop.orders', id, at: 'now' } as const;
  return { type: 'change.applied', change };
}

describe('live board', () => {
  let board: LiveBoard;
  beforeEach(() => {
    board = new LiveBoard();
  });

  it('has nothing to show before something happens, nor twice', () => {
    expect(board.take()).toBeNull();
    board.apply(progressed('job_1', 1));
    expect(board.take()?.jobs).toHaveLength(1);
    expect(board.take()).toBeNull();
    board.apply(progressed('job_1', 1));
    expect(board.take()).toBeNull();
  });

  it('keeps the last 100 changes, oldest first, numbered without a gap', () => {
    for (let i = 1; i <= LIVE_RING_CHANGES + 50; i += 1) board.apply(changed(String(i)));
    const changes = board.take()?.changes ?? [];
    expect(changes.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 100 }, (_, i) => i + 51));
    expect(changes.at(-1)?.id).toBe('150');
  });

  it('shows again what did not arrive', () => {
    board.apply(changed('1'));
    board.take();
    board.giveBack();
    expect(board.take()?.changes).toHaveLength(1);
  });

  it('drops a job that is over', () => {
    board.apply(progressed('job_1', 1));
    board.apply(progressed('job_2', 1));
    const over = { connectorId: 'con_1', jobId: 'job_1', jobType: 'bulk_sync', code: null } as const;
    board.apply({ type: 'job.changed', ...over, state: 'canceling' });
    expect(board.take()?.jobs).toHaveLength(2);
    board.apply({ type: 'job.changed', ...over, state: 'canceled' });
    expect(board.take()?.jobs.map(({ jobId }) => jobId)).toEqual(['job_2']);
  });

  it.each(['lease.lost', 'lease.released'] as const)('drops the jobs of a connector on %s', (type) => {
    board.apply(progressed('job_1', 1));
    board.take();
    board.apply({ type, connectorId: 'con_1', partition: 'con_1:1:0', epoch: 1 });
    expect(board.take()?.jobs).toEqual([]);
  });
});

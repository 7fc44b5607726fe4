import { EventLog, eventText, type LiveEvent } from './event-log.js';
import { EMPTY_SNAPSHOT, type LiveSnapshot } from './live-snapshot.js';
import { eventsBetween } from './snapshot-events.js';

const event = (n: number): LiveEvent => ({ type: 'job', connectorId: 'con_a', data: { n } });

describe('the event log', () => {
  const filled = (count: number, capacity = 5): EventLog => {
    const log = new EventLog(1_700_000_000_000, capacity);
    for (let n = 1; n <= count; n += 1) log.append(event(n));
    return log;
  };
  const after = (log: EventLog, id: string) => log.after(id)?.map((logged) => logged.sequence) ?? null;
  const id = (sequence: number): string => `1700000000000${String(sequence).padStart(9, '0')}`;

  it.each([
    ['the newest', 3, id(3), []],
    ['an older one', 3, id(1), [2, 3]],
    ['the place before the first', 3, id(0), [1, 2, 3]],
    ['the oldest that nothing is missing after', 8, id(3), [4, 5, 6, 7, 8]],
    ['one that is too old', 8, id(2), null],
    ['one that is yet to come', 3, id(4), null],
    ['one of another log', 3, '1600000000000000000001', null],
    ['nonsense', 3, 'x', null],
    ['nothing told yet', 0, id(0), []],
    ['digits alone', 3, '1700000000000', null],
  ])('gives what came after %s', (_what, count, lastId, expected) => {
    expect(after(filled(count), lastId)).toEqual(expected);
  });

  it('numbers so that ids grow, also from one log to the next', () => {
    const log = filled(2);
    expect(BigInt(log.headId) > BigInt(id(1))).toBe(true);
    expect(BigInt(new EventLog(1_700_000_000_001, 1).headId) > BigInt(log.headId)).toBe(true);
  });

  it('writes one line of data whatever is in it', () => {
    expect(eventText('job', { a: 'x\n\ny' }, '7')).toBe('id: 7\nevent: job\ndata: {"a":"x\\n\\ny"}\n\n');
  });
});

describe('what is told between two snapshots', () => {
  const snapshot = (parts: object): LiveSnapshot => ({ ...EMPTY_SNAPSHOT, ...parts });
  const told = (before: object, after: object) =>
    eventsBetween(snapshot(before), snapshot(after)).map((e) => [e.type, e.connectorId, e.data]);
  const job = (id: string, done = 0) => ({ id, connectorId: 'con_a', progress: { done } });
  const change = (sequence: number) => ({ sequence, workerId: 'w', connectorId: 'con_a', at: 't' });

  it('is nothing when nothing has changed but an age', () => {
    const worker = { id: 'w', beatAt: 't' };
    expect(told({ workers: [{ ...worker, ageMs: 1 }] }, { workers: [{ ...worker, ageMs: 700 }] })).toEqual([]);
  });

  it('is what is new, what is different and what is gone', () => {
    const before = { connectors: [{ id: 'con_a', revision: 1 }, { id: 'con_b' }], jobs: [job('j')] };
    const after = { connectors: [{ id: 'con_a', revision: 2 }], jobs: [job('j', 1)] };
    expect(told(before, after)).toEqual([
      ['connector', 'con_a', { id: 'con_a', revision: 2 }],
      ['connector', 'con_b', { id: 'con_b', deleted: true }],
      ['job', 'con_a', job('j', 1)],
    ]);
  });

  it('does not tell of jobs that only left the window', () => {
    expect(told({ jobs: [job('j')] }, { jobs: [] })).toEqual([]);
  });

  it('tells each change once', () => {
    expect(told({ changes: [change(1)] }, { changes: [change(1), change(2)] })).toEqual([
      ['change', 'con_a', change(2)],
    ]);
  });

  it('tells a lag again when it was measured again', () => {
    const lag = (at: string) => ({ connectorId: 'con_a', jobId: 'j', lagMs: 5, at });
    expect(told({ lags: [lag('t1')] }, { lags: [lag('t1')] })).toEqual([]);
    expect(told({ lags: [lag('t1')] }, { lags: [lag('t2')] })).toHaveLength(1);
  });
});

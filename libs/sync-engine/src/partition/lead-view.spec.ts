import type { BindingState, PartitionState } from '@lockstep/contracts';
import { rangeOf } from './key-ranges.js';
import { begunWith, bindingStep, isOfLead, partsFor, type BindingStep, type KnownLead } from './lead-view.js';

const binding = (change: Partial<BindingState> = {}): BindingState => ({
  collection: 'orders',
  index: 'orders-000001',
  collectionUuid: 'c',
  indexUuid: 'i',
  range: { from: 'k1', below: 'k2' },
  scanNumber: 4,
  scan: null,
  suspension: null,
  ...change,
});
const scan = { isScanned: true, isSwept: true } as BindingState['scan'];
const suspension = { operation: 'drop', since: '2026-01-15T09:30:00.000Z' } as const;

describe('the part of a partition', () => {
  it.each([
    [[], 0, undefined],
    [[], 1, null],
    [['k1'], 0, { from: null, below: 'k1' }],
    [['k1'], 1, { from: 'k1', below: null }],
    [['k1'], 2, null],
    [['k1', 'k2'], 1, { from: 'k1', below: 'k2' }],
  ])('of a collection that is divided at %j is for partition %i %j', (splits, partition, range) => {
    expect(rangeOf(splits, partition)).toEqual(range);
  });

  it('is of divided collections only', () => {
    const lead = {
      bindings: { few: binding({ collection: 'few' }), orders: binding({ splits: ['k1', 'k2'] }) },
    } as unknown as PartitionState;
    expect(partsFor(lead, 1).map(({ collection, range }) => [collection, range])).toEqual([
      ['orders', { from: 'k1', below: 'k2' }],
    ]);
    expect(partsFor(lead, 3)).toEqual([]);
  });
});

describe('what becomes of a binding, seen from the lead', () => {
  it.each<[string, BindingState | undefined, BindingState, BindingStep]>([
    ['a new one', undefined, binding({ scan }), 'add'],
    ['one that the others are through with, and nobody knows of here', undefined, binding(), 'lost'],
    ['one that goes on', binding(), binding(), 'none'],
    ['one that is scanned by both', binding({ scan }), binding({ scan }), 'none'],
    ['another scan', binding(), binding({ scanNumber: 5, scan }), 'scan'],
    ['another scan of one that had stopped', binding({ suspension }), binding({ scanNumber: 5, scan }), 'scan'],
    ['a scan that is over', binding({ scan }), binding(), 'endScan'],
    ['one that the lead has stopped to follow', binding(), binding({ suspension }), 'suspend'],
    ['one that nobody follows', binding({ suspension }), binding({ suspension }), 'none'],
    ['one that the lead never followed here', undefined, binding({ suspension }), 'none'],
    ['one that stopped here first', binding({ suspension }), binding(), 'none'],
    ['one with another part', binding({ range: { from: 'k0', below: 'k2' } }), binding({ scan }), 'add'],
    ['one whose collection was not known by its UUID', binding({ collectionUuid: null }), binding(), 'identify'],
    [
      'one whose collection nobody knows by its UUID',
      binding({ collectionUuid: null }),
      binding({ collectionUuid: null }),
      'none',
    ],
  ])('%s', (_name, own, leads, step) => {
    expect(bindingStep(own, leads)).toBe(step);
  });
});

describe('a partition that begins with its lead', () => {
  const empty = {
    ...{ schema: 1, connectorId: 'con_1', generation: 1, partition: 2, lease: null, epoch: 1 },
    ...{ identity: null, position: null, bindings: {}, bulkJobId: null, streamJobId: null },
    ...{ observedState: 'idle', conditions: [], updatedAt: '2026-01-15T09:30:00.000Z' },
  } as PartitionState;
  const rules = { source: {}, sink: { index: 'orders', layout: 'alias' } } as const;
  const lead: KnownLead = {
    ...{ ...empty, partition: 0, restarts: 3, bulkJobId: 'job_b', streamJobId: 'job_s' },
    identity: { clusterId: 'c', rules },
  };

  it('forgets what belongs to what the lead has forgotten', () => {
    const former = {
      ...empty,
      ...{ restarts: 2, identity: lead.identity, position: { h: '1.1', token: null, startAfter: false } },
      bindings: { orders: binding() },
    };
    expect(isOfLead(former, lead)).toBe(false);
    const begun = begunWith(former, lead);
    expect(begun).toMatchObject({ partition: 2, restarts: 3, position: null, bindings: {}, bulkJobId: 'job_b' });
    expect(isOfLead(begun, lead)).toBe(true);
  });

  it('is of no lead before it has begun', () => {
    expect(isOfLead(empty, { ...lead, restarts: 0 })).toBe(false);
  });
});

import type { BindingScan, Connector, PartitionState } from '@lockstep/contracts';
import {
  begunBy,
  beginScan,
  withBinding,
  withIdentity,
  withoutScans,
  withScan,
} from '../checkpoint/partition-transitions.js';
import { connectorOf, isByOtherRules, rulesOf } from './generation-rules.js';

const connectorAs = (index: string, source: object = {}): Connector =>
  ({
    config: { source: { database: 'shop', collections: ['orders'], ...source }, sink: { index, layout: 'index' } },
  }) as unknown as Connector;
const before = connectorAs('before', { partitions: 3 });
const identity = { clusterId: 'c', rules: rulesOf(before.config), isTentative: true };
const bound = withIdentity({ bindings: {}, restarts: 2 } as unknown as PartitionState, identity);
const added = withBinding(bound, {
  ...{ collection: 'orders', index: 'before', collectionUuid: null, indexUuid: null, suspension: null },
  scan: beginScan({ isInitial: true, upTo: 'z', estimatedTotal: 9, seqNoMarks: null }),
});
const scanned = (change: Partial<BindingScan>): PartitionState =>
  withScan(added, 'orders', (scan) => ({ ...scan, ...change }));

describe('the rules of a generation', () => {
  it.each<['after' | 'before', string, PartitionState]>([
    ['after', 'there are none yet', { ...bound, identity: null }],
    ['after', 'they have no target', bound],
    ['after', 'they have a target', added],
    ['after', 'their first read was refused', scanned({})],
    ['before', 'a page was read', scanned({ cursor: 'k' })],
    ['after', 'a read found nothing', scanned({ isScanned: true })],
    ['before', 'there was nothing to read', withoutScans(added)],
  ])('are those %s a change of the definition when %s', (expected, _when, state) => {
    expect(connectorOf(connectorAs('after'), state).config.sink.index).toBe(expected);
  });

  it('are replaced by a new beginning of all partitions, with the same jobs', () => {
    const after = connectorAs('after', { partitions: 2 });
    const position = { h: '7.1', token: null, startAfter: false };
    const state = { ...added, position, bulkJobId: 'job_b', streamJobId: 'job_s' };
    const next = begunBy({ ...identity, rules: rulesOf(after.config) }, state);
    expect(next).toMatchObject({ position, restarts: 3, bindings: {}, bulkJobId: 'job_b', streamJobId: 'job_s' });
    expect(next.partitionCount).toBe(2);
    expect(isByOtherRules({ definition: after, lease: { state: next } as never })).toBe(false);
    expect(isByOtherRules({ definition: before, lease: { state: next } as never })).toBe(true);
  });

  it.each([
    ['is the one of before', { database: 'shop' }, 'mall', 'shop', true],
    ['is that of the definition where older documents have none', {}, 'mall', 'mall', false],
    ['has not changed', { database: 'mall' }, 'mall', 'mall', false],
  ])('have a database that %s', (_what, source, defined, followed, isChanged) => {
    const definition = connectorAs('orders', { database: defined });
    const rules = { ...rulesOf(definition.config), source };
    const state = { ...bound, identity: { clusterId: 'c', rules } };
    expect(connectorOf(definition, state).config.source.database).toBe(followed);
    expect(isByOtherRules({ definition, lease: { state } as never })).toBe(isChanged);
  });
});

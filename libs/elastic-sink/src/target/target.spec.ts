import type { SinkConfig } from '@lockstep/contracts';
import { throwAwayName } from './check-definition.js';
import { flattenSettings, targetMappings, targetSettings } from './index-definition.js';
import { loadRefreshInterval } from './load-policy.js';
import { isSameMark, readMark, type TargetMark } from './target-mark.js';
import { isWriteAlias, targetNames } from './target-names.js';
import { timeValueMs } from './time-value.js';

const config = (overrides: Partial<SinkConfig>): SinkConfig => ({
  index: 'x',
  layout: 'alias',
  adopt: false,
  onRefused: 'delete',
  brakeRatio: 0.2,
  deadLetterContent: false,
  ...overrides,
});
const mark: TargetMark = { installationId: 'ins', connectorId: 'con', binding: 'a.b', generation: 1 };

it.each([
  ['orders-000001-WRITE', true],
  ['orders-000001-WRITE-7', true],
  ['orders-000001-WRITE-P3', true],
  ['orders-000001-WRITE-P12-7', true],
  ['orders', false],
  ['orders-000001', false],
  ['orders-000001-WRITE-P0', false],
  ['orders-000001-WRITE-mine', false],
  ['orders-000010-WRITE', false],
])('%s is a write alias of the index: %s', (alias, expected) => {
  expect(isWriteAlias('orders-000001', alias)).toBe(expected);
});

it('targetNames gives write aliases that no index can have', () => {
  expect(targetNames('orders', 'alias', 12)).toEqual({
    index: 'orders-000012',
    partition: 0,
    writeAlias: 'orders-000012-WRITE',
    readAlias: 'orders',
  });
  expect(targetNames('orders', 'index', 1, { partition: 3, fence: 7 })).toEqual({
    index: 'orders',
    partition: 3,
    writeAlias: 'orders-WRITE-P3-7',
    readAlias: null,
  });
  const { writeAlias } = targetNames('orders', 'alias', 1);
  expect(writeAlias).not.toBe(writeAlias.toLowerCase());
});

describe('targetSettings', () => {
  it('puts ours below those of the operator, however they are written', () => {
    expect(targetSettings(config({}))).toEqual({
      number_of_shards: 1,
      auto_expand_replicas: '0-1',
      refresh_interval: '1s',
      gc_deletes: '15m',
      'mapping.total_fields.ignore_dynamic_beyond_limit': true,
    });
    const own = { index: { refresh_interval: '9s' }, 'index.gc_deletes': '1h', number_of_replicas: 2 };
    expect(targetSettings(config({ settings: own }))).toMatchObject({
      refresh_interval: '9s',
      gc_deletes: '1h',
      number_of_replicas: 2,
    });
    expect(targetSettings(config({ settings: own }))).not.toHaveProperty('auto_expand_replicas');
  });

  it.each(['1m', '0', '14m', '-1'])('refuses tombstones that live for %s', (value) => {
    const settings = { index: { gc_deletes: value } };
    expect(() => targetSettings(config({ settings }))).toThrow(
      expect.objectContaining({ code: 'SINK_TARGET_INVALID' }),
    );
  });

  it('flattens without losing lists', () => {
    expect(flattenSettings({ index: { a: { b: 1 }, c: [1, 2] }, 'index.d': null })).toEqual({
      'a.b': 1,
      c: [1, 2],
      d: null,
    });
  });
});

it('targetMappings keeps the mark and asks the templates of the operator first', () => {
  const mappings = { dynamic: 'strict', _meta: { mine: 1, lockstep: 'x' }, dynamic_templates: [{ own: {} }] };
  const result = targetMappings(config({ mappings }), mark);
  expect(result).toMatchObject({ dynamic: 'strict', date_detection: false, _meta: { mine: 1, lockstep: mark } });
  expect((result.dynamic_templates as object[])[0]).toEqual({ own: {} });
});

it('targetMappings puts flattened fields beside what the operator maps', () => {
  const own = { x: { type: 'long' }, off: { enabled: false }, n: { type: 'nested' }, '': {} };
  const paths = ['x', 'x.y', 'off.y', 'n.a.b', '__proto__.c', 'new'];
  const fields = Object.fromEntries(paths.map((path) => [path, { type: 'flattened' as const }]));
  const { properties } = targetMappings(config({ mappings: { properties: own }, fields }), mark);
  const flattened = { type: 'flattened', ignore_above: 1024 };
  expect(JSON.parse(JSON.stringify(properties))).toEqual(
    JSON.parse(
      JSON.stringify({
        ...own,
        n: { type: 'nested', properties: { a: { properties: { b: flattened } } } },
        ['__proto__']: { properties: { c: flattened } },
        new: flattened,
      }),
    ),
  );
  expect(Object.keys(own)).toHaveLength(4);
});

it('throwAwayName begins like the target and is never too long', () => {
  expect(throwAwayName('orders-000001')).toMatch(/^orders-000001-check-[0-9a-f]{12}$/);
  expect(throwAwayName('a')).not.toBe(throwAwayName('a'));
  const long = throwAwayName('ü'.repeat(127));
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
  expect(long).toMatch(/^ü+-check-[0-9a-f]{12}$/);
});

describe('marks', () => {
  it('reads only whole marks', () => {
    expect(readMark({ lockstep: mark })).toEqual(mark);
    for (const meta of [undefined, null, {}, { lockstep: null }, { lockstep: { ...mark, generation: '1' } }]) {
      expect(readMark(meta)).toBeNull();
    }
  });

  it('tells every part apart', () => {
    expect(isSameMark({ ...mark, load: { refreshInterval: null } }, mark)).toBe(true);
    const others = [{ installationId: 'x' }, { connectorId: 'x' }, { binding: 'x' }, { generation: 2 }];
    for (const other of others) expect(isSameMark({ ...mark, ...other }, mark)).toBe(false);
    expect(isSameMark(null, mark)).toBe(false);
  });
});

it.each([
  ['15m', 900_000],
  ['1.5s', 1_500],
  ['750ms', 750],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['-1', -1],
  [30, 30],
  ['soon', undefined],
  [null, undefined],
])('timeValueMs(%p) is %p', (text, expected) => {
  expect(timeValueMs(text)).toBe(expected);
});

it.each([
  [undefined, '5s'],
  ['1s', '5s'],
  ['5s', null],
  ['30s', null],
  ['-1', null],
  ['odd', null],
])('loading an index that refreshes every %p sets %p', (current, expected) => {
  expect(loadRefreshInterval(current)).toBe(expected);
});

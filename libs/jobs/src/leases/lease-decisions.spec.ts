import { LockstepError } from '@lockstep/core';
import { claimDecision } from './claim-decision.js';
import { isOurs } from './lease-ownership.js';
import { partitionId } from './partition-id.js';
import { saveDecision } from './save-decision.js';

const HOLDER = { workerId: 'wrk_1', incarnation: 'a' };

describe('claim decision', () => {
  it.each([
    [null, null, 'claim'],
    [null, 'gone', 'claim'],
    [HOLDER, null, 'wait'],
    [HOLDER, 'watching', 'wait'],
    [HOLDER, 'alive', 'wait'],
    [HOLDER, 'fenced', 'takeover'],
    [HOLDER, 'gone', 'inherit'],
  ] as const)('%j, %s → %s', (lease, observation, expected) => {
    expect(claimDecision(lease, observation)).toBe(expected);
  });
});

describe('lease ownership', () => {
  it.each([
    ['the very document', { lease: HOLDER, epoch: 3 }, true],
    ['a later epoch', { lease: HOLDER, epoch: 4 }, false],
    ['another worker', { lease: { ...HOLDER, workerId: 'wrk_2' }, epoch: 3 }, false],
    ['another incarnation', { lease: { ...HOLDER, incarnation: 'b' }, epoch: 3 }, false],
    ['a released lease', { lease: null, epoch: 3 }, false],
    ['no document', undefined, false],
  ])('%s', (_name, stored, expected) => {
    expect(isOurs(stored, { holder: HOLDER, epoch: 3 })).toBe(expected);
  });
});

describe('save decision', () => {
  it.each([
    [new LockstepError('CONFIG_VERSION_CONFLICT'), 'reread'],
    [new LockstepError('SINK_UNREACHABLE'), 'reread'],
    [new LockstepError('SINK_THROTTLED'), 'reread'],
    [new LockstepError('SINK_READ_ONLY'), 'reread'],
    [new LockstepError('SINK_REQUEST_REFUSED'), 'fail'],
    [new LockstepError('SINK_TARGET_MISSING'), 'fail'],
    [new TypeError('a bug'), 'fail'],
    ['not even an error', 'fail'],
  ] as const)('%p → %s', (error, expected) => {
    expect(saveDecision(error)).toBe(expected);
  });
});

it('names a partition by connector, generation and ordinal', () => {
  expect(partitionId({ connectorId: 'con_1', generation: 2, partition: 0 })).toBe('con_1:2:0');
});

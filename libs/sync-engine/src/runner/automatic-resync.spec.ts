import type { Job } from '@lockstep/contracts';
import { isResyncAutomatic } from './automatic-resync.js';

const job = (requestedBy: Job['requestedBy'], state: Job['state']): Job => ({ requestedBy, state }) as Job;

describe('automatic resync', () => {
  it.each([
    ['nobody asked for it', 'wait', 'SOURCE_HISTORY_LOST', job('api', 'completed'), false],
    ['the history is gone', 'resync', 'SOURCE_HISTORY_LOST', job('api', 'completed'), true],
    ['its token is no longer taken', 'resync', 'SOURCE_POSITION_INVALID', job('api', 'completed'), true],
    ['the first bulk sync was too slow', 'resync', 'SOURCE_HISTORY_LOST', job('system', 'failed'), true],
    ['there is no job any more', 'resync', 'SOURCE_HISTORY_LOST', null, true],
    ['a former one has healed', 'resync', 'SOURCE_HISTORY_LOST', job('policy', 'completed'), true],
    ['a former one has failed', 'resync', 'SOURCE_HISTORY_LOST', job('policy', 'failed'), false],
    ['somebody canceled it', 'resync', 'SOURCE_HISTORY_LOST', job('policy', 'canceled'), false],
    ['a resync is asked for already', 'resync', 'SOURCE_HISTORY_LOST', job('api', 'pending'), false],
    ['it is another source', 'resync', 'SOURCE_IDENTITY_CHANGED', job('api', 'completed'), false],
    ['the target was deleted', 'resync', 'SINK_TARGET_MISSING', job('api', 'completed'), false],
  ] as const)('%s', (_, policy, code, newest, expected) => {
    expect(isResyncAutomatic({ policy, code, newest })).toBe(expected);
  });
});

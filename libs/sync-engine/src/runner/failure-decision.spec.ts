import { ERROR_CATALOGUE, LockstepError, type ErrorCode } from '@lockstep/core';
import { decideFailure, PERMANENT_RETRY_MS } from './failure-decision.js';

describe('failed sessions', () => {
  it.each<[ErrorCode, string]>([
    ['SOURCE_UNREACHABLE', 'retry'],
    ['SINK_UNREACHABLE', 'retry'],
    ['SOURCE_AUTH_FAILED', 'fail'],
    ['SOURCE_NOT_REPLICA_SET', 'fail'],
    ['SECRET_DECRYPT_FAILED', 'fail'],
    ['SOURCE_HISTORY_LOST', 'resyncRequired'],
    ['SOURCE_POSITION_INVALID', 'resyncRequired'],
    ['SOURCE_IDENTITY_CHANGED', 'resyncRequired'],
    ['SINK_TARGET_MISSING', 'resyncRequired'],
    ['STATE_CORRUPT', 'resyncRequired'],
    ['JOB_LEASE_LOST', 'leave'],
    ['JOB_ABORTED', 'leave'],
    ['INTERNAL_ERROR', 'fail'],
  ])('%s → %s', (code, kind) => {
    expect(decideFailure(new LockstepError(code), 1).kind).toBe(kind);
  });

  it('decides every code of the catalogue, and never turns a lost position into a plain retry', () => {
    for (const code of Object.keys(ERROR_CATALOGUE) as ErrorCode[]) {
      const decision = decideFailure(new LockstepError(code), 3);
      if (ERROR_CATALOGUE[code].retry === 'positionLost') expect(decision.kind).toBe('resyncRequired');
      else expect(decision.kind).not.toBe('resyncRequired');
    }
  });

  it('reopens a lost cursor at once, then backs off', () => {
    expect(decideFailure(new LockstepError('SOURCE_CURSOR_LOST'), 1)).toEqual({ kind: 'retry', delayMs: 0 });
    expect(decideFailure(new LockstepError('SOURCE_CURSOR_LOST'), 2, 0.5)).toEqual({ kind: 'retry', delayMs: 750 });
  });

  it('backs off without end and never above half a minute', () => {
    for (let attempt = 1; attempt < 1_000; attempt += 1) {
      const decision = decideFailure(new LockstepError('SOURCE_UNREACHABLE'), attempt, 0.999);
      expect(decision.kind === 'retry' && decision.delayMs > 0 && decision.delayMs <= 30_000).toBe(true);
    }
  });

  it('leaves time between attempts with credentials that were refused', () => {
    expect(decideFailure(new LockstepError('SOURCE_AUTH_FAILED'), 1)).toEqual({
      kind: 'fail',
      delayMs: PERMANENT_RETRY_MS,
    });
  });
});

import { isKillPoint, LockstepError, type KillPoint } from '@lockstep/core';

/** Ends the process when a kill point is reached for the nth time. */
export interface KillOrder {
  readonly point: KillPoint;
  /** From 1. */
  readonly nth: number;
}

const VARIABLE = 'LOCKSTEP_TEST_KILL_POINT';
const ORDER = /^([\w.]+)(?::([1-9]\d{0,5}))?$/;

/**
 * Reads `LOCKSTEP_TEST_KILL_POINT`: `<point>` or `<point>:<nth>`. Only tests set it.
 * @param env the environment; tests pass their own
 * @returns null where it is not set
 * @throws LockstepError SETTINGS_INVALID when it names no kill point: a test that kills nothing proves nothing
 */
export function readKillOrder(env: NodeJS.ProcessEnv = process.env): KillOrder | null {
  const text = env[VARIABLE];
  if (text === undefined || text === '') return null;
  const [, point = '', nth = '1'] = ORDER.exec(text) ?? [];
  if (!isKillPoint(point)) {
    throw new LockstepError('SETTINGS_INVALID', `${VARIABLE} names no kill point; unset it outside of tests`);
  }
  return { point, nth: Number(nth) };
}

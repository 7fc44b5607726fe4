import type { KillPoint } from './kill-point-catalogue.js';

type KillPointListener = (point: KillPoint) => void;

const nobody: KillPointListener = () => undefined;

/** One per process, as the process is what ends. Nobody listens but in a worker that a test is going to kill. */
let listener = nobody;

/** Says that a kill point is reached. Does nothing unless a test listens. */
export function reached(point: KillPoint): void {
  listener(point);
}

/**
 * Test only: hears of every kill point from now on, instead of whoever heard of them before.
 * @returns ends the listening
 */
export function onKillPoint(hear: KillPointListener): () => void {
  listener = hear;
  return () => {
    listener = nobody;
  };
}

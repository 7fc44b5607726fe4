import type { ServiceProcess } from '@lockstep/testing';
import type { KillLane } from './kill-lane';

/** What leads a worker to a kill point, and what has to come of it afterwards. */
export interface PreparedKill {
  /** While the doomed worker lives. */
  provoke(doomed: ServiceProcess): Promise<void>;
  /** Once the next worker has started: waits for what was under way, while the load goes on. */
  recover(): Promise<void>;
  /** While the load pauses: what else has to be true, and tidying up. */
  finish(): Promise<void>;
}

/** A way to a kill point. */
export interface KillScenario {
  /** How often the point is reached at least. */
  readonly times: number;
  /** Before the doomed worker is started; no worker runs. */
  prepare(lane: KillLane): Promise<Partial<PreparedKill>>;
}

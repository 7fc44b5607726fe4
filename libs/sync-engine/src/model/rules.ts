import type { VersionType } from './world.js';

/** How the modelled engine behaves. {@link SOUND_RULES} is what Lockstep does; everything else is a mutant. */
export interface Rules {
  /** Version of a scan write: made from H, or from the time of the read. */
  readonly scanVersion: 'h' | 'readTime';
  /** Version of a stream write: the newest event, or the time of the look-up. */
  readonly streamVersion: 'newestEvent' | 'lookUpTime';
  /** Earliest snapshot of a scan read. */
  readonly scanReads: 'atLeastH' | 'anything';
  /** Earliest snapshot of a look-up. */
  readonly lookUps: 'atLeastNewestEvent' | 'anything';
  readonly versionType: VersionType;
  /** When the position may move: behind the acknowledgement, or with the request. */
  readonly checkpoint: 'behindAcknowledgement' | 'beforeAcknowledgement';
  /** Whether scan and stream writes may be in flight together. */
  readonly turns: 'taken' | 'ignored';
  /** Where the change stream starts. */
  readonly streamStart: 'atH' | 'now';
  /** What an absent document leads to. */
  readonly absence: 'delete' | 'ignore';
  /** Whether reads and versions of a session are never older than its beginning. */
  readonly floor: 'sessionStart' | 'none';
  /** What becomes of requests that a frozen worker still has on their way when another one takes over. */
  readonly lateWrites: 'refused' | 'taken';
  /** Version of a sweep's deletion. */
  readonly sweepVersion: 'readTime' | 'none';
  /** Version of a removal by the lead: made from what its read was not older than, or from when it arrives. */
  readonly leadSweepVersion: 'readTime' | 'arrival';
}

export const SOUND_RULES: Rules = {
  scanVersion: 'h',
  streamVersion: 'newestEvent',
  scanReads: 'atLeastH',
  lookUps: 'atLeastNewestEvent',
  versionType: 'external_gte',
  checkpoint: 'behindAcknowledgement',
  turns: 'taken',
  streamStart: 'atH',
  absence: 'delete',
  floor: 'sessionStart',
  lateWrites: 'refused',
  sweepVersion: 'readTime',
  leadSweepVersion: 'readTime',
};

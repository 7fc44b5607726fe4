import type { HolderDeaths } from '@lockstep/contracts';

export interface QuarantineRules {
  /** Deaths in a row after which a partition is left alone; 0: never. */
  readonly after: number;
  /** How long a holder has to live for the deaths before it to be forgotten, milliseconds. */
  readonly trialMs: number;
}

/**
 * How a partition is taken whose holders died:
 * - `free`: like any other; one death says nothing, and a takeover must not wait
 * - `shared`: on trial, together with others of its kind
 * - `alone`: on trial, and no other suspect beside it
 * - `wait`: not now
 * - `quarantine`: not before an operator says so
 */
export type Treatment = 'free' | 'shared' | 'alone' | 'wait' | 'quarantine';

/** Deaths from which on a partition is a suspect. */
const SUSPECT_FROM = 2;

/** The last deaths that lead to a quarantine happen to a suspect that was alone on its trial. */
const ALONE_DEATHS = 2;

/** @param nowMs wall clock */
export function treatmentOf(deaths: HolderDeaths | undefined, rules: QuarantineRules, nowMs: number): Treatment {
  if (deaths === undefined || rules.after === 0) return 'free';
  if (deaths.count >= rules.after) return 'quarantine';
  if (deaths.count < SUSPECT_FROM) return 'free';
  if (waitMs(deaths, rules, nowMs) > 0) return 'wait';
  return deaths.count >= rules.after - ALONE_DEATHS ? 'alone' : 'shared';
}

/**
 * How long a suspect still waits, milliseconds: half a trial, doubled by every death. A matter of pace only: a clock that
 * is behind the one that told the death ends the wait.
 */
export function waitMs({ count, lastAt }: HolderDeaths, { trialMs }: QuarantineRules, nowMs: number): number {
  const agoMs = nowMs - Date.parse(lastAt);
  return agoMs < 0 ? 0 : Math.max(0, (trialMs / 2) * 2 ** (count - SUSPECT_FROM) - agoMs);
}

export interface BenchView {
  /** Of what the worker holds and has not yet outlived the trial of. */
  readonly onTrial: readonly Treatment[];
  /** Trials of suspects that this process has outlived. */
  readonly outlived: number;
}

/**
 * Whether a worker takes one more partition. A suspect comes after those that are none have earned their innocence, so
 * that nobody is suspected for having been beside it twice; suspects come in twos, fours, eights as they prove harmless.
 */
export function hasRoom(treatment: Treatment, { onTrial, outlived }: BenchView): boolean {
  switch (treatment) {
    case 'free':
      return true;
    case 'shared':
      return onTrial.every((other) => other === 'shared') && onTrial.length <= outlived;
    case 'alone':
      return onTrial.length === 0;
    case 'wait':
    case 'quarantine':
      return false;
  }
}

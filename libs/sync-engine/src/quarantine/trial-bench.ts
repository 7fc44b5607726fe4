import type { PartitionState } from '@lockstep/contracts';
import { LockstepError, type Clock } from '@lockstep/core';
import { withoutDeaths, type PartitionLease } from '@lockstep/jobs';
import { hasRoom, treatmentOf, waitMs, type QuarantineRules, type Treatment } from './suspicion.js';

export type TriedLease = Pick<PartitionLease, 'partition' | 'state' | 'isHeld' | 'save'>;

interface Trial {
  readonly lease: TriedLease;
  readonly treatment: Treatment;
  readonly sinceMs: number;
}

/**
 * The partitions of this worker whose holders before it died. Whoever outlives its trial is forgiven; which of several
 * kills its workers is found out by trying them apart from each other. Only when somebody may work hangs on it, never
 * what is right: leases see to that.
 */
export class TrialBench {
  private readonly trials = new Map<string, Trial>();
  private outlived = 0;

  constructor(
    private readonly rules: QuarantineRules,
    private readonly clock: Clock,
  ) {}

  /** Whether to ask for the lease of a partition. One with a holder is asked for, as nobody knows yet how that one ended. */
  admits({ lease, deaths }: Pick<PartitionState, 'lease' | 'deaths'>): boolean {
    return lease !== null || this.hasRoom(treatmentOf(deaths, this.rules, this.clock.nowMs()));
  }

  /**
   * The lease of a partition has come to this worker.
   * @returns why nobody is to work on it; null when it is to run
   */
  begin(lease: TriedLease): LockstepError | null {
    const { deaths } = lease.state;
    if (deaths === undefined) return null;
    const treatment = treatmentOf(deaths, this.rules, this.clock.nowMs());
    if (!this.hasRoom(treatment)) return this.reason(lease.state, treatment);
    this.trials.set(lease.partition, { lease, treatment, sinceMs: this.clock.monotonicMs() });
    return null;
  }

  /** Forgives what has been held long enough. @throws LockstepError what kept the state from being saved */
  async look(): Promise<void> {
    for (const [partition, { lease, treatment, sinceMs }] of this.trials) {
      if (lease.isHeld()) {
        if (this.clock.monotonicMs() - sinceMs < this.rules.trialMs) continue;
        await lease.save(withoutDeaths);
        if (treatment !== 'free') this.outlived += 1;
      }
      this.trials.delete(partition);
    }
  }

  private hasRoom(treatment: Treatment): boolean {
    const onTrial = [...this.trials.values()].filter(({ lease }) => lease.isHeld());
    return hasRoom(treatment, { onTrial: onTrial.map((trial) => trial.treatment), outlived: this.outlived });
  }

  private reason({ deaths }: PartitionState, treatment: Treatment): LockstepError {
    const died = `${deaths?.count ?? 0} workers died in a row while they held it`;
    if (treatment === 'quarantine') return new LockstepError('CONNECTOR_QUARANTINED', died);
    const retryAfterMs = deaths === undefined ? 0 : waitMs(deaths, this.rules, this.clock.nowMs());
    return new LockstepError('CONNECTOR_SUSPECTED', died, { retryAfterMs });
  }
}

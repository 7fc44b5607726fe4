import { setTimeout as delay } from 'node:timers/promises';
import { FAULT_KINDS, type FaultKind, type FaultRound, type PlannedFault } from '@lockstep/testing';
import { FAULT_RULES } from './fault-actions';
import type { SoakRig } from './soak-rig';

/** Plays rounds of faults against a rig, one line per fault, and counts them. */
export class FaultPlayer {
  readonly injected = new Map<FaultKind, number>();
  /** Faults of the plan that met one of the same place, or could not be brought about. */
  skipped = 0;
  private readonly busy = new Set<string>();
  private readonly startedMs = performance.now();

  constructor(
    private readonly rig: SoakRig,
    private readonly tell: (line: string) => void,
  ) {}

  get total(): number {
    return [...this.injected.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Plays a round; on return every fault of it is over. */
  async play(round: FaultRound): Promise<void> {
    const startedMs = performance.now();
    const running: Promise<void>[] = [];
    for (const fault of round) {
      await delay(Math.max(0, startedMs + fault.atMs - performance.now()));
      running.push(this.inject(fault));
    }
    await Promise.all(running);
  }

  private async inject(fault: PlannedFault): Promise<void> {
    const { title, subject } = FAULT_KINDS[fault.kind];
    const { place, act } = FAULT_RULES[fault.kind];
    const key = `${place}:${fault.subject}`;
    const at = ((performance.now() - this.startedMs) / 1_000).toFixed(1).padStart(7);
    const what = `${at} s  ${`${subject} ${fault.subject}`.padEnd(16)} ${title}`;
    const long = fault.durationMs > 0 ? ` (${fault.durationMs} ms)` : '';
    if (this.busy.has(key)) {
      this.skipped += 1;
      return;
    }
    this.busy.add(key);
    try {
      this.tell(`${what}${long}`);
      await act(this.rig, fault);
      this.injected.set(fault.kind, (this.injected.get(fault.kind) ?? 0) + 1);
    } catch (error) {
      this.skipped += 1;
      this.tell(`${what}: not brought about, ${(error as Error).message}`);
    } finally {
      this.busy.delete(key);
    }
  }
}

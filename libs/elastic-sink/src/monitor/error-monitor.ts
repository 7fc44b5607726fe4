import type { ErrorMonitorConfig } from '@lockstep/contracts';

export interface RefusalCause {
  readonly errorType: string;
  readonly field: string | null;
}

/** What stopped a run. */
type Limit = 'consecutive' | 'ratio' | 'total';

const MAX_CAUSES = 100;
const TOP_CAUSES = 3;

/**
 * Sees what becomes of each document and says when so many are refused that a person should look
 * before the rest is refused too. No I/O. The ratio counts once the window is full: three documents
 * of which one is refused say nothing.
 */
export class ErrorMonitor {
  private readonly window: Uint8Array;
  private position = 0;
  private seen = 0;
  private refusedInWindow = 0;
  private inRow = 0;
  private refusedTotal = 0;
  private tripped: Limit | null = null;
  private readonly causes = new Map<string, number>();

  constructor(private readonly limits: ErrorMonitorConfig) {
    this.window = new Uint8Array(limits.window);
  }

  /** `count` documents in a row were taken. */
  accept(count: number): void {
    if (count === 0) return;
    this.inRow = 0;
    this.seen += count;
    if (this.refusedInWindow === 0) return;
    for (let i = Math.min(count, this.window.length); i > 0; i--) this.push(0);
  }

  refuse(cause: RefusalCause): void {
    this.inRow++;
    this.seen++;
    this.refusedTotal++;
    this.push(1);
    const key = cause.field === null ? cause.errorType : `${cause.errorType} in field ${cause.field}`;
    if (this.causes.has(key) || this.causes.size < MAX_CAUSES) this.causes.set(key, (this.causes.get(key) ?? 0) + 1);
    this.tripped ??= this.judge();
  }

  /**
   * What stops the run, for people: counts, error types and field names, never a value. Null while
   * all is well.
   */
  summary(): string | null {
    if (this.tripped === null) return null;
    const causes = [...this.causes.entries()]
      .sort((a, b) => b[1] - a[1])
      .slice(0, TOP_CAUSES)
      .map(([cause, count]) => `${cause} (${count})`);
    return `${this.describe(this.tripped)}, ${this.refusedTotal} in this run: ${causes.join(', ')}`;
  }

  /** Begins again: for a run that is started anew. */
  reset(): void {
    this.window.fill(0);
    this.position = this.seen = this.refusedInWindow = this.inRow = this.refusedTotal = 0;
    this.tripped = null;
    this.causes.clear();
  }

  private push(refused: 0 | 1): void {
    this.refusedInWindow += refused - (this.window[this.position] ?? 0);
    this.window[this.position] = refused;
    this.position = (this.position + 1) % this.window.length;
  }

  private describe(limit: Limit): string {
    const { consecutive, ratio, window, total } = this.limits;
    switch (limit) {
      case 'consecutive':
        return `${consecutive} documents in a row were refused`;
      case 'ratio':
        return `more than ${Math.round(ratio * 1_000) / 10} % of the last ${window} documents were refused`;
      case 'total':
        return `the limit of ${total ?? 0} refused documents is reached`;
    }
  }

  private judge(): Limit | null {
    const { consecutive, ratio, window, total } = this.limits;
    if (this.inRow >= consecutive) return 'consecutive';
    if (this.seen >= window && this.refusedInWindow > ratio * window) return 'ratio';
    return total !== null && this.refusedTotal >= total ? 'total' : null;
  }
}

export interface ErrorMonitorLimits {
  /** Refusals in a row that stop a run. */
  readonly maxInRow: number;
  /** Share of refusals among the last `windowDocs` that stops a run, 0 … 1. */
  readonly maxRatio: number;
  readonly windowDocs: number;
}

export interface RefusalCause {
  readonly errorType: string;
  readonly field: string | null;
}

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
  private tripped: 'inRow' | 'ratio' | null = null;
  private readonly causes = new Map<string, number>();

  constructor(private readonly limits: ErrorMonitorLimits) {
    this.window = new Uint8Array(limits.windowDocs);
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
    const what =
      this.tripped === 'inRow'
        ? `${this.limits.maxInRow} documents in a row were refused`
        : `more than ${Math.round(this.limits.maxRatio * 100)} % of the last ${this.limits.windowDocs} documents were refused`;
    const causes = [...this.causes.entries()]
      .sort((a, b) => b[1] - a[1])
      .slice(0, TOP_CAUSES)
      .map(([cause, count]) => `${cause} (${count})`);
    return `${what}, ${this.refusedTotal} in this run: ${causes.join(', ')}`;
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

  private judge(): 'inRow' | 'ratio' | null {
    if (this.inRow >= this.limits.maxInRow) return 'inRow';
    const isFull = this.seen >= this.window.length;
    return isFull && this.refusedInWindow > this.limits.maxRatio * this.window.length ? 'ratio' : null;
  }
}

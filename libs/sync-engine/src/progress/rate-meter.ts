interface Sample {
  readonly atMs: number;
  readonly total: number;
}

/** Rate of a growing count over the last seconds, from a few samples. */
export class RateMeter {
  private samples: Sample[] = [];

  /** @param windowMs how far back the rate looks, milliseconds */
  constructor(private readonly windowMs = 10_000) {}

  record(atMs: number, total: number): void {
    this.samples.push({ atMs, total });
    while (this.samples.length > 2 && (this.samples[1]?.atMs ?? atMs) < atMs - this.windowMs) this.samples.shift();
  }

  /** Per second; null until two samples stand apart. */
  perSecond(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (first === undefined || last === undefined || last.atMs - first.atMs < 500) return null;
    return ((last.total - first.total) * 1_000) / (last.atMs - first.atMs);
  }
}

/** Seconds that are left at this rate; null where nothing can be said. */
export function etaSeconds(done: number, total: number | null, ratePerSecond: number | null): number | null {
  if (total === null || ratePerSecond === null || ratePerSecond <= 0) return null;
  return Math.ceil(Math.max(0, total - done) / ratePerSecond);
}

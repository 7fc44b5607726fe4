const FLOOR_BYTES = 64 * 1_024;

/** How large bulk bodies may be right now: halves when Elasticsearch is overloaded, recovers slowly. */
export class BulkSizer {
  private currentBytes: number;

  constructor(private readonly ceilingBytes: number) {
    this.currentBytes = ceilingBytes;
  }

  get maxBytes(): number {
    return this.currentBytes;
  }

  /** @param sentBytes size of the request that was too much */
  shrink(sentBytes: number): void {
    this.currentBytes = Math.max(FLOOR_BYTES, Math.floor(Math.min(this.currentBytes, sentBytes) / 2));
  }

  grow(): void {
    if (this.currentBytes < this.ceilingBytes) {
      this.currentBytes = Math.min(this.ceilingBytes, Math.ceil(this.currentBytes * 1.25));
    }
  }
}

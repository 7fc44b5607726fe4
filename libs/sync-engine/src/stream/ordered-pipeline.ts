/** Work that is under way. */
interface Entry {
  readonly ids: ReadonlySet<string>;
  readonly done: Promise<void>;
}

/**
 * Runs batches side by side, never with one id in two of them, and acknowledges them in the order in which
 * they came: the low watermark of what is fully acknowledged.
 */
export class OrderedPipeline {
  private readonly entries: Entry[] = [];
  private lastAcknowledged: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | null = null;

  constructor(private readonly maxInFlight: number) {}

  /**
   * Starts `work` as soon as there is room and none of its ids is under way; returns once it is started.
   * `onAcknowledged` is called when it and everything before it is done.
   * @throws the first failure of any earlier work
   */
  async submit(ids: ReadonlySet<string>, work: () => Promise<void>, onAcknowledged: () => void): Promise<void> {
    let blocker = this.blocker(ids);
    while (blocker !== undefined) {
      await blocker.done;
      blocker = this.blocker(ids);
    }
    this.throwFailure();
    const previous = this.lastAcknowledged;
    const running = work();
    const done = running
      .then(
        () => undefined,
        (error: unknown) => this.fail(error),
      )
      .then(() => {
        this.entries.splice(this.entries.indexOf(entry), 1);
      });
    const entry: Entry = { ids, done };
    this.entries.push(entry);
    this.lastAcknowledged = Promise.all([previous, done]).then(() => {
      if (this.failure === null) onAcknowledged();
    });
  }

  /** Waits for everything that was submitted. @throws the first failure */
  async drain(): Promise<void> {
    await this.lastAcknowledged;
    this.throwFailure();
  }

  private blocker(ids: ReadonlySet<string>): Entry | undefined {
    if (this.entries.length >= this.maxInFlight) return this.entries[0];
    return this.entries.find((entry) => sharesAnId(entry.ids, ids));
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
  }

  private throwFailure(): void {
    if (this.failure !== null) throw this.failure.error;
  }
}

function sharesAnId(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  for (const id of small) if (large.has(id)) return true;
  return false;
}

/** Work that is under way. */
interface Entry {
  readonly ids: ReadonlySet<string>;
  readonly done: Promise<unknown>;
}

/** What became of one piece of work. */
type Outcome<T> = { readonly isDone: true; readonly result: T } | { readonly isDone: false };

/**
 * Runs batches side by side, never with one id in two of them, and acknowledges them in the order in which
 * they came: the low watermark of what is fully acknowledged.
 */
export class OrderedPipeline {
  private readonly entries: Entry[] = [];
  /** Whether everything so far is acknowledged. */
  private lastAcknowledged: Promise<boolean> = Promise.resolve(true);
  private failure: { readonly error: unknown } | null = null;

  constructor(private readonly maxInFlight: number) {}

  /**
   * Starts `work` as soon as there is room and none of its ids is under way; returns once it is started.
   * `onAcknowledged` is called with its result when it and everything before it is done, whatever becomes of what
   * comes behind it.
   * @throws the first failure of any earlier work
   */
  async submit<T>(
    ids: ReadonlySet<string>,
    work: () => Promise<T>,
    onAcknowledged: (result: T) => void,
  ): Promise<void> {
    let blocker = this.blocker(ids);
    while (blocker !== undefined) {
      await blocker.done;
      blocker = this.blocker(ids);
    }
    this.throwFailure();
    const previous = this.lastAcknowledged;
    const done = this.outcome(work()).then((outcome) => {
      this.entries.splice(this.entries.indexOf(entry), 1);
      return outcome;
    });
    const entry: Entry = { ids, done };
    this.entries.push(entry);
    this.lastAcknowledged = Promise.all([previous, done]).then(([isUnbroken, outcome]) => {
      if (!isUnbroken || !outcome.isDone) return false;
      onAcknowledged(outcome.result);
      return true;
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

  private async outcome<T>(running: Promise<T>): Promise<Outcome<T>> {
    try {
      return { isDone: true, result: await running };
    } catch (error) {
      this.failure ??= { error };
      return { isDone: false };
    }
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

import { httpJson, LeaseLedger, type SeenLease } from '@lockstep/testing';

interface StoredState extends SeenLease {
  /** Of the first partition of a generation; absent for one. */
  readonly partitionCount?: number;
}

interface StoredGeneration {
  readonly number: number;
  readonly state: string;
}

interface StoredPlan {
  readonly plan: { readonly generations: readonly StoredGeneration[] };
}

interface StoredAnswer<T> {
  readonly _id: string;
  readonly found: boolean;
  readonly _source: T;
}

const LOOK_MS = 200;
/** Nobody holds a generation in one of these states for long. */
const AT_REST = ['retired', 'discarding'];
/** What a connector has that was never filled anew. */
const FIRST: StoredGeneration = { number: 1, state: 'serving' };

/** Watches the leases of every partition of every generation that connectors have. */
export class LeaseWatch {
  readonly ledger = new LeaseLedger();
  /** All that were ever found. */
  readonly seen = new Set<string>();
  /** The most parts that a generation was seen to have, by its name. */
  private readonly parts = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;
  private isLooking = false;

  constructor(
    private readonly stateUrl: string,
    private readonly connectorIds: readonly string[],
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.lookOnce(), LOOK_MS);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** One look at a time: an older answer must not come behind a newer one. */
  private async lookOnce(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    // Elasticsearch is away now and then.
    await this.look().catch(() => undefined);
    this.isLooking = false;
  }

  private async look(): Promise<void> {
    const states = await this.generations();
    const ids = [...states.keys()].flatMap((name) =>
      Array.from({ length: this.parts.get(name) ?? 1 }, (_, part) => `${name}:${part}`),
    );
    for (const known of this.ledger.partitions) if (!ids.includes(known)) this.ledger.forget(known);
    const counts = new Map<string, number>();
    for (const { _id: id, found, _source: stored } of await this.read<StoredState>(ids)) {
      const [name, part] = split(id);
      const state = states.get(name)!;
      // It is deleted before its generation leaves the plan. Any other one that vanishes may only come back as it was.
      if (!found && state === 'discarding') this.ledger.forget(id);
      if (!found) continue;
      if (part === 0) counts.set(name, stored.partitionCount ?? 1);
      this.seen.add(id);
      const isAtRest = AT_REST.includes(state) || part >= (counts.get(name) ?? 1);
      this.ledger.saw({ id, isAtRest, stored }, performance.now());
    }
    for (const [name, count] of counts) this.parts.set(name, Math.max(count, this.parts.get(name) ?? 1));
  }

  /** States of all generations by `<connector>:<number>`. */
  private async generations(): Promise<ReadonlyMap<string, string>> {
    const plans = await this.read<StoredPlan>(this.connectorIds.map((id) => `${id}:generations`));
    return new Map(
      plans.flatMap(({ found, _source }, at) =>
        (found ? _source.plan.generations : [FIRST]).map(
          ({ number, state }) => [`${this.connectorIds[at]}:${number}`, state] as const,
        ),
      ),
    );
  }

  /** As of now, in the order of the ids. */
  private async read<T>(ids: readonly string[]): Promise<readonly StoredAnswer<T>[]> {
    const answer = await httpJson(`${this.stateUrl}/_mget`, { body: { ids }, timeoutMs: 2_000 });
    if (answer.status !== 200) throw new Error(`the state of leases: ${answer.status}`);
    return answer.body.docs as StoredAnswer<T>[];
  }
}

/** Name of the generation, and which part of it. */
function split(id: string): readonly [string, number] {
  const at = id.lastIndexOf(':');
  return [id.slice(0, at), Number(id.slice(at + 1))];
}

/** What another living worker holds, by its last heartbeat. */
export interface WorkerLoad {
  readonly workerId: string;
  /** Partitions. */
  readonly held: number;
}

/** How the partitions that there is work for are spread over the living workers, as one of them sees it. */
export interface ShareView {
  readonly own: WorkerLoad;
  readonly others: readonly WorkerLoad[];
  /** Partitions that there is work for, held or not. */
  readonly wanted: number;
}

/**
 * Whether the worker takes one more partition that nobody holds: below the even share always, up to it rounded up
 * while no other worker holds fewer.
 */
export function mayClaim({ own, others, wanted }: ShareView): boolean {
  const { least, most } = evenShare(others.length + 1, wanted);
  if (own.held < least) return true;
  return own.held < most && others.every(({ held }) => held >= own.held);
}

/**
 * How many partitions the worker gives back, so that others can take them. Loads of others are some seconds old:
 * no worker goes below the even share by them, and of several that could help another one only the first does.
 */
export function excess({ own, others, wanted }: ShareView): number {
  const { least, most } = evenShare(others.length + 1, wanted);
  if (own.held > most) return own.held - most;
  if (own.held <= least || others.every(({ held }) => held >= least)) return 0;
  const isFirst = others.every(({ workerId, held }) => held < own.held || workerId > own.workerId);
  return isFirst ? 1 : 0;
}

function evenShare(workers: number, wanted: number): { readonly least: number; readonly most: number } {
  return { least: Math.floor(wanted / workers), most: Math.ceil(wanted / workers) };
}

import type { TargetLayout } from '@lockstep/contracts';

export interface TargetNames {
  /** The concrete index. */
  readonly index: string;
  /** Ordinal of the partition that the write alias is for. */
  readonly partition: number;
  readonly writeAlias: string;
  /** Null in the layout `index`, where the index has the name itself. */
  readonly readAlias: string | null;
}

/**
 * The write alias ends in upper case on purpose. Index names are lower case only, alias names are not:
 * so no index can ever have this name. That matters because Elasticsearch creates a missing index
 * for a delete with an external version even under `require_alias`.
 */
const WRITE_SUFFIX = '-WRITE';

/** Who writes: each partition has a write alias of its own. */
export interface TargetWriter {
  readonly partition: number;
  /** 0 while the lease was never taken over. */
  readonly fence: number;
}

export function targetNames(
  name: string,
  layout: TargetLayout,
  generation: number,
  writer: TargetWriter = { partition: 0, fence: 0 },
): TargetNames {
  const index = layout === 'alias' ? `${name}-${String(generation).padStart(6, '0')}` : name;
  const { partition, fence } = writer;
  const writeAlias = `${writeHead(index, partition)}${fence === 0 ? '' : `-${fence}`}`;
  return { index, partition, writeAlias, readAlias: layout === 'alias' ? name : null };
}

function writeHead(index: string, partition: number): string {
  return `${index}${WRITE_SUFFIX}${partition === 0 ? '' : `-P${partition}`}`;
}

/** Whether an alias of the index is the write alias of some partition, with any fence. */
export function isWriteAlias(index: string, alias: string): boolean {
  return (
    alias.startsWith(`${index}${WRITE_SUFFIX}`) &&
    /^(-P[1-9]\d*)?(-[1-9]\d*)?$/.test(alias.slice(index.length + WRITE_SUFFIX.length))
  );
}

/** The fence in the name of a write alias of the partition; null for any other alias. */
export function fenceOf({ index, partition }: Pick<TargetNames, 'index' | 'partition'>, alias: string): number | null {
  const head = writeHead(index, partition);
  if (alias === head) return 0;
  const digits = alias.startsWith(`${head}-`) ? alias.slice(head.length + 1) : '';
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : null;
}

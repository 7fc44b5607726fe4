import type { DropPolicy, HistoryLossPolicy } from '@lockstep/contracts';
import type { Choice } from '../shell/choice-field.js';

/** What the source of a connector can be told beyond what is read. */
export interface SourceOptions {
  /** As it was typed; 1 … 32. */
  readonly partitions: string;
  readonly onDrop: DropPolicy;
  readonly onHistoryLost: HistoryLossPolicy;
}

export type SourceOption = keyof SourceOptions;

/** The defaults of the API. */
export const DEFAULT_SOURCE_OPTIONS: SourceOptions = { partitions: '1', onDrop: 'keep', onHistoryLost: 'wait' };

export const SOURCE_OPTION_LABELS: Readonly<Record<SourceOption, string>> = {
  partitions: 'Partitions',
  onDrop: 'When a collection is dropped, renamed or made anew',
  onHistoryLost: 'When the change history is lost',
};

export const DROP_CHOICES: readonly Choice<DropPolicy>[] = [
  {
    value: 'keep',
    label: 'Keep its documents',
    hint: 'The target stays as it is, and the connector asks for attention. A resync takes the collection up again.',
  },
  {
    value: 'follow',
    label: 'Follow its name',
    hint: 'The target stays until a collection bears the name again, which is then read into it.',
  },
  {
    value: 'empty',
    label: 'Follow its name, and empty the target',
    hint: 'As above; and while no collection bears the name, what was dropped is removed, without a confirmation.',
  },
];

export const HISTORY_LOSS_CHOICES: readonly Choice<HistoryLossPolicy>[] = [
  {
    value: 'wait',
    label: 'Wait for a person',
    hint: 'The connector asks for a resync, and does nothing until somebody starts it.',
  },
  {
    value: 'resync',
    label: 'Resync by itself',
    hint: 'Everything is read again into new indices, which then take the place of the old ones. If that fails, it waits for a person.',
  },
];

const MAX_PARTITIONS = 32;

/** What is wrong with a number of partitions as it was typed; undefined when nothing is. */
export function partitionsProblem(text: string): string | undefined {
  const count = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  return count >= 1 && count <= MAX_PARTITIONS ? undefined : `A whole number from 1 to ${String(MAX_PARTITIONS)}.`;
}

/** The members of `source` in a request body; those that are at their default are left out. */
export function sourceOptionsBody({ partitions, onDrop, onHistoryLost }: SourceOptions): object {
  const count = Number(partitions);
  return {
    ...(onDrop === DEFAULT_SOURCE_OPTIONS.onDrop ? {} : { onDrop }),
    ...(onHistoryLost === DEFAULT_SOURCE_OPTIONS.onHistoryLost ? {} : { onHistoryLost }),
    ...(count === Number(DEFAULT_SOURCE_OPTIONS.partitions) ? {} : { partitions: count }),
  };
}

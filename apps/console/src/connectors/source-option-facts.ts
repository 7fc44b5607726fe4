import type { SourceConfig } from '@lockstep/contracts';
import type { Choice } from '../shell/choice-field.js';
import { DEFAULT_SOURCE_OPTIONS, DROP_CHOICES, HISTORY_LOSS_CHOICES, type SourceOption } from './source-options.js';

export interface SourceOptionFact {
  readonly label: string;
  /** What the form calls it; empty for a number. */
  readonly words: string;
  /** As the API has it. */
  readonly value: string;
}

type Options = Omit<SourceConfig, 'uri' | 'database' | 'collections'>;

export interface ShownSourceOptions {
  readonly facts: readonly SourceOptionFact[];
  /** Everything else, defaults included. */
  readonly rest: Partial<Options>;
}

const FACT_LABELS: Readonly<Record<SourceOption, string>> = {
  partitions: 'Partitions',
  onDrop: 'Dropped collections',
  onHistoryLost: 'Lost history',
};

/** The options of a source that are not at their default, in words. */
export function sourceOptionFacts(options: Options): ShownSourceOptions {
  const wordsOf: Readonly<Record<SourceOption, string>> = {
    partitions: '',
    onDrop: labelOf(DROP_CHOICES, options.onDrop),
    onHistoryLost: labelOf(HISTORY_LOSS_CHOICES, options.onHistoryLost),
  };
  const set = (Object.keys(FACT_LABELS) as SourceOption[]).filter(
    (option) => options[option] !== undefined && String(options[option]) !== DEFAULT_SOURCE_OPTIONS[option],
  );
  const rest = Object.entries(options).filter(([key]) => !(set as string[]).includes(key));
  return {
    facts: set.map((key) => ({ label: FACT_LABELS[key], words: wordsOf[key], value: String(options[key]) })),
    rest: Object.fromEntries(rest),
  };
}

function labelOf<Value extends string>(choices: readonly Choice<Value>[], value: Value | undefined): string {
  return choices.find((choice) => choice.value === value)?.label ?? '';
}

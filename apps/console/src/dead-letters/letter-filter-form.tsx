import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { DeadLetterView, LetterState } from '../api/views.js';
import { LETTER_STATE_WORDS } from '../shell/tone.js';
import type { LetterFilter } from './letter-filter.js';

export interface LetterFilterFormProps {
  readonly filter: LetterFilter;
  /** What is shown now: its error types and fields are proposed. */
  readonly letters: readonly DeadLetterView[];
  readonly onFilter: (filter: LetterFilter) => void;
}

const STATES = Object.keys(LETTER_STATE_WORDS) as readonly LetterState[];

/** State, error type and field; takes effect on Enter or when a field is left. */
export function LetterFilterForm({ filter, letters, onFilter }: LetterFilterFormProps): VNode {
  const apply = (change: Partial<LetterFilter>): void => {
    const next = { ...filter, ...change };
    if (JSON.stringify(next) !== JSON.stringify(filter)) onFilter(next);
  };
  return (
    <form class="filter-row" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
      <label>
        State
        <select value={filter.state} onChange={(event) => apply({ state: event.currentTarget.value as LetterState })}>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {LETTER_STATE_WORDS[state].label}
            </option>
          ))}
        </select>
      </label>
      <FilterText
        label="Error type"
        value={filter.errorType}
        proposals={letters.map(({ errorType }) => errorType)}
        onValue={(errorType) => apply({ errorType })}
      />
      <FilterText
        label="Field"
        value={filter.field}
        proposals={letters.flatMap(({ field }) => field ?? [])}
        onValue={(field) => apply({ field })}
      />
    </form>
  );
}

interface FilterTextProps {
  readonly label: string;
  readonly value: string;
  readonly proposals: readonly string[];
  readonly onValue: (value: string) => void;
}

function FilterText({ label, value, proposals, onValue }: FilterTextProps): VNode {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const listId = `filter-${label.toLowerCase().replace(' ', '-')}`;
  return (
    <label>
      {label}
      <input
        type="search"
        placeholder="any"
        autocomplete="off"
        spellcheck={false}
        list={listId}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={() => onValue(text.trim())}
      />
      <datalist id={listId}>
        {[...new Set(proposals)].sort().map((proposal) => (
          <option key={proposal} value={proposal} />
        ))}
      </datalist>
    </label>
  );
}

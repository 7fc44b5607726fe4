import type { VNode } from 'preact';
import type { DeadLetterView } from '../api/views.js';
import { formatCount } from '../format/number.js';
import { Ago } from '../shell/ago.js';
import { CodeLink } from '../shell/code-link.js';
import { LetterBadge } from './letter-badge.js';

export interface LetterTableProps {
  readonly letters: readonly DeadLetterView[];
  readonly selected: ReadonlySet<string>;
  readonly isSelectable: boolean;
  readonly isBusy: boolean;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onInspect: (letter: DeadLetterView) => void;
  readonly onRetry: (letter: DeadLetterView) => void;
  readonly onDiscard: (letter: DeadLetterView) => void;
}

/** One line per refused document. */
export function LetterTable(props: LetterTableProps): VNode {
  const { letters, selected, isSelectable, onSelect } = props;
  const isAll = letters.every(({ id }) => selected.has(id));
  const toggle = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    <div class="table-scroll">
      {isSelectable && (
        <label class="check select-all">
          <input
            type="checkbox"
            checked={isAll}
            onChange={() => onSelect(new Set(isAll ? [] : letters.map(({ id }) => id)))}
          />
          Select all that are shown
        </label>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Document</th>
            <th scope="col">Cause</th>
            <th scope="col">Refused</th>
            <th scope="col">State</th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <LetterRow
              key={letter.id}
              {...props}
              letter={letter}
              isSelected={selected.has(letter.id)}
              onToggle={() => toggle(letter.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LetterRowProps extends Omit<LetterTableProps, 'letters' | 'selected' | 'onSelect'> {
  readonly letter: DeadLetterView;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
}

function LetterRow({ letter, isSelectable, isSelected, isBusy, onToggle, ...on }: LetterRowProps): VNode {
  const { documentId, namespace, errorType, code, field, seenCount, lastSeenAt } = letter;
  return (
    <tr data-letter={letter.id}>
      <th scope="row" data-label="Document">
        <span class="letter-name">
          {isSelectable && (
            <input type="checkbox" aria-label={`Select ${documentId}`} checked={isSelected} onChange={onToggle} />
          )}
          <span class="mono clip" title={documentId}>
            {documentId}
          </span>
        </span>
        <span class="sub mono">{namespace}</span>
      </th>
      <td data-label="Cause">
        <span>
          <span class="mono wrap">{errorType}</span> {code !== errorType && <CodeLink code={code} />}
        </span>
        <span class="sub">{field === null ? 'field not known' : <span class="mono wrap">{field}</span>}</span>
      </td>
      <td data-label="Refused">
        <Ago at={lastSeenAt} />
        <span class="sub">{seenCount === 1 ? 'once' : `${formatCount(seenCount)} times`}</span>
      </td>
      <td data-label="State">
        <LetterBadge letter={letter} />
      </td>
      <td class="actions">
        <div class="buttons">
          <button
            type="button"
            class="small quiet"
            aria-label={`Inspect ${documentId}`}
            onClick={() => on.onInspect(letter)}
          >
            Inspect
          </button>
          {letter.state === 'open' && (
            <>
              <button
                type="button"
                class="small quiet"
                disabled={isBusy || letter.retry !== null}
                aria-label={`Retry ${documentId}`}
                onClick={() => on.onRetry(letter)}
              >
                Retry
              </button>
              <button
                type="button"
                class="small quiet danger-text"
                disabled={isBusy}
                aria-label={`Discard ${documentId}`}
                onClick={() => on.onDiscard(letter)}
              >
                Discard
              </button>
            </>
          )}
        </div>
      </td>
    </tr>
  );
}

import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { DeadLetterView } from '../api/views.js';
import { Section } from '../shell/section.js';
import { DiscardDialog } from './discard-dialog.js';
import { ExportLink } from './export-link.js';
import { LetterDialog } from './letter-dialog.js';
import type { LetterFilter } from './letter-filter.js';
import { LetterFilterForm } from './letter-filter-form.js';
import { LetterListFrame } from './letter-list-frame.js';
import { LetterTable } from './letter-table.js';
import { LetterToolbar } from './letter-toolbar.js';
import { useLetterCommands, type LetterTarget } from './use-letter-commands.js';
import { useLetterList } from './use-letter-list.js';

export interface LetterSectionProps {
  readonly connectorId: string;
  /** Retries are made while the connector runs. */
  readonly isRunning: boolean;
  readonly filter: LetterFilter;
  readonly onFilter: (filter: LetterFilter) => void;
}

/** The list, its filter, and what can be done with one, some or all of it. */
export function LetterSection({ connectorId, isRunning, filter, onFilter }: LetterSectionProps): VNode {
  const { list, reload, more } = useLetterList(connectorId, filter);
  const commands = useLetterCommands(connectorId);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [inspected, setInspected] = useState<string | null>(null);
  const [discarding, setDiscarding] = useState<LetterTarget | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => setSelected(new Set()), [filter]);
  const ids = list.letters.filter(({ id }) => selected.has(id)).map(({ id }) => id);
  const inspectedLetter = list.letters.find(({ id }) => id === inspected);
  const run = async (work: Promise<void>): Promise<void> => {
    setIsBusy(true);
    setSelected(new Set());
    await work;
    await reload();
    setIsBusy(false);
  };
  const retry = (target: LetterTarget): void => void run(commands.retry(target));
  const one = ({ id }: DeadLetterView): LetterTarget => ({ kind: 'some', ids: [id] });
  return (
    <Section
      id="dead-letters"
      title="Dead letters"
      note="documents that were refused"
      actions={<ExportLink connectorId={connectorId} filter={filter} />}
    >
      <LetterFilterForm filter={filter} letters={list.letters} onFilter={onFilter} />
      {filter.state === 'open' && list.letters.length > 0 && (
        <LetterToolbar
          filter={filter}
          selectedIds={ids}
          isBusy={isBusy}
          isRunning={isRunning}
          onRetry={retry}
          onDiscard={setDiscarding}
        />
      )}
      <LetterListFrame list={list} filter={filter} onFilter={onFilter} onRetry={() => void reload()}>
        <LetterTable
          letters={list.letters}
          selected={selected}
          isSelectable={filter.state === 'open'}
          isBusy={isBusy}
          onSelect={setSelected}
          onInspect={(letter) => setInspected(letter.id)}
          onRetry={(letter) => retry(one(letter))}
          onDiscard={(letter) => setDiscarding(one(letter))}
        />
        {list.nextPageToken !== null && (
          <button type="button" class="small quiet more" onClick={() => void more()}>
            Show more
          </button>
        )}
      </LetterListFrame>
      {inspectedLetter !== undefined && discarding === null && (
        <LetterDialog
          letter={inspectedLetter}
          onRetry={() => retry(one(inspectedLetter))}
          onDiscard={() => setDiscarding(one(inspectedLetter))}
          onClose={() => setInspected(null)}
        />
      )}
      {discarding !== null && (
        <DiscardDialog
          target={discarding}
          onDiscard={(reason) => void run(commands.discard(discarding, reason))}
          onClose={() => setDiscarding(null)}
        />
      )}
    </Section>
  );
}

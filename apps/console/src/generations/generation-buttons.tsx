import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ConnectorView, GenerationView, JobView } from '../api/views.js';
import { JobButtons } from '../jobs/job-buttons.js';
import { Ago } from '../shell/ago.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { useGenerationCommands } from './use-generation-commands.js';

export interface GenerationButtonsProps {
  readonly connector: ConnectorView;
  readonly generation: GenerationView;
  /** The job that brings it to serve. */
  readonly job: JobView | null;
  /** A rollback now would return to it. */
  readonly canReturn: boolean;
  /** Told when something was asked for. */
  readonly onAsked: () => Promise<void>;
}

/** What can be asked of one generation. Everything asks first. */
export function GenerationButtons({ connector, generation, job, canReturn, onAsked }: GenerationButtonsProps): VNode {
  const commands = useGenerationCommands(connector);
  const [asked, setAsked] = useState<'rollback' | 'delete' | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const subject = `generation ${String(generation.number)} of ${connector.name}`;
  const run = async (work: Promise<void>): Promise<void> => {
    setIsBusy(true);
    await work;
    await onAsked();
    setIsBusy(false);
  };
  if (job !== null) return <JobButtons job={job} subject={subject} />;
  if (generation.state !== 'retired') return <div class="buttons" />;
  return (
    <div class="buttons">
      {canReturn && (
        <button
          type="button"
          class="small quiet"
          disabled={isBusy}
          aria-label={`Roll back to ${subject}`}
          onClick={() => setAsked('rollback')}
        >
          Roll back
        </button>
      )}
      <button
        type="button"
        class="small quiet danger-text"
        disabled={isBusy}
        aria-label={`Delete ${subject}`}
        onClick={() => setAsked('delete')}
      >
        Delete
      </button>
      {asked === 'rollback' && (
        <ConfirmDialog
          title={`Roll back to generation ${String(generation.number)}?`}
          action="Roll back"
          onConfirm={() => void run(commands.rollBack(generation))}
          onClose={() => setAsked(null)}
        >
          <p>
            It takes the place of the one that serves as soon as it has replayed what the source has changed
            {generation.followedTo !== null && (
              <>
                {' since '}
                <Ago at={generation.followedTo} />
              </>
            )}
            , by the filter, fields and mappings of its time. Until then nothing changes for searches.
          </p>
        </ConfirmDialog>
      )}
      {asked === 'delete' && (
        <ConfirmDialog
          title={`Delete generation ${String(generation.number)}?`}
          action="Delete"
          typedName={connector.name}
          isDangerous
          onConfirm={() => void run(commands.remove(generation))}
          onClose={() => setAsked(null)}
        >
          <p>
            Its indices and its dead letters are deleted; there is no way to roll back to it any more. The generation
            that serves is not touched.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { JobView } from '../api/views.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { JOB_TYPE_WORDS } from '../shell/tone.js';
import { brakeOf } from './brake-words.js';
import { offeredJobActions } from './offered-job-actions.js';
import { useJobCommand, type JobAction } from './use-job-commands.js';

export interface JobButtonsProps {
  readonly job: JobView;
  /** What it works on. @defaultValue what kind of job of which connector it is */
  readonly subject?: string;
}

/** Cancel, and confirm where a brake holds the job. Both ask first. */
export function JobButtons({ job, subject }: JobButtonsProps): VNode {
  const command = useJobCommand();
  const [asked, setAsked] = useState<JobAction | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const what = subject ?? `${JOB_TYPE_WORDS[job.type]} of ${job.connectorName}`;
  const brake = brakeOf(job);
  const labels: Readonly<Record<JobAction, string>> = { cancel: 'Cancel', confirm: brake?.label ?? 'Confirm' };
  const run = (action: JobAction): void => {
    setIsBusy(true);
    void command(job, action).finally(() => setIsBusy(false));
  };
  return (
    <div class="buttons">
      {offeredJobActions(job).map((action) => (
        <button
          key={action}
          type="button"
          class={`small ${action === 'confirm' ? 'danger' : 'quiet'}`}
          disabled={isBusy}
          aria-label={`${labels[action]}: ${what}`}
          onClick={() => setAsked(action)}
        >
          {labels[action]}
        </button>
      ))}
      {asked === 'cancel' && (
        <ConfirmDialog
          title="Cancel this job?"
          action="Cancel the job"
          onConfirm={() => run('cancel')}
          onClose={() => setAsked(null)}
        >
          <p>{canceledWords(job, what)}</p>
        </ConfirmDialog>
      )}
      {asked === 'confirm' && brake !== null && (
        <ConfirmDialog
          title={brake.title}
          action={brake.action}
          typedName={job.connectorName}
          isDangerous
          onConfirm={() => run('confirm')}
          onClose={() => setAsked(null)}
        >
          <p>{job.condition?.message}</p>
          <p class="muted">{job.condition?.remedy}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function canceledWords({ mode }: JobView, what: string): string {
  if (mode === 'newGeneration') return 'The indices that it fills are deleted. The generation that serves goes on.';
  if (mode === 'rollback') return 'The generation that was to return rests again. The one that serves goes on.';
  return `${what} ends at its last checkpoint. What it has written stays.`;
}

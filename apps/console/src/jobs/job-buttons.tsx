import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { JobView } from '../api/views.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { JOB_TYPE_WORDS } from '../shell/tone.js';
import { offeredJobActions } from './offered-job-actions.js';
import { useJobCommand, type JobAction } from './use-job-commands.js';

const LABELS: Readonly<Record<JobAction, string>> = { cancel: 'Cancel', confirm: 'Confirm removal' };

/** Cancel, and confirm where the brake holds a removal. Both ask first. */
export function JobButtons({ job }: { readonly job: JobView }): VNode {
  const command = useJobCommand();
  const [asked, setAsked] = useState<JobAction | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const what = `${JOB_TYPE_WORDS[job.type]} of ${job.connectorName}`;
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
          aria-label={`${LABELS[action]}: ${what}`}
          onClick={() => setAsked(action)}
        >
          {LABELS[action]}
        </button>
      ))}
      {asked === 'cancel' && (
        <ConfirmDialog
          title="Cancel this job?"
          action="Cancel the job"
          onConfirm={() => run('cancel')}
          onClose={() => setAsked(null)}
        >
          <p>{what} ends at its last checkpoint. What it has written stays.</p>
        </ConfirmDialog>
      )}
      {asked === 'confirm' && (
        <ConfirmDialog
          title="Remove these documents?"
          action="Remove them"
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

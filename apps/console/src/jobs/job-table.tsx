import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { JobView } from '../api/views.js';
import { ConditionList } from '../connectors/condition-list.js';
import { formatDuration } from '../format/duration.js';
import { formatCount, formatRate } from '../format/number.js';
import { Ago } from '../shell/ago.js';
import { CodeLink } from '../shell/code-link.js';
import { Icon } from '../shell/icon.js';
import { ListFrame } from '../shell/list-frame.js';
import { Section } from '../shell/section.js';
import { StatusBadge } from '../shell/status-badge.js';
import { JOB_STATE_WORDS, JOB_TYPE_WORDS, RESYNC_WORDS } from '../shell/tone.js';
import { isAtWork, isFinished } from '../store/readings.js';
import { sortedJobs, valuesOf } from '../store/sorted-values.js';
import { useStore } from '../store/store-context.js';
import { JobButtons } from './job-buttons.js';
import { JobCounters } from './job-counters.js';
import { JobProgress } from './job-progress.js';

/** Finished jobs that are shown before somebody asks for more. */
const FINISHED_SHOWN = 5;

export interface JobTableProps {
  readonly isReadOnly: boolean;
  /** Only the jobs of this connector. */
  readonly connectorId?: string;
}

/** Jobs at work first, then the latest that have ended. */
export function JobTable({ isReadOnly, connectorId }: JobTableProps): VNode {
  const store = useStore();
  const [isWhole, setIsWhole] = useState(false);
  const collection = store.live.value.jobs;
  const all = sortedJobs(
    valuesOf(collection).filter((job) => connectorId === undefined || job.connectorId === connectorId),
  );
  const openCount = all.filter((job) => !isFinished(job)).length;
  const shown = isWhole ? all : all.slice(0, openCount + FINISHED_SHOWN);
  return (
    <Section id="jobs" title="Jobs" note={all.length > 0 ? `${formatCount(openCount)} open` : undefined}>
      <ListFrame
        collection={collection}
        what="jobs"
        count={all.length}
        empty={
          <>
            <p class="empty-title">No job yet</p>
            <p>Starting a connector begins a bulk sync; when it is complete, a stream sync follows every change.</p>
          </>
        }
      >
        <div class="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Job</th>
                <th scope="col">State</th>
                <th scope="col" class="wide">
                  Progress
                </th>
                <th scope="col" class="number">
                  Rate
                </th>
                <th scope="col" class="number">
                  Lag
                </th>
                <th scope="col">Documents</th>
                {!isReadOnly && (
                  <th scope="col">
                    <span class="visually-hidden">Actions</span>
                  </th>
                )}
              </tr>
            </thead>
            {shown.map((job) => (
              <JobRows key={job.id} job={job} isReadOnly={isReadOnly} showConnector={connectorId === undefined} />
            ))}
          </table>
        </div>
        {shown.length < all.length && (
          <button type="button" class="small quiet more" onClick={() => setIsWhole(true)}>
            Show {formatCount(all.length - shown.length)} older
          </button>
        )}
      </ListFrame>
    </Section>
  );
}

interface JobRowsProps {
  readonly job: JobView;
  readonly isReadOnly: boolean;
  readonly showConnector: boolean;
}

function JobRows({ job, isReadOnly, showConnector }: JobRowsProps): VNode {
  // What the condition says already is not said again.
  const error = job.error?.code === job.condition?.code ? null : job.error;
  const hasDetail = job.condition !== null || error !== null;
  return (
    <tbody data-job={job.id} data-job-type={job.type}>
      <tr>
        <th scope="row" data-label="Job">
          {JOB_TYPE_WORDS[job.type]}
          {job.mode !== null && <span class="sub">{RESYNC_WORDS[job.mode]}</span>}
          <span class="sub" title={job.id}>
            {showConnector ? job.connectorName : <span class="mono clip">{job.id}</span>}
          </span>
        </th>
        <td data-label="State">
          <StatusBadge words={JOB_STATE_WORDS[job.state]} />
          <span class="sub">
            <Ago at={job.finishedAt ?? job.startedAt ?? job.createdAt} />
          </span>
        </td>
        <td data-label="Progress" class="wide">
          <JobProgress job={job} />
        </td>
        <td data-label="Rate" class="number">
          {formatRate(isAtWork(job) ? job.progress.ratePerSecond : null)}
        </td>
        <td data-label="Lag" class="number">
          {formatDuration(isAtWork(job) ? job.progress.lagMs : null)}
        </td>
        <td data-label="Documents">
          <JobCounters counters={job.counters} />
        </td>
        {!isReadOnly && (
          <td class="actions">
            <JobButtons job={job} />
          </td>
        )}
      </tr>
      {hasDetail && (
        <tr class="detail-row">
          <td colSpan={isReadOnly ? 6 : 7}>
            {job.condition !== null && <ConditionList conditions={[job.condition]} />}
            {error !== null && (
              <ul class="conditions">
                <li class="tone-bad">
                  <Icon name="cross" />
                  <p>
                    <strong>{error.message}</strong> <CodeLink code={error.code} />
                  </p>
                </li>
              </ul>
            )}
          </td>
        </tr>
      )}
    </tbody>
  );
}

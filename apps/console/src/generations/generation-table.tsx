import type { VNode } from 'preact';
import type { ConnectorView, GenerationView, JobView } from '../api/views.js';
import { formatDuration } from '../format/duration.js';
import { formatCount } from '../format/number.js';
import { JobProgress } from '../jobs/job-progress.js';
import { Ago } from '../shell/ago.js';
import { StatusBadge } from '../shell/status-badge.js';
import { GENERATION_STATE_WORDS } from '../shell/tone.js';
import { GenerationButtons } from './generation-buttons.js';
import { arrivalJob, lagOf, offeredRollback, type GenerationList } from './generation-list.js';

export interface GenerationTableProps {
  readonly connector: ConnectorView;
  readonly list: GenerationList;
  /** Those of the connector. */
  readonly jobs: readonly JobView[];
  readonly onAsked: () => Promise<void>;
}

/** One line per generation, the newest first. */
export function GenerationTable({ connector, list, jobs, onAsked }: GenerationTableProps): VNode {
  const rollback = offeredRollback(list, jobs, connector);
  return (
    <div class="table-scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Generation</th>
            <th scope="col">State</th>
            <th scope="col">Documents</th>
            <th scope="col">Lag</th>
            <th scope="col">Created</th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.generations.map((generation) => {
            const job = arrivalJob(generation, jobs);
            return (
              <tr key={generation.number} data-generation={generation.number}>
                <th scope="row" data-label="Generation">
                  {generation.number}
                  <IndexNames generation={generation} />
                </th>
                <td data-label="State">
                  <GenerationBadge generation={generation} />
                </td>
                <td data-label="Documents">
                  <span>{generation.documents === null ? 'not known' : formatCount(generation.documents)}</span>
                  {job !== null && <JobProgress job={job} />}
                </td>
                <td data-label="Lag">
                  <LagFact generation={generation} lagMs={lagOf(generation, jobs)} />
                </td>
                <td data-label="Created">
                  <Ago at={generation.createdAt ?? connector.createdAt} />
                </td>
                <td class="actions">
                  <GenerationButtons
                    connector={connector}
                    generation={generation}
                    job={job}
                    canReturn={rollback === generation.number}
                    onAsked={onAsked}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function IndexNames({ generation }: { readonly generation: GenerationView }): VNode | null {
  const names = generation.bindings.map(({ index }) => index);
  const [first, ...others] = names;
  if (first === undefined) return null;
  return (
    <>
      <span class="sub mono index-name" title={names.join(', ')}>
        {first}
      </span>
      {others.length > 0 && <span class="sub">and {formatCount(others.length)} more</span>}
    </>
  );
}

function GenerationBadge({ generation }: { readonly generation: GenerationView }): VNode {
  const { state, servingSince, retiredAt, kept } = generation;
  const since = state === 'serving' ? servingSince : state === 'retired' ? retiredAt : null;
  return (
    <>
      <StatusBadge words={GENERATION_STATE_WORDS[state]} />
      {since !== null && (
        <span class="sub">
          <Ago at={since} />
        </span>
      )}
      {kept && <span class="sub">{kept.message}</span>}
    </>
  );
}

/** One that rests is as old as the changes that it has; a rollback replays what came since. */
function LagFact({ generation, lagMs }: { readonly generation: GenerationView; readonly lagMs: number | null }): VNode {
  const { state, followedTo } = generation;
  if (state !== 'retired' || followedTo === null) return <>{formatDuration(lagMs)}</>;
  return (
    <span class="muted">
      followed up to <Ago at={followedTo} />
    </span>
  );
}

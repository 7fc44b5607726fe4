import type { VNode } from 'preact';
import type { ConnectorView } from '../api/views.js';
import { ProblemNotice } from '../shell/problem-notice.js';
import { Section } from '../shell/section.js';
import { valuesOf } from '../store/sorted-values.js';
import { useStore } from '../store/store-context.js';
import { GenerationTable } from './generation-table.js';
import { useGenerationList } from './use-generation-list.js';

/** The fillings of a connector's targets: the one that serves, those before it, the one on its way. */
export function GenerationSection({ connector }: { readonly connector: ConnectorView }): VNode {
  const store = useStore();
  const jobs = valuesOf(store.live.value.jobs).filter((job) => job.connectorId === connector.id);
  const { list, reload } = useGenerationList(connector.id, jobs);
  const { status, problem, generations } = list;
  return (
    <Section id="generations" title="Generations" note="fillings of the target">
      {problem !== null && problem.status !== 401 && (
        <ProblemNotice problem={problem}>
          <button type="button" class="small quiet" onClick={() => void reload()}>
            Try again
          </button>
        </ProblemNotice>
      )}
      {generations.length > 0 && <GenerationTable connector={connector} list={list} jobs={jobs} onAsked={reload} />}
      {generations.length === 0 && status === 'loading' && (
        <p class="empty" role="status">
          Loading the generations …
        </p>
      )}
      {generations.length === 0 && problem?.status === 401 && (
        <p class="empty">The generations are shown once a token is given.</p>
      )}
    </Section>
  );
}

import type { VNode } from 'preact';
import type { ConnectorView } from '../api/views.js';
import { LiveCharts } from '../charts/live-charts.js';
import { OpenLettersLink } from '../dead-letters/open-letters-link.js';
import { GenerationSection } from '../generations/generation-section.js';
import { JobTable } from '../jobs/job-table.js';
import { PositionButton } from '../positions/position-button.js';
import { Ago } from '../shell/ago.js';
import { ProblemNotice } from '../shell/problem-notice.js';
import { Section } from '../shell/section.js';
import { StatusBadge } from '../shell/status-badge.js';
import { DESIRED_WORDS, OBSERVED_WORDS } from '../shell/tone.js';
import { useStore } from '../store/store-context.js';
import { BindingTable } from './binding-table.js';
import { ConditionList } from './condition-list.js';
import { ConnectorButtons } from './connector-buttons.js';
import { ConnectorConfig } from './connector-config.js';
import { CurlList } from './curl-list.js';
import { HeadroomFact } from './headroom-fact.js';
import { useConnector } from './use-connector.js';

/** One connector: state, conditions, charts, jobs, generations, configuration, API calls. */
export function ConnectorPage({ id }: { readonly id: string }): VNode {
  const store = useStore();
  const { connector, problem } = useConnector(id);
  const needsToken = store.needsToken.value;
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href="#/">Overview</a> <span aria-hidden="true">/</span>{' '}
        <span aria-current="page">{connector?.name ?? id}</span>
      </nav>
      {problem !== null && problem.status !== 401 && <ProblemNotice problem={problem} />}
      {connector === undefined ? (
        problem === null && !needsToken && <p class="empty card">Loading the connector …</p>
      ) : (
        <ConnectorDetail connector={connector} />
      )}
    </>
  );
}

function ConnectorDetail({ connector }: { readonly connector: ConnectorView }): VNode {
  return (
    <>
      <section class="card title-card" aria-label="State">
        <div class="title-row">
          <div>
            <h1>{connector.name}</h1>
            <p class="title-facts">
              <StatusBadge words={OBSERVED_WORDS[connector.observedState]} />
              <span class="muted">{DESIRED_WORDS[connector.desiredState]}</span>
              <span class="muted">revision {connector.revision}</span>
              <span class="muted">
                changed <Ago at={connector.updatedAt} />
              </span>
              <HeadroomFact connectorId={connector.id} />
              <OpenLettersLink connector={connector} />
              <span class="muted mono">{connector.id}</span>
            </p>
          </div>
          <ConnectorButtons
            connector={connector}
            canDelete
            onDeleted={() => {
              location.hash = '#/';
            }}
          >
            <PositionButton connector={connector} />
          </ConnectorButtons>
        </div>
        {connector.conditions.length > 0 && <ConditionList conditions={connector.conditions} />}
      </section>
      <LiveCharts connectorId={connector.id} />
      <JobTable isReadOnly={false} connectorId={connector.id} />
      <GenerationSection connector={connector} />
      <BindingTable connector={connector} />
      <Section id="config" title="Configuration" note="secrets are never shown">
        <ConnectorConfig connector={connector} />
      </Section>
      <Section id="api" title="By API" note="copy as curl">
        <CurlList connector={connector} />
      </Section>
    </>
  );
}

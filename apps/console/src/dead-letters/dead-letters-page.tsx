import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { CurlCommands } from '../connectors/curl-list.js';
import { useConnector } from '../connectors/use-connector.js';
import { ProblemNotice } from '../shell/problem-notice.js';
import { Section } from '../shell/section.js';
import { LetterSection } from './letter-section.js';
import { OPEN_LETTERS } from './letter-filter.js';

/** The documents of a connector that were refused: why, and what becomes of them. */
export function DeadLettersPage({ connectorId }: { readonly connectorId: string }): VNode {
  const { connector, problem } = useConnector(connectorId);
  const [filter, setFilter] = useState(OPEN_LETTERS);
  const name = connector?.name ?? connectorId;
  const path = `api/v1/connectors/${connectorId}/dead-letters`;
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href="#/">Overview</a> <span aria-hidden="true">/</span> <a href={`#/connectors/${connectorId}`}>{name}</a>{' '}
        <span aria-hidden="true">/</span> <span aria-current="page">Dead letters</span>
      </nav>
      <h1 class="visually-hidden">Dead letters of {name}</h1>
      {problem !== null && problem.status !== 401 && <ProblemNotice problem={problem} />}
      {problem?.status !== 404 && (
        <>
          <LetterSection
            connectorId={connectorId}
            isRunning={connector === undefined || connector.desiredState === 'running'}
            filter={filter}
            onFilter={setFilter}
          />
          <Section id="api" title="By API" note="copy as curl">
            <CurlCommands
              calls={[
                ['List', 'GET', path],
                ['Export', 'GET', `${path}/export`],
                ['Retry all', 'POST', `${path}/actions/retry`],
              ]}
            />
          </Section>
        </>
      )}
    </>
  );
}

import type { VNode } from 'preact';
import type { ConnectorView } from '../api/views.js';
import { OpenLettersLink } from '../dead-letters/open-letters-link.js';
import { formatDuration } from '../format/duration.js';
import { formatCount, formatRate } from '../format/number.js';
import { Icon } from '../shell/icon.js';
import { ListFrame } from '../shell/list-frame.js';
import { Section } from '../shell/section.js';
import { StatusBadge } from '../shell/status-badge.js';
import { DESIRED_WORDS, OBSERVED_WORDS } from '../shell/tone.js';
import { readingOf } from '../store/readings.js';
import { valuesOf } from '../store/sorted-values.js';
import { useStore } from '../store/store-context.js';
import { ConditionList } from './condition-list.js';
import { ConnectorButtons } from './connector-buttons.js';
import { HeadroomFact } from './headroom-fact.js';

/** All connectors: what is wanted, what is, why it waits, and what to do. */
export function ConnectorTable({ isReadOnly }: { readonly isReadOnly: boolean }): VNode {
  const store = useStore();
  const collection = store.live.value.connectors;
  const connectors = [...valuesOf(collection)].sort((a, b) => a.name.localeCompare(b.name));
  const newButton = (
    <a class="button small" role="button" href="#/connectors/new">
      <Icon name="plus" /> New connector
    </a>
  );
  return (
    <Section
      id="connectors"
      title="Connectors"
      note={connectors.length > 0 ? formatCount(connectors.length) : undefined}
      actions={isReadOnly ? undefined : newButton}
    >
      <ListFrame
        collection={collection}
        what="connectors"
        count={connectors.length}
        empty={
          <>
            <p class="empty-title">No connector yet</p>
            <p>A connector copies MongoDB collections into Elasticsearch and then follows every change.</p>
            {!isReadOnly && newButton}
          </>
        }
      >
        <div class="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">State</th>
                <th scope="col">Source and target</th>
                <th scope="col" class="number">
                  Lag
                </th>
                <th scope="col" class="number">
                  Rate
                </th>
                {!isReadOnly && (
                  <th scope="col">
                    <span class="visually-hidden">Actions</span>
                  </th>
                )}
              </tr>
            </thead>
            {connectors.map((connector) => (
              <ConnectorRows key={connector.id} connector={connector} isReadOnly={isReadOnly} />
            ))}
          </table>
        </div>
      </ListFrame>
    </Section>
  );
}

interface ConnectorRowsProps {
  readonly connector: ConnectorView;
  readonly isReadOnly: boolean;
}

function ConnectorRows({ connector, isReadOnly }: ConnectorRowsProps): VNode {
  const store = useStore();
  const reading = readingOf(store.live.value, connector.id);
  const { source, sink } = connector;
  return (
    <tbody data-connector={connector.id}>
      <tr>
        <th scope="row" data-label="Name">
          {isReadOnly ? connector.name : <a href={`#/connectors/${connector.id}`}>{connector.name}</a>}
        </th>
        <td data-label="State">
          <StatusBadge words={OBSERVED_WORDS[connector.observedState]} />
          <span class="sub">{DESIRED_WORDS[connector.desiredState]}</span>
          {connector.openDeadLetters > 0 && (
            <span class="sub">
              <OpenLettersLink connector={connector} isReadOnly={isReadOnly} />
            </span>
          )}
        </td>
        <td data-label="Source and target">
          <span class="mono clip" title={source.collections.join(', ')}>
            {source.database}.
            {source.collections.length === 1 ? source.collections[0] : `{${source.collections.join(', ')}}`}
          </span>
          <span class="sub mono clip" title={sink.index}>
            <Icon name="arrow" /> {sink.index}
          </span>
        </td>
        <td data-label="Lag" class="number">
          {formatDuration(reading.lagMs)}
          <span class="sub">
            <HeadroomFact connectorId={connector.id} isShort />
          </span>
        </td>
        <td data-label="Rate" class="number">
          {formatRate(reading.ratePerSecond)}
        </td>
        {!isReadOnly && (
          <td class="actions">
            <ConnectorButtons connector={connector} canDelete />
          </td>
        )}
      </tr>
      {connector.conditions.length > 0 && (
        <tr class="detail-row">
          <td colSpan={isReadOnly ? 5 : 6}>
            <ConditionList conditions={connector.conditions} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

import { Fragment, type VNode } from 'preact';
import type { ConnectorView, SecretView } from '../api/views.js';
import { Icon } from '../shell/icon.js';
import { sourceOptionFacts } from './source-option-facts.js';

/** The configuration as the API shows it: every secret is redacted by the server. */
export function ConnectorConfig({ connector }: { readonly connector: ConnectorView }): VNode {
  const { uri, database, collections, ...options } = connector.source;
  const { facts, rest: source } = sourceOptionFacts(options);
  const { index, ...sink } = connector.sink;
  const rest = { ...(isEmpty(source) ? {} : { source }), ...(isEmpty(sink) ? {} : { sink }) };
  return (
    <div class="card-body">
      <dl class="facts">
        <dt>URI</dt>
        <dd>
          <Secret value={uri} />
        </dd>
        <dt>Database</dt>
        <dd class="mono">{database}</dd>
        <dt>Collections</dt>
        <dd class="mono">{collections.join(', ')}</dd>
        {facts.map(({ label, words, value }) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>
              {words} <code>{value}</code>
            </dd>
          </Fragment>
        ))}
        <dt>Index</dt>
        <dd class="mono">{index}</dd>
      </dl>
      {!isEmpty(rest) && (
        <details>
          <summary>More settings</summary>
          <pre tabIndex={0}>{JSON.stringify(rest, null, 2)}</pre>
        </details>
      )}
    </div>
  );
}

function Secret({ value }: { readonly value: SecretView }): VNode {
  if (typeof value === 'string') return <span class="mono wrap">{value}</span>;
  if (value !== null && 'config' in value) {
    return (
      <span>
        from config entry <code>{value.config}</code>
      </span>
    );
  }
  return (
    <span class="sealed">
      <Icon name="lock" /> sealed
      {value?.keyId !== undefined && <span class="muted mono clip"> with key {value.keyId}</span>}
    </span>
  );
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}

import type { VNode } from 'preact';
import type { ConnectorView } from '../api/views.js';
import { CopyButton } from '../shell/copy-button.js';
import { useStore } from '../store/store-context.js';
import { curlCommand, type CurlRequest } from './curl-command.js';

/** What it does, its method, and its path relative to the page. */
export type CurlCall = readonly [label: string, method: CurlRequest['method'], path: string];

const CALLS: readonly CurlCall[] = [
  ['Read', 'GET', ''],
  ['Start', 'POST', '/actions/start'],
  ['Pause', 'POST', '/actions/pause'],
  ['Resume', 'POST', '/actions/resume'],
  ['Stop', 'POST', '/actions/stop'],
  ['Resync', 'POST', '/actions/resync'],
  ['Generations', 'GET', '/generations'],
  ['Roll back', 'POST', '/actions/rollback'],
  ['Delete', 'DELETE', ''],
];

/** Whatever the buttons do, as commands. */
export function CurlList({ connector }: { readonly connector: ConnectorView }): VNode {
  const root = `api/v1/connectors/${connector.id}`;
  return <CurlCommands calls={CALLS.map(([label, method, suffix]) => [label, method, `${root}${suffix}`])} />;
}

/** Calls of the API as commands to copy. */
export function CurlCommands({ calls }: { readonly calls: readonly CurlCall[] }): VNode {
  const store = useStore();
  const needsToken = store.tokens.get() !== null;
  return (
    <dl class="curls">
      {calls.map(([label, method, path]) => {
        const url = new URL(path, new URL('.', location.href)).href;
        const command = curlCommand({ method, url, needsToken });
        return (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>{command}</code>
            </dd>
            <CopyButton text={command} label={`curl command: ${label.toLowerCase()}`} />
          </div>
        );
      })}
    </dl>
  );
}

import type { VNode } from 'preact';
import type { ConnectorView } from '../api/views.js';
import { CopyButton } from '../shell/copy-button.js';
import { useStore } from '../store/store-context.js';
import { curlCommand, type CurlRequest } from './curl-command.js';

/** What it does, its method, its path relative to the page, and what is sent. */
export type CurlCall = readonly [label: string, method: CurlRequest['method'], path: string, body?: object | undefined];

/** To be filled in: the API refuses it as it is, so that a copied command moves nothing by accident. */
const POSITION_TO_FILL_IN = { time: '<ISO 8601 time>', reason: '<why>' };

const CALLS: readonly CurlCall[] = [
  ['Read', 'GET', ''],
  ['Start', 'POST', '/actions/start'],
  ['Pause', 'POST', '/actions/pause'],
  ['Resume', 'POST', '/actions/resume'],
  ['Stop', 'POST', '/actions/stop'],
  ['Resync', 'POST', '/actions/resync'],
  ['Set position', 'POST', '/actions/setPosition', POSITION_TO_FILL_IN],
  ['Generations', 'GET', '/generations'],
  ['Roll back', 'POST', '/actions/rollback'],
  ['Delete', 'DELETE', ''],
];

/** Whatever the buttons do, as commands. */
export function CurlList({ connector }: { readonly connector: ConnectorView }): VNode {
  const root = `api/v1/connectors/${connector.id}`;
  return (
    <CurlCommands calls={CALLS.map(([label, method, suffix, body]) => [label, method, `${root}${suffix}`, body])} />
  );
}

/** Calls of the API as commands to copy. */
export function CurlCommands({ calls }: { readonly calls: readonly CurlCall[] }): VNode {
  const store = useStore();
  const needsToken = store.tokens.get() !== null;
  return (
    <dl class="curls">
      {calls.map(([label, method, path, body]) => {
        const url = new URL(path, new URL('.', location.href)).href;
        const command = curlCommand({ method, url, needsToken, body });
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

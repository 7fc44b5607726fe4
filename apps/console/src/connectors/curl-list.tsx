import type { VNode } from 'preact';
import type { ConnectorView } from '../api/views.js';
import { CopyButton } from '../shell/copy-button.js';
import { useStore } from '../store/store-context.js';
import { curlCommand, type CurlRequest } from './curl-command.js';

const CALLS: readonly (readonly [string, CurlRequest['method'], string])[] = [
  ['Read', 'GET', ''],
  ['Start', 'POST', '/actions/start'],
  ['Pause', 'POST', '/actions/pause'],
  ['Resume', 'POST', '/actions/resume'],
  ['Stop', 'POST', '/actions/stop'],
  ['Resync', 'POST', '/actions/resync'],
  ['Delete', 'DELETE', ''],
];

/** Whatever the buttons do, as commands. */
export function CurlList({ connector }: { readonly connector: ConnectorView }): VNode {
  const store = useStore();
  const needsToken = store.tokens.get() !== null;
  return (
    <dl class="curls">
      {CALLS.map(([label, method, suffix]) => {
        const url = new URL(`api/v1/connectors/${connector.id}${suffix}`, new URL('.', location.href)).href;
        const command = curlCommand({ method, url, needsToken });
        return (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>{command}</code>
            </dd>
            <CopyButton text={command} label={`curl command to ${label.toLowerCase()} this connector`} />
          </div>
        );
      })}
    </dl>
  );
}

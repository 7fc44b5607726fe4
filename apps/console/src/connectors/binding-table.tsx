import type { VNode } from 'preact';
import type { BindingView, ConnectorView } from '../api/views.js';
import { Section } from '../shell/section.js';

/** Which namespace goes to which index; only where the API tells. */
export function BindingTable({ connector }: { readonly connector: ConnectorView }): VNode | null {
  const bindings: readonly BindingView[] = connector.bindings ?? [];
  if (bindings.length === 0) return null;
  return (
    <Section id="bindings" title="Bindings" note="one namespace to one target">
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Namespace</th>
              <th scope="col">Index</th>
            </tr>
          </thead>
          <tbody>
            {bindings.map((binding) => (
              <tr key={binding.namespace}>
                <th scope="row" class="mono" data-label="Namespace">
                  {binding.namespace}
                </th>
                <td class="mono" data-label="Index">
                  {binding.index}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

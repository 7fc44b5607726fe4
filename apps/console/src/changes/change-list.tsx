import type { VNode } from 'preact';
import type { ChangeView } from '../api/views.js';
import { changeKey } from '../live/live-state.js';
import { Ago } from '../shell/ago.js';
import { Section } from '../shell/section.js';
import { useStore } from '../store/store-context.js';

const SIGNS: Readonly<Record<ChangeView['operation'], string>> = {
  insert: '+',
  update: '~',
  replace: '=',
  delete: '−',
  drop: '×',
  rename: '→',
  invalidate: '!',
};

/** The latest changes as they are applied: which document, never what is in it. */
export function ChangeList(): VNode {
  const store = useStore();
  const live = store.live.value;
  const nameOf = (id: string): string => live.connectors.entries.get(id)?.value.name ?? id;
  return (
    <Section id="changes" title="Latest changes" note="newest first, without content">
      {live.changes.length === 0 ? (
        <div class="empty">
          <p class="empty-title">Nothing has changed yet</p>
          <p>Change a document in MongoDB and it appears here a moment later.</p>
        </div>
      ) : (
        <div class="table-scroll change-scroll" tabIndex={0} role="region" aria-label="Latest changes">
          <table class="dense">
            <thead>
              <tr>
                <th scope="col">Operation</th>
                <th scope="col">Namespace</th>
                <th scope="col">Document id</th>
                <th scope="col">Connector</th>
                <th scope="col" class="number">
                  Time
                </th>
              </tr>
            </thead>
            <tbody>
              {live.changes.map((change) => (
                <tr key={changeKey(change)} data-change={change.operation}>
                  <td data-label="Operation">
                    <span class={`operation operation-${change.operation}`}>
                      <span aria-hidden="true">{SIGNS[change.operation]}</span> {change.operation}
                    </span>
                  </td>
                  <td data-label="Namespace" class="mono">
                    {change.namespace}
                  </td>
                  <td data-label="Document id" class="mono">
                    <span class="clip" title={change.id ?? undefined}>
                      {change.id ?? '–'}
                    </span>
                  </td>
                  <td data-label="Connector">{nameOf(change.connectorId)}</td>
                  <td data-label="Time" class="number">
                    <Ago at={change.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

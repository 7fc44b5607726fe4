import type { VNode } from 'preact';
import type { WorkerView } from '../api/views.js';
import { formatAgo } from '../format/duration.js';
import { formatBytes, formatCount } from '../format/number.js';
import type { Entry } from '../live/live-state.js';
import { Ago } from '../shell/ago.js';
import { ListFrame } from '../shell/list-frame.js';
import { Section } from '../shell/section.js';
import { StatusBadge } from '../shell/status-badge.js';
import { useStore } from '../store/store-context.js';

/** Who is there to work, and how fresh its heartbeat is. */
export function WorkerTable(): VNode {
  const store = useStore();
  const collection = store.live.value.workers;
  const entries = [...collection.entries.values()].sort((a, b) => a.value.id.localeCompare(b.value.id));
  return (
    <Section id="workers" title="Workers" note={entries.length > 0 ? formatCount(entries.length) : undefined}>
      <ListFrame
        collection={collection}
        what="workers"
        count={entries.length}
        empty={
          <>
            <p class="empty-title">No worker</p>
            <p>
              Nothing is synced until a connector worker runs. Start one with <code>make run-connector</code>.
            </p>
          </>
        }
      >
        <div class="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Worker</th>
                <th scope="col">State</th>
                <th scope="col">Heartbeat</th>
                <th scope="col">Version</th>
                <th scope="col">Up since</th>
                <th scope="col" class="number">
                  Partitions
                </th>
                <th scope="col" class="number">
                  Memory
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <WorkerRow key={entry.value.id} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      </ListFrame>
    </Section>
  );
}

function WorkerRow({ entry }: { readonly entry: Entry<WorkerView> }): VNode {
  const store = useStore();
  const worker = entry.value;
  const ageMs = worker.ageMs + Math.max(0, store.nowMs.value - entry.receivedAtMs);
  return (
    <tr data-worker={worker.id}>
      <th scope="row" data-label="Worker">
        {worker.host}
        <span class="sub mono clip" title={worker.id}>
          {worker.id}
        </span>
      </th>
      <td data-label="State">
        <StatusBadge words={worker.isAlive ? { tone: 'good', label: 'Alive' } : { tone: 'bad', label: 'Silent' }} />
      </td>
      <td data-label="Heartbeat">{formatAgo(ageMs)}</td>
      <td data-label="Version">
        {worker.version}
        <span class="sub">pid {worker.pid}</span>
      </td>
      <td data-label="Up since">
        <Ago at={worker.startedAt} />
      </td>
      <td data-label="Partitions" class="number" title={worker.partitions.join('\n')}>
        {formatCount(worker.partitions.length)}
      </td>
      <td data-label="Memory" class="number">
        {formatBytes(worker.rssBytes)}
      </td>
    </tr>
  );
}

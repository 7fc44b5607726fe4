import type { VNode } from 'preact';
import { formatDuration } from './format/duration.js';
import { formatCount, formatRate } from './format/number.js';
import { valuesOf } from './store/sorted-values.js';
import { readingsOf } from './store/readings.js';
import { useStore } from './store/store-context.js';

/** The four figures that an operator looks at first. */
export function SummaryTiles(): VNode {
  const store = useStore();
  const live = store.live.value;
  const connectors = valuesOf(live.connectors);
  const streaming = connectors.filter((connector) => connector.observedState === 'streaming').length;
  const troubled = connectors.filter((connector) => connector.conditions.length > 0).length;
  const readings = [...readingsOf(live, true).values()];
  const lags = readings.map((reading) => reading.lagMs).filter((lag) => lag !== null);
  const rates = readings.map((reading) => reading.ratePerSecond).filter((rate) => rate !== null);
  const workers = valuesOf(live.workers);
  const alive = workers.filter((worker) => worker.isAlive).length;
  const hasConnectors = live.connectors.status === 'ready' || connectors.length > 0;
  const hasWorkers = live.workers.status === 'ready' || workers.length > 0;
  return (
    <dl class="tiles">
      <Tile
        label="Connectors streaming"
        value={hasConnectors ? `${formatCount(streaming)} of ${formatCount(connectors.length)}` : '–'}
        note={noteOf(hasConnectors, troubled === 0 ? 'no conditions' : `${formatCount(troubled)} with a condition`)}
      />
      <Tile
        label="Worst lag"
        value={formatDuration(lags.length > 0 ? Math.max(...lags) : null)}
        note="behind the source"
      />
      <Tile
        label="Rate"
        value={formatRate(rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) : null)}
        note="documents and changes"
      />
      <Tile
        label="Workers alive"
        value={hasWorkers ? formatCount(alive) : '–'}
        note={noteOf(hasWorkers, workerNote(workers.length, alive))}
      />
    </dl>
  );
}

function noteOf(isKnown: boolean, note: string): string {
  return isKnown ? note : 'not known yet';
}

function workerNote(count: number, alive: number): string {
  if (count === 0) return 'nothing is synced without';
  return alive === count ? 'heartbeats are fresh' : `${formatCount(count - alive)} silent`;
}

interface TileProps {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

function Tile({ label, value, note }: TileProps): VNode {
  return (
    <div class="tile">
      <dt>{label}</dt>
      <dd class="tile-value">{value}</dd>
      <dd class="tile-note">{note}</dd>
    </div>
  );
}

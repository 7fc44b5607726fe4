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
  const isKnown = live.connectors.status !== 'loading' || connectors.length > 0;
  return (
    <dl class="tiles">
      <Tile
        label="Connectors streaming"
        value={isKnown ? `${formatCount(streaming)} of ${formatCount(connectors.length)}` : '–'}
        note={troubled === 0 ? 'no conditions' : `${formatCount(troubled)} with a condition`}
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
        value={live.workers.status === 'loading' && workers.length === 0 ? '–' : formatCount(alive)}
        note={alive === workers.length ? 'heartbeats are fresh' : `${formatCount(workers.length - alive)} silent`}
      />
    </dl>
  );
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

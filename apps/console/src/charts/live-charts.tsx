import type { VNode } from 'preact';
import { formatDuration } from '../format/duration.js';
import { formatRate } from '../format/number.js';
import { Section } from '../shell/section.js';
import { useStore } from '../store/store-context.js';
import { chartLines, lastKnown, type ChartLine } from './chart-data.js';
import { TimeChart } from './time-chart.js';
import { useThemeKey } from './use-theme-key.js';

/** Lag and rate of all connectors, or of one, over the last quarter of an hour. */
export function LiveCharts({ connectorId }: { readonly connectorId?: string }): VNode {
  const store = useStore();
  const themeKey = useThemeKey();
  const series = store.series.value;
  const connectors = store.live.value.connectors.entries;
  const nameOf = (id: string): string => connectors.get(id)?.value.name ?? id;
  const linesOf = (columns: ReadonlyMap<string, readonly (number | null)[]>): readonly ChartLine[] =>
    chartLines(new Map([...columns].filter(([id]) => connectorId === undefined || id === connectorId)), nameOf);
  const charts = [
    { id: 'lag', title: 'Lag', note: 'behind the source', minTop: 100, format: formatDuration, columns: series.lagMs },
    { id: 'rate', title: 'Rate', note: 'per second', minTop: 10, format: formatRate, columns: series.ratePerSecond },
  ].map((chart) => ({ ...chart, lines: linesOf(chart.columns) }));
  return (
    <div class="chart-pair">
      {charts.map(({ id, title, note, minTop, lines, format }) => (
        <Section key={id} id={id} title={title} note={`${note}, last 15 min`}>
          <TimeChart
            times={series.times}
            lines={lines}
            format={format}
            minTop={minTop}
            themeKey={themeKey}
            summary={`${title}, latest: ${summaryOf(lines, format)}`}
          />
        </Section>
      ))}
    </div>
  );
}

function summaryOf(lines: readonly ChartLine[], format: (value: number | null) => string): string {
  const parts = lines.map((line) => `${line.label} ${format(lastKnown(line.values))}`);
  return parts.length === 0 ? 'nothing yet' : parts.join(', ');
}

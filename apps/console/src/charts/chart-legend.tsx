import type { VNode } from 'preact';
import { lastKnown, type ChartLine } from './chart-data.js';
import { LINE_DASHES } from './chart-dashes.js';

export interface ChartLegendProps {
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly format: (value: number | null) => string;
  /** Which sample the pointer is at; null when it is elsewhere: then the latest values are shown. */
  readonly sample: number | null;
}

/** The lines of a chart with their values. */
export function ChartLegend({ times, lines, format, sample }: ChartLegendProps): VNode {
  const at = sample === null ? undefined : times[sample];
  return (
    <dl class="chart-legend">
      {lines.map((line, index) => (
        <div key={line.label}>
          <dt>
            <svg viewBox="0 0 24 10" aria-hidden="true" focusable="false">
              <path
                class={`line-${index + 1}`}
                d="M0 5h24"
                stroke-dasharray={LINE_DASHES[index % LINE_DASHES.length]?.join(' ')}
              />
            </svg>
            {line.label}
          </dt>
          <dd>{format(sample === null ? lastKnown(line.values) : (line.values[sample] ?? null))}</dd>
        </div>
      ))}
      {at !== undefined && <div class="muted">{new Date(at * 1000).toLocaleTimeString()}</div>}
      {lines.length === 0 && <div class="muted">Nothing to draw yet</div>}
    </dl>
  );
}

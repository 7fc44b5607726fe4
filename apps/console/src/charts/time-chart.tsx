import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { SERIES_SECONDS } from '../live/series.js';
import type { ChartLine } from './chart-data.js';

export interface TimeChartProps {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly format: (value: number | null) => string;
  /** What the chart says, in words. */
  readonly summary: string;
  /** Changes when colours do, so that the chart is drawn anew. */
  readonly themeKey: string;
}

const HEIGHT_PX = 168;
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 6]];

/** Lines over the last quarter of an hour. Lines differ by dash as well as by colour. */
export function TimeChart({ times, lines, format, summary, themeKey }: TimeChartProps): VNode {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const shape = [themeKey, ...lines.map((line) => line.label)].join('\n');
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const created = new uPlot(optionsOf(element, lines, format), dataOf(times, lines), element);
    chart.current = created;
    const resize = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      created.destroy();
      chart.current = null;
    };
  }, [shape]);
  useEffect(() => chart.current?.setData(dataOf(times, lines)), [times]);
  return <div ref={host} class="chart" role="img" aria-label={summary} />;
}

function dataOf(times: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  return [[...times], ...lines.map((line) => [...line.values])];
}

function optionsOf(
  element: HTMLElement,
  lines: readonly ChartLine[],
  format: (value: number | null) => string,
): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: color('--ls-muted'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: color('--ls-grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.max(1, element.clientWidth),
    height: HEIGHT_PX,
    cursor: { sync: { key: 'live' }, y: false, drag: { setScale: false, x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { time: true, range: (_chart, _min, max) => [(max ?? 0) - SERIES_SECONDS, max ?? 0] },
      y: { range: (_chart, _min, max) => [0, Math.max(1, (max ?? 0) * 1.15)] },
    },
    axes: [
      { ...axis, values: '{HH}:{mm}', space: 70 },
      { ...axis, size: 68, gap: 6, space: 34, values: (_chart, splits) => splits.map((value) => format(value)) },
    ],
    series: [
      { value: (_chart, value: number | null) => (value === null ? '–' : new Date(value * 1000).toLocaleTimeString()) },
      ...lines.map((line, index) => ({
        label: line.label,
        stroke: color(`--ls-series-${(index % DASHES.length) + 1}`),
        dash: [...(DASHES[index % DASHES.length] ?? [])],
        width: 1.75,
        points: { show: false },
        spanGaps: false,
        value: (_chart: uPlot, value: number | null) => format(value),
      })),
    ],
  };
}

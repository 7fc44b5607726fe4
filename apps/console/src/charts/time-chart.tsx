import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { SERIES_SECONDS } from '../live/series.js';
import { LINE_DASHES } from './chart-dashes.js';
import type { ChartLine } from './chart-data.js';
import { ChartLegend } from './chart-legend.js';

export interface TimeChartProps {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly format: (value: number | null) => string;
  /** The value axis reaches at least up to this, so that next to nothing looks like it. */
  readonly minTop: number;
  /** What the chart says, in words. */
  readonly summary: string;
  /** Changes when colours do, so that the chart is drawn anew. */
  readonly themeKey: string;
}

const HEIGHT_PX = 168;
/** A young chart does not begin with a quarter of an hour of nothing. */
const MIN_SPAN_SECONDS = 120;

/** Lines over the last quarter of an hour. Lines differ by dash as well as by colour. */
export function TimeChart({ times, lines, format, minTop, summary, themeKey }: TimeChartProps): VNode {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [sample, setSample] = useState<number | null>(null);
  const shape = [themeKey, ...lines.map((line) => line.label)].join('\n');
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const created = new uPlot(
      optionsOf({ element, lines, format, minTop, onSample: setSample }),
      dataOf(times, lines),
      element,
    );
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
  return (
    <>
      <div ref={host} class="chart" role="img" aria-label={summary} />
      <ChartLegend times={times} lines={lines} format={format} sample={sample} />
    </>
  );
}

function dataOf(times: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  return [[...times], ...lines.map((line) => [...line.values])];
}

interface DrawingOptions extends Pick<TimeChartProps, 'lines' | 'format' | 'minTop'> {
  readonly element: HTMLElement;
  readonly onSample: (sample: number | null) => void;
}

function optionsOf({ element, lines, format, minTop, onSample }: DrawingOptions): uPlot.Options {
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
    legend: { show: false },
    hooks: { setCursor: [(chart) => onSample(chart.cursor.idx ?? null)] },
    scales: {
      x: { time: true, range: (_chart, min, max) => spanOf(min, max) },
      y: { range: (_chart, _min, max) => [0, Math.max(minTop, (max ?? 0) * 1.15)] },
    },
    axes: [
      { ...axis, size: 26, gap: 6, values: '{HH}:{mm}', incrs: [60, 120, 180, 300], space: 60 },
      { ...axis, size: 68, gap: 6, space: 34, values: (_chart, splits) => splits.map((value) => format(value)) },
    ],
    series: [
      {},
      ...lines.map((line, index) => ({
        label: line.label,
        stroke: color(`--ls-series-${(index % LINE_DASHES.length) + 1}`),
        dash: [...(LINE_DASHES[index % LINE_DASHES.length] ?? [])],
        width: 1.75,
        points: { show: false },
        spanGaps: false,
      })),
    ],
  };
}

function spanOf(min: number | null, max: number | null): uPlot.Range.MinMax {
  const end = max ?? Date.now() / 1000;
  const span = Math.min(SERIES_SECONDS, Math.max(MIN_SPAN_SECONDS, end - (min ?? end)));
  return [end - span, end];
}

import { DEFAULT_ERROR_MONITOR, type ErrorMonitorConfig } from '@lockstep/contracts';
import type { InputObject } from './input-object.js';

const FIELDS = ['consecutive', 'ratio', 'window', 'total'];
const CONSECUTIVE = { min: 1, max: 1_000_000 };
const WINDOW = { min: 10, max: 1_000_000 };
const TOTAL = { min: 1, max: 1_000_000_000 };

/** Checks `sink.errorMonitor`; what is absent is the default. */
export function parseErrorMonitor(sink: InputObject): ErrorMonitorConfig {
  const given = sink.object('errorMonitor', FIELDS);
  if (given === undefined) return DEFAULT_ERROR_MONITOR;
  const { consecutive, ratio, window, total } = DEFAULT_ERROR_MONITOR;
  return {
    consecutive: given.integer('consecutive', CONSECUTIVE) ?? consecutive,
    ratio: given.ratio('ratio', ratio),
    window: given.integer('window', WINDOW) ?? window,
    total: given.integer('total', TOTAL) ?? total,
  };
}

import type { OplogHeadroom } from '@lockstep/contracts';
import type { JobView } from '../api/views.js';
import type { LiveState } from '../live/live-state.js';
import type { Reading } from '../live/series.js';

/** What a connector does right now, joined from its lag events and its running jobs. */
export function readingOf(live: LiveState, connectorId: string): Reading {
  const running = [...live.jobs.entries.values()]
    .map((entry) => entry.value)
    .filter((job) => job.connectorId === connectorId && isAtWork(job));
  const rates = running.map((job) => job.progress.ratePerSecond).filter((rate) => rate !== null);
  const lags = running.map((job) => job.progress.lagMs).filter((lag) => lag !== null);
  const told = live.lag.get(connectorId)?.value.lagMs ?? null;
  return {
    lagMs: running.length === 0 ? null : lags.length > 0 ? Math.max(...lags) : told,
    ratePerSecond: rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) : null,
  };
}

/** How long the source still keeps what a connector needs, of its running jobs; null until known. */
export function headroomOf(live: LiveState, connectorId: string): OplogHeadroom | null {
  const jobs = [...live.jobs.entries.values()].map((entry) => entry.value);
  const told = jobs.filter((job) => job.connectorId === connectorId && isAtWork(job) && hasHeadroom(job));
  // Of several, the one that knows least time left.
  const leftOf = (job: JobView): number => job.progress.headroom?.headroomMs ?? Infinity;
  return [...told].sort((a, b) => leftOf(a) - leftOf(b))[0]?.progress.headroom ?? null;
}

const hasHeadroom = (job: JobView): boolean => (job.progress.headroom ?? null) !== null;

/** One reading per connector; gaps while the stream cannot be trusted. */
export function readingsOf(live: LiveState, isTrusted: boolean): ReadonlyMap<string, Reading> {
  const gap: Reading = { lagMs: null, ratePerSecond: null };
  return new Map([...live.connectors.entries.keys()].map((id) => [id, isTrusted ? readingOf(live, id) : gap]));
}

/** Whether a job is being worked on. */
export function isAtWork(job: Pick<JobView, 'state'>): boolean {
  return job.state === 'running' || job.state === 'canceling';
}

/** Whether a job has come to its end. */
export function isFinished(job: Pick<JobView, 'state'>): boolean {
  return job.state === 'completed' || job.state === 'failed' || job.state === 'canceled';
}

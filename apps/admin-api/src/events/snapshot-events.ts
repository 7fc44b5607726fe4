import type { LiveEvent } from './event-log.js';
import type { LiveSnapshot, ShownChange, ShownLag } from './live-snapshot.js';

type Identified = { readonly id: string };

const changeKey = (change: ShownChange): string => `${change.workerId} ${String(change.sequence)} ${change.at}`;

/** What counts as news: an age grows by itself, and is known from the beat that goes with it. */
const comparable = (item: object): string => JSON.stringify({ ...item, ageMs: undefined });

function updates<T extends Identified>(
  before: readonly T[],
  after: readonly T[],
  toEvent: (item: T | { id: string; deleted: true }, known: T) => LiveEvent,
): LiveEvent[] {
  const known = new Map(before.map((item) => [item.id, item]));
  const changed = after.filter((item) => {
    const old = known.get(item.id);
    return old === undefined || comparable(old) !== comparable(item);
  });
  const present = new Set(after.map((item) => item.id));
  const gone = before.filter((item) => !present.has(item.id));
  return [
    ...changed.map((item) => toEvent(item, item)),
    ...gone.map((item) => toEvent({ id: item.id, deleted: true }, item)),
  ];
}

const lagEvent = (lag: ShownLag): LiveEvent => ({ type: 'lag', connectorId: lag.connectorId, data: lag });
const changeEvent = (change: ShownChange): LiveEvent => ({
  type: 'change',
  connectorId: change.connectorId,
  data: change,
});

/** What has to be told so that who knew `before` knows `after`. Pure. */
export function eventsBetween(before: LiveSnapshot, after: LiveSnapshot): readonly LiveEvent[] {
  const seen = new Set(before.changes.map(changeKey));
  const lags = new Map(before.lags.map((lag) => [lag.jobId, lag]));
  // A job that left the window of what is shown is history, not gone.
  const shownJobs = new Set(after.jobs.map((job) => job.id));
  const jobsBefore = before.jobs.filter((job) => shownJobs.has(job.id));
  return [
    ...updates(before.workers, after.workers, (data) => ({ type: 'worker', connectorId: null, data })),
    ...updates(before.connectors, after.connectors, (data, { id }) => ({ type: 'connector', connectorId: id, data })),
    ...updates(jobsBefore, after.jobs, (data, { connectorId }) => ({ type: 'job', connectorId, data })),
    ...after.changes.filter((change) => !seen.has(changeKey(change))).map(changeEvent),
    ...after.lags.filter((lag) => JSON.stringify(lags.get(lag.jobId)) !== JSON.stringify(lag)).map(lagEvent),
  ];
}

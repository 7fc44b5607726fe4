import type { VNode } from 'preact';
import type { JobView } from '../api/views.js';
import { formatDuration } from '../format/duration.js';
import { formatCount, formatPercent, ratioOf } from '../format/number.js';
import { PHASE_WORDS } from '../shell/tone.js';
import { isFinished } from '../store/readings.js';

/** Phase, bar, done of total, and how long it may still take. A stream sync has no end, so no bar. */
export function JobProgress({ job }: { readonly job: JobView }): VNode {
  const { phase, done, total, etaSeconds } = job.progress;
  const ratio = job.state === 'completed' ? 1 : ratioOf(done, total);
  const isOpen = !isFinished(job);
  const figures =
    total === null || total < done ? `${formatCount(done)} done` : `${formatCount(done)} of ${formatCount(total)}`;
  if (job.type === 'stream_sync') {
    return (
      <>
        <span>{PHASE_WORDS[phase]}</span>
        <span class="sub">{formatCount(done)} changes applied</span>
      </>
    );
  }
  return (
    <div class="progress">
      <span class="progress-line">
        <span>{PHASE_WORDS[phase]}</span>
        {ratio !== null && <span>{formatPercent(ratio)}</span>}
      </span>
      {(isOpen || ratio !== null) && (
        <progress max={1} value={ratio ?? undefined} aria-label={`Progress: ${figures}`} />
      )}
      <span class="sub progress-line">
        <span>{figures}</span>
        {isOpen && etaSeconds !== null && etaSeconds > 0 && <span>{formatDuration(etaSeconds * 1000)} left</span>}
      </span>
    </div>
  );
}

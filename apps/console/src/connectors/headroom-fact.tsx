import type { VNode } from 'preact';
import { formatDuration } from '../format/duration.js';
import { CodeLink } from '../shell/code-link.js';
import { headroomOf } from '../store/readings.js';
import { useStore } from '../store/store-context.js';

export interface HeadroomFactProps {
  readonly connectorId: string;
  /** Leaves out the window, and why it is not known. @defaultValue false */
  readonly isShort?: boolean;
}

/** How long the source still keeps what the stream sync has not read; nothing until a worker has looked. */
export function HeadroomFact({ connectorId, isShort = false }: HeadroomFactProps): VNode | null {
  const store = useStore();
  const headroom = headroomOf(store.live.value, connectorId);
  if (headroom === null) return null;
  const { headroomMs, windowMs, unknownCode } = headroom;
  if (headroomMs === null) {
    if (isShort || unknownCode === null) return null;
    return (
      <span class="muted">
        oplog headroom not known <CodeLink code={unknownCode} />
      </span>
    );
  }
  return (
    <span class="muted" title="Time until the source overwrites what is not read yet">
      oplog headroom {formatDuration(headroomMs)}
      {!isShort && windowMs !== null && ` of ${formatDuration(windowMs)}`}
    </span>
  );
}

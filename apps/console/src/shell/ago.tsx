import type { VNode } from 'preact';
import { formatAgo } from '../format/duration.js';
import { useStore } from '../store/store-context.js';

/** How long ago an ISO 8601 time is, moving with the clock; the time itself as a tool tip. */
export function Ago({ at }: { readonly at: string }): VNode {
  const store = useStore();
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {formatAgo(store.nowMs.value - Date.parse(at))}
    </time>
  );
}

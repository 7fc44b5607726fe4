import type { VNode } from 'preact';
import type { Freshness } from '../live/freshness.js';
import { useStore } from '../store/store-context.js';
import { StatusBadge } from './status-badge.js';
import type { StateWords } from './tone.js';

const WORDS: Readonly<Record<Freshness, StateWords>> = {
  connecting: { tone: 'idle', label: 'Connecting' },
  live: { tone: 'good', label: 'Live' },
  stale: { tone: 'warn', label: 'Stale' },
  broken: { tone: 'bad', label: 'Disconnected' },
  denied: { tone: 'warn', label: 'Token needed' },
};

/** Whether what the page shows is live. */
export function StreamPill(): VNode {
  const store = useStore();
  return (
    <span class="stream-pill" data-freshness={store.freshness.value}>
      <StatusBadge words={WORDS[store.freshness.value]} />
    </span>
  );
}

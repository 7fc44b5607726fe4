import type { VNode } from 'preact';
import { formatAgo } from '../format/duration.js';
import { useStore } from '../store/store-context.js';
import { Icon } from './icon.js';

/** Says that the page may no longer show what is, since when, and offers to try at once. */
export function StreamBanner(): VNode {
  const store = useStore();
  const freshness = store.freshness.value;
  const isShown = freshness === 'stale' || freshness === 'broken';
  const { lastByteAtMs } = store.stream.value;
  return (
    <div role="status" aria-live="polite">
      {isShown && (
        <div class="banner tone-warn" data-testid="stale-banner">
          <Icon name="plug" />
          <p>
            <strong>
              {freshness === 'stale' ? 'Stale: the live stream is silent.' : 'Stale: the live stream is lost.'}
            </strong>{' '}
            {lastByteAtMs === null
              ? 'The admin API could not be reached yet; reconnecting by itself.'
              : `What you see is from ${formatAgo(store.nowMs.value - lastByteAtMs)}; reconnecting by itself.`}
          </p>
          <button type="button" class="small quiet" onClick={() => store.retryNow()}>
            Reconnect now
          </button>
        </div>
      )}
    </div>
  );
}

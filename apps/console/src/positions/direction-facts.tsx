import type { VNode } from 'preact';
import { Ago } from '../shell/ago.js';

/** Where a connector stands, and what a step in either direction leads to. */
export function DirectionFacts({ followedTo }: { readonly followedTo: string | null }): VNode {
  return (
    <dl class="facts">
      {followedTo !== null && (
        <>
          <dt>Now</dt>
          <dd>
            <span class="mono">{followedTo.replace('.000Z', 'Z')}</span>{' '}
            <span class="muted">
              <Ago at={followedTo} />
            </span>
          </dd>
        </>
      )}
      <dt>Back</dt>
      <dd>
        Changes are applied again; newer data in the index is never overwritten. Where the source no longer has them,
        the connector asks for a resync.
      </dd>
      <dt>Forward</dt>
      <dd>
        Changes between are never read. A bulk sync in place makes up for them: it reads everything again, and sweeps
        what is no longer in the source.
      </dd>
    </dl>
  );
}

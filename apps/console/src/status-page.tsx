import type { VNode } from 'preact';
import { OverviewPage } from './overview-page.js';
import { PageFrame } from './shell/page-frame.js';

/** The live status page: the overview to look at, for a screen on the wall. */
export function StatusPage(): VNode {
  return (
    <PageFrame current="status">
      <OverviewPage isReadOnly />
    </PageFrame>
  );
}

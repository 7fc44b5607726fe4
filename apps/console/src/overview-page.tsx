import type { VNode } from 'preact';
import { ChangeList } from './changes/change-list.js';
import { LiveCharts } from './charts/live-charts.js';
import { ConnectorTable } from './connectors/connector-table.js';
import { JobTable } from './jobs/job-table.js';
import { SummaryTiles } from './summary-tiles.js';
import { WorkerTable } from './workers/worker-table.js';

export interface OverviewPageProps {
  /** Without buttons that change something. */
  readonly isReadOnly?: boolean;
}

/** Everything at a glance. */
export function OverviewPage({ isReadOnly = false }: OverviewPageProps): VNode {
  return (
    <>
      <h1 class="visually-hidden">{isReadOnly ? 'Status' : 'Overview'}</h1>
      <SummaryTiles />
      <ConnectorTable isReadOnly={isReadOnly} />
      <LiveCharts />
      <JobTable isReadOnly={isReadOnly} />
      <WorkerTable />
      <ChangeList />
    </>
  );
}

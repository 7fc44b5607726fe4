import type { VNode } from 'preact';
import { ConnectorPage } from './connectors/connector-page.js';
import { CreateConnectorPage } from './connectors/create-connector-page.js';
import { DeadLettersPage } from './dead-letters/dead-letters-page.js';
import { OverviewPage } from './overview-page.js';
import { PageFrame } from './shell/page-frame.js';
import type { Route } from './shell/route.js';
import { useRoute } from './shell/use-route.js';

/** The console: overview, one connector, its dead letters, a new connector. */
export function Console(): VNode {
  const route = useRoute();
  return <PageFrame current="console">{pageOf(route)}</PageFrame>;
}

function pageOf(route: Route): VNode {
  switch (route.page) {
    case 'overview':
      return <OverviewPage />;
    case 'create':
      return <CreateConnectorPage />;
    case 'connector':
      return <ConnectorPage key={route.id} id={route.id} />;
    case 'deadLetters':
      return <DeadLettersPage key={route.connectorId} connectorId={route.connectorId} />;
    case 'unknown':
      return (
        <div class="empty card">
          <p>There is no such page.</p>
          <a href="#/">Back to the overview</a>
        </div>
      );
  }
}

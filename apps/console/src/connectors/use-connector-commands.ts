import { asProblem } from '../api/problem.js';
import type { ConnectorView } from '../api/views.js';
import { useStore } from '../store/store-context.js';
import type { ConnectorAction } from './connector-actions.js';

export interface ConnectorCommands {
  act(connector: ConnectorView, action: ConnectorAction, body?: object): Promise<void>;
  /** Resolves to true when the connector is gone. */
  remove(connector: ConnectorView, deleteIndices: boolean): Promise<boolean>;
}

const DONE_WORDS: Readonly<Record<ConnectorAction, string>> = {
  start: 'is starting',
  pause: 'will pause',
  resume: 'resumes',
  stop: 'will stop',
  resync: 'will be resynced',
};

/** What can be asked of a connector; every outcome is told by a toast. */
export function useConnectorCommands(): ConnectorCommands {
  const store = useStore();
  return {
    async act(connector, action, body) {
      const request = { method: 'POST', ...(body === undefined ? {} : { body }) } as const;
      try {
        await store.api.json(`api/v1/connectors/${connector.id}/actions/${action}`, request);
        store.toasts.good(`${connector.name} ${DONE_WORDS[action]}`);
      } catch (error) {
        store.toasts.bad(asProblem(error));
      }
      await store.reload(['connectors', 'jobs']);
    },
    async remove(connector, deleteIndices) {
      const query = deleteIndices ? '?deleteIndices=true' : '';
      try {
        await store.api.json(`api/v1/connectors/${connector.id}${query}`, { method: 'DELETE' });
        store.receive([{ type: 'removed', kind: 'connectors', id: connector.id }]);
        store.toasts.good(
          `${connector.name} is deleted`,
          deleteIndices ? 'Its indices are deleted too.' : 'Its indices are kept.',
        );
        return true;
      } catch (error) {
        store.toasts.bad(asProblem(error));
        return false;
      }
    },
  };
}

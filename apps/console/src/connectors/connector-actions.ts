import type { ConnectorView } from '../api/views.js';

export type ConnectorAction = 'start' | 'pause' | 'resume' | 'stop' | 'resync';

export interface OfferedActions {
  /** What an operator most likely wants next. */
  readonly primary: ConnectorAction;
  readonly others: readonly ConnectorAction[];
}

/** Nobody works on the connector: a start lets it be tried at once. */
const HELD_BACK: ReadonlySet<string> = new Set(['CONNECTOR_SUSPECTED', 'CONNECTOR_QUARANTINED']);

export const ACTION_LABELS: Readonly<Record<ConnectorAction, string>> = {
  start: 'Start',
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  resync: 'Resync',
};

/** What `offeredActions` goes by. */
export type ActedOn = Pick<ConnectorView, 'desiredState' | 'observedState' | 'conditions'>;

/** Which actions make sense for a connector, by what is wanted of it and what is seen of it. */
export function offeredActions(connector: ActedOn): OfferedActions {
  switch (connector.desiredState) {
    case 'stopped':
      return { primary: 'start', others: [] };
    case 'paused':
      return { primary: 'resume', others: ['stop'] };
    case 'running':
      if (connector.conditions.some(({ code }) => HELD_BACK.has(code))) {
        return { primary: 'start', others: ['pause', 'stop'] };
      }
      return connector.observedState === 'resync_required'
        ? { primary: 'resync', others: ['pause', 'stop'] }
        : { primary: 'pause', others: ['resync', 'stop'] };
  }
}

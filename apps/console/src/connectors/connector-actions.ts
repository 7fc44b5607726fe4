import type { ConnectorView } from '../api/views.js';

export type ConnectorAction = 'start' | 'pause' | 'resume' | 'stop' | 'resync';

export interface OfferedActions {
  /** What an operator most likely wants next. */
  readonly primary: ConnectorAction;
  readonly others: readonly ConnectorAction[];
}

export const ACTION_LABELS: Readonly<Record<ConnectorAction, string>> = {
  start: 'Start',
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  resync: 'Resync',
};

/** Which actions make sense for a connector, by what is wanted of it and what is seen of it. */
export function offeredActions(connector: Pick<ConnectorView, 'desiredState' | 'observedState'>): OfferedActions {
  switch (connector.desiredState) {
    case 'stopped':
      return { primary: 'start', others: [] };
    case 'paused':
      return { primary: 'resume', others: ['stop'] };
    case 'running':
      return connector.observedState === 'resync_required'
        ? { primary: 'resync', others: ['pause', 'stop'] }
        : { primary: 'pause', others: ['resync', 'stop'] };
  }
}

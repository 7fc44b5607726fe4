import type { ConnectorView } from '../api/views.js';

/** Whether a position can be set: a connector that is wished to run moves on by itself. */
export function canSetPosition({ desiredState }: Pick<ConnectorView, 'desiredState'>): boolean {
  return desiredState !== 'running';
}

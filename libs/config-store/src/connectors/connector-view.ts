import type { Connector } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';

/** A connector as the API shows it: no secret, no ciphertext. */
export interface ConnectorView {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly desiredState: string;
  readonly source: Readonly<Record<string, unknown>>;
  readonly sink: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export function connectorView(_connector: Connector): ConnectorView {
  throw new LockstepError('INTERNAL_ERROR');
}

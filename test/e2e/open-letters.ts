import type { LockstepInstance } from '@lockstep/testing';

export interface OpenLetter {
  readonly documentId: string;
  readonly originalId: string;
  readonly namespace: string;
  readonly field: string | null;
  readonly errorType: string;
  readonly code: string;
}

/** All open dead letters of a connector, as the API lists them. */
export async function openLetters(lockstep: LockstepInstance, connectorId: string): Promise<OpenLetter[]> {
  const letters: OpenLetter[] = [];
  for (let token: string | null = ''; token !== null;) {
    const page = token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const path = `/api/v1/connectors/${connectorId}/dead-letters?pageSize=100${page}`;
    const { status, body } = await lockstep.call('GET', path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    letters.push(...(body.items as OpenLetter[]));
    token = body.nextPageToken as string | null;
  }
  return letters;
}

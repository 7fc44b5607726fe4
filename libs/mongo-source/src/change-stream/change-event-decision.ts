import type { ChangeEvent, ChangeOperation, NamespaceEvent } from '@lockstep/contracts';
import { encodeDocumentId } from '../document-id/encode-document-id.js';
import type { RawChangeEvent } from './raw-change-event.js';

export interface FollowedNamespaces {
  readonly database: string;
  readonly collections: ReadonlySet<string>;
}

/**
 * What a change event means to us. `foreign` events concern collections that we do not follow; `ignored`
 * ones are of a kind that changes no document (index builds, `collMod`, …) or that is not known.
 */
export type ChangeDecision =
  | { readonly kind: 'event'; readonly event: ChangeEvent }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'ignored'; readonly operation: string };

const KEY_OPERATIONS: readonly string[] = ['insert', 'update', 'replace', 'delete'] satisfies ChangeOperation[];
const NAMESPACE_OPERATIONS: readonly string[] = [
  'drop',
  'rename',
  'dropDatabase',
  'invalidate',
] satisfies NamespaceEvent['operation'][];

export function decideChange(raw: RawChangeEvent, followed: FollowedNamespaces): ChangeDecision {
  const { operationType, clusterTime, collection, idElement, collectionUuid } = raw;
  const ignored: ChangeDecision = { kind: 'ignored', operation: operationType === '' ? 'unknown' : operationType };
  if (clusterTime === null) return ignored;
  if (isKeyOperation(operationType)) {
    if (collection === null || idElement === null) return ignored;
    if (!followed.collections.has(collection)) return { kind: 'foreign' };
    const key = { id: encodeDocumentId(idElement), element: idElement };
    return {
      kind: 'event',
      event: { kind: 'key', operation: operationType, collection, key, clusterTime, collectionUuid },
    };
  }
  if (!isNamespaceOperation(operationType)) return ignored;
  if (!concernsUs(raw, operationType, followed)) return { kind: 'foreign' };
  const { renamedTo } = raw;
  return {
    kind: 'event',
    event: {
      kind: 'namespace',
      operation: operationType,
      collection,
      renamedTo: renamedTo === null ? null : `${renamedTo.database}.${renamedTo.collection}`,
      clusterTime,
      collectionUuid,
    },
  };
}

function concernsUs(
  raw: RawChangeEvent,
  operation: NamespaceEvent['operation'],
  followed: FollowedNamespaces,
): boolean {
  if (operation === 'dropDatabase' || operation === 'invalidate') return true;
  const { collection, renamedTo } = raw;
  if (collection !== null && followed.collections.has(collection)) return true;
  return renamedTo?.database === followed.database && followed.collections.has(renamedTo.collection);
}

function isKeyOperation(operation: string): operation is ChangeOperation {
  return KEY_OPERATIONS.includes(operation);
}

function isNamespaceOperation(operation: string): operation is NamespaceEvent['operation'] {
  return NAMESPACE_OPERATIONS.includes(operation);
}

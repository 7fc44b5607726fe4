import type { ClusterTime } from '@lockstep/core';
import { ElementCursor } from '../bson/element-cursor.js';
import { readIdElement } from '../document-id/read-id-element.js';

/** The members of a change event that we ask for; null where it has none. */
export interface RawChangeEvent {
  readonly operationType: string;
  readonly clusterTime: ClusterTime | null;
  readonly collection: string | null;
  /** The `_id` element of the document key. */
  readonly idElement: Buffer | null;
  readonly renamedTo: { readonly database: string; readonly collection: string } | null;
  /** Lower-case hex. */
  readonly collectionUuid: string | null;
}

/** Reads the change event that begins at `start`, from its bytes. */
export function readRawChangeEvent(source: Buffer, start: number): RawChangeEvent {
  const elements = new ElementCursor(source, start);
  let operationType = '';
  let clusterTime: ClusterTime | null = null;
  let collection: string | null = null;
  let idElement: Buffer | null = null;
  let renamedTo: RawChangeEvent['renamedTo'] = null;
  let collectionUuid: string | null = null;
  while (elements.next()) {
    switch (elements.name) {
      case 'operationType':
        operationType = elements.string() ?? '';
        break;
      case 'clusterTime':
        clusterTime = elements.uint64();
        break;
      case 'ns':
        collection = readString(source, elements.valueStart, 'coll');
        break;
      case 'documentKey':
        idElement = readIdElement(source, elements.valueStart);
        break;
      case 'to':
        renamedTo = {
          database: readString(source, elements.valueStart, 'db') ?? '',
          collection: readString(source, elements.valueStart, 'coll') ?? '',
        };
        break;
      case 'collectionUUID':
        collectionUuid = source.toString('hex', elements.valueStart + 5, elements.end);
        break;
      default:
    }
  }
  return { operationType, clusterTime, collection, idElement, renamedTo, collectionUuid };
}

function readString(source: Buffer, start: number, name: string): string | null {
  const elements = new ElementCursor(source, start);
  while (elements.next()) if (elements.name === name) return elements.string();
  return null;
}

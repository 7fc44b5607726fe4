import type { BulkRoute } from '../bulk/bulk-operation.js';

const PLAIN_ID = /^[ !#-[\]-~]*$/;

/** Bytes that an action line needs at most, without its id. */
export function actionOverhead(route: BulkRoute): number {
  return route.deleteHead.length + route.tail.length;
}

/**
 * The unchanging parts of the action lines of one target and version. The version is decimal text
 * made from a bigint: as a JS number it would be rounded, and two different states could share it.
 * `external_gte` takes the same version again, which is what makes sending again harmless.
 */
export function actionParts(writeAlias: string, version: bigint): Pick<BulkRoute, 'indexHead' | 'deleteHead' | 'tail'> {
  const alias = JSON.stringify(writeAlias);
  return {
    indexHead: Buffer.from(`{"index":{"_index":${alias},"_id":"`),
    deleteHead: Buffer.from(`{"delete":{"_index":${alias},"_id":"`),
    tail: Buffer.from(`","version":${version.toString()},"version_type":"external_gte"}}\n`),
  };
}

/** Writes the JSON string content of an id at `position`; returns the position after it. At most 6 bytes per UTF-16 unit. */
export function writeId(buffer: Buffer, position: number, id: string): number {
  if (PLAIN_ID.test(id)) return position + buffer.write(id, position, 'latin1');
  return position + buffer.write(JSON.stringify(id).slice(1, -1), position, 'utf8');
}

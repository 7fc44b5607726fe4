import type { BsonTypeName, FieldTypeCount } from '@lockstep/contracts';
import type { DocumentFieldTypes } from '../transcode/transcoder.js';

/** Counts in how many documents each field has each type; a document that is met again is not counted again. */
export class FieldTally {
  private readonly ids = new Set<string>();
  private readonly byPath = new Map<string, Map<BsonTypeName, number>>();

  /** How many documents were counted. */
  get documents(): number {
    return this.ids.size;
  }

  add({ id, types }: DocumentFieldTypes): void {
    if (this.ids.has(id)) return;
    this.ids.add(id);
    for (const { path, type } of types) {
      const counts = this.byPath.get(path) ?? new Map<BsonTypeName, number>();
      this.byPath.set(path, counts.set(type, (counts.get(type) ?? 0) + 1));
    }
  }

  /** In the order in which paths, and types of a path, were met. */
  counts(): FieldTypeCount[] {
    return [...this.byPath].flatMap(([path, counts]) =>
      [...counts].map(([type, documents]) => ({ path, type, documents })),
    );
  }
}

/** What a conversion may have to bend; each is counted per batch under this name (docs/documents.md). */
export const NOTE_KINDS = [
  'nonFiniteNumber',
  'decimalRounded',
  'invalidUtf8',
  'dateOutOfRange',
  'scopeDropped',
  'undefinedDropped',
  'duplicateField',
  'fieldRenamed',
  'fieldEscaped',
  'tooDeep',
] as const;

export type NoteKind = (typeof NOTE_KINDS)[number];

/** Counts notes of the document at hand, and of the batch once the document is kept. */
export class NoteCounter {
  private readonly batch = new Map<NoteKind, number>();
  private readonly document: NoteKind[] = [];

  add(kind: NoteKind): void {
    this.document.push(kind);
  }

  /** The document at hand is written again, or not at all. */
  dropDocument(): void {
    this.document.length = 0;
  }

  keepDocument(): void {
    for (const kind of this.document) this.batch.set(kind, (this.batch.get(kind) ?? 0) + 1);
    this.document.length = 0;
  }

  /** The counts of the batch; begins the next one. */
  take(): Record<string, number> {
    const counts = Object.fromEntries(this.batch);
    this.batch.clear();
    return counts;
  }
}

import { isUtf8 } from 'node:buffer';
import { isHashedId, type DocumentState, type FieldType, type RejectDocument } from '@lockstep/contracts';
import { encodeIdAt } from '../document-id/encode-document-id.js';
import { originalIdOf } from '../document-id/original-id.js';
import { findIdElement } from '../document-id/read-id-element.js';
import { unreadableDocumentId } from '../document-id/unreadable-document-id.js';
import { DEFAULT_POLICIES, type ConversionPolicies } from './conversion-policies.js';
import { NoteCounter } from './conversion-notes.js';
import { DocumentWalker, type WalkResult } from './document-walker.js';
import { FieldTypeReport } from './field-types.js';
import { OutputBuffer } from './output-buffer.js';
import { ScalarWriter } from './scalar-writer.js';

const HIGH_BITS = 0x80808080 | 0;
const ID_FIELD = '_id';

/** What a batch of documents was converted to. */
export interface TranscodedBatch {
  /** The JSON of all index documents, one after the other. It belongs to the caller from here on. */
  readonly body: Buffer;
  /** Fields met with a BSON type that this transcoder had not met them with before. */
  readonly newFields: FieldType[];
  /** What had to be bent, counted by kind (docs/documents.md); kinds that did not occur are absent. */
  readonly notes: Record<string, number>;
}

/** What one document says about the fields of its collection. */
export interface DocumentFieldTypes {
  /** The Elasticsearch id. */
  readonly id: string;
  readonly types: readonly FieldType[];
}

/**
 * Converts the documents of one collection from BSON to JSON, bytes to bytes. It remembers the shapes of the
 * documents it has seen: keep one per collection. Not for concurrent use.
 */
export class Transcoder {
  readonly policies: ConversionPolicies;
  private readonly out = new OutputBuffer();
  private readonly notes = new NoteCounter();
  private readonly types = new FieldTypeReport();
  private readonly scalars: ScalarWriter;
  private readonly walker: DocumentWalker;
  private source: Buffer | null = null;
  private view: DataView = new DataView(new ArrayBuffer(0));

  constructor(policies: Partial<ConversionPolicies> = {}) {
    this.policies = { ...DEFAULT_POLICIES, ...policies };
    const { out, notes, types } = this;
    this.scalars = new ScalarWriter(out, notes, this.policies);
    this.walker = new DocumentWalker({ out, notes, types, scalars: this.scalars, policies: this.policies });
  }

  /** Starts a batch. A batch that was begun and not finished is dropped: the next one meets its fields again. */
  begin(): void {
    this.out.begin();
    this.notes.take();
    this.types.takeAgain();
  }

  /**
   * Converts the BSON document at `source[start, end)` and appends it to the batch. Never throws, whatever the bytes;
   * never reads outside. A document without a readable `_id` is rejected under an id made of its bytes.
   */
  add(source: Buffer, start: number, end: number): DocumentState {
    const { out } = this;
    const from = out.position;
    if (start < 0 || start > end || end > source.length) return this.reject(source, { start: 0, end: 0 }, 'corrupt');
    this.read(source);
    out.seenBits = 0;
    let result = this.walker.walk(start, end);
    if (result === 'written' && (out.seenBits & HIGH_BITS) !== 0 && !this.isUtf8From(from)) {
      result = this.walkRepairing(start, end, from);
    }
    if (result !== 'written') {
      out.position = from;
      return this.reject(source, { start, end }, result);
    }
    const id = this.walker.idAt < 0 ? null : encodeIdAt(source, this.view, this.walker.idAt, end);
    if (id === null) {
      out.position = from;
      return this.reject(source, { start, end }, 'corrupt', ID_FIELD);
    }
    this.notes.keepDocument();
    this.types.keepDocument();
    const document = { operation: 'index', id, start: from, end: out.position } as const;
    return isHashedId(id) ? { ...document, ...originOf(source, start, end) } : document;
  }

  /**
   * The fields of one document with all their types, whether they were met before or not; nothing is kept of its
   * JSON. Not between `begin` and `finish`.
   * @returns null when it cannot be converted
   */
  fieldTypesOf(source: Buffer, start: number, end: number): DocumentFieldTypes | null {
    this.begin();
    const document = this.add(source, start, end);
    this.source = null;
    const types = this.types.takeAgain();
    return document.operation === 'index' ? { id: document.id, types } : null;
  }

  /** Ends the batch and hands over what was written. */
  finish(): TranscodedBatch {
    // The batch that was read is free to go while the next one is on its way.
    this.source = null;
    return { body: this.out.take(), newFields: this.types.take(), notes: this.notes.take() };
  }

  private read(source: Buffer): void {
    if (this.source === source) return;
    this.source = source;
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    this.walker.read(source, this.view);
  }

  /** Only text of the source can be invalid, and there is ASCII around every text: one look at all of it is enough. */
  private isUtf8From(from: number): boolean {
    return isUtf8(this.out.bytes.subarray(from, this.out.position));
  }

  /** Writes a document again, looking at each text. */
  private walkRepairing(start: number, end: number, from: number): WalkResult {
    this.out.position = from;
    this.notes.dropDocument();
    this.scalars.repairsText = true;
    const result = this.walker.walk(start, end);
    this.scalars.repairsText = false;
    return result;
  }

  private reject(
    source: Buffer,
    { start, end }: { readonly start: number; readonly end: number },
    reason: Exclude<WalkResult, 'written'>,
    path?: string,
  ): RejectDocument {
    this.notes.dropDocument();
    this.types.dropDocument();
    const field = path ?? (end > start ? this.walker.failedPath() : null);
    const element = findIdElement(source, start, end);
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    const id = element === null ? null : encodeIdAt(source, view, element.start, element.end);
    return {
      operation: 'reject',
      id: id ?? unreadableDocumentId(source.subarray(start, end)),
      code: reason === 'refused' ? 'SOURCE_DOCUMENT_UNSUPPORTED' : 'SOURCE_DOCUMENT_CORRUPT',
      field,
      ...(id !== null && isHashedId(id) ? originOf(source, start, end) : {}),
    };
  }
}

/** The `_id` of a document whose id is a hash. */
function originOf(source: Buffer, start: number, end: number): Pick<RejectDocument, 'originalId'> {
  const range = findIdElement(source, start, end);
  const originalId = range === null ? null : originalIdOf(Buffer.from(source.subarray(range.start, range.end)));
  return originalId === null ? {} : { originalId };
}

/** One namespace → one target inside a connector. */
export interface Binding {
  readonly database: string;
  readonly collection: string;
  /** `database.collection` */
  readonly namespace: string;
  /** What `sink.index` resolves to for this namespace: a read alias or an index, by layout. */
  readonly index: string;
}

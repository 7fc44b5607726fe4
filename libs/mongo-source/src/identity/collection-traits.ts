/** What of a collection decides how it is read. */
export interface CollectionTraits {
  /** `hint: {_id: 1}` is possible: not for views and time-series collections. */
  readonly hasIdIndex: boolean;
  /** Stored in `_id` order, without an `_id` index of its own (5.3+). */
  readonly isClustered: boolean;
  /** Its `_id`s are not ordered as BSON values are. */
  readonly hasCollation: boolean;
}

export const ORDINARY_COLLECTION: CollectionTraits = { hasIdIndex: true, isClustered: false, hasCollation: false };

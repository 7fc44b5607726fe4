/** What says that an index is ours: `_meta.lockstep`. */
export interface TargetMark {
  readonly installationId: string;
  readonly connectorId: string;
  /** Namespace of the binding. */
  readonly binding: string;
  readonly generation: number;
  /** Set while the index is loaded: the settings to restore. A crash leaves it for the next one. */
  readonly load?: { readonly refreshInterval: string | null };
}

/** Reads the mark of an index; null when it has none. */
export function readMark(meta: unknown): TargetMark | null {
  const mark = (meta as { lockstep?: Partial<TargetMark> } | null | undefined)?.lockstep;
  if (mark === undefined || mark === null) return null;
  const { installationId, connectorId, binding, generation } = mark;
  if (typeof installationId !== 'string' || typeof connectorId !== 'string') return null;
  if (typeof binding !== 'string' || typeof generation !== 'number') return null;
  return { installationId, connectorId, binding, generation, ...(mark.load === undefined ? {} : { load: mark.load }) };
}

/** An index of the same connector of the same installation. */
export function isOfConnector(
  mark: TargetMark | null,
  expected: Pick<TargetMark, 'installationId' | 'connectorId'>,
): mark is TargetMark {
  return mark?.installationId === expected.installationId && mark.connectorId === expected.connectorId;
}

/** Same filling of the same binding of the same connector of the same installation. */
export function isSameMark(mark: TargetMark | null, expected: TargetMark): boolean {
  return isOfConnector(mark, expected) && mark.binding === expected.binding && mark.generation === expected.generation;
}

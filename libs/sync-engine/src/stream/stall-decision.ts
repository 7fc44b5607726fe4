/** What is known of a stream that is being read. */
export interface StallView {
  /** How long the token has stood still while the stream was read, milliseconds. */
  readonly stillMs: number;
  /** How long the source is known to be ahead of the token, milliseconds; null while nothing says that it is. */
  readonly aheadMs: number | null;
  /** Times the stream was opened anew since its token moved. */
  readonly restarts: number;
  /** How long a token may stand still, milliseconds. */
  readonly patienceMs: number;
}

/** `ask`: whether the source has gone on is not known. `restart`: the stream is opened anew where it stands. */
export type StallDecision = 'wait' | 'ask' | 'restart';

/** A source that has gone on may need so long to say so on the stream, milliseconds. */
export const HEAD_START_MS = 3_000;

/** More doublings would wait for days. */
const MAX_DOUBLINGS = 8;

/**
 * Whether the source itself stands still: it takes writes that its majority does not confirm.
 * @param unconfirmedMs how long its newest write is known to be ahead of what is confirmed; null while it is not
 */
export function isMajorityStalled(unconfirmedMs: number | null): boolean {
  return unconfirmedMs !== null && unconfirmedMs >= HEAD_START_MS;
}

/**
 * Whether a stream is stalled: its token does not move although its source does. A quiet source moves neither. The
 * patience doubles with every restart that did not help: a server that has a long history to look through begins
 * anew each time, and has to be let finish.
 */
export function decideStall({ stillMs, aheadMs, restarts, patienceMs }: StallView): StallDecision {
  if (stillMs < patienceMs * 2 ** Math.min(restarts, MAX_DOUBLINGS)) return 'wait';
  if (aheadMs === null) return 'ask';
  return aheadMs < HEAD_START_MS ? 'wait' : 'restart';
}

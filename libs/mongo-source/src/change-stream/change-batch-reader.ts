import { LockstepError } from '@lockstep/core';
import type { ChangeBatch, ChangeEvent } from '@lockstep/contracts';
import type { CursorReply } from '../raw-reply/cursor-reply.js';
import { decideChange, type FollowedNamespaces } from './change-event-decision.js';
import { readRawChangeEvent } from './raw-change-event.js';
import { resumeTokenTime } from './resume-token.js';

export interface ReadChanges {
  readonly batch: ChangeBatch;
  /** Events that mean nothing to us, counted by their operation. */
  readonly ignored: Readonly<Record<string, number>>;
}

/**
 * Turns one reply of a change stream into a batch.
 * @throws LockstepError SOURCE_READ_FAILED when the reply has no post-batch token: without it, nothing says
 * up to where the stream was read.
 */
export function readChangeBatch(reply: CursorReply, followed: FollowedNamespaces): ReadChanges {
  const { source, bounds, postBatchResumeToken: token } = reply;
  if (token === null)
    throw new LockstepError('SOURCE_READ_FAILED', 'reading the change stream: no post-batch resume token');
  const events: ChangeEvent[] = [];
  const ignored: Record<string, number> = {};
  for (let i = 0; i < bounds.length; i += 2) {
    const decision = decideChange(readRawChangeEvent(source, bounds[i] ?? 0), followed);
    if (decision.kind === 'event') events.push(decision.event);
    else if (decision.kind === 'ignored') ignored[decision.operation] = (ignored[decision.operation] ?? 0) + 1;
  }
  const batch: ChangeBatch = {
    events,
    token: token.toString('base64'),
    tokenTime: resumeTokenTime(token),
    operationTime: reply.operationTime,
    isEnd: reply.cursorId.isZero(),
    byteLength: source.length,
  };
  return { batch, ignored };
}

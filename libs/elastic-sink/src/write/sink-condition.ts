import type { Condition } from '@lockstep/contracts';
import { ERROR_CATALOGUE, type ErrorCode } from '@lockstep/core';

/** `SINK_READ_ONLY` → `SinkReadOnly` */
export function conditionReason(code: ErrorCode): string {
  return code
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}

/** What an operator is told while writing waits. */
export function sinkCondition(code: ErrorCode, sinceMs: number): Condition {
  const { title, advice } = ERROR_CATALOGUE[code];
  return {
    reason: conditionReason(code),
    code,
    message: title,
    since: new Date(sinceMs).toISOString(),
    remedy: advice,
  };
}

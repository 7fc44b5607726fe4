import { LockstepError } from '@lockstep/core';
import { classifyElasticError, elasticFailure, refusalReason } from '@lockstep/elastic';

/**
 * What a failed creation of an index says. A refused definition is the operator's own input, so Elasticsearch's
 * words about it may be shown.
 */
export function definitionRefusal(error: unknown, index: string): LockstepError {
  const failure = elasticFailure(error);
  // ShardLimitValidator; what else is wrong with an index has other types.
  if (failure.errorType === 'validation_exception') {
    return new LockstepError('SINK_SHARD_LIMIT_REACHED', undefined, { cause: failure });
  }
  if (failure.status !== 400) return classifyElasticError(error);
  const words = refusalReason(error);
  const message = `index ${index}${words === null ? ' is refused' : `: ${words}`}`;
  return new LockstepError('SINK_TARGET_INVALID', message, { cause: failure });
}

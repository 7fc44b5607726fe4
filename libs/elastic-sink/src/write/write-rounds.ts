import type { TargetWrite } from '@lockstep/contracts';

/**
 * Writes that may be in flight side by side: a target once per round. Two batches of one target could
 * hold the same id, and requests in flight together have no order.
 */
export function writeRounds(writes: readonly TargetWrite[]): TargetWrite[][] {
  const rounds: TargetWrite[][] = [];
  const nextRound = new Map<string, number>();
  for (const write of writes) {
    const round = nextRound.get(write.target.index) ?? 0;
    nextRound.set(write.target.index, round + 1);
    (rounds[round] ??= []).push(write);
  }
  return rounds;
}

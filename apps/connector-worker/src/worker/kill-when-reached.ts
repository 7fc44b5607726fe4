import { onKillPoint } from '@lockstep/core';
import type { Logger } from '@lockstep/observability';
import type { KillOrder } from '@lockstep/settings';

/** Test only: ends this process like a power cut, by SIGKILL, within the call that reaches the kill point. */
export function killWhenReached({ point, nth }: KillOrder, logger: Logger): void {
  logger.warn({ event: 'process.doomed', point, nth }, 'a test ends this process at a kill point');
  let left = nth;
  onKillPoint((name) => {
    if (name !== point) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  });
}

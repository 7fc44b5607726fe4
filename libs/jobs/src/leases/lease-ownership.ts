import type { LeaseHolder, PartitionState } from '@lockstep/contracts';

export function isSameHolder(a: LeaseHolder | null, b: LeaseHolder): boolean {
  return a?.workerId === b.workerId && a.incarnation === b.incarnation;
}

/**
 * Whether a state document still belongs to a lease. Pure. The epoch alone would do while documents are
 * never made anew; the holder covers a connector that was deleted and made again.
 */
export function isOurs(
  stored: Pick<PartitionState, 'lease' | 'epoch'> | undefined,
  lease: { readonly holder: LeaseHolder; readonly epoch: number },
): boolean {
  return stored?.epoch === lease.epoch && isSameHolder(stored.lease, lease.holder);
}

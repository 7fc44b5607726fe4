import type { FencedLease } from '../leases/lease-claimer.js';

/** The partitions that this process holds or is just claiming: one place per partition. */
export class HeldLeases {
  private readonly leases = new Map<string, FencedLease | null>();

  /** @returns false when the place is taken */
  reserve(partition: string): boolean {
    if (this.leases.has(partition)) return false;
    this.leases.set(partition, null);
    return true;
  }

  free(partition: string): void {
    this.leases.delete(partition);
  }

  add(lease: FencedLease): void {
    this.leases.set(lease.partition, lease);
  }

  /** Ids of the partitions that are held, not those being claimed. */
  partitions(): string[] {
    return [...this.leases].filter(([, lease]) => lease !== null).map(([partition]) => partition);
  }

  fenceAll(): void {
    for (const lease of [...this.leases.values()]) lease?.fence();
  }
}

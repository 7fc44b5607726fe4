import type { WorkerListing } from '@lockstep/jobs';
import { ShareKeeper } from './share-keeper.js';

const wanted = new Set(['con_1:1:0', 'con_2:1:0', 'con_3:1:0', 'con_4:1:0']);
const free = (): Promise<boolean> => Promise.resolve(true);
const held = (): Promise<boolean> => Promise.resolve(false);

describe('share keeper', () => {
  let nowMs = 0;
  let living: readonly (Pick<WorkerListing, 'id' | 'partitions'> & { readonly isAlive?: boolean })[] = [];
  let keeper: ShareKeeper;

  beforeEach(() => {
    nowMs = 0;
    living = [];
    keeper = new ShareKeeper({
      directory: { list: () => Promise.resolve(living.map((one) => ({ isAlive: true, ...one }) as WorkerListing)) },
      workerId: () => 'wrk_a',
      clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    });
  });

  it('takes everything while alone, dead workers and its own listing aside', async () => {
    living = [
      { id: 'wrk_a', partitions: ['con_1:1:0'] },
      { id: 'wrk_b', partitions: [], isAlive: false },
    ];
    await keeper.look(1, wanted);
    expect(await keeper.mayClaim('con_2:1:0', free)).toBe(true);
    keeper.claimed('con_2:1:0');
    expect(keeper.due()).toBe(0);
  });

  it('takes no more than its share between two looks', async () => {
    living = [{ id: 'wrk_b', partitions: [] }];
    await keeper.look(1, wanted);
    expect(await keeper.mayClaim('con_2:1:0', free)).toBe(true);
    keeper.claimed('con_2:1:0');
    expect(await keeper.mayClaim('con_3:1:0', free)).toBe(false);
  });

  it('gives back what is too much once it has stayed so, and not twice at once', async () => {
    living = [{ id: 'wrk_b', partitions: ['con_9:1:0'] }];
    await keeper.look(4, wanted);
    expect(keeper.due()).toBe(0);
    nowMs += 4_999;
    expect(keeper.due()).toBe(0);
    nowMs += 1;
    expect(keeper.due()).toBe(2);
    expect(keeper.due()).toBe(0);
  });

  it('does not give back what was uneven for a moment only', async () => {
    living = [{ id: 'wrk_b', partitions: [] }];
    await keeper.look(4, wanted);
    expect(keeper.due()).toBe(0);
    nowMs += 3_000;
    await keeper.look(2, wanted);
    expect(keeper.due()).toBe(0);
    await keeper.look(4, wanted);
    nowMs += 3_000;
    expect(keeper.due()).toBe(0);
  });

  it('takes what others leave lying, and keeps it', async () => {
    living = [{ id: 'wrk_b', partitions: [] }];
    await keeper.look(2, wanted);
    expect(await keeper.mayClaim('con_3:1:0', held)).toBe(false);
    nowMs += 60_000;
    expect(await keeper.mayClaim('con_3:1:0', free)).toBe(false);
    nowMs += 5_000;
    expect(await keeper.mayClaim('con_3:1:0', free)).toBe(true);
    keeper.claimed('con_3:1:0');
    await keeper.look(3, wanted);
    keeper.due();
    nowMs += 59_999;
    expect(keeper.due()).toBe(0);
    nowMs += 1;
    keeper.due();
    nowMs += 5_000;
    expect(keeper.due()).toBe(1);
  });
});

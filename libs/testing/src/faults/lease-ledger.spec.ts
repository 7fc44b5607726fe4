import { LeaseLedger, type Leaving, type SeenLease } from './lease-ledger';

const LEAD = 'con_a:1:0';
const SECOND = 'con_a:1:1';

const heldBy = (workerId: string, epoch: number, fence = 0): SeenLease => ({ epoch, fence, lease: { workerId } });
const nobodys = (epoch: number): SeenLease => ({ epoch, lease: null });

describe('what is seen of leases', () => {
  let ledger: LeaseLedger;

  beforeEach(() => {
    ledger = new LeaseLedger();
  });

  const saw = (id: string, stored: SeenLease, { nowMs = 0, isAtRest = false } = {}): void =>
    ledger.saw({ id, isAtRest, stored }, nowMs);

  it.each([
    ['the lead', LEAD, false],
    ['another part', SECOND, false],
    ['a retired generation', LEAD, true],
  ])('finds an epoch that falls in %s', (_, id, isAtRest) => {
    saw(id, heldBy('w', 5), { isAtRest });
    saw(id, heldBy('w', 5), { isAtRest });
    saw(id, heldBy('v', 6), { isAtRest });
    expect(ledger.violations).toEqual([]);
    saw(id, nobodys(4), { isAtRest });
    expect(ledger.violations).toEqual([`the epoch of ${id} fell from 6 to 4`]);
  });

  it('knows each partition by itself, until it is deleted', () => {
    saw(LEAD, heldBy('w', 5));
    saw(SECOND, heldBy('w', 2));
    expect(ledger.partitions).toEqual([LEAD, SECOND]);
    ledger.forget(LEAD);
    saw(LEAD, nobodys(0));
    expect(ledger.violations).toEqual([]);
  });

  it('counts every part of which a worker died, each with its own time', () => {
    for (const id of [LEAD, SECOND]) saw(id, heldBy('w', 5));
    saw('con_b:1:0', heldBy('v', 3));
    ledger.left('w', 'SIGKILL', 1_000);
    saw(LEAD, heldBy('w', 5), { nowMs: 1_200 });
    saw(LEAD, heldBy('v', 6, 6), { nowMs: 9_000 });
    saw(SECOND, heldBy('v', 6, 6), { nowMs: 9_500 });
    saw('con_b:1:0', heldBy('u', 4, 4), { nowMs: 9_500 });
    expect(ledger.takeovers).toEqual([
      { cause: 'SIGKILL', tookMs: 8_000 },
      { cause: 'SIGKILL', tookMs: 8_500 },
    ]);
  });

  it.each<[Leaving, number]>([
    ['SIGKILL', 0],
    ['SIGSTOP', 0],
    ['SIGTERM', 1],
  ])('counts what was given back before %s as %d takeovers', (cause, count) => {
    saw(LEAD, heldBy('w', 5, 4));
    ledger.left('w', cause, 0);
    saw(LEAD, nobodys(5));
    saw(LEAD, heldBy('v', 6, 4));
    saw(LEAD, heldBy('u', 7, 7));
    expect(ledger.takeovers).toHaveLength(count);
  });

  it('counts nothing of which nobody is to be the holder', () => {
    saw(LEAD, heldBy('w', 5));
    saw(SECOND, heldBy('w', 5));
    saw('con_a:2:0', heldBy('w', 5), { isAtRest: true });
    ledger.left('w', 'SIGKILL', 0);
    // The generation is retired meanwhile, and comes back.
    saw(LEAD, heldBy('w', 5), { isAtRest: true });
    saw(LEAD, heldBy('v', 6, 6));
    saw('con_a:2:0', heldBy('v', 6, 6));
    ledger.pause('con_a');
    saw(SECOND, heldBy('v', 6, 6));
    ledger.left('v', 'SIGKILL', 0);
    ledger.resume('con_a');
    for (const id of [LEAD, SECOND]) saw(id, heldBy('u', 7, 7));
    expect(ledger.takeovers).toEqual([]);
    ledger.left('u', 'SIGKILL', 0);
    for (const id of [LEAD, SECOND]) saw(id, heldBy('t', 8, 8));
    expect(ledger.takeovers).toHaveLength(2);
  });

  it('leaves a frozen worker what it had when it goes on, and a dead one of its name nothing', () => {
    saw(LEAD, heldBy('w', 5));
    ledger.left('w', 'SIGSTOP', 0);
    ledger.cameBack('w');
    saw(LEAD, heldBy('v', 6, 6));
    expect(ledger.takeovers).toEqual([]);
    ledger.left('v', 'SIGKILL', 0);
    ledger.left('v', 'SIGSTOP', 0);
    ledger.cameBack('v');
    saw(LEAD, heldBy('u', 7, 7));
    expect(ledger.takeovers).toMatchObject([{ cause: 'SIGKILL' }]);
  });
});

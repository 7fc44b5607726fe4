import { FAULT_KINDS, type FaultKind } from './fault-kinds';
import { planFaults } from './fault-plan';

const options = { seed: 7, seconds: 600, workers: 3, connectors: 2 };

describe('the plan of a soak', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planFaults(options)).toEqual(planFaults(options));
    expect(planFaults(options)).not.toEqual(planFaults({ ...options, seed: 8 }));
  });

  it('begins like every shorter one of its seed', () => {
    const short = planFaults({ ...options, seconds: 100 });
    expect(short).toHaveLength(3);
    expect(planFaults(options).slice(0, 2)).toEqual(short.slice(0, 2));
    expect(short[2]!.length).toBeGreaterThan(0);
    expect(short[2]!.every(({ atMs }) => atMs < 20_000)).toBe(true);
  });

  it('holds every kind of fault within its bounds', () => {
    const faults = planFaults({ ...options, seconds: 6_000 }).flat();
    expect([...new Set(faults.map(({ kind }) => kind))].sort()).toEqual(Object.keys(FAULT_KINDS).sort());
    for (const { kind, subject, durationMs } of faults) {
      const { durationMs: bounds, subject: what } = FAULT_KINDS[kind satisfies FaultKind];
      expect(durationMs).toBeGreaterThanOrEqual(bounds[0]);
      expect(durationMs).toBeLessThanOrEqual(bounds[1]);
      expect(subject).toBeLessThan(what === 'worker' ? 3 : what === 'connector' ? 2 : 1);
    }
  });
});

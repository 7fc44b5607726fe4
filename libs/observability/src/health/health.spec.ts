import { LockstepError } from '@lockstep/core';
import { HealthRegister } from './health-register.js';
import { ProgressWatch } from './progress-watch.js';

const fine = () => ({ isHealthy: true, detail: 'fine' });

describe('health register', () => {
  it('is healthy when every check of the kind is', async () => {
    const health = new HealthRegister();
    health.addLiveness('loop', fine);
    health.addReadiness('store', () => Promise.resolve({ isHealthy: false, detail: 'no lease store' }));
    expect(await health.live()).toEqual({ isHealthy: true, checks: { loop: { isHealthy: true, detail: 'fine' } } });
    expect(await health.ready()).toEqual({
      isHealthy: false,
      checks: { store: { isHealthy: false, detail: 'no lease store' } },
    });
  });

  it('takes a check that throws for failed, and shows its code alone', async () => {
    const health = new HealthRegister();
    health.addReadiness('a', () => {
      throw new LockstepError('SINK_UNREACHABLE', 'mongodb://u:canary@h');
    });
    health.addReadiness('b', () => Promise.reject(new Error('canary')));
    const report = await health.ready();
    expect(report.isHealthy).toBe(false);
    expect(report.checks.a?.detail).toBe('SINK_UNREACHABLE');
    expect(JSON.stringify(report)).not.toContain('canary');
  });

  it('takes a check that never answers for failed', async () => {
    const health = new HealthRegister(20);
    health.addLiveness('stuck', () => new Promise(() => undefined));
    expect((await health.live()).checks.stuck).toEqual({ isHealthy: false, detail: 'no answer within 20 ms' });
  });
});

describe('progress watch', () => {
  it('fails when a loop has not come round for too long', () => {
    let nowMs = 0;
    const watch = new ProgressWatch(1_000, { nowMs: () => 0, monotonicMs: () => nowMs });
    nowMs = 999;
    expect(watch.check().isHealthy).toBe(true);
    nowMs = 1_000;
    expect(watch.check().isHealthy).toBe(false);
    watch.progressed();
    expect(watch.check().isHealthy).toBe(true);
  });
});

import type { DomainEvent } from '@lockstep/contracts';
import { METRICS_CATALOGUE } from './metrics-catalogue.js';
import { Metrics } from './metrics.js';

const clock = { nowMs: () => 1_700_000_000_500, monotonicMs: () => 0 };
const PARTITION = { connectorId: 'con_1', partition: 'con_1:1:0' };
const OBSERVED = { type: 'connector.observed', ...PARTITION, state: 'streaming', conditions: [] } as const;
const CLAIMED = { type: 'lease.claimed', ...PARTITION, epoch: 1, isTakeover: true } as const;

function setUp() {
  const metrics = new Metrics({ includesProcess: false, clock });
  const tell: (event: DomainEvent) => void = metrics.subscriber();
  const value = async (series: string): Promise<string | undefined> =>
    (await metrics.render())
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1);
  return { metrics, tell, value };
}

describe('metrics catalogue', () => {
  it.each(METRICS_CATALOGUE.map((metric) => [metric.name, metric] as const))(
    '%s is named by the rule',
    (name, metric) => {
      expect(name).toMatch(/^lockstep(_[a-z]+)+$/);
      expect(name.endsWith('_total')).toBe(metric.type === 'counter');
      expect(metric.help).toMatch(/\.$/);
      expect(metric.labels.length).toBeLessThanOrEqual(3);
    },
  );

  it('is what is served, name by name', async () => {
    const served = await new Metrics({ includesProcess: false }).registry.getMetricsAsJSON();
    expect(served.map(({ name }) => name).sort()).toEqual(METRICS_CATALOGUE.map(({ name }) => name).sort());
  });
});

describe('metrics', () => {
  it('has the counters of a known connector at 0, and no lag before it is known', async () => {
    const { metrics, tell, value } = setUp();
    expect(await metrics.render()).not.toContain('con_1');
    tell(OBSERVED);
    expect(await value('lockstep_indexed_documents_total{connector="con_1"}')).toBe('0');
    expect(await value('lockstep_session_failures_total{connector="con_1"}')).toBe('0');
    expect(await value('lockstep_lease_losses_total')).toBe('0');
    expect(await metrics.render()).not.toContain('lockstep_stream_lag_seconds{');
  });

  it('adds up what bulk requests did', async () => {
    const { tell, value } = setUp();
    const answered = {
      type: 'bulk.answered',
      connectorId: 'con_1',
      items: 10,
      bytes: 2_000,
      durationMs: 40,
      indexed: 5,
      deleted: 2,
      conflicts: 1,
      deadLettered: 1,
      retried: 1,
    } as const;
    tell(answered);
    tell(answered);
    expect(await value('lockstep_indexed_documents_total{connector="con_1"}')).toBe('10');
    expect(await value('lockstep_conflict_documents_total{connector="con_1"}')).toBe('2');
    expect(await value('lockstep_bulk_bytes_total{connector="con_1"}')).toBe('4000');
    expect(await value('lockstep_bulk_duration_seconds_sum')).toBe('0.08');
  });

  it('forgets what only the lease holder knows when the lease is over', async () => {
    const { metrics, tell, value } = setUp();
    tell(CLAIMED);
    tell(OBSERVED);
    tell({ type: 'lag.measured', ...PARTITION, lagMs: 1_500 });
    const headroom = { headroomMs: 60_000, windowMs: 90_000, unknownCode: null };
    tell({ type: 'headroom.measured', ...PARTITION, headroom });
    tell({ type: 'checkpoint.saved', ...PARTITION, durationMs: 5 });
    expect(await value('lockstep_stream_lag_seconds{connector="con_1"}')).toBe('1.5');
    expect(await value('lockstep_oplog_headroom_seconds{connector="con_1"}')).toBe('60');
    expect(await value('lockstep_oplog_window_seconds{connector="con_1"}')).toBe('90');
    expect(await value('lockstep_checkpoint_timestamp_seconds{connector="con_1"}')).toBe('1700000000');
    expect(await value('lockstep_connector_state{connector="con_1",state="streaming"}')).toBe('1');
    expect(await value('lockstep_connector_state{connector="con_1",state="waiting"}')).toBe('0');
    expect(await value('lockstep_lease_partitions')).toBe('1');
    tell({ type: 'lease.lost', ...PARTITION, epoch: 1 });
    // A session that has not noticed yet.
    tell({ type: 'lag.measured', ...PARTITION, lagMs: 2_000 });
    const text = await metrics.render();
    for (const gauge of [
      'stream_lag_seconds',
      'oplog_headroom_seconds',
      'oplog_window_seconds',
      'connector_state',
      'checkpoint_timestamp_seconds',
    ]) {
      expect(text).not.toContain(`lockstep_${gauge}{`);
    }
    expect(await value('lockstep_lease_partitions')).toBe('0');
    expect(await value('lockstep_lease_takeovers_total')).toBe('1');
    expect(await value('lockstep_lease_losses_total')).toBe('1');
  });

  it('joins what the generations of a connector tell, and keeps the one that goes on when the other rests', async () => {
    const { tell, value } = setUp();
    const filling = { connectorId: 'con_1', partition: 'con_1:2:0' };
    const low = { reason: 'r', code: 'SOURCE_HEADROOM_LOW', message: 'm', since: 's', remedy: 'r' } as const;
    tell(CLAIMED);
    tell(OBSERVED);
    tell({ ...CLAIMED, ...filling });
    tell({ ...OBSERVED, ...filling, state: 'scanning', conditions: [low] });
    const figures = (of: typeof PARTITION, seconds: number): void => {
      tell({ type: 'lag.measured', ...of, lagMs: seconds * 1_000 });
      const headroom = { headroomMs: 1_000_000 - seconds * 1_000, windowMs: 1_000_000, unknownCode: null };
      tell({ type: 'headroom.measured', ...of, headroom });
    };
    figures(filling, 30);
    figures(PARTITION, 1);
    tell({ ...OBSERVED, conditions: [] });
    const joined = async (): Promise<unknown> => ({
      scanning: await value('lockstep_connector_state{connector="con_1",state="scanning"}'),
      streaming: await value('lockstep_connector_state{connector="con_1",state="streaming"}'),
      conditions: await value('lockstep_connector_conditions{connector="con_1"}'),
      lag: await value('lockstep_stream_lag_seconds{connector="con_1"}'),
      headroom: await value('lockstep_oplog_headroom_seconds{connector="con_1"}'),
    });
    expect(await joined()).toEqual({ scanning: '1', streaming: '0', conditions: '1', lag: '30', headroom: '970' });
    tell({ type: 'lease.released', ...filling, epoch: 1 });
    expect(await joined()).toEqual({ scanning: '0', streaming: '1', conditions: '0', lag: '1', headroom: '999' });
  });

  it('takes back what is not told any more', async () => {
    const { metrics, tell } = setUp();
    tell(CLAIMED);
    tell({ type: 'lag.measured', ...PARTITION, lagMs: 1_500 });
    tell({ type: 'headroom.measured', ...PARTITION, headroom: { headroomMs: 1, windowMs: 2, unknownCode: null } });
    tell({ type: 'session.failed', connectorId: 'con_1', code: 'SINK_UNREACHABLE', detail: null });
    expect(await metrics.render()).toMatch(/lockstep_stream_lag_seconds[{].*\n[^]*lockstep_oplog_headroom_seconds[{]/);
    tell({ type: 'lag.measured', ...PARTITION, lagMs: null });
    tell({ type: 'headroom.measured', ...PARTITION, headroom: null });
    expect(await metrics.render()).not.toMatch(/lockstep_(stream_lag|oplog_headroom|oplog_window)_seconds[{]/);
  });

  it('takes back a headroom that is no longer known', async () => {
    const { metrics, tell } = setUp();
    const told = (headroomMs: number | null, windowMs: number | null): void =>
      tell({ type: 'headroom.measured', ...PARTITION, headroom: { headroomMs, windowMs, unknownCode: null } });
    tell(CLAIMED);
    told(1_000, 2_000);
    expect(await metrics.render()).toContain('lockstep_oplog_headroom_seconds{');
    told(null, null);
    expect(await metrics.render()).not.toMatch(/lockstep_oplog_(headroom|window)_seconds[{]/);
  });

  it('serves the figures of the process too', async () => {
    expect(await new Metrics().render()).toContain('process_resident_memory_bytes');
  });
});

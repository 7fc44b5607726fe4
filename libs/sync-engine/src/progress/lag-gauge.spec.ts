import { clusterTime } from '@lockstep/core';
import type { ChangeEvent } from '@lockstep/contracts';
import { LagGauge } from './lag-gauge.js';

type Step =
  | { readonly reply: readonly [tokenSeconds: number, operationSeconds: number, events: number]; readonly at: number }
  | { readonly acknowledged: number; readonly at: number };

const reply = (tokenSeconds: number, operationSeconds: number, events: number, at: number): Step => ({
  reply: [tokenSeconds, operationSeconds, events],
  at,
});
const acknowledged = (tokenSeconds: number, at: number): Step => ({ acknowledged: tokenSeconds, at });

describe('lag', () => {
  it.each<[string, Step[], number, number | null]>([
    ['is unknown before the first reply', [], 0, null],
    ['is 0 when the source has nothing more', [reply(100, 100, 0, 10)], 500, 0],
    ['is 0 within a second of the source', [reply(100, 101, 0, 10)], 500, 0],
    ['grows while a change waits', [reply(100, 100, 1, 10)], 510, 500],
    ['is the time that the last change took', [reply(100, 100, 1, 10), acknowledged(100, 85)], 3_000, 75],
    [
      'is 0 again after an empty reply',
      [reply(100, 100, 1, 10), acknowledged(100, 85), reply(101, 101, 0, 900)],
      950,
      0,
    ],
    ['holds what the source is ahead', [reply(100, 161, 1, 0), acknowledged(100, 40)], 50, 60_040],
    ['grows while the source is silent', [reply(100, 100, 0, 10)], 8_010, 8_000],
    ['is that of the oldest change', [reply(100, 100, 1, 0), reply(101, 101, 1, 700)], 1_000, 1_000],
    [
      'goes on with the next change',
      [reply(100, 100, 1, 0), reply(101, 101, 1, 700), acknowledged(100, 800)],
      900,
      200,
    ],
    ['is not 0 beside an empty reply while a change waits', [reply(100, 100, 1, 0), reply(101, 101, 0, 700)], 800, 800],
  ])('%s', (_, steps, nowMs, expected) => {
    const gauge = new LagGauge();
    for (const step of steps) {
      if ('acknowledged' in step) {
        const { acknowledged: token, at } = step;
        gauge.acknowledged({ token: String(token), tokenTime: clusterTime(token, 0) }, at);
      } else {
        const [token, operation, count] = step.reply;
        const events = Array.from({ length: count }, () => ({}) as ChangeEvent);
        const [tokenTime, operationTime] = [clusterTime(token, 0), clusterTime(operation, 0)];
        gauge.arrived({ events, token: String(token), tokenTime, operationTime }, step.at);
      }
    }
    expect(gauge.measure(nowMs)).toBe(expected);
  });

  it('grows while a part of a transaction waits, all of which has one time', () => {
    const gauge = new LagGauge();
    const time = clusterTime(100, 1);
    const events = [{} as ChangeEvent];
    for (const token of ['a', 'b', 'c']) gauge.arrived({ events, token, tokenTime: time, operationTime: time }, 0);
    gauge.acknowledged({ token: 'b', tokenTime: time }, 1_000);
    expect(gauge.measure(4_000)).toBe(4_000);
    gauge.acknowledged({ token: 'c', tokenTime: time }, 4_500);
    expect(gauge.measure(4_900)).toBe(4_500);
  });
});

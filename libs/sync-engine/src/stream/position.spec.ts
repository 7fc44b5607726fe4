import fc from 'fast-check';
import { clusterTime, LockstepError } from '@lockstep/core';
import { acknowledge, initialPosition, loadPosition, storePosition, streamStart } from './position.js';

const at = (seconds: number, increment = 0): bigint => clusterTime(1_700_000_000 + seconds, increment);

describe('position', () => {
  it('never lowers H and never lifts it past the token or the server clock', () => {
    const time = fc.integer({ min: 0, max: 1_000 }).map((seconds) => at(seconds));
    fc.assert(
      fc.property(time, fc.array(fc.tuple(time, time)), (h, batches) => {
        let position = initialPosition(h);
        for (const [tokenTime, operationTime] of batches) {
          const next = acknowledge(position, {
            token: 't',
            tokenTime,
            operationTime,
            isInvalidated: false,
            newestChange: null,
          });
          expect(next.h).toBeGreaterThanOrEqual(position.h);
          if (next.h > position.h) {
            expect(next.h).toBeLessThanOrEqual(tokenTime);
            expect(next.h).toBeLessThanOrEqual(operationTime);
          }
          position = next;
        }
      }),
    );
  });

  it('starts at H until a token is acknowledged, then behind the token', () => {
    const start = initialPosition(at(5));
    expect(streamStart(start)).toEqual({ kind: 'at', time: at(5) });
    const moved = acknowledge(start, {
      token: 'abc',
      tokenTime: at(6),
      operationTime: at(6),
      isInvalidated: false,
      newestChange: null,
    });
    expect(streamStart(moved)).toEqual({ kind: 'resumeAfter', token: 'abc' });
  });

  it('goes on behind an invalidate with startAfter', () => {
    const moved = acknowledge(initialPosition(at(5)), {
      token: 'inv',
      tokenTime: at(6),
      operationTime: at(6),
      isInvalidated: true,
      newestChange: null,
    });
    expect(streamStart(moved)).toEqual({ kind: 'startAfter', token: 'inv' });
    // A quiet source says the same again, without the event; only something newer ends it.
    const same = { token: 'inv', tokenTime: at(6), operationTime: at(6), isInvalidated: false, newestChange: null };
    const quiet = acknowledge(acknowledge(moved, same), same);
    expect(streamStart(quiet)).toEqual({ kind: 'startAfter', token: 'inv' });
    const newer = acknowledge(quiet, { ...same, token: 'next', tokenTime: at(16), operationTime: at(16) });
    expect(streamStart(newer)).toEqual({ kind: 'resumeAfter', token: 'next' });
  });

  it('survives storing', () => {
    const moved = acknowledge(initialPosition(at(5, 7)), {
      token: 'abc',
      tokenTime: at(9, 1),
      operationTime: at(8, 2),
      isInvalidated: true,
      newestChange: at(7, 3),
    });
    expect(loadPosition(storePosition(moved))).toEqual(moved);
    const unchanged = initialPosition(at(5));
    expect(loadPosition(storePosition(unchanged))).toEqual(unchanged);
  });

  it('keeps the newest change while nothing but the token moves', () => {
    const batch = { token: 't', tokenTime: at(6), operationTime: at(6), isInvalidated: false };
    const changed = acknowledge(initialPosition(at(5)), { ...batch, newestChange: at(6) });
    const idle = acknowledge(changed, { ...batch, tokenTime: at(9), operationTime: at(9), newestChange: null });
    expect(idle).toMatchObject({ h: at(9), newestChange: at(6) });
  });

  it.each([
    { h: 'now', token: null, startAfter: false },
    { h: '1.2.3', token: 't', startAfter: false },
    { h: '1700000000.1', token: '', startAfter: false },
    { h: '1700000000.1', token: 't', startAfter: false, newestChange: 'then' },
  ])('refuses the corrupt %j instead of starting from now', (stored) => {
    expect(() => loadPosition(stored)).toThrow(LockstepError);
  });
});

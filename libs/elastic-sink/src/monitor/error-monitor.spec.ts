import { DEFAULT_ERROR_MONITOR, type ErrorMonitorConfig } from '@lockstep/contracts';
import { ErrorMonitor } from './error-monitor.js';

const monitor = (limits: Partial<ErrorMonitorConfig> = {}): ErrorMonitor =>
  new ErrorMonitor({ ...DEFAULT_ERROR_MONITOR, ...limits });
const cause = { errorType: 'document_parsing_exception', field: 'n' };

function refuse(target: ErrorMonitor, count: number): void {
  for (let i = 0; i < count; i++) target.refuse(cause);
}

describe('ErrorMonitor', () => {
  it('stops at so many in a row, not before, and not when one came between', () => {
    const watched = monitor();
    refuse(watched, 99);
    watched.accept(1);
    refuse(watched, 99);
    expect(watched.summary()).toBeNull();
    refuse(watched, 1);
    expect(watched.summary()).toMatch(/^100 documents in a row were refused, 199 in this run: .* in field n \(199\)$/);
  });

  it('stops when more than 15 % of a full window are refused', () => {
    const watched = monitor();
    for (let i = 0; i < 1_000; i++) {
      if (i % 6 === 0) watched.refuse(cause);
      else watched.accept(1);
    }
    expect(watched.summary()).toBeNull();
    watched.refuse(cause);
    expect(watched.summary()).toMatch(/^more than 15 % of the last 1000/);
  });

  it('lets 5 % of 200 000 pass', () => {
    const watched = monitor();
    for (let i = 0; i < 200_000; i++) {
      if (i % 20 === 0) watched.refuse(cause);
      else watched.accept(1);
    }
    expect(watched.summary()).toBeNull();
  });

  it('forgets what has left the window', () => {
    const watched = monitor();
    watched.accept(1_000);
    refuse(watched, 90);
    watched.accept(5_000);
    refuse(watched, 90);
    expect(watched.summary()).toBeNull();
    watched.accept(1);
    refuse(watched, 61);
    expect(watched.summary()).not.toBeNull();
  });

  it('stays stopped until it is begun anew', () => {
    const watched = monitor();
    refuse(watched, 100);
    watched.accept(10_000);
    expect(watched.summary()).not.toBeNull();
    watched.reset();
    expect(watched.summary()).toBeNull();
  });

  it('stops at a total, however far apart, and has none by default', () => {
    const watched = monitor({ total: 3 });
    const plain = monitor();
    for (let i = 0; i < 3; i++) {
      expect(watched.summary()).toBeNull();
      for (const each of [watched, plain]) {
        refuse(each, 1);
        each.accept(1_000_000);
      }
    }
    expect(watched.summary()).toMatch(/^the limit of 3 refused documents is reached, 3 in this run: /);
    expect(plain.summary()).toBeNull();
    watched.reset();
    refuse(watched, 2);
    expect(watched.summary()).toBeNull();
  });

  it('looks back as far as it is told, and lets everything pass at a ratio of 1', () => {
    const [watched, open] = [monitor({ window: 10, ratio: 0.125 }), monitor({ window: 10, ratio: 1 })];
    refuse(open, 99);
    watched.accept(9);
    refuse(watched, 1);
    expect(watched.summary()).toBeNull();
    refuse(watched, 1);
    expect([watched.summary(), open.summary()]).toEqual([
      expect.stringMatching(/^more than 12.5 % of the last 10 documents were refused, 2 in this run/),
      null,
    ]);
  });
});

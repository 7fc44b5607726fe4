import { nextTurn, type TurnView } from './turn-decision.js';

const view = (part: Partial<TurnView>): TurnView => ({
  streamedTo: 10n,
  mustReach: null,
  scans: [],
  isBulkDue: false,
  isHistoryShort: false,
  ...part,
});

const scan = (collection: string, isScanned: boolean, isSwept: boolean, isHeld = false) => ({
  ...{ collection, isScanned, isSwept, isHeld },
});

describe('turn-taking', () => {
  it.each<[string, Partial<TurnView>, ReturnType<typeof nextTurn>]>([
    ['follows when nothing is due', {}, { kind: 'follow' }],
    [
      'scans what is not scanned',
      { scans: [scan('a', true, true), scan('b', false, true)], isBulkDue: true },
      { kind: 'scan', collection: 'b' },
    ],
    [
      'lets the stream catch up before the next scan turn',
      { mustReach: 11n, scans: [scan('a', false, true)], isBulkDue: true },
      { kind: 'stream', until: 11n },
    ],
    [
      'lets the stream catch up before it is known where it is',
      { streamedTo: null, mustReach: 11n, isBulkDue: true },
      { kind: 'stream', until: 11n },
    ],
    [
      'scans on once the stream has caught up',
      { mustReach: 10n, scans: [scan('a', false, true)], isBulkDue: true },
      { kind: 'scan', collection: 'a' },
    ],
    [
      'sweeps when everything is scanned',
      { scans: [scan('a', true, false)], isBulkDue: true },
      { kind: 'sweep', collection: 'a' },
    ],
    [
      'scans everything before it sweeps anything',
      { scans: [scan('a', true, false), scan('b', false, false)], isBulkDue: true },
      { kind: 'scan', collection: 'b' },
    ],
    [
      'follows while the brake holds the sweep',
      { scans: [scan('a', true, false, true), scan('b', true, true)], isBulkDue: true },
      { kind: 'follow' },
    ],
    [
      'follows instead of scanning while the history is short',
      { scans: [scan('a', false, true)], isBulkDue: true, isHistoryShort: true },
      { kind: 'follow' },
    ],
    [
      'follows instead of sweeping while the history is short',
      { scans: [scan('a', true, false)], isBulkDue: true, isHistoryShort: true },
      { kind: 'follow' },
    ],
    [
      'lets the stream catch up first whether the history is short or not',
      { mustReach: 11n, scans: [scan('a', false, true)], isBulkDue: true, isHistoryShort: true },
      { kind: 'stream', until: 11n },
    ],
    [
      'finishes what is done although the history is short',
      { scans: [scan('a', true, true)], isBulkDue: true, isHistoryShort: true },
      { kind: 'finishBulk' },
    ],
    [
      'sweeps one collection while the brake holds another',
      { scans: [scan('a', true, false, true), scan('b', true, false)], isBulkDue: true },
      { kind: 'sweep', collection: 'b' },
    ],
    [
      'finishes only behind the last read',
      { mustReach: 12n, scans: [scan('a', true, true)], isBulkDue: true },
      { kind: 'stream', until: 12n },
    ],
    [
      'finishes when all is done',
      { mustReach: 10n, scans: [scan('a', true, true)], isBulkDue: true },
      { kind: 'finishBulk' },
    ],
  ])('%s', (_, part, expected) => {
    expect(nextTurn(view(part))).toEqual(expected);
  });
});

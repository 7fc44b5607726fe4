import { alterPiece, decidePiece, type Direction, type PieceDecision, type TcpFault } from './tcp-fault.js';

const toServer = { direction: 'toServer' as Direction, bytes: 100, bytesBefore: 0 };
const toClient = { direction: 'toClient' as Direction, bytes: 100, bytesBefore: 0 };
const pass = (waitMs: number): PieceDecision => ({ kind: 'pass', waitMs });

describe('decidePiece', () => {
  it.each<[string, TcpFault, typeof toServer, PieceDecision]>([
    ['passes without a fault', { kind: 'none' }, toServer, pass(0)],
    ['delays', { kind: 'delay', delayMs: 30 }, toClient, pass(30)],
    ['slows by size', { kind: 'slow', bytesPerSecond: 1000 }, toServer, pass(100)],
    ['swallows', { kind: 'blackHole' }, toServer, { kind: 'swallow' }],
    ['resets', { kind: 'reset' }, toClient, { kind: 'cut', passBytes: 0 }],
    ['passes below the limit', { kind: 'cutAfter', bytes: 101, direction: 'toServer' }, toServer, pass(0)],
    [
      'cuts inside a piece',
      { kind: 'cutAfter', bytes: 60, direction: 'toServer' },
      toServer,
      { kind: 'cut', passBytes: 60 },
    ],
    [
      'counts what went before',
      { kind: 'cutAfter', bytes: 160, direction: 'toServer' },
      { ...toServer, bytesBefore: 100 },
      { kind: 'cut', passBytes: 60 },
    ],
    ['cuts one direction only', { kind: 'cutAfter', bytes: 1, direction: 'toServer' }, toClient, pass(0)],
    ['delivers requests whose answers it drops', { kind: 'dropAnswer' }, toServer, pass(0)],
    ['drops answers', { kind: 'dropAnswer' }, toClient, { kind: 'cut', passBytes: 0 }],
  ])('%s', (_name, fault, piece, expected) => {
    expect(decidePiece(fault, piece)).toEqual(expected);
  });
});

describe('alterPiece', () => {
  const corrupt: TcpFault = { kind: 'corruptAnswer', bytes: Buffer.from('ab'), by: Buffer.from('xy') };

  it('corrupts answers wherever the bytes are, and leaves the piece as it was', () => {
    const piece = Buffer.from('ab-aab-a');
    expect(alterPiece(corrupt, 'toClient', piece).toString()).toBe('xy-axy-a');
    expect(piece.toString()).toBe('ab-aab-a');
  });

  it('passes everything else on as it is', () => {
    const piece = Buffer.from('ab');
    expect(alterPiece(corrupt, 'toServer', piece)).toBe(piece);
    expect(alterPiece({ kind: 'none' }, 'toClient', piece)).toBe(piece);
  });
});

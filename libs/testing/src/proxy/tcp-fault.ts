/** The way a byte stream goes through the proxy. */
export type Direction = 'toServer' | 'toClient';

/** What a {@link TcpFaultProxy} does to its connections, old and new ones. */
export type TcpFault =
  /** Passes everything on. */
  | { readonly kind: 'none' }
  /** Every piece waits this long, in order. Milliseconds. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** At most this many bytes a second in each direction. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** Takes connections and bytes, and passes on nothing: what dropped packets look like. */
  | { readonly kind: 'blackHole' }
  /** Resets every connection at once, and new ones as they come. */
  | { readonly kind: 'reset' }
  /** Passes on this many more bytes of each connection in one direction, then resets it. */
  | { readonly kind: 'cutAfter'; readonly bytes: number; readonly direction: Direction }
  /** Requests are delivered; the connection is reset when the server answers. `times` connections only, if given. */
  | { readonly kind: 'dropAnswer'; readonly times?: number }
  /** Answers have other bytes in the place of these, of the same number, where they come in one piece. */
  | { readonly kind: 'corruptAnswer'; readonly bytes: Buffer; readonly by: Buffer };

/** What happens to one piece of bytes. */
export type PieceDecision =
  | { readonly kind: 'pass'; readonly waitMs: number }
  | { readonly kind: 'swallow' }
  | { readonly kind: 'cut'; readonly passBytes: number };

/**
 * @param fault the one that is on
 * @param piece its direction and size, and how many bytes went this way since the fault came on
 */
export function decidePiece(
  fault: TcpFault,
  piece: { readonly direction: Direction; readonly bytes: number; readonly bytesBefore: number },
): PieceDecision {
  switch (fault.kind) {
    case 'none':
    case 'corruptAnswer':
      return { kind: 'pass', waitMs: 0 };
    case 'delay':
      return { kind: 'pass', waitMs: fault.delayMs };
    case 'slow':
      return { kind: 'pass', waitMs: (piece.bytes / fault.bytesPerSecond) * 1000 };
    case 'blackHole':
      return { kind: 'swallow' };
    case 'reset':
      return { kind: 'cut', passBytes: 0 };
    case 'cutAfter': {
      const left = fault.bytes - piece.bytesBefore;
      if (piece.direction !== fault.direction || piece.bytes < left) return { kind: 'pass', waitMs: 0 };
      return { kind: 'cut', passBytes: Math.max(left, 0) };
    }
    case 'dropAnswer':
      return piece.direction === 'toServer' ? { kind: 'pass', waitMs: 0 } : { kind: 'cut', passBytes: 0 };
  }
}

/** The piece as it is passed on: the same bytes, unless they are to be corrupted. */
export function alterPiece(fault: TcpFault, direction: Direction, piece: Buffer): Buffer {
  if (fault.kind !== 'corruptAnswer' || direction === 'toServer' || !piece.includes(fault.bytes)) return piece;
  const altered = Buffer.from(piece);
  for (let at = altered.indexOf(fault.bytes); at >= 0; at = altered.indexOf(fault.bytes, at + 1)) {
    fault.by.copy(altered, at, 0, fault.bytes.length);
  }
  return altered;
}

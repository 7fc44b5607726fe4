const SMALLEST_BYTES = 16_384;

/**
 * Where JSON bytes are written to. `position` is public and moved by the writers, after `ensure` made room:
 * one check per value instead of one per byte.
 */
export class OutputBuffer {
  bytes: Buffer = Buffer.alloc(0);
  /** The same memory as `bytes`, for writes of two and four bytes. */
  view: DataView = viewOf(this.bytes);
  position = 0;
  /** The OR of all words of source text copied since it was last cleared: its high bits say "not ASCII". */
  seenBits = 0;
  private capacity = 0;
  private expectedBytes = SMALLEST_BYTES;

  /** Starts a region of its own, as large as the last ones were. */
  begin(): void {
    if (this.capacity < this.expectedBytes) this.allocate(this.expectedBytes);
    this.position = 0;
    this.seenBits = 0;
  }

  /** Makes room for `count` more bytes behind `position`. */
  ensure(count: number): void {
    if (this.position + count > this.capacity) this.grow(count);
  }

  /** Hands over what was written; the memory is never touched here again. */
  take(): Buffer {
    const written = this.bytes.subarray(0, this.position);
    this.expectedBytes = Math.max(SMALLEST_BYTES, this.position + (this.position >>> 2));
    this.bytes = Buffer.alloc(0);
    this.view = viewOf(this.bytes);
    this.capacity = 0;
    this.position = 0;
    return written;
  }

  private grow(count: number): void {
    const old = this.bytes;
    this.allocate(Math.max(this.capacity * 2, this.position + count));
    this.bytes.set(old.subarray(0, this.position), 0);
  }

  private allocate(capacity: number): void {
    // Not from Node's shared pool: the whole memory passes to the caller.
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.view = viewOf(this.bytes);
    this.capacity = capacity;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

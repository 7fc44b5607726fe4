import { OutputBuffer } from './output-buffer.js';

const SMALLEST_BYTES = 16_384;
const write = (out: OutputBuffer, text: string) => {
  out.ensure(text.length);
  out.position += out.bytes.write(text, out.position, 'latin1');
};

describe('OutputBuffer', () => {
  it('keeps what was written while it grows', () => {
    const out = new OutputBuffer();
    out.begin();
    let expected = '';
    for (let i = 0; i < 300; i++) {
      const text = String(i).repeat((i % 40) * 7);
      write(out, text);
      expected += text;
    }
    expect(out.take().toString('latin1')).toBe(expected);
  });

  it('has the room that was asked for, and a view of the same memory', () => {
    const out = new OutputBuffer();
    expect([out.position, out.seenBits, out.bytes.length, out.view.byteLength]).toEqual([0, 0, 0, 0]);
    for (const count of [1, 0, 100, 100_000, 1]) {
      out.ensure(count);
      expect(out.bytes.length - out.position).toBeGreaterThanOrEqual(count);
      expect(out.view.byteLength).toBe(out.bytes.length);
      out.position += count;
    }
    out.view.setUint8(7, 0x41);
    expect(out.bytes[7]).toBe(0x41);
  });

  it('grows to twice its size at least, so that much writing copies little', () => {
    const out = new OutputBuffer();
    out.ensure(1_000);
    out.position = 1_000;
    out.ensure(1);
    expect(out.bytes).toHaveLength(2_000);
    out.ensure(1_000);
    expect(out.bytes).toHaveLength(2_000);
  });

  it('hands its memory over: what is written later is elsewhere', () => {
    const out = new OutputBuffer();
    out.begin();
    write(out, 'first');
    const first = out.take();
    expect(first.buffer).not.toBe(Buffer.alloc(1).buffer);
    expect([out.position, out.bytes.length, out.view.byteLength]).toEqual([0, 0, 0]);
    out.ensure(1);
    expect(out.bytes.length).toBeGreaterThanOrEqual(1);
    out.begin();
    write(out, 'other');
    expect(first.toString()).toBe('first');
    expect(out.take().toString()).toBe('other');
  });

  it('begins with room for what the last batch had and a quarter more, or for a small one', () => {
    const out = new OutputBuffer();
    out.begin();
    expect(out.bytes).toHaveLength(SMALLEST_BYTES);
    write(out, 'x'.repeat(100_000));
    out.take();
    out.begin();
    expect(out.bytes).toHaveLength(125_000);
    write(out, 'x');
    out.take();
    out.begin();
    expect(out.bytes).toHaveLength(SMALLEST_BYTES);
  });

  it('forgets what was written and seen when a batch begins anew, and keeps its memory', () => {
    const out = new OutputBuffer();
    out.begin();
    write(out, 'dropped');
    out.seenBits = 0x80;
    const { bytes } = out;
    out.begin();
    expect([out.position, out.seenBits]).toEqual([0, 0]);
    expect(out.bytes).toBe(bytes);
  });
});

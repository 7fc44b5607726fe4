import { memberEnd } from './json-scan.js';
import type { OutputBuffer } from './output-buffer.js';

const OPEN = 0x7b;
const COMMA = 0x2c;

interface Cut {
  readonly from: number;
  readonly to: number;
}

/**
 * Members of the JSON at hand that a later member of the same name replaced. They are taken out in one pass, once
 * nothing refers to positions behind them any more.
 */
export class OutputCuts {
  private cuts: Cut[] = [];

  /** Marks the member that was written at `from`, where its `,` or `{` stands. */
  addMember(out: OutputBuffer, from: number): void {
    this.cuts.push({ from, to: memberEnd(out.bytes, from, out.position) });
  }

  clear(): void {
    this.cuts.length = 0;
  }

  /** Takes out what was marked at or behind `start`. */
  apply(out: OutputBuffer, start: number): void {
    if (this.cuts.length === 0) return;
    const due = this.cuts.filter((cut) => cut.from >= start).sort((a, b) => a.from - b.from);
    this.cuts = this.cuts.filter((cut) => cut.from < start);
    if (due.length > 0) close(out, due);
  }
}

/** Moves what is kept over what is cut. An object that lost its first member gets its brace back. */
function close(out: OutputBuffer, cuts: readonly Cut[]): void {
  const bytes = out.bytes;
  let write = cuts[0]!.from;
  let read = write;
  let owesBrace = false;
  for (const cut of [...cuts, { from: out.position, to: out.position }]) {
    if (cut.from < read) continue;
    if (read < cut.from) {
      if (owesBrace) {
        if (bytes[read] === COMMA) read++;
        bytes[write++] = OPEN;
        owesBrace = false;
      }
      bytes.copyWithin(write, read, cut.from);
      write += cut.from - read;
    }
    if (bytes[cut.from] === OPEN) owesBrace = true;
    read = cut.to;
  }
  out.position = write;
}

/**
 * JSON with numbers as they are written: an `int64` beyond 2^53 keeps every digit. Slow and plain on purpose:
 * it is what fast code is compared with.
 */
export type ExactJson =
  null | boolean | string | ExactNumber | readonly ExactJson[] | { readonly [name: string]: ExactJson };

/** A number by its text. */
export class ExactNumber {
  constructor(readonly text: string) {}
}

/** @throws SyntaxError when the text is not JSON, or an object has a name twice */
export function parseExactJson(text: string): ExactJson {
  const parser = new Parser(text);
  return parser.document();
}

/** One text per value: names sorted, no blanks, numbers as they were written. */
export function canonicalText(value: ExactJson): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item as ExactJson)).join(',')}]`;
  const object = value as Readonly<Record<string, ExactJson>>;
  const names = Object.keys(object).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalText(object[name]!)}`).join(',')}}`;
}

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): ExactJson {
    const value = this.value();
    this.blanks();
    if (this.at !== this.text.length) this.fail();
    return value;
  }

  private value(): ExactJson {
    this.blanks();
    const char = this.text[this.at];
    if (char === '{') return this.object();
    if (char === '[') return this.array();
    if (char === '"') return this.string();
    for (const [word, value] of [
      ['null', null],
      ['true', true],
      ['false', false],
    ] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private object(): ExactJson {
    const object = Object.create(null) as Record<string, ExactJson>;
    this.at += 1;
    for (let isFirst = true; !this.ends('}', isFirst); isFirst = false) {
      this.blanks();
      const name = this.string();
      this.blanks();
      this.take(':');
      if (Object.hasOwn(object, name)) throw new SyntaxError(`the name ${name} stands twice`);
      object[name] = this.value();
    }
    return object;
  }

  private array(): ExactJson {
    const items: ExactJson[] = [];
    this.at += 1;
    for (let isFirst = true; !this.ends(']', isFirst); isFirst = false) items.push(this.value());
    return items;
  }

  private ends(close: string, isFirst: boolean): boolean {
    this.blanks();
    if (this.text[this.at] === close) {
      this.at += 1;
      return true;
    }
    if (!isFirst) this.take(',');
    return false;
  }

  private string(): string {
    const start = this.at;
    if (this.text[start] !== '"') this.fail();
    // By hand: an expression overflows its stack on megabytes.
    let end = start + 1;
    for (; this.text[end] !== '"'; end += 1) {
      if (end >= this.text.length) this.fail();
      if (this.text[end] === '\\') end += 1;
    }
    this.at = end + 1;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private number(): ExactNumber {
    const match = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    if (found === null) return this.fail();
    this.at = match.lastIndex;
    return new ExactNumber(found[0]);
  }

  private take(char: string): void {
    if (this.text[this.at] !== char) this.fail();
    this.at += 1;
  }

  private blanks(): void {
    while (' \n\r\t'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  private fail(): never {
    throw new SyntaxError(`not JSON at ${this.at}: ${this.text.slice(this.at, this.at + 20)}`);
  }
}

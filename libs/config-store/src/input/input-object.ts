import { pointerTo, type Findings } from './findings.js';

export interface TextRules {
  readonly maxLength: number;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * An object of an input: reads typed fields and notes what is wrong, without coercion. A field that is `null`
 * counts as absent.
 */
export class InputObject {
  private constructor(
    private readonly value: Readonly<Record<string, unknown>>,
    readonly pointer: string,
    readonly findings: Findings,
  ) {}

  /** Undefined, with a finding, when the value is no object; unknown fields are findings too. */
  static read(
    value: unknown,
    known: readonly string[],
    at: { readonly pointer: string; readonly findings: Findings },
  ): InputObject | undefined {
    if (!isRecord(value)) {
      at.findings.add(at.pointer, 'must be an object');
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) at.findings.add(pointerTo(at.pointer, key), 'does not exist', 'API_FIELD_UNKNOWN');
    }
    return new InputObject(value, at.pointer, at.findings);
  }

  raw(key: string): unknown {
    return Object.hasOwn(this.value, key) ? (this.value[key] ?? undefined) : undefined;
  }

  at(key: string): string {
    return pointerTo(this.pointer, key);
  }

  add(key: string, message: string): void {
    this.findings.add(this.at(key), message);
  }

  requiredText(key: string, rules: TextRules): string | undefined {
    if (this.raw(key) === undefined) this.add(key, 'is required');
    return this.text(key, rules);
  }

  text(key: string, rules: TextRules): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '' && value.length <= rules.maxLength) return value;
    this.add(key, `must be a text of 1 to ${String(rules.maxLength)} characters`);
    return undefined;
  }

  flag(key: string, absent: boolean): boolean {
    const value = this.raw(key) ?? absent;
    if (typeof value === 'boolean') return value;
    this.add(key, 'must be true or false');
    return absent;
  }

  /** A number from 0 to 1. */
  ratio(key: string, absent: number): number {
    const value = this.raw(key) ?? absent;
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    this.add(key, 'must be a number from 0 to 1');
    return absent;
  }

  integer(key: string, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.add(key, `must be a whole number from ${String(min)} to ${String(max)}`);
    return undefined;
  }

  choice<T extends string>(key: string, values: readonly T[], absent: T): T {
    const value = this.raw(key) ?? absent;
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) this.add(key, `must be one of ${values.join(', ')}`);
    return found ?? absent;
  }

  optionalChoice<T extends string>(key: string, values: readonly T[]): T | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) this.add(key, `must be one of ${values.join(', ')}`);
    return found;
  }

  requiredObject(key: string, known: readonly string[]): InputObject | undefined {
    if (this.raw(key) !== undefined) return this.object(key, known);
    this.add(key, 'is required');
    return undefined;
  }

  object(key: string, known: readonly string[]): InputObject | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    return InputObject.read(value, known, { pointer: this.at(key), findings: this.findings });
  }

  /** A list of 1 to `maxItems` different texts. */
  textList(
    key: string,
    rules: { readonly maxItems: number; readonly maxLength: number },
  ): readonly string[] | undefined {
    const value = this.raw(key);
    if (!Array.isArray(value) || value.length === 0 || value.length > rules.maxItems) {
      this.add(key, `must be a list of 1 to ${String(rules.maxItems)} texts`);
      return undefined;
    }
    const texts: string[] = [];
    for (const [i, item] of (value as readonly unknown[]).entries()) {
      if (typeof item !== 'string' || item === '' || item.length > rules.maxLength) {
        this.findings.add(pointerTo(this.at(key), i), `must be a text of 1 to ${String(rules.maxLength)} characters`);
      } else if (texts.includes(item)) {
        this.findings.add(pointerTo(this.at(key), i), 'is there twice');
      } else {
        texts.push(item);
      }
    }
    return texts.length === value.length ? texts : undefined;
  }
}

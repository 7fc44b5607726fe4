import { documentOf, raw, type RawElement } from './bson-bytes.fixture.js';
import { FieldMatcher } from './field-matcher.js';
import type { FieldSet, FieldShape } from './field-shape.js';
import { ObjectShape } from './object-shape.js';
import { ShapeBudget } from './shape-budget.js';
import { WalkFrame } from './walk-frame.js';

const OPTIONS = { role: 'object', path: '', level: 1, maxDepth: 20, idField: null, isTracked: true } as const;

/** A shape that counts how often a field is looked up by its name. */
class CountingShape implements FieldSet {
  readonly options = OPTIONS;
  first: FieldShape | null = null;
  lookUps = 0;
  private readonly shape = new ObjectShape(OPTIONS, new ShapeBudget());

  field(name: string): FieldShape {
    this.lookUps++;
    return this.shape.field(name);
  }

  renamed(field: FieldShape, name: string): FieldShape {
    return this.shape.renamed(field, name);
  }
}

/** Walks the names of an object of nulls; how often one had to be looked up. */
function lookUps(shape: CountingShape, names: readonly string[]): number {
  const before = shape.lookUps;
  const { frame, matcher } = opened(
    shape,
    names.map((name): RawElement => [name, raw.null]),
  );
  let at = 5;
  for (const name of names) {
    const field = matcher.match(frame, at);
    expect(field?.raw).toBe(name);
    frame.previous = field;
    at += name.length + 2;
  }
  return shape.lookUps - before;
}

function opened(shape: FieldSet, elements: readonly RawElement[]) {
  const bytes = documentOf(elements);
  const matcher = new FieldMatcher();
  matcher.read(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const frame = new WalkFrame();
  frame.open(0, bytes.length - 1, null);
  frame.shape = shape;
  return { frame, matcher };
}

describe('FieldMatcher', () => {
  it('looks no field up that stands where it stood the last time', () => {
    const shape = new CountingShape();
    expect(lookUps(shape, ['a', 'b', 'c'])).toBe(3);
    expect(lookUps(shape, ['a', 'b', 'c'])).toBe(0);
    expect(lookUps(shape, ['a', 'b'])).toBe(0);
  });

  it('looks no field up that stands where it stood the time before', () => {
    const shape = new CountingShape();
    lookUps(shape, ['a', 'b', 'd']);
    expect(lookUps(shape, ['a', 'c', 'd'])).toBe(2);
    expect(lookUps(shape, ['a', 'b', 'd'])).toBe(0);
    expect(lookUps(shape, ['a', 'c', 'd'])).toBe(0);
  });

  it('begins with the field that objects began with the last time', () => {
    const shape = new CountingShape();
    lookUps(shape, ['a']);
    expect(lookUps(shape, ['b'])).toBe(1);
    expect(lookUps(shape, ['b'])).toBe(0);
    expect(lookUps(shape, ['a'])).toBe(1);
  });

  it('finds the names that depend on each other once for an object', () => {
    const shape = new CountingShape();
    const { frame, matcher } = opened(shape, [
      ['', raw.null],
      ['a.b', raw.int32(1)],
      ['a', raw.string('x')],
      ['c.d', raw.null],
    ]);
    expect(matcher.resolve(frame, shape.field('a.b')).name).toBe('a%2Eb');
    const { names } = frame;
    expect(matcher.resolve(frame, shape.field('c.d')).name).toBe('c.d');
    expect(frame.names).toBe(names);
  });

  it('finds no field where the name has no end', () => {
    const { frame, matcher } = opened(new CountingShape(), [['a', raw.null]]);
    frame.end = 6;
    expect(matcher.match(frame, 5)).toBeNull();
  });
});

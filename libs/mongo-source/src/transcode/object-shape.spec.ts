import { childShape, ObjectShape } from './object-shape.js';
import { ShapeBudget } from './shape-budget.js';

const OPTIONS = { role: 'object', path: 'o', level: 2, maxDepth: 20, idField: null, isTracked: true } as const;
const MOST_FIELDS = 10_000;

/** A budget with so many fields left. */
function budgetOf(fields: number): ShapeBudget {
  const budget = new ShapeBudget();
  for (let i = fields; i < MOST_FIELDS; i++) budget.take(1);
  return budget;
}

describe('ObjectShape', () => {
  it('remembers its fields while the budget lasts, and only then', () => {
    const shape = new ObjectShape(OPTIONS, budgetOf(1));
    const known = shape.field('a');
    expect(known).toMatchObject({ path: 'o.a', isTracked: true });
    expect(shape.field('a')).toBe(known);
    const forgotten = shape.field('b');
    expect(forgotten).toMatchObject({ path: '', isTracked: false });
    expect(shape.field('b')).not.toBe(forgotten);
  });

  it('remembers the other names of a field while the budget lasts, and only then', () => {
    const shape = new ObjectShape(OPTIONS, budgetOf(3));
    const field = shape.field('a.b');
    expect(shape.renamed(field, 'a.b')).toBe(field);
    const other = shape.renamed(field, 'a%2Eb');
    expect(other).toMatchObject({ path: 'o.a%2Eb', note: 'fieldEscaped' });
    expect(shape.renamed(field, 'a%2Eb')).toBe(other);
    expect(shape.renamed(field, 'x')).not.toBe(other);
    expect(shape.renamed(field, 'a%2Eb')).toBe(other);
    const forgotten = shape.renamed(field, 'y');
    expect(forgotten.isTracked).toBe(false);
    expect(shape.renamed(field, 'y')).not.toBe(forgotten);
  });

  it('counts the name and the path of a field', () => {
    const shape = new ObjectShape({ ...OPTIONS, path: 'p'.repeat(1_999_997) }, new ShapeBudget());
    expect([shape.field('a').isTracked, shape.field('b').isTracked]).toEqual([true, true]);
    expect(shape.field('c').isTracked).toBe(false);
  });

  it('takes names with dots for names that depend on others', () => {
    const shape = new ObjectShape(OPTIONS, new ShapeBudget());
    const plain = shape.field('a');
    expect(plain.isSpecial).toBe(false);
    expect(shape.field('a.b').isSpecial).toBe(true);
    expect(shape.field('a')).toBe(plain);
  });

  it('writes the names of a DBRef without their dollar, and any other as it is', () => {
    const shape = new ObjectShape({ ...OPTIONS, role: 'dbRef' }, new ShapeBudget());
    const names = ['$ref', '$id', '$db', 'x', '$x', 'constructor'].map((raw) => shape.field(raw));
    expect(names.map(({ name }) => name)).toEqual(['ref', 'id', 'db', 'x', '$x', 'constructor']);
    expect(names.map(({ note }) => note)).toEqual(names.map(() => null));
  });

  it('says that the copy of an _id was renamed when it gives way', () => {
    const shape = new ObjectShape({ ...OPTIONS, role: 'top', path: '', idField: 'a' }, new ShapeBudget());
    const copy = shape.field('_id');
    expect(copy).toMatchObject({ name: 'a', note: null, isMovable: true });
    expect(shape.renamed(copy, 'a2')).toMatchObject({ name: 'a2', path: 'a2', note: 'fieldRenamed' });
  });

  it('takes a field for as deep as the dots of its name make it', () => {
    const shape = new ObjectShape({ ...OPTIONS, maxDepth: 4 }, new ShapeBudget());
    expect(shape.field('a')).toMatchObject({ name: 'a', level: 2 });
    expect(shape.field('a.b.c')).toMatchObject({ name: 'a.b.c', level: 4, note: null });
    expect(shape.field('a.b.c.d')).toMatchObject({ name: 'a%2Eb%2Ec%2Ed', level: 2, note: 'fieldEscaped' });
  });
});

describe('childShape', () => {
  it('is one for the objects of a field and another for its DBRefs, one level down', () => {
    const parts = { maxDepth: 20, budget: new ShapeBudget() };
    const field = new ObjectShape(OPTIONS, parts.budget).field('a');
    const object = childShape(field, 'object', parts);
    const reference = childShape(field, 'dbRef', parts);
    expect(childShape(field, 'object', parts)).toBe(object);
    expect(childShape(field, 'dbRef', parts)).toBe(reference);
    expect(object.options).toMatchObject({ role: 'object', path: 'o.a', level: 3 });
    expect(reference.options).toMatchObject({ role: 'dbRef', path: 'o.a', level: 3 });
  });
});

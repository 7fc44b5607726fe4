import { ObjectShape } from './object-shape.js';
import { ShapeBudget } from './shape-budget.js';
import { siblingNames } from './sibling-names.js';

const OPTIONS = { path: '', level: 1, maxDepth: 20, isTracked: true } as const;

/** The JSON names of an object's fields; names are given with one char per byte. */
function namesOf(role: 'top' | 'object' | 'dbRef', raws: readonly string[], idField: string | null = null) {
  const shape = new ObjectShape({ ...OPTIONS, role, idField }, new ShapeBudget());
  return Object.fromEntries(siblingNames(new Set(raws), shape));
}

describe('siblingNames', () => {
  it('gives names that are repaired alike numbers, in the order of their bytes', () => {
    expect(namesOf('object', ['\xfc', '\xff', '\xfe', '\xfd'])).toEqual({
      '\xfc': '\ufffd',
      '\xfd': '\ufffd2',
      '\xfe': '\ufffd3',
      '\xff': '\ufffd4',
    });
  });

  it('leaves a name to the field that has it by itself', () => {
    expect(namesOf('top', ['_source', 'field_source', 'field_source2'])).toEqual({
      _source: 'field_source3',
      field_source: 'field_source',
      field_source2: 'field_source2',
    });
    expect(namesOf('dbRef', ['$ref', '$id', 'ref'])).toEqual({ $ref: 'ref2', $id: 'id', ref: 'ref' });
  });

  it('counts the _id among the names of an inner object, and of a document that copies it', () => {
    expect(namesOf('object', ['_id', '_id.x'])).toEqual({ _id: '_id', '_id.x': '_id%2Ex' });
    expect(namesOf('top', ['_id', '_id.x'])).toEqual({ '_id.x': 'field_id.x' });
    expect(namesOf('top', ['_id', 'a', 'a.x'], 'a')).toEqual({ _id: 'a2', a: 'a', 'a.x': 'a%2Ex' });
  });

  it('escapes the dots of a path into any sibling', () => {
    expect(namesOf('object', ['a', 'a.b', 'c.d', 'c.d.e', 'f.g'])).toEqual({
      a: 'a',
      'a.b': 'a%2Eb',
      'c.d': 'c.d',
      'c.d.e': 'c%2Ed%2Ee',
      'f.g': 'f.g',
    });
  });
});

import { placeFieldProblems } from './place-field-problems.js';

const problem = (pointer: string) => ({ pointer, message: 'is bad.', code: null });

describe('field errors of the API', () => {
  it('find the field of their pointer, or of one above it', () => {
    const placed = placeFieldProblems(
      [problem('/uri/sealed'), problem('/names/0'), problem('/names/1'), problem('/namesake'), problem('')],
      [
        ['/uri', 'uri'],
        ['/names', 'names'],
      ],
    );
    expect(placed.errors).toEqual({ uri: 'is bad.', names: 'is bad. is bad.' });
    expect(placed.rest).toEqual([problem('/namesake'), problem('')]);
  });
});

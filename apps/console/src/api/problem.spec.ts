import { asProblem, ProblemError, readProblem, unreachableProblem } from './problem.js';

describe('reading a problem', () => {
  it('keeps code, title, detail and field errors', () => {
    const body = {
      code: 'API_REQUEST_INVALID',
      title: 'The request is not valid',
      detail: 'one field',
      remedy: 'Correct it.',
      errors: [{ pointer: '/source/uri', code: 'CONFIG_INVALID', message: 'is malformed' }],
    };
    expect(readProblem(422, body)).toEqual({
      status: 422,
      code: 'API_REQUEST_INVALID',
      title: 'The request is not valid',
      detail: 'one field',
      remedy: 'Correct it.',
      fields: [{ pointer: '/source/uri', code: 'CONFIG_INVALID', message: 'is malformed' }],
    });
  });

  it.each([
    [401, 'A token is needed'],
    [502, 'The admin API has a problem'],
    [418, 'The admin API answered 418'],
  ])('names a bare %i', (status, title) => {
    expect(readProblem(status, '<html>')).toMatchObject({ title, code: null, detail: null, fields: [] });
  });

  it('survives field errors of any shape', () => {
    expect(readProblem(422, { errors: [null, 'x', { detail: 'too long' }] }).fields.map((f) => f.message)).toEqual([
      'is not valid',
      'is not valid',
      'too long',
    ]);
  });
});

describe('a thrown value as a problem', () => {
  it('unwraps a problem error and words anything else', () => {
    expect(asProblem(new ProblemError(unreachableProblem()))).toEqual(unreachableProblem());
    expect(asProblem(new TypeError('boom')).detail).toBe('boom');
  });
});

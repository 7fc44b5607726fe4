import {
  checkPosition,
  EMPTY_POSITION,
  placePositionProblems,
  positionBody,
  standingErrors,
} from './position-draft.js';

const good = { ...EMPTY_POSITION, time: ' 2026-01-15T09:30:00Z ', reason: ' the backup was restored ' };

describe('position draft', () => {
  it.each([
    ['a complete one', {}, []],
    ['nothing at all', EMPTY_POSITION, ['time', 'reason']],
    ['no token where one was promised', { kind: 'token' }, ['token']],
    ['a reason of blanks', { reason: '  ' }, ['reason']],
  ] as const)('%s', (_name, change, fields) => {
    expect(Object.keys(checkPosition({ ...good, ...change }))).toEqual(fields);
  });

  it('names the time or the token, never both', () => {
    const reason = 'the backup was restored';
    expect(positionBody({ ...good, token: '8265' })).toEqual({ time: '2026-01-15T09:30:00Z', reason });
    expect(positionBody({ ...good, kind: 'token', token: ' 8265 ' })).toEqual({ token: '8265', reason });
  });

  it('has the errors of what was not typed anew', () => {
    const errors = { time: 'is bad.', reason: 'is bad.' };
    expect(standingErrors(errors, good, good)).toEqual(errors);
    expect(standingErrors(errors, good, { ...good, time: '1.1' })).toEqual({ reason: 'is bad.' });
  });

  it('shows the errors of the API at its fields', () => {
    const problems = ['/time', '/reason', ''].map((pointer) => ({ pointer, message: 'is bad.', code: null }));
    expect(placePositionProblems(problems, 'time')).toEqual({
      errors: { time: 'is bad.', reason: 'is bad.' },
      rest: [problems[2]],
    });
    expect(placePositionProblems(problems, 'token').rest).toEqual([problems[0], problems[2]]);
  });
});

import { ShapeBudget } from './shape-budget.js';

const taken = (budget: ShapeBudget, chars: number, times: number) =>
  Array.from({ length: times }, () => budget.take(chars)).filter(Boolean).length;

describe('ShapeBudget', () => {
  it('has 10 000 fields', () => {
    expect(taken(new ShapeBudget(), 1, 10_002)).toBe(10_000);
  });

  it('has 4 000 000 chars of names, to the last one', () => {
    const budget = new ShapeBudget();
    expect(taken(budget, 1_000_000, 4)).toBe(4);
    expect(budget.take(1)).toBe(false);
    const other = new ShapeBudget();
    other.take(3_999_990);
    expect([other.take(11), other.take(10), other.take(1)]).toEqual([false, true, false]);
  });
});

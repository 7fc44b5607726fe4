import * as fc from 'fast-check';

/** Looks at one input; throws when the code got it wrong. Returns how often the code was run for it. */
export type Judge<Input> = (input: Input) => number;

/** A question to the code whose answer can be judged for any input. */
export interface FuzzTarget {
  readonly name: string;
  /**
   * The question as a property, for one run of fast-check: what its judge remembers begins anew with it, so that the seed
   * of a run brings everything back.
   */
  property(onExecutions?: (count: number) => void): fc.IPropertyWithHooks<unknown>;
}

export function fuzzTarget<Input>(target: {
  readonly name: string;
  readonly input: fc.Arbitrary<Input>;
  readonly judge: () => Judge<Input>;
}): FuzzTarget {
  return {
    name: target.name,
    property(onExecutions = () => undefined) {
      const judge = target.judge();
      return fc.property(target.input, (input) => {
        onExecutions(judge(input));
      });
    },
  };
}

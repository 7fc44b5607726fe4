/** What a question that has found nothing yet may still find. */
const HOPE = 0.05;
const SHORTEST_MS = 0.1;

/** In which order tests are asked about mutants: those first that found out most in the least time. */
export class QuestionOrder {
  private readonly costs: readonly number[];
  private readonly found: number[];

  /** @param costs milliseconds of each question */
  constructor(costs: readonly number[]) {
    this.costs = costs.map((ms) => Math.max(ms, SHORTEST_MS));
    this.found = costs.map(() => 0);
  }

  /** The questions, by number. */
  next(): number[] {
    const worth = this.costs.map((cost, i) => (this.found[i]! + HOPE) / cost);
    return worth.map((_, i) => i).sort((a, b) => worth[b]! - worth[a]!);
  }

  /** This question found a mutant out. */
  foundOut(question: number): void {
    this.found[question]!++;
  }
}

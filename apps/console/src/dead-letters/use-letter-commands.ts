import { asProblem, type Problem } from '../api/problem.js';
import { formatCount } from '../format/number.js';
import { useStore } from '../store/store-context.js';
import { selectionOf, type LetterFilter } from './letter-filter.js';

/** What an action is for: some dead letters by id, or all open ones of a filter. */
export type LetterTarget =
  | { readonly kind: 'some'; readonly ids: readonly string[] }
  | { readonly kind: 'filter'; readonly filter: LetterFilter };

export interface LetterCommands {
  retry(target: LetterTarget): Promise<void>;
  discard(target: LetterTarget, reason: string): Promise<void>;
}

/** How an action ended: for how many it was done, and the first that went wrong. */
interface Outcome {
  readonly count: number;
  readonly problem: Problem | null;
}

/** What can be asked of dead letters; every outcome is told by toasts. One that fails does not keep the others back. */
export function useLetterCommands(connectorId: string): LetterCommands {
  const store = useStore();
  const path = `api/v1/connectors/${connectorId}/dead-letters`;
  const post = <T>(suffix: string, body: Readonly<Record<string, string>>): Promise<T> =>
    store.api.json<T>(`${path}${suffix}`, { method: 'POST', body });
  const one = async (suffix: string, body: Readonly<Record<string, string>>): Promise<Problem | null> => {
    try {
      await post(suffix, body);
      return null;
    } catch (error) {
      return asProblem(error);
    }
  };
  const ask = async (
    action: string,
    target: LetterTarget,
    body: Readonly<Record<string, string>>,
  ): Promise<Outcome> => {
    if (target.kind === 'filter') {
      try {
        const all = { ...selectionOf(target.filter), ...body };
        return { ...(await post<{ readonly count: number }>(`/actions/${action}`, all)), problem: null };
      } catch (error) {
        return { count: 0, problem: asProblem(error) };
      }
    }
    const problems: Problem[] = [];
    for (const id of target.ids) {
      const problem = await one(`/${id}/actions/${action}`, body);
      if (problem !== null) problems.push(problem);
    }
    return { count: target.ids.length - problems.length, problem: problems[0] ?? null };
  };
  const told = async (work: Promise<Outcome>, words: string, detail: string | null): Promise<void> => {
    const { count, problem } = await work;
    if (problem !== null) store.toasts.bad(problem);
    if (problem === null || count > 0) store.toasts.good(`${countOf(count)} ${words}`, detail);
    await store.reload(['connectors']);
  };
  return {
    retry: (target) =>
      told(ask('retry', target, {}), 'will be tried again', 'A worker does it while the connector runs.'),
    discard: (target, reason) => told(ask('discard', target, { reason }), 'discarded', null),
  };
}

/** A number of dead letters in words. */
export function countOf(count: number): string {
  return `${formatCount(count)} dead ${count === 1 ? 'letter' : 'letters'}`;
}

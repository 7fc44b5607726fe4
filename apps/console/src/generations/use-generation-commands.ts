import { asProblem } from '../api/problem.js';
import type { ConnectorView, GenerationView } from '../api/views.js';
import { useStore } from '../store/store-context.js';

export interface GenerationCommands {
  rollBack(generation: GenerationView): Promise<void>;
  remove(generation: GenerationView): Promise<void>;
}

/** What can be asked of generations; every outcome is told by a toast. */
export function useGenerationCommands({ id, name }: ConnectorView): GenerationCommands {
  const store = useStore();
  const path = `api/v1/connectors/${id}`;
  const told = async (work: Promise<unknown>, words: string): Promise<void> => {
    try {
      await work;
      store.toasts.good(words);
    } catch (error) {
      store.toasts.bad(asProblem(error));
    }
    await store.reload(['connectors', 'jobs']);
  };
  return {
    rollBack: ({ number }) =>
      told(
        store.api.json(`${path}/actions/rollback`, { method: 'POST' }),
        `${name} returns to generation ${String(number)}`,
      ),
    remove: ({ number }) =>
      told(
        store.api.json(`${path}/generations/${String(number)}`, { method: 'DELETE' }),
        `Generation ${String(number)} of ${name} will be deleted`,
      ),
  };
}

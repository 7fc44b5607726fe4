import { useEffect, useState } from 'preact/hooks';
import { asProblem, type Problem } from '../api/problem.js';
import type { ConnectorView } from '../api/views.js';
import { useStore } from '../store/store-context.js';

export interface KnownConnector {
  /** Undefined until it is known. */
  readonly connector: ConnectorView | undefined;
  /** Why it could not be read. */
  readonly problem: Problem | null;
}

/** One connector, read once and then followed by the live stream. */
export function useConnector(id: string): KnownConnector {
  const store = useStore();
  const [problem, setProblem] = useState<Problem | null>(null);
  const connector = store.live.value.connectors.entries.get(id)?.value;
  const needsToken = store.needsToken.value;
  useEffect(() => {
    if (needsToken) return undefined;
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const value = await store.api.json<ConnectorView>(`api/v1/connectors/${id}`, { signal: abort.signal });
        store.receive([{ type: 'connector', value }]);
        setProblem(null);
      } catch (error) {
        if (!abort.signal.aborted) setProblem(asProblem(error));
      }
    };
    void load();
    return () => abort.abort();
  }, [id, needsToken]);
  return { connector, problem };
}

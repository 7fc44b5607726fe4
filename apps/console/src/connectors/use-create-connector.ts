import { useState } from 'preact/hooks';
import { asProblem, ProblemError, type Problem } from '../api/problem.js';
import { sealSecret } from '../api/seal-secret.js';
import type { ConnectorView } from '../api/views.js';
import type { ConsoleStore } from '../store/console-store.js';
import { useStore } from '../store/store-context.js';
import { checkDraft, draftBody, placeDraftProblems, type ConnectorDraft, type DraftErrors } from './connector-draft.js';

export interface CreateConnector {
  readonly errors: DraftErrors;
  readonly problem: Problem | null;
  readonly isBusy: boolean;
  readonly create: (draft: ConnectorDraft, startNow: boolean) => Promise<void>;
}

/** Checks, seals, sends, and goes to the new connector. */
export function useCreateConnector(): CreateConnector {
  const store = useStore();
  const [errors, setErrors] = useState<DraftErrors>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const fail = (error: unknown): void => {
    const failure = asProblem(error);
    const placed = placeDraftProblems(failure.fields);
    setErrors(placed.errors);
    setProblem({ ...failure, fields: placed.rest });
  };
  return {
    errors,
    problem,
    isBusy,
    async create(draft, startNow) {
      const found = checkDraft(draft);
      setErrors(found);
      setProblem(null);
      if (Object.keys(found).length > 0) return;
      setIsBusy(true);
      try {
        const connector = await send(store, draft);
        store.receive([{ type: 'connector', value: connector }]);
        await begin(store, connector, startNow);
        location.hash = `#/connectors/${connector.id}`;
      } catch (error) {
        fail(error);
      } finally {
        setIsBusy(false);
      }
    },
  };
}

async function send(store: ConsoleStore, draft: ConnectorDraft): Promise<ConnectorView> {
  const apiKey = draft.elasticsearchApiKey.trim();
  const secrets = {
    uri: await sealSecret(store.api, draft.uri.trim()),
    apiKey: apiKey === '' ? null : await sealSecret(store.api, apiKey),
  };
  const created = await store.api.json<ConnectorView | undefined>('api/v1/connectors', {
    method: 'POST',
    body: draftBody(draft, secrets),
  });
  if (created !== undefined) return created;
  throw new ProblemError({
    status: 0,
    code: null,
    title: 'The admin API did not name the new connector',
    detail: null,
    remedy: 'Look for it in the overview.',
    fields: [],
  });
}

async function begin(store: ConsoleStore, connector: ConnectorView, startNow: boolean): Promise<void> {
  if (!startNow) {
    store.toasts.good(`${connector.name} is created`, 'Start it when you are ready.');
    return;
  }
  try {
    await store.api.json(`api/v1/connectors/${connector.id}/actions/start`, { method: 'POST' });
    store.toasts.good(`${connector.name} is created and starting`);
  } catch (error) {
    // The connector is there; that it did not start is a second, smaller matter.
    store.toasts.bad(asProblem(error));
  }
  await store.reload(['connectors', 'jobs']);
}

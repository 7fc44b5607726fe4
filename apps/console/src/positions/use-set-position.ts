import { useState } from 'preact/hooks';
import { asProblem, type Problem } from '../api/problem.js';
import type { ConnectorView, PositionChangeView } from '../api/views.js';
import { useStore } from '../store/store-context.js';
import { changeWords } from './change-words.js';
import {
  checkPosition,
  EMPTY_POSITION,
  placePositionProblems,
  positionBody,
  type PositionDraft,
  type PositionErrors,
} from './position-draft.js';

export interface SetPosition {
  readonly errors: PositionErrors;
  /** What they are about. */
  readonly sent: PositionDraft;
  readonly problem: Problem | null;
  readonly isBusy: boolean;
  /** Resolves to true when the position is set. */
  readonly set: (draft: PositionDraft) => Promise<boolean>;
}

/** Checks and sends a position. The answer is told by a toast, a problem stays with what was typed. */
export function useSetPosition({ id, name }: ConnectorView): SetPosition {
  const store = useStore();
  const [errors, setErrors] = useState<PositionErrors>({});
  const [sent, setSent] = useState(EMPTY_POSITION);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const send = async (draft: PositionDraft): Promise<boolean> => {
    try {
      const request = { method: 'POST', body: positionBody(draft) } as const;
      const change = await store.api.json<PositionChangeView>(`api/v1/connectors/${id}/actions/setPosition`, request);
      store.toasts.good(...changeWords(name, change));
      return true;
    } catch (error) {
      const failure = asProblem(error);
      const placed = placePositionProblems(failure.fields, draft.kind);
      setErrors(placed.errors);
      setProblem({ ...failure, fields: placed.rest });
      return false;
    }
  };
  return {
    errors,
    sent,
    problem,
    isBusy,
    async set(draft) {
      const found = checkPosition(draft);
      setSent(draft);
      setErrors(found);
      setProblem(null);
      if (Object.keys(found).length > 0) return false;
      setIsBusy(true);
      const isSet = await send(draft);
      setIsBusy(false);
      // The dialog does not wait for the lists: the toast lies behind it.
      void store.reload(['connectors', 'jobs']);
      return isSet;
    },
  };
}

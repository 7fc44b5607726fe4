import type { VNode } from 'preact';
import { asProblem } from '../api/problem.js';
import { useStore } from '../store/store-context.js';
import { filterQuery, type LetterFilter } from './letter-filter.js';

export interface ExportLinkProps {
  readonly connectorId: string;
  readonly filter: LetterFilter;
}

/** Downloads all of the filter as NDJSON. A link cannot carry the token, so with one the page fetches it. */
export function ExportLink({ connectorId, filter }: ExportLinkProps): VNode {
  const store = useStore();
  const path = `api/v1/connectors/${connectorId}/dead-letters/export?${filterQuery(filter)}`;
  const fileName = `${connectorId}-dead-letters.ndjson`;
  const download = async (): Promise<void> => {
    try {
      const response = await store.api.fetch(path, { headers: { accept: 'application/x-ndjson' } });
      const url = URL.createObjectURL(await response.blob());
      Object.assign(document.createElement('a'), { href: url, download: fileName }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      store.toasts.bad(asProblem(error));
    }
  };
  return (
    <a
      class="button quiet small"
      href={path}
      download={fileName}
      onClick={(event) => {
        if (store.tokens.get() === null) return;
        event.preventDefault();
        void download();
      }}
    >
      Export NDJSON
    </a>
  );
}

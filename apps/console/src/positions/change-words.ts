import type { PositionChangeView } from '../api/views.js';

/** What setting a position came to: a title and what follows from it. */
export function changeWords(name: string, change: PositionChangeView): readonly [title: string, detail: string] {
  const seconds = Number(change.to.split('.')[0]);
  const to = new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
  return [
    `${name} is set to ${to}`,
    change.isResyncDue
      ? 'Changes were left out: a bulk sync in place begins as soon as the connector runs.'
      : 'Changes from there on are applied again when the connector runs.',
  ];
}

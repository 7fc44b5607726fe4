import type { VNode } from 'preact';
import type { JobCounters as Counters } from '@lockstep/contracts';
import { formatCount } from '../format/number.js';

const LABELS: readonly (readonly [keyof Counters, string])[] = [
  ['indexed', 'indexed'],
  ['deleted', 'deleted'],
  ['skipped', 'skipped'],
  ['deadLettered', 'dead letters'],
  ['retried', 'retried'],
  ['conflicts', 'conflicts'],
];

/** What has become of documents; zeros step back. */
export function JobCounters({ counters }: { readonly counters: Counters }): VNode {
  return (
    <dl class="counters">
      {LABELS.map(([key, label]) => (
        <div key={key} class={counters[key] === 0 ? 'zero' : key === 'deadLettered' ? 'tone-warn' : ''}>
          <dt>{label}</dt>
          <dd>{formatCount(counters[key])}</dd>
        </div>
      ))}
    </dl>
  );
}

import type { Condition } from '@lockstep/contracts';
import type { VNode } from 'preact';
import { Ago } from '../shell/ago.js';
import { CodeLink } from '../shell/code-link.js';
import { Icon } from '../shell/icon.js';

/** Why something waits, since when, and what to do about it. */
export function ConditionList({ conditions }: { readonly conditions: readonly Condition[] }): VNode {
  return (
    <ul class="conditions">
      {conditions.map((condition) => (
        <li key={`${condition.reason} ${condition.code}`} class="tone-warn">
          <Icon name="warning" />
          <div>
            <p>
              <strong>{condition.message}</strong> <CodeLink code={condition.code} />{' '}
              <span class="muted">
                since <Ago at={condition.since} />
              </span>
            </p>
            <p class="muted">{condition.remedy}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

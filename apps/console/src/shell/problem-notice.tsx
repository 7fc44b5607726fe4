import type { ComponentChildren, VNode } from 'preact';
import type { Problem } from '../api/problem.js';
import { CodeLink } from './code-link.js';
import { Icon } from './icon.js';

export interface ProblemNoticeProps {
  readonly problem: Problem;
  readonly children?: ComponentChildren;
}

/** A failed request in full: title, detail, fields, what to do, and the code to read about. */
export function ProblemNotice({ problem, children }: ProblemNoticeProps): VNode {
  return (
    <div class="notice tone-bad" role="alert">
      <Icon name="cross" />
      <div>
        <p class="notice-title">
          {problem.title} {problem.code !== null && <CodeLink code={problem.code} />}
        </p>
        {problem.detail !== null && problem.detail !== problem.title && <p>{problem.detail}</p>}
        {problem.fields.length > 0 && (
          <ul>
            {problem.fields.map((field) => (
              <li key={field.pointer}>
                {field.pointer !== '' && <code>{field.pointer}</code>} {field.message}
              </li>
            ))}
          </ul>
        )}
        {problem.remedy !== null && <p class="muted">{problem.remedy}</p>}
        {children}
      </div>
    </div>
  );
}

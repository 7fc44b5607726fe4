import type { VNode } from 'preact';

/** An error code that leads to its entry in the error reference. */
export function CodeLink({ code }: { readonly code: string }): VNode {
  return (
    <a class="code-link" href={`errors.html#${encodeURIComponent(code)}`} target="_blank" rel="noopener">
      {code}
    </a>
  );
}

import type { VNode } from 'preact';
import { StreamPill } from './stream-pill.js';
import { ThemeToggle } from './theme-toggle.js';

/** Name, way about, state of the live stream, theme. */
export function PageHeader({ current }: { readonly current: 'console' | 'status' }): VNode {
  return (
    <header class="page-header">
      <div class="page-header-row">
        <a class="brand" href={current === 'console' ? '#/' : 'status.html'} aria-label="Lockstep">
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M4 8.5h11M11 4.5l4 4-4 4M20 15.5H9M13 11.5l-4 4 4 4" />
          </svg>
          Lockstep
        </a>
        <nav aria-label="Pages">
          <a href={current === 'console' ? '#/' : './'} aria-current={current === 'console' ? 'page' : undefined}>
            Console
          </a>
          <a href="status.html" aria-current={current === 'status' ? 'page' : undefined}>
            Status
          </a>
          <a href="docs">API</a>
        </nav>
        <div class="page-header-end">
          <StreamPill />
          <ThemeToggle />
        </div>
      </div>
    </header>
  );
}

import type { ComponentChildren, VNode } from 'preact';
import { PageHeader } from './page-header.js';
import { StreamBanner } from './stream-banner.js';
import { ToastList } from './toast-list.js';
import { TokenForm } from './token-form.js';

export interface PageFrameProps {
  readonly current: 'console' | 'status';
  readonly children: ComponentChildren;
}

/** What every page has around its content. */
export function PageFrame({ current, children }: PageFrameProps): VNode {
  return (
    <>
      <a class="skip-link" href="#content" onClick={focusContent}>
        Skip to content
      </a>
      <PageHeader current={current} />
      <main id="content" tabIndex={-1}>
        <StreamBanner />
        <TokenForm />
        {children}
      </main>
      <ToastList />
    </>
  );
}

/** The fragment is the router's: the focus moves without it. */
function focusContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

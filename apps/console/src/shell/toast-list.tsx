import type { VNode } from 'preact';
import { useStore } from '../store/store-context.js';
import { CodeLink } from './code-link.js';
import { Icon } from './icon.js';

/** The messages about actions; read out by screen readers as they come. */
export function ToastList(): VNode {
  const store = useStore();
  return (
    <div class="toasts" role="status" aria-live="polite" aria-relevant="additions">
      {store.toasts.list.value.map((toast) => (
        <div key={toast.id} class={`toast tone-${toast.tone}`}>
          <Icon name={toast.tone === 'good' ? 'check' : 'cross'} />
          <div>
            <p class="notice-title">
              {toast.title} {toast.code !== null && <CodeLink code={toast.code} />}
            </p>
            {toast.detail !== null && <p class="muted">{toast.detail}</p>}
          </div>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => store.toasts.dismiss(toast.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}

import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useStore } from '../store/store-context.js';
import { Icon } from './icon.js';

/** Asks for the API token when the API has refused us. */
export function TokenForm(): VNode | null {
  const store = useStore();
  const [token, setToken] = useState('');
  if (!store.needsToken.value) return null;
  const wasRefused = store.tokens.get() !== null;
  const submit = (event: Event): void => {
    event.preventDefault();
    const trimmed = token.trim();
    if (trimmed === '') return;
    store.tokens.set(trimmed);
    setToken('');
  };
  return (
    <section class="card token-card" aria-labelledby="token-title">
      <h2 id="token-title">
        <Icon name="lock" /> {wasRefused ? 'The token was refused' : 'This API needs a token'}
      </h2>
      <p class="muted">
        It is the value of LOCKSTEP_API_TOKEN. It stays in this tab and is forgotten when the tab closes.
      </p>
      <form onSubmit={submit}>
        <label class="visually-hidden" for="token">
          API token
        </label>
        <input
          id="token"
          type="password"
          placeholder="API token"
          autocomplete="current-password"
          value={token}
          aria-invalid={wasRefused ? 'true' : undefined}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <button type="submit">Use token</button>
      </form>
    </section>
  );
}

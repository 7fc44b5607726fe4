const KEY = 'lockstep.token';

/** The API token of this tab. It lives as long as the tab does and is never put into a URL. */
export class TokenStore {
  private readonly storage: Storage;
  private readonly listeners = new Set<() => void>();

  constructor(storage: Storage) {
    this.storage = storage;
  }

  get(): string | null {
    return this.storage.getItem(KEY);
  }

  set(token: string): void {
    this.storage.setItem(KEY, token);
    for (const listener of this.listeners) listener();
  }

  clear(): void {
    this.storage.removeItem(KEY);
  }

  /** Calls `listener` after every new token. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

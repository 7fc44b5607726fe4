import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ConsoleStore } from './console-store.js';

export const StoreContext = createContext<ConsoleStore | null>(null);

/** The store of the page that the component is on. */
export function useStore(): ConsoleStore {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('a component was used outside of the store context');
  return store;
}

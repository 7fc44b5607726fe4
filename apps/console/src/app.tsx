import { render } from 'preact';
import { Console } from './console.js';
import { StatusPage } from './status-page.js';
import { ConsoleStore } from './store/console-store.js';
import { StoreContext } from './store/store-context.js';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no element to render into');

const store = new ConsoleStore(new URL('.', location.href).href, sessionStorage);
const isStatusPage = document.documentElement.dataset.page === 'status';
render(
  <StoreContext.Provider value={store}>{isStatusPage ? <StatusPage /> : <Console />}</StoreContext.Provider>,
  root,
);
void store.start(new AbortController().signal);

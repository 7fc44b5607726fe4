import { findChromium } from '../../../scripts/stack/index.mjs';

/**
 * The browser for tests of the page.
 * @throws Error that says what to install, where there is none
 */
export async function chromiumPath(): Promise<string> {
  const path = await findChromium();
  if (path === null) throw new Error('no Chromium found: install the package chromium');
  return path;
}

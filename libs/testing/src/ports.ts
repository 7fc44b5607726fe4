/** A port of the loopback address that is free now. */
export { freePort } from '../../../scripts/stack/index.mjs';

/** Injection tokens of what has no class of its own. */
export const SETTINGS = Symbol('SETTINGS');
export const LOGGER = Symbol('LOGGER');
export const ELASTIC_CLIENT = Symbol('ELASTIC_CLIENT');
export const KEY_RING = Symbol('KEY_RING');
export const OPENAPI_DOCUMENT = Symbol('OPENAPI_DOCUMENT');

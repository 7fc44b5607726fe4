import { API_ERRORS } from './api-errors.js';
import { CONFIG_ERRORS } from './config-errors.js';
import { JOB_ERRORS } from './job-errors.js';
import { SINK_ERRORS } from './sink-errors.js';
import { SOURCE_ERRORS } from './source-errors.js';

/**
 * Every code that Lockstep can answer, log or store. Codes are stable: they are part of the API.
 * The reference page `docs/reference/errors.md` is generated from this table.
 */
export const ERROR_CATALOGUE = {
  ...CONFIG_ERRORS,
  ...SOURCE_ERRORS,
  ...SINK_ERRORS,
  ...JOB_ERRORS,
  ...API_ERRORS,
} as const;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

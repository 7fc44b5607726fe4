import { define, type ErrorDefinition } from './error-definition.js';

/** Configuration, keys and secrets. */
export const CONFIG_ERRORS = {
  CONFIG_INVALID: define(
    'config',
    422,
    'permanent',
    'The configuration is not valid',
    'Correct the field that the error names.',
  ),
  CONFIG_ENTRY_UNKNOWN: define(
    'config',
    404,
    'permanent',
    'No such config entry',
    'List the entries with GET /api/v1/config; create the missing one.',
  ),
  CONFIG_SECRET_UNREADABLE: define(
    'config',
    422,
    'permanent',
    'A secret value cannot be used',
    'Set the secret again, sealed with the current public key.',
  ),
  CONFIG_VERSION_CONFLICT: define(
    'config',
    409,
    'transient',
    'The document was changed by somebody else',
    'Read it again and repeat the change.',
  ),
  CONFIG_SCHEMA_UNKNOWN: define(
    'config',
    409,
    'permanent',
    'A stored document has a schema that this version does not know',
    'Run the version that wrote it, or a newer one.',
  ),
  SETTINGS_INVALID: define(
    'config',
    500,
    'permanent',
    'The environment is not valid',
    'Correct the variable that the error names; docs/reference/settings.md lists all of them.',
  ),
  KEY_UNKNOWN: define(
    'config',
    422,
    'permanent',
    'The value is sealed with a key that is not known here',
    'Seal it again with a key of /.well-known/jwks.json.',
  ),
  KEY_MISSING: define(
    'config',
    503,
    'permanent',
    'There is no key',
    'Make a key pair with make gen-certs and point the keys directory at it.',
  ),
  SECRET_MALFORMED: define(
    'config',
    422,
    'permanent',
    'The sealed value is not a JWE of the accepted profile',
    'Use a compact JWE with alg and enc as in /.well-known/jwks.json.',
  ),
  SECRET_DECRYPT_FAILED: define(
    'config',
    422,
    'permanent',
    'A sealed value cannot be opened',
    'Check that the worker has the private key that the value was sealed for; seal the value again.',
  ),
} as const satisfies Record<string, ErrorDefinition>;

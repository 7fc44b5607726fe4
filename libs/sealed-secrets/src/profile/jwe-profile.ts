/** The one key management algorithm that is accepted. */
export const KEY_ALGORITHM = 'RSA-OAEP-256';
/** The one content encryption that is accepted. */
export const CONTENT_ENCRYPTION = 'A256GCM';
/** Modulus length of new keys, and the least of accepted ones, bits. */
export const MIN_RSA_BITS = 3072;
/** Longest JWE taken from a client, characters. The JOSE library has no limit of its own. */
export const MAX_CLIENT_JWE_LENGTH = 64 * 1024;
/** Longest stored JWE, characters: a client's JWE of full length, wrapped once, is 4/3 of it and a header. */
export const MAX_STORED_JWE_LENGTH = 96 * 1024;
/** Longest text that is sealed on receipt, bytes of UTF-8. */
export const MAX_PLAINTEXT_BYTES = 48 * 1024;
/** `cty` of an outer JWE whose content is a client's JWE. */
export const NESTED_CONTENT_TYPE = 'JWE';

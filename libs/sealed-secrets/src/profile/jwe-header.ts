import { CONTENT_ENCRYPTION, KEY_ALGORITHM, NESTED_CONTENT_TYPE } from './jwe-profile.js';
import type { SealContext } from './seal-context.js';

/** What a protected header says, as far as it matters here. */
export interface JweHeader {
  readonly kid: string;
  /** Where the value belongs; null where the header does not say. */
  readonly lsk: SealContext | null;
  readonly isNested: boolean;
}

/** Why a JWE is not of the profile; never quotes the JWE. */
export type HeaderResult =
  { readonly ok: true; readonly header: JweHeader } | { readonly ok: false; readonly problem: string };

/**
 * Parameters that would fetch or bring keys, compress, or demand extensions. They are refused, not
 * ignored: whoever sends them expects something that does not happen.
 */
const REFUSED_PARAMETERS = ['crit', 'zip', 'jku', 'x5u', 'jwk', 'x5c', 'x5t', 'x5t#S256', 'b64', 'p2s', 'p2c', 'epk'];

const COMPACT_JWE = /^[\w-]+\.[\w-]+\.[\w-]+\.[\w-]*\.[\w-]+$/;
const KID = /^[\w-]{1,128}$/;

const refuse = (problem: string): HeaderResult => ({ ok: false, problem });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads `lsk`: null when it is absent, undefined when it is not a context. */
function readContext(value: unknown): SealContext | null | undefined {
  if (value === undefined) return null;
  if (!isRecord(value) || typeof value.purpose !== 'string' || typeof value.subject !== 'string') return undefined;
  return Object.keys(value).length === 2 ? { purpose: value.purpose, subject: value.subject } : undefined;
}

function decodeHeader(jwe: string): unknown {
  try {
    return JSON.parse(Buffer.from(jwe.slice(0, jwe.indexOf('.')), 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Reads the protected header of a compact JWE and checks it against the profile. Decrypts nothing.
 * @param maxLength longest accepted input, characters
 */
export function readJweHeader(jwe: string, maxLength: number): HeaderResult {
  if (jwe.length > maxLength) return refuse(`it is longer than ${String(maxLength)} characters`);
  if (!COMPACT_JWE.test(jwe)) return refuse('it is not a JWE in compact form');
  const header = decodeHeader(jwe);
  if (!isRecord(header)) return refuse('its header is not a JSON object');
  const refused = REFUSED_PARAMETERS.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) return refuse(`its header has the parameter ${refused}, which is not accepted`);
  if (header.alg !== KEY_ALGORITHM) return refuse(`its alg is not ${KEY_ALGORITHM}`);
  if (header.enc !== CONTENT_ENCRYPTION) return refuse(`its enc is not ${CONTENT_ENCRYPTION}`);
  if (typeof header.kid !== 'string' || !KID.test(header.kid)) return refuse('its header has no kid');
  const lsk = readContext(header.lsk);
  if (lsk === undefined) return refuse('its lsk is not an object of purpose and subject');
  return { ok: true, header: { kid: header.kid, lsk, isNested: header.cty === NESTED_CONTENT_TYPE } };
}

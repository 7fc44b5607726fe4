import type { StoredSecret } from '@lockstep/contracts';
import { asLockstepError, type ErrorCode } from '@lockstep/core';
import type { SealContext, SecretSealer } from '@lockstep/sealed-secrets';
import { isDeepStrictEqual } from 'node:util';
import { isConfigKey } from '../entries/config-key.js';
import { secretView } from '../connectors/secret-view.js';
import type { Findings } from './findings.js';
import { isRecord } from './input-object.js';

/** A secret-bearing value that was checked, before it is sealed. */
export type PendingSecret =
  | { readonly kind: 'stored'; readonly secret: StoredSecret; readonly isKept: boolean }
  | { readonly kind: 'seal'; readonly text: string; readonly display: string | null }
  | { readonly kind: 'wrap'; readonly jwe: string };

/** What a text becomes once it is known to be one; null after a finding. */
export type TextRule = (text: string, isSecret: boolean) => PendingSecret | null;

export interface SecretPlace {
  readonly pointer: string;
  readonly findings: Findings;
  readonly current: StoredSecret | undefined;
}

const MAX_SECRET_LENGTH = 16_384;
const FORMS = 'must be a text, {"config": key}, {"sealed": JWE} or {"secret": text}';

function readObjectForm(value: Record<string, unknown>, place: SecretPlace, onText: TextRule): PendingSecret | null {
  const { pointer, findings, current } = place;
  const [key = '', ...more] = Object.keys(value);
  const content = value[key];
  if (more.length === 0 && typeof content === 'string') {
    if (key === 'secret') return readText(content, place, (text) => onText(text, true));
    if (key === 'sealed') return { kind: 'wrap', jwe: content };
    if (key === 'config' && isConfigKey(content)) {
      return { kind: 'stored', secret: { kind: 'config', key: content }, isKept: false };
    }
    if (key === '$secret' && content === 'unchanged') {
      if (current !== undefined) return { kind: 'stored', secret: current, isKept: true };
      findings.add(pointer, 'cannot stay unchanged: there is no value yet');
      return null;
    }
  }
  findings.add(pointer, FORMS);
  return null;
}

function readText(
  text: string,
  { pointer, findings }: SecretPlace,
  onText: (text: string) => PendingSecret | null,
): PendingSecret | null {
  if (text !== '' && text.length <= MAX_SECRET_LENGTH && !text.includes('\0')) return onText(text);
  findings.add(pointer, `must be a text of 1 to ${String(MAX_SECRET_LENGTH)} characters`);
  return null;
}

/**
 * Reads a secret-bearing value. What the API showed of the current value, sent back as it was, keeps it.
 * @returns null after a finding
 */
export function readSecret(value: unknown, place: SecretPlace, onText: TextRule): PendingSecret | null {
  const { current } = place;
  if (current !== undefined && isDeepStrictEqual(value, secretView(current))) {
    return { kind: 'stored', secret: current, isKept: true };
  }
  if (typeof value === 'string') return readText(value, place, (text) => onText(text, false));
  if (isRecord(value)) return readObjectForm(value, place, onText);
  place.findings.add(place.pointer, FORMS);
  return null;
}

export interface SealPlace {
  readonly pointer: string;
  readonly findings: Findings;
  readonly sealer: SecretSealer;
  readonly context: SealContext;
}

/** Seals what is to be sealed; what the sealer refuses becomes a finding. */
export async function sealPending(pending: PendingSecret, place: SealPlace): Promise<StoredSecret | null> {
  const { sealer, context, findings, pointer } = place;
  if (pending.kind === 'stored') return pending.secret;
  try {
    const display = pending.kind === 'seal' ? pending.display : null;
    const sealed = await (pending.kind === 'seal'
      ? sealer.seal(pending.text, context)
      : sealer.wrap(pending.jwe, context));
    return { kind: 'sealed', ...sealed, display };
  } catch (error) {
    const known = asLockstepError(error);
    const refusals: readonly ErrorCode[] = ['SECRET_MALFORMED', 'KEY_UNKNOWN'];
    if (!refusals.includes(known.code)) throw error;
    findings.add(pointer, `is refused: ${known.message}`, known.code);
    return null;
  }
}

import type { StoredSecret } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { SealContext, SecretOpener } from '@lockstep/sealed-secrets';
import type { ConfigEntryReader } from '../entries/config-entries.js';
import { parseMongoUri } from '../uri/mongodb-uri.js';

/** Turns stored secrets into their text; in the worker, just before use. */
export class SecretResolver {
  constructor(
    private readonly entries: ConfigEntryReader,
    private readonly opener: SecretOpener,
  ) {}

  /**
   * A source URI is checked again when it is opened: the API cannot look into a client's JWE or a sealed entry, and an
   * option there could make the driver read local files.
   * @throws LockstepError CONFIG_ENTRY_UNKNOWN, CONFIG_SECRET_UNREADABLE, SECRET_DECRYPT_FAILED, SOURCE_URI_INVALID
   */
  async resolve(secret: StoredSecret, context: SealContext): Promise<string> {
    const text = await this.textOf(secret, context);
    if (context.purpose === 'connector' && context.subject.endsWith('/source.uri')) {
      const result = parseMongoUri(text);
      if (!result.ok) throw new LockstepError('SOURCE_URI_INVALID', `The source URI ${result.problem}`);
    }
    return text;
  }

  private async textOf(secret: StoredSecret, context: SealContext): Promise<string> {
    switch (secret.kind) {
      case 'plain':
        return secret.value;
      case 'sealed':
        return this.opener.open(secret.jwe, context);
      case 'config':
        return this.textOfEntry(secret.key);
    }
  }

  private async textOfEntry(key: string): Promise<string> {
    const entry = await this.entries.read(key);
    if (entry === undefined) throw new LockstepError('CONFIG_ENTRY_UNKNOWN', `There is no config entry ${key}`);
    if (entry.sealed) return this.opener.open(entry.jwe, { purpose: 'config', subject: key });
    if (typeof entry.value === 'string' && entry.value !== '') return entry.value;
    throw new LockstepError('CONFIG_SECRET_UNREADABLE', `The config entry ${key} is no text`);
  }
}

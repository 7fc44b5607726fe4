import type { SealContext } from '@lockstep/sealed-secrets';

export type SecretField = 'source.uri' | 'sink.elasticsearch.apiKey' | 'sink.elasticsearch.password';

/** What a connector's sealed value is bound to. */
export function secretContext(connectorId: string, field: SecretField): SealContext {
  return { purpose: 'connector', subject: `${connectorId}/${field}` };
}

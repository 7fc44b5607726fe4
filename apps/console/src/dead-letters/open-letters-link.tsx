import type { VNode } from 'preact';
import type { ConnectorView } from '../api/views.js';
import { Icon } from '../shell/icon.js';
import { countOf } from './use-letter-commands.js';

export interface OpenLettersLinkProps {
  readonly connector: Pick<ConnectorView, 'id' | 'openDeadLetters'>;
  /** Without a way to where something can be changed. */
  readonly isReadOnly?: boolean;
}

/** How many documents of a connector were refused; the way to them. */
export function OpenLettersLink({ connector, isReadOnly = false }: OpenLettersLinkProps): VNode {
  const { id, openDeadLetters: count = 0 } = connector;
  const words = count === 0 ? 'no dead letters' : `${countOf(count)} open`;
  return (
    <span class={count === 0 ? 'muted' : 'open-letters tone-warn'}>
      {count > 0 && <Icon name="warning" />}
      {isReadOnly ? words : <a href={`#/connectors/${id}/dead-letters`}>{words}</a>}
    </span>
  );
}

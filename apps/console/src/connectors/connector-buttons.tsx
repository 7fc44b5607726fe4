import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ConnectorView } from '../api/views.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { ACTION_LABELS, offeredActions, type ConnectorAction } from './connector-actions.js';
import { ResyncDialog } from './resync-dialog.js';
import { useConnectorCommands } from './use-connector-commands.js';

export interface ConnectorButtonsProps {
  readonly connector: ConnectorView;
  /** Shows the way to delete, too. */
  readonly canDelete?: boolean;
  readonly onDeleted?: () => void;
  /** More that can be asked for, before the way to delete. */
  readonly children?: ComponentChildren;
}

/** The actions that make sense right now. Resync and delete ask first. */
export function ConnectorButtons({ connector, canDelete = false, onDeleted, children }: ConnectorButtonsProps): VNode {
  const commands = useConnectorCommands();
  const [asked, setAsked] = useState<'resync' | 'delete' | null>(null);
  const [running, setRunning] = useState<ConnectorAction | 'delete' | null>(null);
  const [deleteIndices, setDeleteIndices] = useState(false);
  const { primary, others } = offeredActions(connector);
  const run = (what: ConnectorAction | 'delete', work: Promise<unknown>): void => {
    setRunning(what);
    void work.finally(() => setRunning(null));
  };
  const ask = (action: ConnectorAction): void => {
    if (action === 'resync') setAsked('resync');
    else run(action, commands.act(connector, action));
  };
  const remove = async (): Promise<void> => {
    if (await commands.remove(connector, deleteIndices)) onDeleted?.();
  };
  return (
    <div class="buttons">
      {[primary, ...others].map((action) => (
        <button
          key={action}
          type="button"
          class={`small ${action === primary && action !== 'pause' ? '' : 'quiet'}`}
          disabled={running !== null}
          aria-label={`${ACTION_LABELS[action]} ${connector.name}`}
          onClick={() => ask(action)}
        >
          {ACTION_LABELS[action]}
          {running === action && ' …'}
        </button>
      ))}
      {children}
      {canDelete && (
        <button
          type="button"
          class="small quiet danger-text"
          disabled={running !== null}
          aria-label={`Delete ${connector.name}`}
          onClick={() => setAsked('delete')}
        >
          {running === 'delete' ? 'Deleting …' : 'Delete'}
        </button>
      )}
      {asked === 'resync' && (
        <ResyncDialog
          connector={connector}
          onConfirm={(mode) => run('resync', commands.act(connector, 'resync', { mode }))}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'delete' && (
        <ConfirmDialog
          title={`Delete ${connector.name}?`}
          action="Delete"
          typedName={connector.name}
          isDangerous
          onConfirm={() => run('delete', remove())}
          onClose={() => setAsked(null)}
        >
          <p>The connector stops and its position is forgotten. MongoDB is not touched.</p>
          <label class="check">
            <input
              type="checkbox"
              checked={deleteIndices}
              onChange={(event) => setDeleteIndices(event.currentTarget.checked)}
            />
            Delete its indices in Elasticsearch, too
          </label>
        </ConfirmDialog>
      )}
    </div>
  );
}

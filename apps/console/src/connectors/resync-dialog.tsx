import type { ResyncMode } from '@lockstep/contracts';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ConnectorView } from '../api/views.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';

export interface ResyncDialogProps {
  readonly connector: ConnectorView;
  readonly onConfirm: (mode: Exclude<ResyncMode, 'rollback'>) => void;
  readonly onClose: () => void;
}

/** Asks before everything is read again, and how: into new indices, where an alias can move to them, or in place. */
export function ResyncDialog({ connector, onConfirm, onClose }: ResyncDialogProps): VNode {
  const hasAlias = connector.sink.layout !== 'index';
  const [isInPlace, setIsInPlace] = useState(!hasAlias);
  return (
    <ConfirmDialog
      title={`Resync ${connector.name}?`}
      action="Resync"
      onConfirm={() => onConfirm(isInPlace ? 'inPlace' : 'newGeneration')}
      onClose={onClose}
    >
      <p>
        {isInPlace
          ? 'All documents are read again and written to the index, then documents that are no longer in the source are removed.'
          : 'All documents are read again into new indices, which take the place of those that serve when they are complete. The old ones are kept for a rollback.'}{' '}
        The stream sync goes on meanwhile.
      </p>
      {hasAlias && (
        <label class="check">
          <input type="checkbox" checked={isInPlace} onChange={(event) => setIsInPlace(event.currentTarget.checked)} />
          In place, without new indices
        </label>
      )}
    </ConfirmDialog>
  );
}

import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ConnectorView } from '../api/views.js';
import { canSetPosition } from './can-set-position.js';
import { PositionDialog } from './position-dialog.js';

/** The way to set a position by hand, where that can be done. A dialog that is open stays: its answer says what is. */
export function PositionButton({ connector }: { readonly connector: ConnectorView }): VNode {
  const [isAsked, setIsAsked] = useState(false);
  return (
    <>
      {canSetPosition(connector) && (
        <button
          type="button"
          class="small quiet"
          aria-label={`Set the position of ${connector.name}`}
          onClick={() => setIsAsked(true)}
        >
          Set position
        </button>
      )}
      {isAsked && <PositionDialog connector={connector} onClose={() => setIsAsked(false)} />}
    </>
  );
}

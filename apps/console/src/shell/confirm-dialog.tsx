import type { ComponentChildren, VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';

export interface ConfirmDialogProps {
  readonly title: string;
  /** Label of the button that does it. */
  readonly action: string;
  /** A name that must be typed first; for what cannot be undone. */
  readonly typedName?: string;
  readonly isDangerous?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Asks before something that is hard to undo. */
export function ConfirmDialog(props: ConfirmDialogProps): VNode {
  const [typed, setTyped] = useState('');
  const inputId = useId();
  const isReady = props.typedName === undefined || typed === props.typedName;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isReady) return;
    props.onClose();
    props.onConfirm();
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form onSubmit={submit}>
        {props.children}
        {props.typedName !== undefined && (
          <>
            <label for={inputId}>
              Type <strong>{props.typedName}</strong> to confirm
            </label>
            <input
              id={inputId}
              value={typed}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </>
        )}
        <footer>
          <button type="button" class="quiet" onClick={props.onClose}>
            Keep as it is
          </button>
          <button type="submit" class={props.isDangerous === true ? 'danger' : ''} disabled={!isReady}>
            {props.action}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

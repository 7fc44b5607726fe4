import type { ComponentChildren, VNode } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** For what is read rather than answered. @defaultValue false */
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}

/** A modal dialog; the browser keeps the focus inside it. Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, isWide = false, children }: DialogProps): VNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      // A dialog that has left the page by now gives nothing back by itself.
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog ref={ref} aria-labelledby={titleId} onCancel={onClose}>
      <article class={isWide ? 'wide-dialog' : undefined}>
        <h2 id={titleId}>{title}</h2>
        {children}
      </article>
    </dialog>
  );
}

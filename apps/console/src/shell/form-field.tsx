import type { ComponentChildren, VNode } from 'preact';

export interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': 'true' | undefined;
}

export interface FormFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: ComponentChildren;
  readonly error: string | undefined;
  /** Gives the control; the attributes tie it to its label, hint and error. */
  readonly children: (attributes: FieldAttributes) => VNode;
}

/** A labelled control with a hint, and the error in its place when there is one. */
export function FormField({ id, label, hint, error, children }: FormFieldProps): VNode {
  const noteId = `${id}-note`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': noteId, 'aria-invalid': error === undefined ? undefined : 'true' })}
      <small id={noteId} class={error === undefined ? 'muted' : 'field-error'}>
        {error ?? hint}
      </small>
    </div>
  );
}

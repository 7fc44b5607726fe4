import type { VNode } from 'preact';
import type { ConnectorDraft, DraftErrors, DraftField } from './connector-draft.js';
import type { FieldAttributes } from './form-field.js';

/** A control of the form, as {@link FormField} wants it. */
export type DraftControl = (attributes: FieldAttributes) => VNode;

export interface DraftControls {
  readonly errors: DraftErrors;
  text(this: void, field: DraftField): DraftControl;
  area(this: void, field: DraftField): DraftControl;
  /** Hides what is typed, and keeps it out of the browser's memory. */
  secret(this: void, field: DraftField, isShown?: boolean): DraftControl;
}

export interface DraftControlsOptions {
  readonly draft: ConnectorDraft;
  readonly errors: DraftErrors;
  readonly onChange: (draft: ConnectorDraft) => void;
}

const PLAIN = { autocomplete: 'off', spellcheck: false } as const;

/** Controls that show the draft and change it. */
export function draftControls({ draft, errors, onChange }: DraftControlsOptions): DraftControls {
  const bind = (field: DraftField) => ({
    name: field,
    value: draft[field],
    onInput: (event: { readonly currentTarget: { readonly value: string } }): void =>
      onChange({ ...draft, [field]: event.currentTarget.value }),
  });
  return {
    errors,
    text: (field) => (attributes) => <input type="text" {...PLAIN} {...attributes} {...bind(field)} />,
    area: (field) => (attributes) => <textarea rows={3} {...PLAIN} {...attributes} {...bind(field)} />,
    secret:
      (field, isShown = false) =>
      (attributes) => {
        const shared = { ...PLAIN, autocomplete: 'new-password', ...attributes, ...bind(field) };
        return isShown ? <input type="text" {...shared} /> : <input type="password" {...shared} />;
      },
  };
}

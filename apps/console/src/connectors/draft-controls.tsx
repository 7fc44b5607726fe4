import type { VNode } from 'preact';
import type { FieldAttributes } from '../shell/form-field.js';
import type { ConnectorDraft, DraftErrors, DraftField } from './connector-draft.js';

/** A control of the form, as {@link FormField} wants it. */
export type DraftControl = (attributes: FieldAttributes) => VNode;

export interface DraftControls {
  readonly errors: DraftErrors;
  text(this: void, field: DraftField, inputMode?: 'text' | 'numeric'): DraftControl;
  area(this: void, field: DraftField): DraftControl;
  /** Hides what is typed, and keeps it out of the browser's memory. */
  secret(this: void, field: DraftField, isShown?: boolean): DraftControl;
  /** What a {@link ChoiceField} shows, and what becomes of it. */
  choice<Field extends ChosenField>(this: void, field: Field): DraftChoice<ConnectorDraft[Field]>;
}

/** Fields whose values are chosen, not typed. */
export type ChosenField = 'onDrop' | 'onHistoryLost';

export interface DraftChoice<Value> {
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
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
    text:
      (field, inputMode = 'text') =>
      (attributes) => <input type="text" inputMode={inputMode} {...PLAIN} {...attributes} {...bind(field)} />,
    area: (field) => (attributes) => <textarea rows={3} {...PLAIN} {...attributes} {...bind(field)} />,
    secret:
      (field, isShown = false) =>
      (attributes) => {
        const shared = { ...PLAIN, autocomplete: 'new-password', ...attributes, ...bind(field) };
        return isShown ? <input type="text" {...shared} /> : <input type="password" {...shared} />;
      },
    choice: (field) => ({ value: draft[field], onChoose: (value) => onChange({ ...draft, [field]: value }) }),
  };
}

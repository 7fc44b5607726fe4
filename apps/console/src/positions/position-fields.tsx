import type { VNode } from 'preact';
import { ChoiceField, type Choice } from '../shell/choice-field.js';
import { FormField, type FieldAttributes } from '../shell/form-field.js';
import { useStore } from '../store/store-context.js';
import type { PositionDraft, PositionErrors, PositionField, PositionKind } from './position-draft.js';
import { stepWords } from './position-step.js';

export interface PositionFieldsProps {
  readonly draft: PositionDraft;
  readonly errors: PositionErrors;
  /** Up to when changes were read, ISO 8601; null until known. */
  readonly followedTo: string | null;
  readonly onChange: (draft: PositionDraft) => void;
}

const KINDS: readonly Choice<PositionKind>[] = [
  { value: 'time', label: 'Time', hint: 'From the first change of its second on.' },
  { value: 'token', label: 'Resume token', hint: 'From right behind one change of this source on.' },
];
const TIME_HINT = 'ISO 8601 with a time zone, or <seconds>.<increment>.';
const MAX_REASON = 1_000;
const PLAIN = { autocomplete: 'off', spellcheck: false } as const;

/** A time or a token, and the reason. */
export function PositionFields({ draft, errors, followedTo, onChange }: PositionFieldsProps): VNode {
  const store = useStore();
  const bind = (field: PositionField) => ({
    value: draft[field],
    onInput: (event: { readonly currentTarget: { readonly value: string } }): void =>
      onChange({ ...draft, [field]: event.currentTarget.value }),
  });
  const time = (attributes: FieldAttributes): VNode => (
    <input type="text" placeholder="2026-01-15T09:30:00Z" {...PLAIN} {...attributes} {...bind('time')} />
  );
  const token = (attributes: FieldAttributes): VNode => (
    <textarea rows={3} {...PLAIN} {...attributes} {...bind('token')} />
  );
  const reason = (attributes: FieldAttributes): VNode => (
    <input type="text" maxLength={MAX_REASON} autocomplete="off" {...attributes} {...bind('reason')} />
  );
  const timeHint = stepWords(draft.time, followedTo, store.nowMs.value) ?? TIME_HINT;
  return (
    <>
      <ChoiceField
        id="positionKind"
        label="New position"
        choices={KINDS}
        value={draft.kind}
        onChoose={(kind) => onChange({ ...draft, kind })}
      />
      {draft.kind === 'time' ? (
        <FormField id="positionTime" label="Time" hint={timeHint} error={errors.time}>
          {time}
        </FormField>
      ) : (
        <FormField id="positionToken" label="Token" hint="The hex text of its _data." error={errors.token}>
          {token}
        </FormField>
      )}
      <FormField id="positionReason" label="Reason" hint="Kept in the audit index." error={errors.reason}>
        {reason}
      </FormField>
    </>
  );
}

import type { ComponentChildren, VNode } from 'preact';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** What choosing it does. */
  readonly hint: ComponentChildren;
}

export interface ChoiceFieldProps<Value extends string> {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, each with what it does. The group takes the focus when its error is to be read. */
export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>): VNode {
  const { id, label, hint, error, choices, value, onChoose } = props;
  const note = error ?? hint;
  const noteId = note === undefined ? undefined : `${id}-note`;
  return (
    <fieldset
      id={id}
      class="choices"
      role="radiogroup"
      tabIndex={error === undefined ? undefined : -1}
      aria-describedby={noteId}
      aria-invalid={error === undefined ? undefined : 'true'}
    >
      <legend>{label}</legend>
      {note !== undefined && (
        <small id={noteId} class={error === undefined ? 'muted' : 'field-error'}>
          {note}
        </small>
      )}
      {choices.map((choice) => (
        <div key={choice.value} class="choice">
          <input
            type="radio"
            id={`${id}-${choice.value}`}
            name={id}
            value={choice.value}
            checked={choice.value === value}
            aria-describedby={`${id}-${choice.value}-note`}
            onChange={() => onChoose(choice.value)}
          />
          <label for={`${id}-${choice.value}`}>{choice.label}</label>
          <small id={`${id}-${choice.value}-note`} class="muted">
            {choice.hint}
          </small>
        </div>
      ))}
    </fieldset>
  );
}

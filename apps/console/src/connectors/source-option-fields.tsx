import type { VNode } from 'preact';
import { ChoiceField } from '../shell/choice-field.js';
import { FormField } from '../shell/form-field.js';
import type { DraftControls } from './draft-controls.js';
import { DROP_CHOICES, HISTORY_LOSS_CHOICES, SOURCE_OPTION_LABELS } from './source-options.js';

/** What a first connector does well without: out of the way until it is asked for, or wrong. */
export function SourceOptionFields({ controls }: { readonly controls: DraftControls }): VNode {
  const { errors, text, choice } = controls;
  const hasError = (errors.partitions ?? errors.onDrop ?? errors.onHistoryLost) !== undefined;
  return (
    <details open={hasError || undefined}>
      <summary>Partitions, drops, lost history</summary>
      <FormField
        id="partitions"
        label={SOURCE_OPTION_LABELS.partitions}
        hint="Into how many parts large collections are divided by _id, so that several workers share them. A collection with fewer than 1 000 documents for each part stays whole. A later change needs a resync."
        error={errors.partitions}
      >
        {text('partitions', 'numeric')}
      </FormField>
      <ChoiceField
        id="onDrop"
        label={SOURCE_OPTION_LABELS.onDrop}
        error={errors.onDrop}
        choices={DROP_CHOICES}
        {...choice('onDrop')}
      />
      <ChoiceField
        id="onHistoryLost"
        label={SOURCE_OPTION_LABELS.onHistoryLost}
        hint="MongoDB has overwritten changes that were not read yet, say because the connector was paused for too long."
        error={errors.onHistoryLost}
        choices={HISTORY_LOSS_CHOICES}
        {...choice('onHistoryLost')}
      />
    </details>
  );
}

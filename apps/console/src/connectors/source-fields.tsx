import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { FormField } from '../shell/form-field.js';
import { Icon } from '../shell/icon.js';
import type { DraftControls } from './draft-controls.js';
import { SourceOptionFields } from './source-option-fields.js';

/** Where a new connector reads from. */
export function SourceFields({ controls }: { readonly controls: DraftControls }): VNode {
  const [isUriShown, setIsUriShown] = useState(false);
  const { errors, text, secret } = controls;
  return (
    <fieldset>
      <legend>Source</legend>
      <FormField
        id="uri"
        label="MongoDB URI"
        error={errors.uri}
        hint={
          <>
            <Icon name="lock" /> Sealed in this browser with the service’s public key; only workers can read it.
          </>
        }
      >
        {secret('uri', isUriShown)}
      </FormField>
      <label class="check">
        <input type="checkbox" checked={isUriShown} onChange={(event) => setIsUriShown(event.currentTarget.checked)} />
        Show the URI while typing
      </label>
      <div class="field-pair">
        <FormField id="database" label="Database" hint="Its name in MongoDB." error={errors.database}>
          {text('database')}
        </FormField>
        <FormField
          id="collections"
          label="Collections"
          hint="Separated by commas; * stands for any characters."
          error={errors.collections}
        >
          {text('collections')}
        </FormField>
      </div>
      <SourceOptionFields controls={controls} />
    </fieldset>
  );
}

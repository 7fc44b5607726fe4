import type { VNode } from 'preact';
import { FormField } from '../shell/form-field.js';
import { Icon } from '../shell/icon.js';
import type { DraftControls } from './draft-controls.js';

/** Where a new connector writes to. */
export function TargetFields({ controls }: { readonly controls: DraftControls }): VNode {
  const { errors, text, area, secret } = controls;
  const hasClusterError =
    (errors.elasticsearchUrl ?? errors.elasticsearchApiKey ?? errors.elasticsearchCa) !== undefined;
  return (
    <fieldset>
      <legend>Target</legend>
      <FormField
        id="index"
        label="Index"
        hint="{database} and {collection} are filled in for each collection."
        error={errors.index}
      >
        {text('index')}
      </FormField>
      <details open={hasClusterError || undefined}>
        <summary>Another Elasticsearch cluster</summary>
        <FormField
          id="elasticsearchUrl"
          label="URL"
          hint="Leave empty to use the cluster that Lockstep keeps its own state in."
          error={errors.elasticsearchUrl}
        >
          {text('elasticsearchUrl')}
        </FormField>
        <FormField
          id="elasticsearchApiKey"
          label="API key"
          error={errors.elasticsearchApiKey}
          hint={
            <>
              <Icon name="lock" /> Sealed like the URI.
            </>
          }
        >
          {secret('elasticsearchApiKey')}
        </FormField>
        <FormField
          id="elasticsearchCa"
          label="Certificate authority (PEM)"
          hint="Only for certificates that no public authority has signed."
          error={errors.elasticsearchCa}
        >
          {area('elasticsearchCa')}
        </FormField>
      </details>
    </fieldset>
  );
}

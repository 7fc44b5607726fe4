import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { canSeal } from '../api/seal-secret.js';
import { Icon } from '../shell/icon.js';
import { ProblemNotice } from '../shell/problem-notice.js';
import { EMPTY_DRAFT, type ConnectorDraft, type DraftField } from './connector-draft.js';
import { FormField, type FieldAttributes } from './form-field.js';
import { useCreateConnector } from './use-create-connector.js';

const TEXT_INPUT = { autocomplete: 'off', spellcheck: false } as const;

/** The form for a new connector. Secrets are sealed before they leave the browser. */
export function CreateConnectorPage(): VNode {
  const [draft, setDraft] = useState<ConnectorDraft>(EMPTY_DRAFT);
  const [startNow, setStartNow] = useState(true);
  const [isUriShown, setIsUriShown] = useState(false);
  const { errors, problem, isBusy, create } = useCreateConnector();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [errors]);
  const control = (field: DraftField) => ({
    name: field,
    value: draft[field],
    onInput: (event: { currentTarget: { value: string } }): void =>
      setDraft({ ...draft, [field]: event.currentTarget.value }),
  });
  const text = (field: DraftField) =>
    function TextInput(attributes: FieldAttributes): VNode {
      return <input type="text" {...TEXT_INPUT} {...attributes} {...control(field)} />;
    };
  const secret = (field: DraftField, isShown: boolean) =>
    function SecretInput(attributes: FieldAttributes): VNode {
      const shared = { ...TEXT_INPUT, autocomplete: 'new-password', ...attributes, ...control(field) };
      return isShown ? <input type="text" {...shared} /> : <input type="password" {...shared} />;
    };
  const submit = (event: Event): void => {
    event.preventDefault();
    void create(draft, startNow);
  };
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href="#/">Overview</a> <span aria-hidden="true">/</span> <span aria-current="page">New connector</span>
      </nav>
      <form ref={form} class="card form-card" noValidate onSubmit={submit} aria-busy={isBusy}>
        <h1>New connector</h1>
        {!canSeal() && <InsecureNotice />}
        {problem !== null && <ProblemNotice problem={problem} />}
        <FormField id="name" label="Name" hint="Unique; shown everywhere." error={errors.name}>
          {text('name')}
        </FormField>
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
            <input
              type="checkbox"
              checked={isUriShown}
              onChange={(event) => setIsUriShown(event.currentTarget.checked)}
            />
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
        </fieldset>
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
          <details open={errors.elasticsearchUrl !== undefined || errors.elasticsearchApiKey !== undefined}>
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
              {secret('elasticsearchApiKey', false)}
            </FormField>
            <FormField
              id="elasticsearchCa"
              label="Certificate authority (PEM)"
              hint="Only for certificates that no public authority has signed."
              error={errors.elasticsearchCa}
            >
              {(attributes) => <textarea rows={3} {...TEXT_INPUT} {...attributes} {...control('elasticsearchCa')} />}
            </FormField>
          </details>
        </fieldset>
        <footer class="form-footer">
          <label class="check">
            <input type="checkbox" checked={startNow} onChange={(event) => setStartNow(event.currentTarget.checked)} />
            Start now
          </label>
          <a class="button quiet" role="button" href="#/">
            Cancel
          </a>
          <button type="submit" disabled={isBusy || !canSeal()}>
            {isBusy ? 'Creating …' : 'Create connector'}
          </button>
        </footer>
      </form>
    </>
  );
}

function InsecureNotice(): VNode {
  return (
    <div class="notice tone-warn" role="alert">
      <Icon name="warning" />
      <div>
        <p class="notice-title">Secrets cannot be sealed on this address</p>
        <p>
          Browsers offer cryptography on https and on loopback addresses only. Open the console under https, or as
          http://127.0.0.1 through a tunnel. Nothing is sent unsealed.
        </p>
      </div>
    </div>
  );
}

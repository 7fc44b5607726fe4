import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { canSeal } from '../api/seal-secret.js';
import { FormField } from '../shell/form-field.js';
import { Icon } from '../shell/icon.js';
import { ProblemNotice } from '../shell/problem-notice.js';
import { EMPTY_DRAFT } from './connector-draft.js';
import { draftControls } from './draft-controls.js';
import { SourceFields } from './source-fields.js';
import { TargetFields } from './target-fields.js';
import { useCreateConnector } from './use-create-connector.js';

/** The form for a new connector. Secrets are sealed before they leave the browser. */
export function CreateConnectorPage(): VNode {
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [startNow, setStartNow] = useState(true);
  const { errors, problem, isBusy, create } = useCreateConnector();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [errors]);
  const controls = draftControls({ draft, errors, onChange: setDraft });
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
          {controls.text('name')}
        </FormField>
        <SourceFields controls={controls} />
        <TargetFields controls={controls} />
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

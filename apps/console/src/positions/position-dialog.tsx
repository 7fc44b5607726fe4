import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConnectorView } from '../api/views.js';
import { Dialog } from '../shell/dialog.js';
import { ProblemNotice } from '../shell/problem-notice.js';
import { DirectionFacts } from './direction-facts.js';
import { EMPTY_POSITION, standingErrors } from './position-draft.js';
import { PositionFields } from './position-fields.js';
import { useFollowedTo } from './use-followed-to.js';
import { useSetPosition } from './use-set-position.js';

export interface PositionDialogProps {
  readonly connector: ConnectorView;
  readonly onClose: () => void;
}

/** From where on changes are to be read, and why. Closes when that is set. */
export function PositionDialog({ connector, onClose }: PositionDialogProps): VNode {
  const [draft, setDraft] = useState(EMPTY_POSITION);
  const followedTo = useFollowedTo(connector.id);
  const { errors, sent, problem, isBusy, set } = useSetPosition(connector);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [errors]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await set(draft)) onClose();
  };
  return (
    <Dialog title={`Set the position of ${connector.name}`} onClose={onClose}>
      <form ref={form} noValidate aria-busy={isBusy} onSubmit={(event) => void submit(event)}>
        <p>When the connector runs again, it reads changes from the new position on.</p>
        <DirectionFacts followedTo={followedTo} />
        <PositionFields
          draft={draft}
          errors={standingErrors(errors, sent, draft)}
          followedTo={followedTo}
          onChange={setDraft}
        />
        {/* Beside the button: on a narrow screen the top is out of sight. */}
        {problem !== null && <ProblemNotice problem={problem} />}
        <footer>
          <button type="button" class="quiet" onClick={onClose}>
            Keep as it is
          </button>
          <button type="submit" disabled={isBusy}>
            {isBusy ? 'Setting …' : 'Set position'}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

import type { ComponentChildren, VNode } from 'preact';
import type { DeadLetterView } from '../api/views.js';
import { formatCount } from '../format/number.js';
import { Ago } from '../shell/ago.js';
import { CodeLink } from '../shell/code-link.js';
import { CopyButton } from '../shell/copy-button.js';
import { Dialog } from '../shell/dialog.js';
import { LetterBadge } from './letter-badge.js';
import { readableBody } from './readable-body.js';

export interface LetterDialogProps {
  readonly letter: DeadLetterView;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
  readonly onClose: () => void;
}

/** Everything that is known of one refused document, and what to do about it. */
export function LetterDialog({ letter, onRetry, onDiscard, onClose }: LetterDialogProps): VNode {
  const isOpen = letter.state === 'open';
  return (
    <Dialog title="Dead letter" onClose={onClose} isWide>
      <p>
        <strong>{letter.remedy}</strong>
      </p>
      <dl class="facts">
        {factsOf(letter).map(([label, value]) => (
          <Fact key={label} label={label}>
            {value}
          </Fact>
        ))}
      </dl>
      <LetterContent letter={letter} />
      <footer>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
        {isOpen && (
          <>
            <button type="button" class="quiet danger-text" onClick={onDiscard}>
              Discard
            </button>
            <button type="button" disabled={letter.retry !== null} onClick={onRetry}>
              Retry
            </button>
          </>
        )}
      </footer>
    </Dialog>
  );
}

type LabelledFact = readonly [label: string, value: ComponentChildren];

function factsOf(letter: DeadLetterView): readonly LabelledFact[] {
  const { errorType, code, field, retry, closedAt, discardedBy } = letter;
  const facts: (LabelledFact | null)[] = [
    ['State', <LetterBadge key="state" letter={letter} />],
    ['Error type', <span key="type">{errorType}</span>],
    ['Code', <CodeLink key="code" code={code} />],
    ['Field', field === null ? <span class="muted">not known</span> : <code>{field}</code>],
    ['Namespace', letter.namespace],
    ['Document', <span class="mono">{letter.documentId}</span>],
    ['_id', <span class="mono">{letter.originalId}</span>],
    ['Index', letter.index],
    ['Version', <span class="mono">{letter.version}</span>],
    [
      'Refused',
      <>
        {formatCount(letter.seenCount)} ×, first <Ago at={letter.firstSeenAt} />, last <Ago at={letter.lastSeenAt} />
      </>,
    ],
    retry === null ? null : ['Retry', <Decided at={retry.requestedAt} by={retry.requestedBy} />],
    closedAt === null ? null : ['Closed', <Decided at={closedAt} by={discardedBy} />],
  ];
  return facts.filter((fact) => fact !== null);
}

function Fact({ label, children }: { readonly label: string; readonly children: ComponentChildren }): VNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Decided({ at, by }: { readonly at: string; readonly by: string | null }): VNode {
  return (
    <>
      <Ago at={at} />
      {by !== null && ` by ${by}`}
    </>
  );
}

/** What Elasticsearch said and what it was sent, where the connector allows them to be kept. */
function LetterContent({ letter }: { readonly letter: DeadLetterView }): VNode {
  const { reason, body, state } = letter;
  if (reason === null && body === null) {
    const words = state === 'open' ? 'are kept when sink.deadLetterContent is set' : 'are not kept any more';
    return <p class="muted">The document and the words of Elasticsearch {words}.</p>;
  }
  return (
    <>
      {reason !== null && <pre class="wrapped">{reason}</pre>}
      {body !== null && (
        <>
          <p class="content-title">
            Refused document <CopyButton text={body} label="refused document" />
          </p>
          <pre class="wrapped">{readableBody(body)}</pre>
        </>
      )}
    </>
  );
}

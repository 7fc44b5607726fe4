import type { ComponentChildren, VNode } from 'preact';

export interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** Shown beside the title, e.g. a count. */
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A titled card. */
export function Section({ id, title, note, actions, children }: SectionProps): VNode {
  return (
    <section class="card" id={id} aria-labelledby={`${id}-title`}>
      <header class="card-header">
        <h2 id={`${id}-title`}>{title}</h2>
        {note !== undefined && <span class="muted card-note">{note}</span>}
        {actions !== undefined && <div class="card-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

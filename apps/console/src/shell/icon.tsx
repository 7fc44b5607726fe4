import type { VNode } from 'preact';

export type IconName =
  | 'check'
  | 'progress'
  | 'circle'
  | 'pause'
  | 'warning'
  | 'cross'
  | 'plug'
  | 'sun'
  | 'moon'
  | 'screen'
  | 'more'
  | 'copy'
  | 'plus'
  | 'lock'
  | 'arrow';

const PATHS: Readonly<Record<IconName, string>> = {
  check: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5 8.3l2.1 2.1L11.2 6',
  progress: 'M8 1.5a6.5 6.5 0 1 0 6.5 6.5M8 4.2V8l2.4 1.6',
  circle: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z',
  pause: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM6.3 5.6v4.8M9.7 5.6v4.8',
  warning: 'M8 2 1.6 13.4h12.8L8 2ZM8 6.4v3.2M8 11.5v.2',
  cross: 'M5.4 1.5h5.2l3.9 3.9v5.2l-3.9 3.9H5.4l-3.9-3.9V5.4l3.9-3.9ZM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  plug: 'M2 2l12 12M5.2 8.2a4 4 0 0 1 1-1.6M10.8 8.2a4 4 0 0 0-1.6-1.8M2.6 6.2A8 8 0 0 1 4.7 4.6M7.2 3.7a8 8 0 0 1 6.2 2.5M8 12v.2',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M12.8 3.2l-1 1M4.2 11.8l-1 1',
  moon: 'M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z',
  screen: 'M1.8 2.8h12.4v8.4H1.8zM5.5 13.8h5M8 11.2v2.6',
  more: 'M3.2 8h.1M8 8h.1M12.8 8h.1',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3',
  plus: 'M8 2.8v10.4M2.8 8h10.4',
  lock: 'M3.5 7h9v6.5h-9zM5.3 7V5a2.7 2.7 0 0 1 5.4 0v2',
  arrow: 'M2.5 8h10.5M9 4l4 4-4 4',
};

/** A line drawing beside a word; it says nothing that the word does not. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

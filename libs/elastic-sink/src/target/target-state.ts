import type { Target } from '@lockstep/contracts';
import type { OpenLetters } from '../dead-letters/open-letters.js';
import type { KnownFields } from '../mapping/known-fields.js';

/** What a sink remembers about one target while it writes it. */
export interface TargetState {
  readonly target: Target;
  readonly generation: number;
  readonly fields: KnownFields;
  readonly openLetters: OpenLetters;
}

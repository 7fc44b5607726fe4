export interface BrakeView {
  /** Documents in the index. */
  readonly indexed: number;
  /** Of these, confirmed to be gone from the source. */
  readonly orphans: number;
  /** Largest share that is removed without asking, 0 … 1. */
  readonly maxRatio: number;
  readonly isConfirmed: boolean;
}

/** Whether a removal has to wait for an operator. */
export function isBrakeEngaged(view: BrakeView): boolean {
  if (view.isConfirmed || view.orphans === 0) return false;
  return view.orphans > view.indexed * view.maxRatio;
}

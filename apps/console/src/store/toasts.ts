import { signal, type ReadonlySignal } from '@preact/signals';
import type { Problem } from '../api/problem.js';

export interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly title: string;
  readonly detail: string | null;
  /** Error code to read about; null when there is none. */
  readonly code: string | null;
}

const GOOD_STAYS_MS = 5_000;
const BAD_STAYS_MS = 15_000;

/** Short messages about what an action has led to. */
export class Toasts {
  private readonly current = signal<readonly Toast[]>([]);
  private lastId = 0;

  get list(): ReadonlySignal<readonly Toast[]> {
    return this.current;
  }

  good(title: string, detail: string | null = null): void {
    this.show({ tone: 'good', title, detail, code: null }, GOOD_STAYS_MS);
  }

  bad(problem: Problem): void {
    const fields = problem.fields.map((field) => `${field.pointer} ${field.message}`.trim());
    const detail = [problem.detail, ...fields, problem.remedy].filter((text) => text !== null).join(' · ');
    this.show(
      { tone: 'bad', title: problem.title, detail: detail === '' ? null : detail, code: problem.code },
      BAD_STAYS_MS,
    );
  }

  dismiss(id: number): void {
    this.current.value = this.current.value.filter((toast) => toast.id !== id);
  }

  private show(toast: Omit<Toast, 'id'>, staysMs: number): void {
    this.lastId += 1;
    const id = this.lastId;
    this.current.value = [...this.current.value.slice(-3), { id, ...toast }];
    setTimeout(() => this.dismiss(id), staysMs);
  }
}

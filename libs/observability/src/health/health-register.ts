import { asLockstepError } from '@lockstep/core';

export interface CheckResult {
  readonly isHealthy: boolean;
  /** For people; no secrets. */
  readonly detail: string;
}

export type HealthCheck = () => CheckResult | Promise<CheckResult>;

export interface HealthReport {
  /** True when every check is. */
  readonly isHealthy: boolean;
  /** By name of the check. */
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** A check that has no answer by then is a failed one: probes have time-outs of their own. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * Named checks behind `/health/live` (the process makes progress; restart it when not) and
 * `/health/ready` (it can do its work now).
 */
export class HealthRegister {
  private readonly liveness = new Map<string, HealthCheck>();
  private readonly readiness = new Map<string, HealthCheck>();

  /** @param checkTimeoutMs how long one check may take, milliseconds. @defaultValue 2 000 */
  constructor(private readonly checkTimeoutMs = CHECK_TIMEOUT_MS) {}

  /** A check of this name that is there already is replaced. */
  addLiveness(name: string, check: HealthCheck): void {
    this.liveness.set(name, check);
  }

  /** A check of this name that is there already is replaced. */
  addReadiness(name: string, check: HealthCheck): void {
    this.readiness.set(name, check);
  }

  live(): Promise<HealthReport> {
    return this.report(this.liveness);
  }

  ready(): Promise<HealthReport> {
    return this.report(this.readiness);
  }

  private async report(checks: ReadonlyMap<string, HealthCheck>): Promise<HealthReport> {
    const results = await Promise.all(
      [...checks].map(async ([name, check]) => [name, await this.carryOut(check)] as const),
    );
    return {
      isHealthy: results.every(([, { isHealthy }]) => isHealthy),
      checks: Object.fromEntries(results),
    };
  }

  private async carryOut(check: HealthCheck): Promise<CheckResult> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<CheckResult>((resolve) => {
      timer = setTimeout(() => {
        resolve({ isHealthy: false, detail: `no answer within ${this.checkTimeoutMs} ms` });
      }, this.checkTimeoutMs);
    });
    try {
      return await Promise.race([Promise.resolve().then(check), late]);
    } catch (error) {
      return { isHealthy: false, detail: asLockstepError(error).code };
    } finally {
      clearTimeout(timer);
    }
  }
}

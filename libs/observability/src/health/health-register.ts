export interface CheckResult {
  readonly isHealthy: boolean;
  /** For people; no secrets. */
  readonly detail: string;
}

export type HealthCheck = () => CheckResult | Promise<CheckResult>;

export interface HealthReport {
  readonly isHealthy: boolean;
  /** By name of the check. */
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** Named checks behind `/health/live` and `/health/ready`. */
export class HealthRegister {
  addLiveness(_name: string, _check: HealthCheck): void {
    throw new Error('not built yet');
  }
  addReadiness(_name: string, _check: HealthCheck): void {
    throw new Error('not built yet');
  }
  live(): Promise<HealthReport> {
    return Promise.reject(new Error('not built yet'));
  }
  ready(): Promise<HealthReport> {
    return Promise.reject(new Error('not built yet'));
  }
}

import { type CanActivate, Injectable } from '@nestjs/common';
import { StateBootstrap } from './state-bootstrap.js';

/** Refuses requests that need the state indices while they are not there (503). */
@Injectable()
export class StateReadyGuard implements CanActivate {
  constructor(private readonly bootstrap: StateBootstrap) {}

  canActivate(): boolean {
    this.bootstrap.installationId();
    return true;
  }
}

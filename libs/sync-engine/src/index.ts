export { DEFAULT_ENGINE_SETTINGS, type EngineSettings } from './partition/engine-settings.js';
export { SessionOpener, type SessionOpenerOptions } from './runner/session-opener.js';
export { SyncSupervisor, type SyncSupervisorOptions } from './runner/sync-supervisor.js';

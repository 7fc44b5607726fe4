export { readKillOrder, type KillOrder } from './kill-order.js';
export { loadSettings, type LoadedSettings } from './load-settings.js';
export { SETTINGS_CATALOGUE, type SettingDefinition } from './settings-catalogue.js';
export {
  LOG_LEVELS,
  type ApiSettings,
  type AppName,
  type ElasticsearchSettings,
  type LogLevel,
  type Settings,
  type WorkerSettings,
} from './settings.js';

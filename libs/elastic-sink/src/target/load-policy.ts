import type { Target } from '@lockstep/contracts';
import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { LockstepError, reached } from '@lockstep/core';
import { readIndices, type StoredIndex } from './stored-index.js';
import { timeValueMs } from './time-value.js';

/**
 * Refreshing every few seconds while loading costs less than one refresh of everything at the end,
 * which is made by one thread while the rest idles.
 */
const LOAD_REFRESH_INTERVAL = '5s';

/** The interval while loading; null when the index already refreshes as seldom. */
export function loadRefreshInterval(current: unknown): string | null {
  const currentMs = timeValueMs(current ?? '1s');
  const loadMs = timeValueMs(LOAD_REFRESH_INTERVAL) ?? 0;
  if (currentMs === undefined || currentMs < 0 || currentMs >= loadMs) return null;
  return LOAD_REFRESH_INTERVAL;
}

/**
 * Settings for loading. What has to be restored is written into the index's own mark before anything
 * is changed, so that whoever comes after a crash restores exactly that.
 */
export class LoadPolicy {
  constructor(private readonly client: ElasticClient) {}

  async begin(target: Target, signal: AbortSignal): Promise<void> {
    const index = await this.read(target, signal);
    const interval = index.settings.refresh_interval;
    if (index.mark?.load === undefined) {
      if (loadRefreshInterval(interval) === null) return;
      await this.mark(index, { refreshInterval: typeof interval === 'string' ? interval : null }, signal);
      reached('load.marked');
    }
    await this.set(target, LOAD_REFRESH_INTERVAL, signal);
    reached('load.begun');
  }

  /** Safe to call at any time, any number of times. */
  async end(target: Target, signal: AbortSignal): Promise<void> {
    const index = await this.read(target, signal);
    const load = index.mark?.load;
    if (load === undefined) return;
    await this.set(target, load.refreshInterval, signal);
    reached('load.restored');
    await this.mark(index, undefined, signal);
    reached('load.ended');
  }

  private async read(target: Target, signal: AbortSignal): Promise<StoredIndex> {
    const [index] = await readIndices(this.client, target.index, signal);
    if (index?.uuid !== target.indexUuid) throw new LockstepError('SINK_TARGET_MISSING', `${target.index} is gone`);
    return index;
  }

  private async mark(
    index: StoredIndex,
    load: { readonly refreshInterval: string | null } | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const meta = (index.mappings._meta ?? {}) as Record<string, unknown>;
    const { load: _before, ...mark } = index.mark ?? {};
    const lockstep = load === undefined ? mark : { ...mark, load };
    try {
      await this.client.indices.putMapping({ index: index.name, _meta: { ...meta, lockstep } }, { signal });
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  private async set(target: Target, refreshInterval: string | null, signal: AbortSignal): Promise<void> {
    try {
      await this.client.indices.putSettings(
        { index: target.index, settings: { refresh_interval: refreshInterval } as object },
        { signal },
      );
    } catch (error) {
      throw classifyElasticError(error);
    }
  }
}

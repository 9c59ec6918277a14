/** The index watches of each location, in `watches/<location>.json` of the state bucket. */
import type { Config } from '../config';
import { addWatch, type IndexWatch, type IndexWatches, NO_WATCHES } from '../core/indexWatch';
import type { ObjectName, Ports } from '../ports';
import { readJson, updateJson } from './jsonObject';

type WatchPorts = Pick<Ports, 'objects' | 'clock' | 'entropy'>;

export function createWatches(ports: WatchPorts, config: Config) {
  const nameOf = (location: string): ObjectName => ({ bucket: config.stateBucket, name: `watches/${location}.json` });
  return {
    read: (location: string): Promise<IndexWatches> => readJson(ports, nameOf(location), NO_WATCHES),

    /** Begins to watch; adding the watch of a request again changes nothing. */
    async add(location: string, watch: IndexWatch): Promise<void> {
      await updateJson(ports, nameOf(location), NO_WATCHES, (watches) => addWatch(watches, watch));
    },

    /** Changes all watches of a location at once. `change` must be pure. */
    update: (location: string, change: (watches: IndexWatches) => IndexWatches): Promise<IndexWatches> =>
      updateJson(ports, nameOf(location), NO_WATCHES, change),
  };
}

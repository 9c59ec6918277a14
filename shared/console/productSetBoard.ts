/**
 * The product sets of all locations as they were counted last. Counting costs calls of a quota that the requests need
 * too, so a location is counted at most once in 3 s, and never at more than ten calls a second however often it is asked.
 */
import { LOCATIONS } from '../core/names';
import type { Ports } from '../ports';
import { countProductSets, type LocationCount } from './countProductSets';
import { faultText } from './faultText';

export interface LocationBoard extends Partial<Omit<LocationCount, 'calls'>> {
  location: string;
  /** RFC 3339; none: not counted yet. */
  countedAt?: string;
  /** Why the last count failed; the numbers are then those before it. */
  error?: string;
}

const REST_MS = 3_000;
const MS_A_CALL = 100;

type BoardPorts = Pick<Ports, 'clock' | 'productSearch' | 'log'>;

function createLocation(ports: BoardPorts, location: string) {
  let board: LocationBoard = { location };
  let underWay: Promise<void> | null = null;
  let nextAt = 0;

  async function count(): Promise<void> {
    const startedAt = ports.clock.now();
    try {
      const { calls, ...counted } = await countProductSets(ports.productSearch, location);
      nextAt = startedAt + REST_MS + calls * MS_A_CALL;
      board = { location, ...counted, countedAt: new Date(startedAt).toISOString() };
    } catch (error) {
      nextAt = ports.clock.now() + REST_MS;
      board = { ...board, error: faultText(error, ports.log, 'product sets') };
    }
  }

  return {
    board: () => board,
    refresh(): Promise<void> {
      if (underWay === null && ports.clock.now() < nextAt) return Promise.resolve();
      underWay ??= count().finally(() => {
        underWay = null;
      });
      return underWay;
    },
  };
}

/** Counts on demand. */
export function createProductSetBoard(ports: BoardPorts) {
  const locations = LOCATIONS.map((location) => createLocation(ports, location));

  /** Waits for a count that is due, but no longer than `patienceMs`: what is not there by then comes the next time. */
  return async (patienceMs: number): Promise<LocationBoard[]> => {
    const refreshed = Promise.all(locations.map((location) => location.refresh()));
    await Promise.race([refreshed, ports.clock.sleep(patienceMs)]);
    return locations.map((location) => location.board());
  };
}

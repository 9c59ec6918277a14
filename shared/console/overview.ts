/** Everything that the console's first page shows, read together; a part that cannot be read says so and no more. */
import type { Config } from '../config';
import { NO_SLOTS, slotsAt } from '../core/quota';
import { readJson } from '../ledger/jsonObject';
import type { Ports } from '../ports';
import { createLedgerParts, type LedgerParts } from './ledgerParts';
import { type Part, readPart } from './part';
import { createProductSetBoard, type LocationBoard } from './productSetBoard';

export interface ImportSlotsPart {
  used: number;
  limit: number;
  /** RFC 3339; none while a slot is free. */
  nextFreeAt?: string;
}

export interface Overview extends LedgerParts {
  /** RFC 3339, the server's clock. */
  at: string;
  projectId: string;
  location: string;
  /** Served by the local services: no account and no real data. */
  isLocal: boolean;
  intakeBucket: string;
  commandsTopic: string;
  productSets: LocationBoard[];
  imports: Part<ImportSlotsPart>;
}

/** One read serves all who ask within this time. */
const SHARED_MS = 1_000;
/** How long the page waits for Product Search. */
const PATIENCE_MS = 1_500;

export function createOverview(ports: Ports, config: Config) {
  const ledgerParts = createLedgerParts(ports, config);
  const productSetBoard = createProductSetBoard(ports);
  let underWay: Promise<Overview> | null = null;
  let last: { until: number; overview: Overview } | null = null;

  async function read(): Promise<Overview> {
    const [ledger, productSets, imports] = await Promise.all([
      ledgerParts(),
      productSetBoard(PATIENCE_MS),
      readPart('import slots', ports.log, () => readImports(ports, config)),
    ]);
    const { projectId, location, intakeBucket, commandsTopic } = config;
    const at = new Date(ports.clock.now()).toISOString();
    const isLocal = config.storageHost !== undefined;
    const overview = { at, projectId, location, isLocal, intakeBucket, commandsTopic, ...ledger, productSets, imports };
    last = { until: ports.clock.now() + SHARED_MS, overview };
    return overview;
  }

  /** Never rejects for a part that cannot be read. */
  return async (): Promise<Overview> => {
    if (last !== null && ports.clock.now() < last.until) return last.overview;
    underWay ??= read().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

async function readImports(ports: Ports, config: Config): Promise<ImportSlotsPart> {
  const slots = await readJson(ports, { bucket: config.stateBucket, name: 'quota/imports.json' }, NO_SLOTS);
  const limit = config.importsPerDay;
  const { used, nextFreeAt } = slotsAt(slots, limit, ports.clock.now());
  return { used, limit, ...(used < limit ? {} : { nextFreeAt: new Date(nextFreeAt).toISOString() }) };
}

/** What was read of each surveyed product, in files of the staging folder beside those of the survey. */
import { createHash } from 'node:crypto';
import { readAhead } from './readAhead';
import type { SnapshotPart, SnapshotProduct } from './snapshot';
import { mergeSorted } from './sortedRuns';
import { readStaged } from './stagedImport';
import { ownFile, type StepContext } from './step';

export interface GatheredProduct {
  id: string;
  productSets: string[];
  referenceImages: number;
  /** SHA-256 over the product and its reference images as they were read: a later change is seen by it. */
  digest: string;
  stays?: true;
}

export interface Gathered {
  /** Of the snapshot, where there is one. */
  part: SnapshotPart | null;
  products: GatheredProduct[];
}

export function gatheredProduct({ product, productSetIds, referenceImages, stays }: SnapshotProduct): GatheredProduct {
  const images = [...referenceImages].sort((a, b) => (a.id < b.id ? -1 : 1));
  const digest = createHash('sha256')
    .update(JSON.stringify([product, images]))
    .digest('hex');
  return {
    id: product.id,
    productSets: productSetIds,
    referenceImages: referenceImages.length,
    digest,
    ...(stays === true && { stays }),
  };
}

function gatheredFile(context: Pick<StepContext, 'config' | 'record'>, chunk: number) {
  return ownFile(context, 'staging', `gathered-${String(chunk + 1).padStart(5, '0')}.json`);
}

export async function writeGathered(context: StepContext, chunk: number, gathered: Gathered): Promise<void> {
  await context.ports.objects.write(gatheredFile(context, chunk), JSON.stringify(gathered), {
    contentType: 'application/json',
  });
}

/** What was gathered of the survey files `from` up to, not including, `to`. Throws where one is missing. */
export async function* eachGathered(context: StepContext, from: number, to: number): AsyncGenerator<Gathered> {
  const chunks = Array.from({ length: to - from }, (_, index) => from + index);
  yield* readAhead(chunks, async (chunk) => {
    const found = await readStaged<Gathered>(context, gatheredFile(context, chunk));
    if (found === null) throw new Error(`gathered file ${chunk + 1} of ${context.record.id} is missing`);
    return found;
  });
}

/** All gathered products by id, whatever the round in which they were surveyed. */
export function gatheredProducts(context: StepContext): AsyncGenerator<GatheredProduct> {
  const { rounds = [], chunks = 0 } = context.record.facts.survey ?? {};
  const streams = rounds.map((from, round) => productsOf(eachGathered(context, from, rounds[round + 1] ?? chunks)));
  return mergeSorted(streams, (a, b) => (a.id < b.id ? -1 : 1));
}

async function* productsOf(gathered: AsyncGenerator<Gathered>): AsyncGenerator<GatheredProduct> {
  for await (const { products } of gathered) yield* products;
}

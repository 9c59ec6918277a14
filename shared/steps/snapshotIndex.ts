/** `snapshot.json`: what a snapshot is of, its parts with their digests, and the product sets of its location. */
import { createHash } from 'node:crypto';
import { formatGsUri, productSetName } from '../core/names';
import { eachGathered } from './gatheredFiles';
import { keptProductSets } from './productSets';
import type { SnapshotPart } from './snapshot';
import { commandInput, ownFile, type StepContext, timeText } from './step';
import { surveyChunks } from './surveyFiles';

/**
 * Writes `snapshot.json`, last of all: a snapshot without it is not complete. `products` is how many there are in it.
 * Gives its URI.
 */
export async function writeSnapshotIndex(context: StepContext, products: number): Promise<string> {
  const { record, ports, config } = context;
  const parts: SnapshotPart[] = [];
  let referenceImages = 0;
  for await (const gathered of eachGathered(context, 0, surveyChunks(record))) {
    if (gathered.part !== null) parts.push(gathered.part);
    for (const product of gathered.products) referenceImages += product.referenceImages;
  }
  const productSets = (await keptProductSets(context)).map(({ id, displayName }) => {
    return { name: productSetName(config.projectId, record.location, id), displayName };
  });
  const object = ownFile(context, 'snapshots', 'snapshot.json');
  const index = {
    version: 1,
    requestId: record.id,
    request: record.request,
    projectId: config.projectId,
    location: record.location,
    target: { productSetId: commandInput(record).productSetId ?? null },
    takenAt: timeText(context),
    counts: { products, referenceImages },
    productIdsDigest: record.facts.survey?.digest,
    digest: createHash('sha256')
      .update(parts.map((part) => part.digest).join('\n'))
      .digest('hex'),
    productSets,
    parts,
  };
  await ports.objects.write(object, JSON.stringify(index, null, 1), { contentType: 'application/json' });
  return formatGsUri(object);
}

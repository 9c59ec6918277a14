/** The form of a snapshot: what a purge takes, as the API gives it, and the same as CSVs for people. */
import { createHash } from 'node:crypto';
import { csvRow } from '../core/csv/writeCsv';
import { formatGsUri, productName, productSetName, referenceImageName } from '../core/names';
import type { BoundingPoly, ReferenceImage } from '../ports';
import { ownFile, type StepContext } from './step';
import type { SurveyedProduct } from './surveyFiles';

export interface SnapshotProduct extends SurveyedProduct {
  referenceImages: ReferenceImage[];
}

export interface SnapshotPart {
  products: string;
  csv: string[];
  digest: string;
}

type FileContext = Pick<StepContext, 'config' | 'record'>;

function numbered(index: number): string {
  return String(index + 1).padStart(5, '0');
}

function asApi({ config, record }: FileContext, { product, productSetIds, referenceImages }: SnapshotProduct): unknown {
  const { id, displayName, description, productCategory, productLabels } = product;
  return {
    product: {
      name: productName(config.projectId, record.location, id),
      displayName,
      description,
      productCategory,
      productLabels,
    },
    productSets: productSetIds.map((setId) => productSetName(config.projectId, record.location, setId)),
    referenceImages: referenceImages.map((image) => ({
      name: referenceImageName(config.projectId, record.location, id, image.id),
      uri: image.uri,
      boundingPolys: image.boundingPolys,
    })),
  };
}

function polygonText(poly: BoundingPoly | undefined): string {
  const vertices = poly?.vertices.length ? poly.vertices : (poly?.normalizedVertices ?? []);
  return vertices.map(({ x, y }) => `${x},${y}`).join(',');
}

/** One line for each image in each set, as an import reads them; what a line cannot carry is in the JSON lines only. */
function csvLines({ product, productSetIds, referenceImages }: SnapshotProduct): string[] {
  const labels = product.productLabels.map(({ key, value }) => `${key}=${value}`).join(',');
  return referenceImages.flatMap((image) =>
    productSetIds.map((setId) =>
      csvRow([
        image.uri,
        image.id,
        setId,
        product.id,
        product.productCategory,
        product.displayName.trim(),
        labels,
        polygonText(image.boundingPolys[0]),
      ]),
    ),
  );
}

/** Writes the part for one survey file. Writing it again gives the same names. */
export async function writeSnapshotPart(
  context: StepContext,
  chunk: number,
  products: SnapshotProduct[],
): Promise<SnapshotPart> {
  const { ports, config } = context;
  const { importLines } = config.sizes;
  const lines = products.map((product) => JSON.stringify(asApi(context, product)));
  const body = lines.map((line) => `${line}\n`).join('');
  const object = ownFile(context, 'snapshots', `products-${numbered(chunk)}.jsonl`);
  await ports.objects.write(object, body, { contentType: 'application/jsonl' });
  const rows = products.flatMap(csvLines);
  const csv: string[] = [];
  for (let from = 0; from < rows.length; from += importLines) {
    const suffix = from === 0 ? '' : `-${from / importLines + 1}`;
    const csvObject = ownFile(context, 'snapshots', `import-${numbered(chunk)}${suffix}.csv`);
    const text = rows
      .slice(from, from + importLines)
      .map((row) => `${row}\n`)
      .join('');
    await ports.objects.write(csvObject, text, { contentType: 'text/csv' });
    csv.push(formatGsUri(csvObject));
  }
  return { products: formatGsUri(object), csv, digest: createHash('sha256').update(body).digest('hex') };
}

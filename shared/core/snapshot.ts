/** Reads the files of a snapshot: `snapshot.json` and the JSON lines of its parts, whole or not at all. Pure. */
import { z } from 'zod';
import { LOCATIONS, type Location, parseGsUri, productName, productSetName } from './names';
import { shownValue } from './problem';

/** proto3 leaves a coordinate that is 0 out. */
const Vertex = z.object({ x: z.number().default(0), y: z.number().default(0) });

const BoundingPoly = z.object({
  vertices: z.array(Vertex).default([]),
  normalizedVertices: z.array(Vertex).default([]),
});

const Line = z.object({
  product: z.object({
    name: z.string(),
    displayName: z.string().default(''),
    description: z.string().default(''),
    productCategory: z.string().min(1),
    productLabels: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
  }),
  productSets: z.array(z.string()).default([]),
  referenceImages: z
    .array(z.object({ name: z.string(), uri: z.string().min(1), boundingPolys: z.array(BoundingPoly).default([]) }))
    .default([]),
});

const Index = z.object({
  version: z.literal(1, { error: 'must be 1, the only form of snapshots that this release reads' }),
  projectId: z.string(),
  location: z.enum(LOCATIONS),
  target: z.object({ productSetId: z.string().min(1).nullish() }).default({}),
  digest: z.string(),
  productSets: z.array(z.object({ name: z.string(), displayName: z.string() })),
  parts: z.array(z.object({ products: z.string(), digest: z.string() })),
});

export type SnapshotIndex = Omit<z.infer<typeof Index>, 'location' | 'productSets'> & {
  location: Location;
  /** Display names by bare id. */
  displayNames: Map<string, string>;
};

export type SnapshotImage = { id: string; uri: string; boundingPolys: z.infer<typeof BoundingPoly>[] };

/** A product with all that a snapshot holds of it. Ids are bare. */
export interface SnapshotProduct {
  product: Omit<z.infer<typeof Line>['product'], 'name'> & { id: string };
  productSetIds: string[];
  referenceImages: SnapshotImage[];
}

/** The files are no snapshot, or not the one that was written. The message says which file, and what is wrong with it. */
export class InvalidSnapshotError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InvalidSnapshotError';
  }
}

/** What is wrong with the URI of a snapshot of this system, as the end of a sentence, or null. */
export function snapshotUriFault(uri: string, stateBucket: string): string | null {
  const object = parseGsUri(uri);
  if (object?.bucket === stateBucket && /^snapshots\/[^/]+\/snapshot\.json$/.test(object.name)) return null;
  return `must be gs://${stateBucket}/snapshots/REQUEST_ID/snapshot.json, not ${shownValue(uri)}`;
}

/** The content of `snapshot.json`. `uri` is its own: its parts lie beside it. Throws `InvalidSnapshotError`. */
export function parseSnapshotIndex(text: string, uri: string): SnapshotIndex {
  const { productSets, ...index } = parseWith(Index, text, uri);
  const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
  for (const { products } of index.parts) {
    const isBeside = products.startsWith(folder) && /^products-\d+\.jsonl$/.test(products.slice(folder.length));
    if (!isBeside) throw new InvalidSnapshotError(`${uri} names a part that is not beside it: ${shownValue(products)}`);
  }
  const displayNames = new Map<string, string>();
  for (const { name, displayName } of productSets) {
    displayNames.set(bareId(name, productSetName(index.projectId, index.location, ''), uri), displayName);
  }
  return { ...index, displayNames };
}

/** The products of one part. Throws `InvalidSnapshotError`. */
export function parseSnapshotPart(
  text: string,
  uri: string,
  { projectId, location }: Pick<SnapshotIndex, 'projectId' | 'location'>,
): SnapshotProduct[] {
  const products: SnapshotProduct[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const where = `${uri}, line ${index + 1}`;
    const { product, productSets, referenceImages } = parseWith(Line, line, where);
    const { name, ...fields } = product;
    const id = bareId(name, productName(projectId, location, ''), where);
    products.push({
      product: { id, ...fields },
      productSetIds: productSets.map((set) => bareId(set, productSetName(projectId, location, ''), where)),
      referenceImages: referenceImages.map(({ name: imageName, ...image }) => ({
        id: bareId(imageName, `${name}/referenceImages/`, where),
        ...image,
      })),
    });
  }
  return products;
}

function parseWith<T extends z.ZodType>(schema: T, text: string, where: string): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidSnapshotError(`${where} is no JSON`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue === undefined || issue.path.length === 0 ? 'the whole' : issue.path.join('.');
  throw new InvalidSnapshotError(`${where} is no part of a snapshot: ${path}: ${issue?.message}`);
}

/** The id at the end of a full name. A name of another project, location or product is none. */
function bareId(name: string, before: string, where: string): string {
  const id = name.startsWith(before) ? name.slice(before.length) : '';
  if (id !== '' && !id.includes('/')) return id;
  throw new InvalidSnapshotError(
    `${where} names ${shownValue(name)}; it should begin with ${before} and end with an id`,
  );
}

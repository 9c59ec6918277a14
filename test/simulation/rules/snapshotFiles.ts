/** The files of a snapshot, read as the contract lays them down. */
import type { BoundingPoly, Label } from '../../../shared/ports';
import type { Services } from '../services';
import { lastSegment } from './catalogue';

export interface SnapshotLine {
  product: {
    name: string;
    displayName: string;
    description: string;
    productCategory: string;
    productLabels: readonly Label[];
  };
  productSets: string[];
  referenceImages: { name: string; uri: string; boundingPolys: readonly BoundingPoly[] }[];
}

export interface Snapshot {
  location: string;
  /** Of its product sets, by id. */
  setNames: Map<string, string>;
  /** The set that was purged. */
  target: string | null;
  /** By product id. */
  lines: Map<string, SnapshotLine>;
}

interface SnapshotIndex {
  location: string;
  target: { productSetId: string | null };
  parts: { products: string }[];
  productSets: { name: string; displayName: string }[];
}

/** null where there is no whole snapshot. `uri` is that of its `snapshot.json`. */
export function readSnapshot(services: Pick<Services, 'text'>, uri: string): Snapshot | null {
  const text = textOf(services, uri);
  if (text === '') return null;
  const { location, target, parts, productSets } = JSON.parse(text) as SnapshotIndex;
  const texts = parts.flatMap(({ products }) => textOf(services, products).split('\n').slice(0, -1));
  const lines = texts.map((line) => JSON.parse(line) as SnapshotLine);
  return {
    location,
    target: target.productSetId,
    setNames: new Map(productSets.map(({ name, displayName }) => [lastSegment(name), displayName])),
    lines: new Map(lines.map((line) => [lastSegment(line.product.name), line])),
  };
}

function textOf(services: Pick<Services, 'text'>, uri: string): string {
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return services.text(bucket, name);
}

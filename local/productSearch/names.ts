/** Resource names of Product Search: the only file of the local service that knows their patterns. */
import { StatusError } from '../statusError';
import { INVALID_ARGUMENT } from './codes';

/** One world of resources: everything lives in one location of one project. */
export interface Place {
  project: string;
  location: string;
}

export interface ProductName extends Place {
  product: string;
}

export interface ProductSetName extends Place {
  productSet: string;
}

export interface ReferenceImageName extends ProductName {
  image: string;
}

/** https://cloud.google.com/vision/product-search/docs/create-product-set: the four that there are. */
const LOCATIONS: readonly string[] = ['us-west1', 'us-east1', 'europe-west1', 'asia-east1'];

const PATTERNS = {
  location: 'projects/*/locations/*',
  productSet: 'projects/*/locations/*/productSets/*',
  product: 'projects/*/locations/*/products/*',
  referenceImage: 'projects/*/locations/*/products/*/referenceImages/*',
} as const;

export function parseLocationName(name: string | null | undefined): Place {
  const [project, location] = match(name, PATTERNS.location);
  return place(project, location);
}

export function parseProductSetName(name: string | null | undefined): ProductSetName {
  const [project, location, productSet = ''] = match(name, PATTERNS.productSet);
  return { ...place(project, location), productSet };
}

export function parseProductName(name: string | null | undefined): ProductName {
  const [project, location, product = ''] = match(name, PATTERNS.product);
  return { ...place(project, location), product };
}

export function parseReferenceImageName(name: string | null | undefined): ReferenceImageName {
  const [project, location, product = '', image = ''] = match(name, PATTERNS.referenceImage);
  return { ...place(project, location), product, image };
}

export function locationName(at: Place): string {
  return `projects/${at.project}/locations/${at.location}`;
}

export function productSetName(at: Place, id: string): string {
  return `${locationName(at)}/productSets/${id}`;
}

export function productName(at: Place, id: string): string {
  return `${locationName(at)}/products/${id}`;
}

export function referenceImageName(at: Place, product: string, id: string): string {
  return `${productName(at, product)}/referenceImages/${id}`;
}

export interface OperationName {
  project?: string;
  location?: string;
  id: string;
}

/** Any of the four forms that the Operations service binds; null for what is none. */
export function parseOperationName(name: string): OperationName | null {
  const parts = /^(?:projects\/([^/]+)\/)?(?:locations\/([^/]+)\/)?operations\/([^/]+)$/.exec(name);
  if (!parts?.[3]) return null;
  return { project: parts[1], location: parts[2], id: parts[3] };
}

/** Bucket and object of a `gs://` URI; null for what is none. */
export function parseObjectUri(uri: string): { bucket: string; name: string } | null {
  const parts = /^gs:\/\/([^/]+)\/(.+)$/s.exec(uri);
  return parts?.[1] && parts[2] ? { bucket: parts[1], name: parts[2] } : null;
}

function place(project = '', location = ''): Place {
  if (!LOCATIONS.includes(location)) {
    const known = LOCATIONS.join(', ');
    throw new StatusError(INVALID_ARGUMENT, `Unsupported location: '${location}'. Product Search is in ${known}.`);
  }
  return { project, location };
}

function match(name: string | null | undefined, pattern: string): string[] {
  const given = (name ?? '').split('/');
  const wanted = pattern.split('/');
  const fits =
    given.length === wanted.length && wanted.every((part, i) => (part === '*' ? given[i] !== '' : part === given[i]));
  if (!fits) {
    throw new StatusError(
      INVALID_ARGUMENT,
      `Invalid resource name: '${name ?? ''}'. It must have the form ${pattern}.`,
    );
  }
  return given.filter((_, i) => wanted[i] === '*');
}

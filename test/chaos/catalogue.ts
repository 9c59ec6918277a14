/** Everything that Product Search holds in one location, read over REST and put in order. */
import { PROJECT } from '../system/localSystem';

interface Resource {
  name: string;
  displayName?: string;
  uri?: string;
  [field: string]: unknown;
}

/** Bare ids; a product's or image's own fields as the service gives them. */
export interface Catalogue {
  productSets: Record<string, { displayName: string; products: string[] }>;
  products: Record<string, { fields: unknown; images: Record<string, unknown> }>;
}

const PAGE_SIZE = 100;

export async function readCatalogue(host: string, location: string): Promise<Catalogue> {
  const parent = `projects/${PROJECT}/locations/${location}`;
  const list = (path: string, field: string) => listAll(`http://${host}/v1/${path}`, field);
  const catalogue: Catalogue = { productSets: {}, products: {} };
  for (const { name, displayName = '' } of await list(`${parent}/productSets`, 'productSets')) {
    const products = (await list(`${name}/products`, 'products')).map((product) => idOf(product)).sort();
    catalogue.productSets[idOf({ name })] = { displayName, products };
  }
  for (const { name, ...fields } of await list(`${parent}/products`, 'products')) {
    const images = await list(`${name}/referenceImages`, 'referenceImages');
    catalogue.products[idOf({ name })] = {
      fields,
      images: Object.fromEntries(images.map((image) => [idOf(image), { ...image, name: undefined }])),
    };
  }
  return catalogue;
}

function idOf({ name }: Pick<Resource, 'name'>): string {
  return name.split('/').at(-1) ?? '';
}

async function listAll(url: string, field: string): Promise<Resource[]> {
  const all: Resource[] = [];
  let pageToken = '';
  do {
    const response = await fetch(`${url}?${new URLSearchParams({ pageSize: String(PAGE_SIZE), pageToken })}`);
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    const page = (await response.json()) as Record<string, unknown>;
    all.push(...((page[field] ?? []) as Resource[]));
    pageToken = String(page.nextPageToken ?? '');
  } while (pageToken !== '');
  return all;
}

/** Images of one product that show the same part of the same file: an import that ran twice would make them. */
export function duplicateImages(catalogue: Catalogue): string[] {
  return Object.entries(catalogue.products).flatMap(([product, { images }]) => {
    const seen = new Set<string>();
    return Object.entries(images).flatMap(([id, image]) => {
      const shown = JSON.stringify(image);
      if (seen.has(shown)) return [`${product}/${id}`];
      seen.add(shown);
      return [];
    });
  });
}

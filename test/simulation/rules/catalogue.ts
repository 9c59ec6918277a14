/** What the catalogue holds at this moment, by bare ids. */
import type { ProductResource, ReferenceImageResource } from '../../../local/productSearch/resources';
import { StatusError } from '../../../local/statusError';
import type { RuleWorld } from './rule';

interface ListedPage<T> {
  items: T[];
  nextPageToken: string;
}

export function createCatalogue({ services, config }: Pick<RuleWorld, 'services' | 'config'>) {
  const { productSearch } = services;
  const parentOf = (location: string) => `projects/${config.projectId}/locations/${location}`;
  const productOf = (location: string, id: string) => `${parentOf(location)}/products/${id}`;

  return {
    product: (location: string, id: string) =>
      orNull((): ProductResource => productSearch.getProduct({ name: productOf(location, id) })),

    /** By id; none where the product is not there. */
    images(location: string, productId: string): Map<string, ReferenceImageResource> {
      const parent = productOf(location, productId);
      const images = orNull(() =>
        all((pageToken) => productSearch.listReferenceImages({ parent, pageSize: 100, pageToken })),
      );
      return new Map((images ?? []).map((image) => [lastSegment(image.name), image]));
    },

    /** The display name of the product set; null where it is not there. */
    setName: (location: string, id: string) =>
      orNull(() => productSearch.getProductSet({ name: `${parentOf(location)}/productSets/${id}` }).displayName),

    products(location: string): ProductResource[] {
      const parent = parentOf(location);
      return all((pageToken) => productSearch.listProducts({ parent, pageSize: 100, pageToken }));
    },

    /** The ids of the products of a set. */
    productsIn(location: string, setId: string): Set<string> {
      const name = `${parentOf(location)}/productSets/${setId}`;
      const listed = all((pageToken) => productSearch.listProductsInProductSet({ name, pageSize: 100, pageToken }));
      return new Set(listed.map((product) => lastSegment(product.name)));
    },
  };
}

export type Catalogue = ReturnType<typeof createCatalogue>;

export const lastSegment = (name: string) => name.slice(name.lastIndexOf('/') + 1);

function all<T>(list: (pageToken: string) => ListedPage<T>): T[] {
  const items: T[] = [];
  let pageToken = '';
  do {
    const page = list(pageToken);
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return items;
}

/** What is absent is refused with an error. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof StatusError) return null;
    throw error;
  }
}
